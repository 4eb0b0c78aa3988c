"""A model that somebody sent, written out in a folder of its own: one file, or those of a zip."""

import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tabrl.errors import TabRLError, UndecidedError
from tabrl.generators.mjcf import MAX_BYTES, MAX_XML_BYTES, memory_limit
from tabrl.robots.catalogue import SCENE

MAX_FILES = 2000
MAX_DEPTH = 16
MAX_NAME = 200  # letters of a path
LISTING_BYTES = 2**29  # of memory, that the listing of a zip may take
_CLUTTER = ("__MACOSX", ".DS_Store", "Thumbs.db")
_DRIVE = re.compile(r"[A-Za-z]:")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<\s*([A-Za-z][\w.-]*)")
_INCLUDE = re.compile(rb"<include\s[^>]*?file\s*=\s*[\"']([^\"']+)")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def unpack(upload: Path, folder: Path) -> None:
    """Write the files of an upload into a folder, an empty one.

    Raises:
        TabRLError: it is no zip that can be read, or holds what a model does not need.
    """
    if upload.suffix.lower() != ".zip":
        shutil.copyfile(upload, folder / upload.name)
        return
    try:
        with memory_limit(LISTING_BYTES), zipfile.ZipFile(upload) as bundle:
            for name, info in _listing(bundle).items():
                _write(bundle, info, folder / name)
    except (MemoryError, *_BROKEN) as error:
        said = str(error) or "it ends too early"
        raise TabRLError(
            f"{upload.name} is no zip that can be read: {said[:200]}.", "Pack the folder again."
        ) from error


def find_model(folder: Path, wanted: str = "") -> Path:
    """The file of a folder, or of one below it, that a robot is to be made of.

    Args:
        wanted: its path in the folder; empty takes the only one that stands by itself, or the one
            that is called `scene.xml`.

    Raises:
        UndecidedError: there are several.
        TabRLError: there is none.
    """
    files = sorted(
        (path for path in folder.rglob("*") if path.suffix.lower() in (".xml", ".urdf")),
        key=lambda path: (len(path.parts), path),
    )
    found = {path: text for path in files if (text := _model_text(path))}
    names = {path.relative_to(folder).as_posix(): path for path in found}
    if wanted:
        if wanted in names:
            return names[wanted]
        raise UndecidedError(f"There is no model {wanted[:100]!r} in it.", list(names))
    if not names:
        xacro = next((path.name for path in folder.rglob("*.xacro")), None)
        raise TabRLError(
            "There is no MJCF or URDF file in it, which begins with <mujoco> or <robot>.",
            f"{xacro} is for xacro: have it write the URDF (`xacro {xacro} > robot.urdf`)."
            if xacro
            else "Give a robot's .xml or .urdf file, and the meshes that it names.",
        )
    for choice in (
        list(names.values()),
        alone := _not_included(found),
        [path for path in alone if path.name == SCENE],
        [path for path in alone if path.suffix.lower() == ".xml"],
    ):
        if len(choice) == 1:
            return choice[0]
    models = [name for name, path in names.items() if path in alone]
    raise UndecidedError(f"There are {len(models)} models in it.", models)


def _listing(bundle: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What to write, by its path."""
    found: dict[str, zipfile.ZipInfo] = {}
    total, seen = 0, set()
    for info in bundle.infolist():
        if info.is_dir() or set(PurePosixPath(info.filename).parts) & set(_CLUTTER):
            continue
        name = _safe(info)
        total += info.file_size
        if len(found) >= MAX_FILES or total > MAX_BYTES:
            raise TabRLError(
                f"There are more than {MAX_FILES:,} files in it."
                if len(found) >= MAX_FILES
                else f"Unpacked it is larger than {MAX_BYTES // 2**20} MB.",
                "Pack the robot alone: its model and the meshes that it names.",
            )
        if name.lower() in seen:
            raise TabRLError(f"It holds {name} twice.", "Give each file a name of its own.")
        seen.add(name.lower())
        found[name] = info
    return found


def _safe(info: zipfile.ZipInfo) -> str:
    """The path of a plain file that stays in its folder."""
    name = info.orig_filename.replace("\\", "/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts, why = PurePosixPath(name).parts, ""
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        why = "leads out of it"
    elif kind not in (0, stat.S_IFREG):
        why = "is a link" if kind == stat.S_IFLNK else "is no plain file"
    elif info.flag_bits & 1:
        why = "is encrypted"
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        why = "is packed in a way that is not taken"
    elif not name.isprintable() or len(name) > MAX_NAME or len(parts) > MAX_DEPTH:
        why = "has a name that is not taken"
    if why:
        hint = f"Pack plain files by relative paths of up to {MAX_NAME} letters."
        raise TabRLError(f"{name[:100]!r} in it {why}.", hint)
    return PurePosixPath(name).as_posix()


def _write(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with bundle.open(info) as packed, path.open("xb") as plain:
            shutil.copyfileobj(packed, plain)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise TabRLError(
            f"{info.filename[:100]!r} in it is both a file and a folder.", "Pack it again."
        ) from error


def _model_text(path: Path) -> bytes:
    """The text of what looks like a model, without comments; empty where it is something else."""
    if not path.is_file() or path.stat().st_size > MAX_XML_BYTES:
        return b""
    text = _COMMENT.sub(b"", path.read_bytes())
    root = _ROOT.search(text)
    return text if root and root[1] in (b"mujoco", b"robot") else b""


def _not_included(found: dict[Path, bytes]) -> list[Path]:
    """The models that are no part of another one."""
    parts = {
        (folder / name.decode("utf-8", "replace")).resolve()
        for path, text in found.items()
        for name in _INCLUDE.findall(text)
        for folder in (path.parent,)
    }
    return [path for path in found if path.resolve() not in parts]

"""A stranger's MJCF as one folder that needs nothing else: `scene.xml` and what it refers to.

The text is looked at before MuJoCo reads it: it is data, so plugins are refused, it names no file
outside of the folder that its own folder lies in, and it asks for no more than a robot takes.
"""

import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mujoco

from tabrl.errors import TabRLError
from tabrl.generators.limits import Demand
from tabrl.robots.catalogue import SCENE
from tabrl.robots.packages import packaged

MAX_XML_BYTES = 4 * 2**20  # with all that it includes
MAX_FILE_BYTES = 64 * 2**20
MAX_BYTES = 256 * 2**20
MAX_MEMORY = 2 * 2**30
_ASSETS = "assets"
_REFUSED = {
    "flexcomp": "soft bodies",
    "extension": "plugins",
    "plugin": "plugins",
    "model": "models of other files",
    "attach": "models of other files",
}
_URDF = ("link", "joint", "material")  # of what MuJoCo reads
_NAME = re.compile(r"[\w ./:+-]{1,64}", re.ASCII)
_SAVE_ONCE = "Save it once as one plain MJCF file: `mujoco.MjSpec.from_file(PATH).to_file(NEW)`."


def find_scene(given: str) -> Path:
    """The MJCF file that a person means by a file, a folder or the name of a Menagerie model.

    Raises:
        TabRLError: there is none, or a folder leaves open which.
    """
    path = Path(given).expanduser()
    if not path.exists():
        path = packaged(given) or path
    if path.is_dir():
        return _scene_of(path)
    if not path.is_file():
        raise TabRLError(
            f"There is no file {given}.",
            "Give an MJCF or URDF file, its folder, or a Menagerie name.",
        )
    return path.resolve()


def read_mjcf(path: Path, within: Path | None = None) -> mujoco.MjSpec:
    """The model of an MJCF file, not compiled yet.

    Args:
        within: the folder that all of its files lie in; None takes the one that holds its folder.

    Raises:
        TabRLError: it is not MJCF, or is one that TabRL does not take.
    """
    _check_text(path, _Place(path.parent, within), {}, Demand())
    with _bounded(path.name):
        return mujoco.MjSpec.from_file(str(path))


def read_urdf(path: Path, text: str) -> mujoco.MjSpec:
    """The model of a URDF file, not compiled yet.

    Args:
        text: of it, as `urdf.to_mujoco` gives it.

    Raises:
        TabRLError: MuJoCo does not take it.
    """
    with _bounded(path.name):
        spec = mujoco.MjSpec.from_string(text)
    spec.modelfiledir = str(path.parent)
    return spec


def urdf_root(path: Path) -> ElementTree.Element | None:
    """The root of a URDF file; None where the file is another."""
    if path.stat().st_size > MAX_XML_BYTES:
        return None
    root = _parse(path)
    if root.tag != "robot":
        return None
    for child in [child for child in root if child.tag not in _URDF]:
        root.remove(child)  # words for other simulators
    demand = Demand()
    for element in root.iter():
        demand.take(path.name, element, 1, 0)
    return root


def gather(spec: mujoco.MjSpec, folder: Path, within: Path | None = None) -> None:
    """Copy all that a model refers to into `folder/assets`, and refer to the copies instead.

    Raises:
        TabRLError: a file is missing, lies elsewhere or is too large.
    """
    place = _Place(Path(spec.modelfiledir), within)
    (folder / _ASSETS).mkdir()
    copies: dict[Path, str] = {}
    total = 0
    for kind, asset, field, index in _references(spec):
        files = getattr(asset, field)
        named = files if index is None else files[index]
        below = spec.texturedir if kind == "texture" else spec.meshdir
        source = _resolve(place, below, kind, named)
        if source not in copies:
            total += source.stat().st_size
            if total > MAX_BYTES:
                raise TabRLError(
                    f"The files of this model are larger than {MAX_BYTES // 2**20} MB together.",
                    "Reduce its meshes and textures.",
                )
            copies[source] = _free_name(source, set(copies.values()))
            (folder / _ASSETS / copies[source]).write_bytes(source.read_bytes())
        asset.name = asset.name or Path(named).stem
        if index is None:
            setattr(asset, field, copies[source])
        else:
            files[index] = copies[source]
    spec.meshdir = spec.texturedir = _ASSETS
    spec.strippath = False
    spec.modelfiledir = str(folder)


def compiled(spec: mujoco.MjSpec, name: str) -> mujoco.MjModel:
    """The compiled model; what MuJoCo has against it as `TabRLError`."""
    with _bounded(name):
        return spec.compile()


def name_everything(spec: mujoco.MjSpec) -> None:
    """Name what has no name, actuators after what they move: behaviours speak of joints, bodies
    and feet by name.

    Raises:
        TabRLError: a name cannot be written in a reward.
    """
    for kind in ("body", "joint", "geom", "actuator"):
        things = {"body": spec.bodies}.get(kind) or getattr(spec, f"{kind}s")
        taken = {thing.name for thing in things}
        for i, thing in enumerate(things):
            if not thing.name:
                names = chain((getattr(thing, "target", ""),), (f"{kind}{n}" for n in count(i)))
                thing.name = next(name for name in names if name and name not in taken)
                taken.add(thing.name)
            if not _NAME.fullmatch(thing.name):
                raise TabRLError(
                    f"The {kind} {thing.name[:80]!r} has a name that rewards cannot use.",
                    "Rename it: up to 64 letters, digits, blanks and _ . / : + -",
                )


@contextmanager
def _bounded(name: str) -> Iterator[None]:
    """Let MuJoCo read a model within `MAX_MEMORY`; what it has against it as `TabRLError`."""
    try:
        with memory_limit(MAX_MEMORY):
            yield
    except (MemoryError, mujoco.FatalError) as error:
        raise TabRLError(
            f"{name} takes more than {MAX_MEMORY // 2**30} GB of memory, or breaks MuJoCo: {error}",
            "Reduce its meshes, height fields and textures.",
        ) from error
    except ValueError as error:
        raise refusal(name, error) from error


@contextmanager
def memory_limit(more: int) -> Iterator[None]:
    """Let this process have so many bytes more address space than it has now; Linux only."""
    if sys.platform != "linux":
        yield
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + more
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def refusal(name: str, error: Exception) -> TabRLError:
    """What MuJoCo said of a file, in one sentence."""
    said = " ".join(str(error).replace("Error:", "").split())
    if "invalid qpos size" in said and "replicate" in said:
        return TabRLError(
            f"{name} has a keyframe, and copies in <replicate>: MuJoCo counts the numbers of the "
            f"keyframe before it makes the copies, and finds too many ({said[:200]}).",
            "Take the <keyframe> out: home is then the pose in which all joints are at 0. To keep "
            "it, have MuJoCo write the copies out (`spec = mujoco.MjSpec.from_file(PATH)`, "
            "`spec.compile()`, `spec.to_file(NEW)`), and put the keyframe into that file.",
        )
    return TabRLError(f"MuJoCo cannot take {name}: {said[:400]}", "Correct the MJCF and try again.")


def _scene_of(folder: Path) -> Path:
    files = sorted(folder.glob("*.xml")) or sorted(folder.glob("*.urdf"))
    chosen = [file for file in files if file.name == SCENE] or files
    if len(chosen) == 1:
        return chosen[0].resolve()
    names = ", ".join(file.name for file in files[:12])
    raise TabRLError(
        f"{folder} holds {'several models' if files else 'no MJCF or URDF file'}.",
        f"Name one of them: {names}." if files else "Give such a file, or the folder of one.",
    )


@dataclass(frozen=True)
class _Place:
    """Where the files of a model are: `main` holds its first one, and none leaves `within`, or the
    folder that holds `main`.
    """

    main: Path
    within: Path | None

    def inside(self, path: Path, named: str) -> Path:
        """The real path of a file that the model names so; it need not be there."""
        real = path.resolve()
        if not real.is_relative_to(self.within or self.main.resolve().parent):
            raise TabRLError(
                f"The model refers to {named}, outside of its own folders.",
                f"Put all files of the model below {self.main}.",
            )
        return real


def _check_text(
    path: Path,
    place: _Place,
    sizes: dict[Path, int],
    demand: Demand,
    times: int = 1,
    depth: int = 0,
) -> None:
    """Look at a file and all that it includes; `sizes` holds those that were seen. It is included
    in so many copies, that deep.
    """
    if path in sizes:
        return
    sizes[path] = path.stat().st_size
    if sum(sizes.values()) > MAX_XML_BYTES:
        raise TabRLError(
            f"{path.name} is larger than {MAX_XML_BYTES // 2**20} MB with all that it includes.",
            "Keep meshes in files of their own.",
        )
    root = _parse(path)
    if len(sizes) == 1:
        _check_root(path, root.tag)
    todo = [(root, times, depth)]
    while todo:
        element, copies, level = todo.pop()
        copies = demand.take(path.name, element, copies, level)
        todo += [(child, copies, level + 1) for child in element]
        if element.tag in _REFUSED:
            raise TabRLError(
                f"{path.name} uses <{element.tag}>: {_REFUSED[element.tag]} are not taken.",
                _SAVE_ONCE if "models" in _REFUSED[element.tag] else "Remove them.",
            )
        if element.tag == "include":
            included = _included(path, place, element.get("file", ""))
            _check_text(included, place, sizes, demand, copies, level)


class _Plain(ElementTree.TreeBuilder):
    """Builds a tree of a text that declares nothing of its own, such as entities."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise TabRLError(
            f"{self._file} declares a document type (<!DOCTYPE>), which may bring entities.",
            "A model needs none: take that declaration out.",
        )


def _parse(path: Path) -> ElementTree.Element:
    try:
        parser = ElementTree.XMLParser(target=_Plain(path.name))
        root: ElementTree.Element = ElementTree.fromstring(path.read_bytes(), parser)
        return root
    except ElementTree.ParseError as error:
        raise TabRLError(
            f"{path.name} is not XML: {error}.", "Give an MJCF or URDF file."
        ) from error


def _check_root(path: Path, tag: str) -> None:
    if tag not in ("mujoco", "robot"):
        raise TabRLError(
            f"{path.name} is neither MJCF nor URDF: its root is <{tag[:40]}>.",
            "The root of MJCF is <mujoco>, that of URDF <robot>.",
        )


def _included(path: Path, place: _Place, name: str) -> Path:
    wanted = [place.inside(folder / name, name) for folder in (place.main, path.parent) if name]
    if found := next((file for file in wanted if file.is_file()), None):
        return found
    raise TabRLError(
        f"{path.name} includes {name!r}, which is not there.", f"Put it into {place.main}."
    )


def _references(spec: mujoco.MjSpec) -> Iterator[tuple[str, Any, str, int | None]]:
    """Everything that names a file: (kind, element, its field, place in that field)."""
    for kind, assets in (
        ("mesh", spec.meshes),
        ("height field", spec.hfields),
        ("skin", spec.skins),
        ("texture", spec.textures),
    ):
        for asset in assets:
            if asset.file:
                yield kind, asset, "file", None
            for i, name in enumerate(asset.cubefiles if kind == "texture" else ()):
                if name:
                    yield kind, asset, "cubefiles", i


def _resolve(place: _Place, folder: str, kind: str, name: str) -> Path:
    path = place.inside(place.main / folder / name, str(Path(folder) / name))
    if not path.is_file():
        # MuJoCo completes the names of files that it does not find.
        raise TabRLError(f"The {kind} {path.name} is missing.", f"It should be in {path.parent}.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TabRLError(
            f"The {kind} {name} is larger than {MAX_FILE_BYTES // 2**20} MB.", "Reduce it."
        )
    return path


def _free_name(source: Path, taken: set[str]) -> str:
    stem = re.sub(r"[^\w.-]", "_", source.stem, flags=re.ASCII)
    names = (f"{stem}{n or ''}{source.suffix}" for n in range(len(taken) + 1))
    return next(name for name in names if name not in taken)

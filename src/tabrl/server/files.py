"""Files as responses: clips with ranges and caching, several clips as one."""

import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from fastapi import HTTPException
from fastapi.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from tabrl.errors import NotFoundError
from tabrl.experiments import playable
from tabrl.experiments.compare import page
from tabrl.experiments.engine import Live
from tabrl.experiments.files import slug
from tabrl.experiments.page import write_page
from tabrl.experiments.together import Kind, together
from tabrl.export.bundle import zipped
from tabrl.server.guard import SANDBOXED
from tabrl.settings import Settings
from tabrl.spec import APPROACH_ID

FOREVER = "public, max-age=31536000, immutable"
MINE = FOREVER.replace("public", "private")
_OF_NOW = {"Cache-Control": "no-cache"}  # the browser asks whether it has changed
_PART = r"(\d{1,15}-\d{0,15}|-\d{1,15})"
RANGES = re.compile(rf"bytes={_PART}(\s*,\s*{_PART}){{0,7}}", re.ASCII)
KINDS = {".gif": "image/gif", ".jpg": "image/jpeg", ".mp4": "video/mp4", ".webp": "image/webp"}
FIXED = (1980, 1, 1, 0, 0, 0)  # a zip of the same files is the same zip


def send(
    path: Path, name: str, if_none_match: str | None, asked: str | None, caching: str = FOREVER
) -> Response:
    """A clip or poster, whole or in the parts `asked` for; its id stands for its content."""
    headers = {"ETag": f'"{name}"', "Cache-Control": caching}
    if is_known(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return part(path, asked, headers)


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether an If-None-Match header says that the browser has what has this ETag."""
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return tag in known or "*" in known


def part(path: Path, asked: str | None, headers: dict[str, str]) -> Response:
    """A file, or what a Range header asks of it; one that is none is ignored (RFC 9110, 14.2)."""
    parts, size = _parts(asked or ""), path.stat().st_size
    if any(int(first) >= size if first else int(last) == 0 for first, last in parts):
        detail = f"This file has no such part: {(asked or '')[:60]}."
        raise HTTPException(416, detail, {"Content-Range": f"bytes */{size}"})
    response = _Sent(path, media_type=KINDS[path.suffix], headers=headers)
    response.whole = not parts
    return response


class _Sent(FileResponse):
    """A file, which may be deleted at any moment.

    Attributes:
        whole: whether all of it goes, whatever part was asked for.
    """

    whole = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.whole:
            headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
            scope = {**scope, "headers": headers}
        begun: list[Message] = []  # until the file is open: it may be gone by now

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            while begun:
                await send(begun.pop())
            await send(message)

        try:
            await super().__call__(scope, receive, answer)
        except RuntimeError as error:  # Starlette's, of what is not there
            if Path(self.path).is_file():
                raise
            raise NotFoundError("This file was deleted.") from error


def _parts(asked: str) -> list[tuple[str, str]]:
    """First and last byte of the parts that a Range header names; none where it is not one."""
    if not RANGES.fullmatch(asked):
        return []
    ends = [part.strip().partition("-") for part in asked.removeprefix("bytes=").split(",")]
    backwards = any(first and last and int(first) > int(last) for first, _, last in ends)
    return [] if backwards else [(first, last) for first, _, last in ends]


def bundle(clips: list[Path], kind: Literal["zip", "gif"]) -> Response:
    """Clips in one download: MP4s zipped, one GIF, or several of them zipped."""
    for clip in clips:
        if clip.suffix != ".mp4":
            raise NotFoundError(f"{clip.suffix} is not a clip.", "Give ids of clips.")
    made = {_clip_name(clip, i): clip for i, clip in enumerate(dict.fromkeys(clips), start=1)}
    if kind == "zip":
        return _download({f"{name}.mp4": clip.read_bytes() for name, clip in made.items()}, "clips")
    gifs = {f"{name}.gif": _gif(clip) for name, clip in made.items()}
    if len(gifs) == 1:
        name, data = gifs.popitem()
        return Response(data, media_type="image/gif", headers=_attached(name))
    return _download(gifs, "gifs")


def side_by_side(live: Live, kind: Kind, cache: Path) -> Response:
    """All clips as one that loops, under the sentence; a header says what it had to leave out."""
    folder = cache / "side-by-side" / live.id if live.read_only else live.folder
    path, note = together(live.experiment, kind, folder, live.winner)
    name = slug(live.experiment.sentence) or "experiment"
    headers = _attached(f"{name}.{kind}") | {"Cache-Control": "no-cache"}
    if note:
        headers["X-TabRL-Note"] = note
    return _Sent(path, media_type=KINDS[path.suffix], headers=headers)


def policy(live: Live, name: str) -> Response:
    """A trained policy, zipped."""
    folder = _file(live, name, "policy")
    files = {f"policy/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}
    return _download(files, f"{name}-policy")


def played(policy: Path, file: str, settings: Settings) -> Response:
    """One of the files that play a policy in the page."""
    path = playable.played(policy, file, settings)
    return _Sent(path, media_type="application/octet-stream", headers=_OF_NOW)


def exported(
    title: str, policies: Mapping[str, playable.Playable], kind: playable.Kind, settings: Settings
) -> Response:
    """Policies to take away, zipped."""
    if kind == "page":
        name = slug(title) or "page"
        with tempfile.TemporaryDirectory() as scratch:
            write_page(title, policies.values(), Path(scratch) / name, settings)
            data = zipped(Path(scratch) / name)
    else:
        name = next(iter(policies))
        data = playable.packed(policies[name].policy, kind, name, settings)
    return Response(data, media_type="application/zip", headers=_attached(f"{name}-{kind}.zip"))


def trajectory(live: Live, name: str) -> Response:
    """The trajectory of a clip."""
    path = _file(live, name, "trajectory")
    return _Sent(path, headers=_attached(f"{name}.npz"))


def report(live: Live) -> Response:
    """The training report as one page, which may run no script but its own."""
    if not any(approach.curve for approach in live.experiment.approaches):
        raise NotFoundError("There is no report yet.", "Train an approach first.")
    name = slug(live.experiment.sentence) or "experiment"
    headers = {"Content-Disposition": f'inline; filename="{name}.html"'} | SANDBOXED
    return Response(page(live.experiment, live.winner), media_type="text/html", headers=headers)


def _file(live: Live, name: str, kind: str) -> Path:
    relative = live.approach(name).files.get(kind)
    path = live.folder / relative if relative else None
    if path is None or not path.exists():
        raise NotFoundError(f"This approach has no {kind} yet.", "Train it first.")
    return path


def _gif(clip: Path) -> bytes:
    from tabrl.rendering.compare import gif

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.gif"
        gif(clip, path)
        return path.read_bytes()


def _clip_name(clip: Path, index: int) -> str:
    """`2-aloha-roll` of an approach's folder, also where it was trained more than once."""
    folders = [p.name for p in clip.parents if re.fullmatch(APPROACH_ID, p.name)]
    return f"{index}-{folders[0] if folders else 'clip'}"


def _download(files: dict[str, bytes], name: str) -> Response:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as bundle:
        for inner, data in files.items():
            bundle.writestr(zipfile.ZipInfo(inner, FIXED), data)
    headers = _attached(f"{name}.zip")
    return Response(made.getvalue(), media_type="application/zip", headers=headers)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}

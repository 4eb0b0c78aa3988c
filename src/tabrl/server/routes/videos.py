"""Clips and posters by ids that cannot be guessed and never change their content."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import FileResponse, Response
from starlette.convertors import StringConvertor, register_url_convertor

from tabrl.server import files
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_video, by_videos
from tabrl.server.models.requests import DownloadRequest
from tabrl.server.problems import content, responses
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import TheViews

router = APIRouter(prefix="/api", tags=["videos"])
NAME = r"[A-Za-z0-9_-]{20,64}(?:\.mp4|\.jpg)?"
VideoName = Annotated[str, Path(pattern=f"^{NAME}$", examples=["kT2bW9xQ7mZr4LpYc0Vn8sHd"])]


class _VideoConvertor(StringConvertor):
    """What is not such a name is another path, such as `download`."""

    regex = NAME


register_url_convertor("video", _VideoConvertor())
KINDS = ("video/mp4", "image/jpeg")


@router.get(
    "/videos/{video_id:video}",
    dependencies=[may("experiment.see", by_video)],
    response_class=FileResponse,
    responses=content(*KINDS)
    | {
        206: {"description": "The bytes that `Range` asked for", **content(*KINDS)[200]},
        304: {"description": "The browser has it already"},
    }
    | responses(404, 416, 422),
)
def get_video(
    video_id: VideoName,
    views: TheViews,
    request: Request,
    if_none_match: Annotated[str | None, Header()] = None,
    range: Annotated[str | None, Header()] = None,
) -> Response:
    """A clip (MP4) or a poster (`.jpg`), with ranges, ETag and immutable caching."""
    path = views.media_file(video_id.partition(".")[0])
    # What only some may see is for no cache between.
    held = files.FOREVER if request.app.state.accounts is None else files.MINE
    return files.send(path, video_id, if_none_match, range, held)


@router.post(
    "/videos/download",
    dependencies=[may("experiment.see", by_videos)],
    response_class=Response,
    responses=content("application/zip", "image/gif") | responses(404, *MUTATING),
)
def download_videos(request: DownloadRequest, views: TheViews) -> Response:
    """Clips in one file: a zip of MP4s, a GIF, or a zip of GIFs."""
    return files.bundle([views.media_file(id) for id in request.videos], request.format)

"""Clips and posters by ids that cannot be guessed and never change their content."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi.responses import FileResponse, Response
from starlette.convertors import StringConvertor, register_url_convertor

from tabrl.server import files
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
    if_none_match: Annotated[str | None, Header()] = None,
    range: Annotated[str | None, Header()] = None,
) -> Response:
    """A clip (MP4) or a poster (`.jpg`), with ranges, ETag and immutable caching."""
    return files.send(views.media_file(video_id.partition(".")[0]), video_id, if_none_match, range)


@router.post(
    "/videos/download",
    response_class=Response,
    responses=content("application/zip", "image/gif") | responses(404, *MUTATING),
)
def download_videos(request: DownloadRequest, views: TheViews) -> Response:
    """Clips in one file: a zip of MP4s, a GIF, or a zip of GIFs."""
    return files.bundle([views.media_file(id) for id in request.videos], request.format)

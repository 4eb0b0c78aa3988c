"""The gallery: robots, their pictures and their words."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi.responses import FileResponse, Response

from tabrl.experiments.scene import scene
from tabrl.server import files, gallery
from tabrl.server.models.robots import ProviderInfo, RobotCard, RobotInfo
from tabrl.server.problems import content, responses
from tabrl.server.services import TheStudio

router = APIRouter(prefix="/api", tags=["playground"])
_CLIP = (
    content("video/mp4")
    | {206: {"description": "The bytes that `Range` asked for", **content("video/mp4")[200]}}
    | responses(404, 416)
)
RobotPath = Annotated[str, Path(max_length=100, examples=["Go1JoystickFlatTerrain"])]


@router.get("/playground/models")
async def list_robots() -> list[RobotCard]:
    """All robots, heroes first."""
    return gallery.cards()


@router.get("/playground/{id}/info", responses=responses(404))
def robot_info(id: RobotPath, studio: TheStudio) -> RobotInfo:
    """A robot with prompts, presets and the vocabulary of its rewards."""
    return gallery.info(id, studio)


@router.get(
    "/playground/{id}/thumbnail",
    response_class=FileResponse,
    responses=content("image/webp") | responses(404),
)
def robot_thumbnail(id: RobotPath) -> Response:
    """A picture of the robot."""
    return FileResponse(gallery.media(id, "webp"), headers=gallery.CACHING)


@router.get("/playground/{id}/preview", response_class=FileResponse, responses=_CLIP)
def robot_preview(id: RobotPath, range: Annotated[str | None, Header()] = None) -> Response:
    """A short clip of the robot in motion."""
    return files.part(gallery.media(id, "mp4"), range, gallery.CACHING)


@router.get("/playground/{id}/base", response_class=FileResponse, responses=_CLIP)
def robot_base(id: RobotPath, range: Annotated[str | None, Header()] = None) -> Response:
    """A clip of the robot's base policy as it follows commands."""
    return files.part(gallery.base_clip(id), range, gallery.CACHING)


@router.get(
    "/playground/{id}/xml",
    response_class=Response,
    responses=content("application/zip") | responses(404, 503),
)
def robot_xml(id: RobotPath, studio: TheStudio) -> Response:
    """The scene as MJCF with its meshes, zipped: unpack it, and MuJoCo loads `scene.xml`."""
    path = scene(id, studio.settings)
    return FileResponse(path, media_type="application/zip", filename=path.name)


@router.get("/providers")
def list_providers() -> list[ProviderInfo]:
    """Who can propose approaches; the built-in one always can."""
    return gallery.providers()

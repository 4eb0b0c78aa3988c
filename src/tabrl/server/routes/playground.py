"""The gallery: robots, their pictures and their words."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import FileResponse, Response

from tabrl.behaviours.reading.choices import Choices, choices
from tabrl.experiments.scene import scene
from tabrl.experiments.validate import MAX_KEPT
from tabrl.robots.catalogue import robot as find_robot
from tabrl.server import files, gallery
from tabrl.server.accounts.gate import may
from tabrl.server.models.requests import MAX_STEPS
from tabrl.server.models.robots import Plans, ProviderInfo, RobotCard, RobotInfo
from tabrl.server.problems import content, responses
from tabrl.server.services import TheEngine
from tabrl.spec import Hyperparameters

router = APIRouter(prefix="/api", tags=["playground"])
DEFAULTS = Hyperparameters()
_CLIP = (
    content("video/mp4")
    | {206: {"description": "The bytes that `Range` asked for", **content("video/mp4")[200]}}
    | responses(404, 416)
)
RobotPath = Annotated[str, Path(max_length=100, examples=["Go1JoystickFlatTerrain"])]


@router.get("/playground/models", dependencies=[may("studio.see")])
async def list_robots() -> list[RobotCard]:
    """All robots, heroes first."""
    return gallery.cards()


@router.get("/playground/{id}/info", dependencies=[may("studio.see")], responses=responses(404))
def robot_info(id: RobotPath) -> RobotInfo:
    """A robot with prompts and the vocabulary of its rewards."""
    return gallery.info(id)


@router.get("/playground/{id}/choices", dependencies=[may("studio.see")], responses=responses(404))
def reading_choices(id: RobotPath) -> Choices:
    """What a reading for this robot may be corrected to, and how each is said."""
    return choices(find_robot(id))


@router.get(
    "/playground/{id}/plan", dependencies=[may("studio.see")], responses=responses(404, 422)
)
def training_plan(
    id: RobotPath,
    engine: TheEngine,
    approaches: Annotated[int, Query(ge=1, le=MAX_KEPT)] = 3,
    steps: Annotated[int | None, Query(ge=1, le=MAX_STEPS)] = None,
    num_envs: Annotated[int, Query(ge=1, le=65536)] = DEFAULTS.num_envs,
    unroll_length: Annotated[int, Query(ge=1, le=1000)] = DEFAULTS.unroll_length,
    num_minibatches: Annotated[int, Query(ge=1, le=256)] = DEFAULTS.num_minibatches,
) -> Plans:
    """What training so many approaches would be, and how long it would take here."""
    rates = Hyperparameters(
        num_envs=num_envs, unroll_length=unroll_length, num_minibatches=num_minibatches
    )
    return gallery.plans(id, engine, approaches, steps, rates)


@router.get(
    "/playground/{id}/thumbnail",
    dependencies=[may("studio.see")],
    response_class=FileResponse,
    responses=content("image/webp") | responses(404),
)
def robot_thumbnail(id: RobotPath) -> Response:
    """A picture of the robot."""
    return FileResponse(gallery.media(id, "webp"), headers=gallery.CACHING)


@router.get(
    "/playground/{id}/preview",
    dependencies=[may("studio.see")],
    response_class=FileResponse,
    responses=_CLIP,
)
def robot_preview(id: RobotPath, range: Annotated[str | None, Header()] = None) -> Response:
    """A short clip of the robot in motion."""
    return files.part(gallery.media(id, "mp4"), range, gallery.CACHING)


@router.get(
    "/playground/{id}/base",
    dependencies=[may("studio.see")],
    response_class=FileResponse,
    responses=_CLIP,
)
def robot_base(id: RobotPath, range: Annotated[str | None, Header()] = None) -> Response:
    """A clip of the robot's base policy as it follows commands."""
    return files.part(gallery.base_clip(id), range, gallery.CACHING)


@router.get(
    "/playground/{id}/xml",
    dependencies=[may("studio.see")],
    response_class=Response,
    responses=content("application/zip") | responses(404, 503),
)
def robot_xml(id: RobotPath, engine: TheEngine) -> Response:
    """The scene as MJCF with its meshes, zipped: unpack it, and MuJoCo loads `scene.xml`."""
    path = scene(id, engine.settings)
    return FileResponse(path, media_type="application/zip", filename=path.name)


@router.get("/providers", dependencies=[may("studio.see")])
def list_providers() -> list[ProviderInfo]:
    """Who can propose approaches; the built-in one always can."""
    return gallery.providers()

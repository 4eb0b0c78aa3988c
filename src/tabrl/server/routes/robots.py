"""Custom robots: added from what is sent or by a name, told, corrected, removed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status

from tabrl.experiments import robots
from tabrl.experiments.robots import Given
from tabrl.server import custom
from tabrl.server.accounts.gate import may
from tabrl.server.models.custom import (
    AdditionStatus,
    Base,
    Correction,
    CustomRobot,
    Id,
    Kind,
    Menagerie,
    MenagerieRequest,
    RenameRequest,
    Way,
)
from tabrl.server.problems import BINARY, responses
from tabrl.server.services import TheAdditions, TheEngine

router = APIRouter(prefix="/api/playground/robots", tags=["robots"])
MUTATING = (400, 401, 403, 413, 422, 503)
UPLOAD = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": BINARY}}}
}
CustomPath = Annotated[Id, Path(alias="id")]
AdditionPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,20}$", examples=["mC9xQ2vLw0aT"])]


@router.post(
    "",
    dependencies=[may("robot.add")],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(409, *MUTATING),
    openapi_extra=UPLOAD,
)
async def add_robot(
    request: Request,
    engine: TheEngine,
    additions: TheAdditions,
    file: Annotated[
        str, Query(pattern=custom.FILE, description="The file's name.", examples=["rex.zip"])
    ],
    id: Annotated[Id | None, Query(description="Its id; else named after the file.")] = None,
    model: Annotated[
        str, Query(max_length=200, description="Which of several models in the zip.")
    ] = "",
    kind: Kind | None = None,
    forward: Way | None = None,
    base: Base | None = None,
) -> AdditionStatus:
    """Add a robot of one's own: the body is an MJCF or URDF file, or a zip of one and its meshes.

    It is made in a process of its own: ask for the addition until it has ended. Nothing in a zip
    may lead out of it, nor may a model refer to what is not in it.
    """
    if id:
        robots.free_id(id)  # here too, so that it is told at once
    given = Given(file, "upload", model, kind or "", forward or "", base or "")
    sent = await custom.receive(request.stream(), file)
    return custom.status(
        additions.begin(
            file,
            lambda listener: robots.make(given, _id(id, file), engine.settings, listener, sent),
            sent.parent,
        )
    )


@router.get("/menagerie", dependencies=[may("studio.see")])
def list_menagerie() -> Menagerie:
    """What can be had of MuJoCo Menagerie here."""
    return custom.known()


@router.post(
    "/menagerie",
    dependencies=[may("robot.add")],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(409, *MUTATING),
)
def add_from_menagerie(
    request: MenagerieRequest, engine: TheEngine, additions: TheAdditions
) -> AdditionStatus:
    """Add a robot of MuJoCo Menagerie by its name; it is downloaded where it is not here yet."""
    if request.id:
        robots.free_id(request.id)
    said = {key: getattr(request, key) or "" for key in Correction.model_fields}
    given = Given(request.name, "menagerie", **said)
    return custom.status(
        additions.begin(
            request.name,
            lambda listener: robots.make(
                given, _id(request.id, request.name), engine.settings, listener
            ),
        )
    )


def _id(asked: str | None, file: str) -> str:
    """What a robot is called, once it is its turn."""
    return robots.free_id(asked) if asked else robots.some_id(file)


@router.get(
    "/additions/{addition}", dependencies=[may("robot.await")], responses=responses(404, 422)
)
def addition_status(addition: AdditionPath, additions: TheAdditions) -> AdditionStatus:
    """Where the making of a robot stands."""
    return custom.status(additions.find(addition))


@router.delete(
    "/additions/{addition}",
    dependencies=[may("robot.await")],
    responses=responses(401, 403, 404, 413, 422),
)
def cancel_addition(addition: AdditionPath, additions: TheAdditions) -> AdditionStatus:
    """End the making of a robot; one that is there already stays."""
    return custom.status(additions.cancel(addition))


@router.get("/{id}", dependencies=[may("studio.see")], responses=responses(404, 409, 422))
def get_robot(id: CustomPath, engine: TheEngine) -> CustomRobot:
    """What was understood of a custom robot."""
    return custom.custom(id, engine)


@router.patch("/{id}", dependencies=[may("robot.change")], responses=responses(404, 409, *MUTATING))
def rename_robot(id: CustomPath, request: RenameRequest, engine: TheEngine) -> CustomRobot:
    """Call a custom robot by another name."""
    robots.rename(id, request.name)
    return custom.custom(id, engine)


@router.post(
    "/{id}/correct",
    dependencies=[may("robot.change")],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(404, 409, *MUTATING),
)
def correct_robot(
    id: CustomPath, request: Correction, engine: TheEngine, additions: TheAdditions
) -> AdditionStatus:
    """Make a custom robot again, with what a person says of it; it stays where that fails."""
    robots.understood(id)
    engine.refuse_taught(id)
    said = {key: value or "" for key, value in request}
    return custom.status(
        additions.begin(id, lambda listener: engine.correct_robot(id, listener, **said))
    )


@router.delete(
    "/{id}",
    dependencies=[may("robot.change")],
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(401, 403, 404, 409, 413, 422),
)
def remove_robot(id: CustomPath, engine: TheEngine) -> None:
    """Remove a custom robot; experiments with it stay, and say that it is gone."""
    engine.remove_robot(id)

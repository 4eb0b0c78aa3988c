"""Policies by ids of their own: to play in a page or here, and to take away."""

import asyncio
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket
from fastapi import Path as At
from fastapi.responses import FileResponse, Response
from pydantic import StringConstraints

from tabrl.errors import NotFoundError
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.playable import Kind, Playable
from tabrl.playing.asks import MOST_TOGETHER
from tabrl.robots.catalogue import name_of, robots
from tabrl.server import files, gallery
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_model
from tabrl.server.playing import play
from tabrl.server.problems import content, responses
from tabrl.server.services import TheEngine
from tabrl.spec import APPROACH_ID

router = APIRouter(prefix="/api/models", tags=["models"])

MODEL = rf"^[A-Za-z0-9_-]{{1,60}}(\.{APPROACH_ID}(@[1-9][0-9]{{0,3}})?)?$"
ModelPath = Annotated[str, At(pattern=MODEL, examples=["q3X9vA7bT0kE.1-aloha-roll"])]
KindPath = Annotated[Kind, At(examples=["bundle"])]
Others = Annotated[
    list[Annotated[str, StringConstraints(pattern=MODEL)]],
    Query(alias="with", max_length=MOST_TOGETHER - 1, default_factory=list),
]
LivePath = Annotated[str, At(pattern=r"^[a-z.]{1,20}$", examples=["control.json"])]


@router.get(
    "/{id}/live/{file}",
    dependencies=[may("experiment.see", by_model)],
    response_class=FileResponse,
    responses=content("application/octet-stream") | responses(404, 422, 503),
)
def live_file(id: ModelPath, file: LivePath, engine: TheEngine) -> Response:
    """A file of those that play a policy in a browser: its graph, its scene, its looks.

    A model's id is a robot's for its base policy; else that of an experiment or of a share, a dot,
    and the approach's; with `@` and a number it is a version of that.
    """
    return files.played(_one(id, _named(id, engine)[1]).policy, file, engine.settings)


@router.websocket("/{id}/live", dependencies=[may("experiment.see", by_model)])
async def model_live(socket: WebSocket, id: ModelPath, engine: TheEngine, others: Others) -> None:
    """Run a policy here, for a page that cannot: the page asks with `PlayAsk`, and is told frames
    as `PlayFrame` says. Those that `with` names (`?with=ID&with=ID`) run beside it, in lockstep.
    """

    def chosen() -> list[Playable]:
        return [_one(each, _named(each, engine)[1]) for each in (id, *others)]

    await play(socket, lambda: asyncio.to_thread(chosen))


@router.get(
    "/{id}/export/{kind}",
    dependencies=[may("experiment.see", by_model)],
    response_class=Response,
    responses=content("application/zip") | responses(404, 422, 503),
)
def export_model(id: ModelPath, kind: KindPath, engine: TheEngine) -> Response:
    """A zip: ONNX graphs, a bundle that plays where Python has MuJoCo, or a page that plays live.

    The page may also be of all approaches: then the id is that of the experiment or of the share.
    """
    title, policies = _named(id, engine)
    if kind != "page":
        _one(id, policies)
    return files.exported(title, policies, kind, engine.settings)


def _one(id: str, policies: dict[str, Playable]) -> Playable:
    if "." not in id and id not in policies:
        example = f"{id}.{next(iter(policies))}"
        raise NotFoundError(f"{id} is no policy.", f"Name one of its approaches: {example}.")
    return next(iter(policies.values()))


def _named(id: str, engine: Engine) -> tuple[str, dict[str, Playable]]:
    """The title of what an id names, and its policies by their names; never none."""
    if any(robot.id == id for robot in robots()):
        return f"The base policy of {name_of(id)}", {id: Playable(gallery.base_folder(id))}
    whole, _, part = id.partition(".")
    name, _, version = part.partition("@")
    live = _live(whole, engine)
    with engine.lock:
        chosen = [live.approach(name)] if name else list(live.experiment.approaches)
        found = {
            approach.folder: Playable(live.folder / policy, approach.metric)
            for approach in chosen
            if (policy := approach.files_of(version).get("policy"))
        }
        title = live.experiment.sentence
    if not found:
        raise NotFoundError("There is no policy yet.", "Train it first.")
    return title, found


def _live(id: str, engine: Engine) -> Live:
    for find in (engine.find, engine.shared):
        with suppress(NotFoundError):
            return find(id)
    raise NotFoundError(
        f"There is no policy of {id}.", "It names a robot, an experiment's approach or a share's."
    )

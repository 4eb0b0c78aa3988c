"""The things that a request names: whose they are, and whether anybody may see them."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from tabrl.errors import NotFoundError
from tabrl.experiments.engine import Engine, Live
from tabrl.robots.catalogue import robots
from tabrl.server.accounts.rules import Reach
from tabrl.spec import EXPERIMENT_ID

_ID = re.compile(EXPERIMENT_ID)
NOT_THERE = ("There is no such experiment.", "It may have been deleted, or is not yours to see.")


@dataclass(frozen=True)
class Thing:
    """An experiment, by the way that somebody came to it.

    Attributes:
        owner: the person whose it is; None: the studio's.
        open: whether everybody may see it who came this way.
    """

    id: str
    owner: str | None
    open: bool

    def within(self, reach: Reach, person: str | None) -> bool:
        """Whether a person's reach holds it."""
        theirs = person is not None and self.owner == person
        return reach >= (Reach.OPEN if self.open else Reach.OWN if theirs else Reach.ALL)


Finder = Callable[[HTTPConnection], Awaitable[list[Thing]]]


async def by_path(connection: HTTPConnection) -> list[Thing]:
    """The experiment of the address."""
    return await _found(connection, _own, [connection.path_params["id"]])


async def by_job(connection: HTTPConnection) -> list[Thing]:
    """The experiment of the training of the address."""
    return await _found(connection, _own, [connection.path_params["job_id"].partition(".")[0]])


async def by_share(connection: HTTPConnection) -> list[Thing]:
    """The experiment of a link."""
    return await _found(connection, _shared, [connection.path_params["share_id"]])


async def by_body(connection: HTTPConnection) -> list[Thing]:
    """The experiment that the body names; none where it names none, which its route refuses."""
    body = await _body(connection)
    named = [body[key] for key in ("experiment", "job_id") if key in body]
    return await _found(connection, _own, [str(id).partition(".")[0] for id in named])


async def by_model(connection: HTTPConnection) -> list[Thing]:
    """The experiments of policies by their ids, which may be of a robot, a share, an experiment."""
    ids = [connection.path_params["id"], *connection.query_params.getlist("with")]
    known = {robot.id for robot in robots()}
    named = [id.partition(".")[0] for id in ids if id not in known]
    return await _found(connection, _either, named)


async def by_video(connection: HTTPConnection) -> list[Thing]:
    """The experiment of a clip or poster."""
    return await _found(connection, _of_video, [connection.path_params["video_id"]])


async def by_videos(connection: HTTPConnection) -> list[Thing]:
    """The experiments of the clips that the body names."""
    named = (await _body(connection)).get("videos")
    return await _found(connection, _of_video, named if isinstance(named, list) else [])


async def _found(
    connection: HTTPConnection, find: Callable[[HTTPConnection, str], Thing], ids: Iterable[Any]
) -> list[Thing]:
    return await run_in_threadpool(lambda: [find(connection, str(id)) for id in ids])


async def _body(connection: HTTPConnection) -> dict[str, Any]:
    """The body as the route will read it; empty where that is no object."""
    assert isinstance(connection, Request)
    try:
        body = await connection.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _own(connection: HTTPConnection, id: str) -> Thing:
    if not _ID.fullmatch(id):
        raise NotFoundError(*NOT_THERE)
    return of(_engine(connection).find(id))


def _shared(connection: HTTPConnection, share_id: str) -> Thing:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", share_id):
        raise NotFoundError("Nothing is shared under this link.", "Ask for it again.")
    live = _engine(connection).shared(share_id)
    return Thing(live.id, live.owner, open=True)


def _either(connection: HTTPConnection, id: str) -> Thing:
    try:
        return _own(connection, id)
    except NotFoundError:
        return _shared(connection, id)


def _of_video(connection: HTTPConnection, video_id: str) -> Thing:
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,64}(\.mp4|\.jpg)?", video_id):
        raise NotFoundError("There is no such clip.")
    id = connection.app.state.views.experiment_of(video_id.partition(".")[0])
    live = _engine(connection).find(id)
    return Thing(live.id, live.owner, live.open)


def of(live: Live) -> Thing:
    """An experiment by its own id, which a link to it does not tell."""
    return Thing(live.id, live.owner, live.shipped)


def _engine(connection: HTTPConnection) -> Engine:
    engine: Engine = connection.app.state.engine
    return engine

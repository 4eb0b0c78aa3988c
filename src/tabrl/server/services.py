"""What the routes need, handed to them by FastAPI."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from tabrl.experiments.additions import Additions
from tabrl.experiments.engine import Engine
from tabrl.server.models.requests import ApproachId, ExperimentId, JobId
from tabrl.server.views import Views


def _the_engine(connection: HTTPConnection) -> Engine:
    engine: Engine = connection.app.state.engine
    return engine


def _additions(connection: HTTPConnection) -> Additions:
    additions: Additions = connection.app.state.additions
    return additions


def _views(connection: HTTPConnection) -> Views:
    views: Views = connection.app.state.views
    return views


def _voter(connection: HTTPConnection) -> str:
    voter: str = connection.state.voter
    return voter


def _origin(connection: HTTPConnection) -> str:
    """Where others find the studio; where nobody else does, as it was asked."""
    address: str | None = connection.app.state.address
    return address or str(connection.base_url).rstrip("/")


TheEngine = Annotated[Engine, Depends(_the_engine)]
TheAdditions = Annotated[Additions, Depends(_additions)]
TheViews = Annotated[Views, Depends(_views)]
TheOrigin = Annotated[str, Depends(_origin)]
Voter = Annotated[str, Depends(_voter)]

SHARE = r"^[A-Za-z0-9_-]{1,60}$"
ExperimentPath = Annotated[ExperimentId, Path(alias="id")]
ApproachPath = Annotated[ApproachId, Path(alias="approach")]
SharePath = Annotated[str, Path(pattern=SHARE, examples=["6c1hQw0dTnLk3v9E"])]
JobPath = Annotated[JobId, Path()]

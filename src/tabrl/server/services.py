"""What the routes need, handed to them by FastAPI."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from tabrl.errors import NotFoundError, SignInError
from tabrl.experiments.additions import Additions
from tabrl.experiments.engine import Engine
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.accounts.asker import Asker
from tabrl.server.models.requests import ApproachId, ExperimentId, JobId
from tabrl.server.views import Views
from tabrl.store.tables import PersonRow


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


def _accounts(connection: HTTPConnection) -> Accounts:
    accounts: Accounts | None = connection.app.state.accounts
    if accounts is None:
        raise NotFoundError(
            "This studio has no accounts.", "Start it with `tabrl serve --accounts`."
        )
    return accounts


def _asker(connection: HTTPConnection, accounts: "TheAccounts") -> Asker:
    return accounts.asker(connection)


def _me(asker: "WhoAsks") -> PersonRow:
    if asker.person is None:
        raise SignInError("This needs an account.", "Sign in.")
    return asker.person


def _my_id(connection: HTTPConnection) -> str | None:
    asker: Asker | None = getattr(connection.state, "asker", None)
    return asker.person.id if asker and asker.person else None


def _only(connection: HTTPConnection) -> str | None:
    only: str | None = getattr(connection.state, "only", None)
    return only


TheAccounts = Annotated[Accounts, Depends(_accounts)]
WhoAsks = Annotated[Asker, Depends(_asker)]
Me = Annotated[PersonRow, Depends(_me)]
MyId = Annotated[str | None, Depends(_my_id)]
"""The id of who asks; None where the studio has no accounts."""
Only = Annotated[str | None, Depends(_only)]
"""The person whose things alone are to be seen; None: everybody's."""
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

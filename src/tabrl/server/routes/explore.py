"""Explore: what people show, found by words and by meaning; what is said about it, and the library
that grows of it.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi import status as http

from tabrl.errors import ConflictError
from tabrl.experiments.engine import Live
from tabrl.experiments.explore import Asked, Order
from tabrl.server.accounts.gate import may, tell
from tabrl.server.accounts.things import by_path, by_share
from tabrl.server.exhibition import Exhibition
from tabrl.server.models.experiments import ExperimentSummary
from tabrl.server.models.explore import (
    LIBRARY_NAME,
    ExploreList,
    HiddenRequest,
    LibraryRequest,
    Reported,
    ReportRequest,
)
from tabrl.server.problems import responses
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import (
    ExperimentPath,
    Me,
    MyId,
    SharePath,
    TheAccounts,
    TheEngine,
    TheViews,
)
from tabrl.spec import Verdict

router = APIRouter(prefix="/api", tags=["explore"])
LibraryPath = Annotated[str, Path(pattern=LIBRARY_NAME, examples=["hip-shake-wide"])]
Value = Annotated[str | None, Query(min_length=1, max_length=100)]


def _exhibition(request: Request) -> Exhibition:
    exhibition: Exhibition = request.app.state.exhibition
    return exhibition


@router.get("/explore", dependencies=[may("explore.see")], responses=responses(422))
def explore(
    request: Request,
    me: MyId,
    q: Annotated[str, Query(max_length=200, description="Words, in any language.")] = "",
    robot: Value = None,
    behaviour: Value = None,
    proposer: Value = None,
    verdict: Verdict | None = None,
    order: Annotated[Order, Query(description="Nearest is the best first without `q`.")] = (
        "nearest"
    ),
    limit: Annotated[int, Query(ge=1, le=60)] = 24,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of a page.")] = None,
) -> ExploreList:
    """A page of what people show, and of the library."""
    asked = Asked(q, robot, behaviour, proposer, verdict, order, limit, cursor)
    return _exhibition(request).page(asked, request, me)


@router.post(
    "/shared/{share_id}/reports",
    dependencies=[may("experiment.report", by_share)],
    status_code=http.HTTP_204_NO_CONTENT,
    responses=responses(404, 409, *MUTATING),
)
def report_shared(
    share_id: SharePath, request: ReportRequest, engine: TheEngine, accounts: TheAccounts, me: Me
) -> None:
    """Tell the studio's owners what is wrong with it; again, and it replaces what one said."""
    id = _answerable(engine.shared(share_id))
    engine.store.exhibits.report(id, me.id, request.reason, request.text)


@router.get("/reports", dependencies=[may("report.see")], responses=responses(404))
def list_reports(request: Request, accounts: TheAccounts) -> list[Reported]:
    """What was reported and not looked at yet, newest first, and what is hidden."""
    return _exhibition(request).reported()


@router.delete(
    "/experiments/{id}/reports",
    dependencies=[may("experiment.hide", by_path)],
    status_code=http.HTTP_204_NO_CONTENT,
    responses=responses(404, *MUTATING),
)
def dismiss_reports(id: ExperimentPath, engine: TheEngine, accounts: TheAccounts,
                    request: Request) -> None:  # fmt: skip
    """Forget what was reported of an experiment."""
    engine.store.exhibits.dismiss(engine.find(id).id)
    tell(request, f"{id}: reports dismissed")


@router.put(
    "/experiments/{id}/hidden",
    dependencies=[may("experiment.hide", by_path)],
    status_code=http.HTTP_204_NO_CONTENT,
    responses=responses(404, 409, *MUTATING),
)
def hide_experiment(
    id: ExperimentPath,
    body: HiddenRequest,
    engine: TheEngine,
    accounts: TheAccounts,
    request: Request,
) -> None:
    """Keep it from everybody but its owner and the studio's, the library's copies too; or show it
    again to whom its owner shows it.
    """
    engine.hide(engine.find(id), body.hidden)
    tell(request, f"{id}: {'hidden' if body.hidden else 'shown again'}")


@router.post(
    "/library",
    dependencies=[may("library.change")],
    status_code=http.HTTP_201_CREATED,
    responses=responses(404, 409, *MUTATING),
)
def add_to_library(
    body: LibraryRequest, engine: TheEngine, views: TheViews, request: Request
) -> ExperimentSummary:
    """Copy an approach that passed into the library, where everybody finds it."""
    live = engine.shared(body.share_id)
    if request.app.state.accounts is not None:
        if live.visibility != "public":
            raise ConflictError(
                "Only what is public can be added to the library.", "Its owner can make it public."
            )
        tell(request, f"{live.id}.{body.approach}: added")
    return views.summary(
        engine.add_to_library(live, body.approach, licence=body.licence, by=body.by)
    )


@router.delete(
    "/library/{name}",
    dependencies=[may("library.change")],
    status_code=http.HTTP_204_NO_CONTENT,
    responses=responses(404, 409, *MUTATING),
)
def remove_from_library(name: LibraryPath, engine: TheEngine, request: Request) -> None:
    """Remove what was added to the library; what came with TabRL stays."""
    engine.remove_from_library(name)
    if request.app.state.accounts is not None:
        tell(request, f"library-{name}: removed")


def _answerable(live: Live) -> str:
    """The experiment that somebody can be asked about."""
    credit = live.experiment.credit
    if not live.shipped:
        return live.id
    if credit is None or credit.source is None:
        raise ConflictError("This came with TabRL, and was taught by nobody here.")
    return credit.source

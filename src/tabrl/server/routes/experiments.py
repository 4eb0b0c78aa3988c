"""Experiments: list, open, duplicate, delete, share, vote, export."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import status as http
from fastapi.responses import FileResponse, Response

from tabrl.experiments.engine import OWNER
from tabrl.experiments.states import ExperimentStatus
from tabrl.experiments.together import Kind
from tabrl.server import files
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_path
from tabrl.server.models.accounts import VisibilityRequest
from tabrl.server.models.experiments import Experiment, ExperimentList, ShareLink
from tabrl.server.models.requests import VoteRequest
from tabrl.server.problems import content, links, responses, shared
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import (
    ApproachPath,
    ExperimentPath,
    MyId,
    Only,
    TheEngine,
    TheOrigin,
    TheViews,
)

router = APIRouter(prefix="/api", tags=["experiments"])
FILE = content("application/octet-stream")
ALONE = "To share it on your network, stop the studio and start it with: tabrl serve --host 0.0.0.0"
HOSTED_ALONE = "For others to open it, start the studio with TABRL_PUBLIC_URL: see docs/accounts.md"
FILM = content("video/mp4", "image/gif")


@router.get("/experiments", dependencies=[may("experiment.list")], responses=responses(401, 422))
def list_experiments(
    engine: TheEngine,
    views: TheViews,
    only: Only,
    q: Annotated[str, Query(max_length=200, description="Words to look for.")] = "",
    status: Annotated[
        list[ExperimentStatus], Query(max_length=9, description="Any of these; all if none.")
    ] = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
    cursor: Annotated[str | None, Query(max_length=100, description="`next` of a page.")] = None,
) -> ExperimentList:
    """A page of experiments, newest first."""
    return views.page(engine, q, status, limit, cursor, only)


@router.get(
    "/experiments/{id}",
    dependencies=[may("experiment.see", by_path)],
    responses=responses(404, 422),
)
async def get_experiment(id: ExperimentPath, engine: TheEngine, views: TheViews) -> Experiment:
    """An experiment as it stands."""
    return views.experiment(engine.find(id))


@router.delete(
    "/experiments/{id}",
    dependencies=[may("experiment.delete", by_path)],
    status_code=http.HTTP_204_NO_CONTENT,
    responses=responses(401, 403, 404, 409, 413, 422, 503),
)
def delete_experiment(id: ExperimentPath, engine: TheEngine) -> None:
    """Delete an experiment with all its files; what trains is ended."""
    engine.delete(id)


@router.post(
    "/experiments/{id}/duplicate",
    dependencies=[may("experiment.copy", by_path)],
    status_code=http.HTTP_201_CREATED,
    responses=links(201) | responses(404, *MUTATING),
)
def duplicate_experiment(
    id: ExperimentPath, engine: TheEngine, views: TheViews, me: MyId
) -> Experiment:
    """A draft with the same sentence and approaches, checked again."""
    return views.experiment(engine.duplicate(id, me))


@router.post(
    "/experiments/{id}/share",
    dependencies=[may("experiment.show", by_path)],
    responses=shared() | responses(404, *MUTATING),
)
def share_experiment(
    id: ExperimentPath, engine: TheEngine, origin: TheOrigin, request: Request
) -> ShareLink:
    """A link that opens it read-only, without an account; the same link each time."""
    share = engine.share(id)
    alone = ALONE if request.app.state.accounts is None else HOSTED_ALONE
    hint = alone if request.app.state.address is None else None
    return ShareLink(share_id=share, url=f"{origin}/s/{share}", hint=hint)


@router.put(
    "/experiments/{id}/visibility",
    dependencies=[may("experiment.show", by_path)],
    responses=responses(404, 409, *MUTATING),
)
def show_experiment(
    id: ExperimentPath, request: VisibilityRequest, engine: TheEngine, views: TheViews
) -> Experiment:
    """Say who else may see it: nobody, who has its link, or everybody. Its link stays the same."""
    live = engine.find(id)
    engine.show(live, request.visibility)
    return views.experiment(live)


@router.post(
    "/experiments/{id}/vote",
    dependencies=[may("experiment.change", by_path)],
    responses=responses(404, 409, *MUTATING),
)
def vote(
    id: ExperimentPath, request: VoteRequest, engine: TheEngine, views: TheViews
) -> Experiment:
    """Mark the winner: the owner's vote, whichever browser it comes from."""
    return views.experiment(engine.vote(engine.find(id), request.approach, OWNER))


@router.get(
    "/experiments/{id}/report",
    dependencies=[may("experiment.see", by_path)],
    response_class=Response,
    responses=content("text/html") | responses(404, 422),
)
def experiment_report(id: ExperimentPath, engine: TheEngine) -> Response:
    """The training report: one HTML file with everything in it."""
    return files.report(engine.find(id))


@router.get(
    "/experiments/{id}/side-by-side",
    dependencies=[may("experiment.see", by_path)],
    response_class=FileResponse,
    responses=FILM | responses(404, 422),
)
def experiment_side_by_side(
    id: ExperimentPath, engine: TheEngine, format: Kind = "mp4"
) -> Response:
    """All clips as one that loops, under the sentence: an MP4 or a GIF to send."""
    return files.side_by_side(engine.find(id), format, engine.settings.cache)


@router.get(
    "/experiments/{id}/approaches/{approach}/trajectory",
    dependencies=[may("experiment.see", by_path)],
    response_class=FileResponse,
    responses=FILE | responses(404, 422),
)
def approach_trajectory(id: ExperimentPath, approach: ApproachPath, engine: TheEngine) -> Response:
    """The clip's trajectory as NumPy arrays (.npz)."""
    return files.trajectory(engine.find(id), approach)


@router.get(
    "/experiments/{id}/approaches/{approach}/policy",
    dependencies=[may("experiment.see", by_path)],
    response_class=Response,
    responses=content("application/zip") | responses(404, 422),
)
def approach_policy(id: ExperimentPath, approach: ApproachPath, engine: TheEngine) -> Response:
    """The trained policy, zipped: safetensors and what they mean."""
    return files.policy(engine.find(id), approach)

"""Shared experiments and the library: read-only, for anyone who has the link."""

from fastapi import APIRouter, status
from fastapi.responses import FileResponse, Response

from tabrl.experiments.together import Kind
from tabrl.server import files
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_share
from tabrl.server.models.experiments import Experiment, ExperimentSummary
from tabrl.server.models.requests import VoteRequest
from tabrl.server.problems import content, links, responses
from tabrl.server.routes.experiments import FILE, FILM
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import ApproachPath, MyId, SharePath, TheEngine, TheViews, Voter

router = APIRouter(prefix="/api", tags=["shared"])


@router.get(
    "/shared/{share_id}",
    dependencies=[may("experiment.see", by_share)],
    responses=responses(404, 422),
)
def get_shared(share_id: SharePath, engine: TheEngine, views: TheViews, voter: Voter) -> Experiment:
    """A shared experiment; `read_only` is true and its id is not told."""
    return views.experiment(engine.shared(share_id), voter, share_id)


@router.post(
    "/shared/{share_id}/fork",
    dependencies=[may("experiment.copy", by_share)],
    status_code=status.HTTP_201_CREATED,
    responses=links(201) | responses(404, *MUTATING),
)
def fork_shared(share_id: SharePath, engine: TheEngine, views: TheViews, me: MyId) -> Experiment:
    """A draft of one's own with the same sentence and approaches."""
    return views.experiment(engine.fork(share_id, me))


@router.post(
    "/shared/{share_id}/vote",
    dependencies=[may("experiment.vote", by_share)],
    responses=responses(404, 409, *MUTATING),
)
def vote_shared(
    share_id: SharePath, request: VoteRequest, engine: TheEngine, views: TheViews, voter: Voter
) -> Experiment:
    """Vote for the best approach."""
    voted = engine.vote(engine.shared(share_id), request.approach, voter)
    return views.experiment(voted, voter, share_id)


@router.get(
    "/shared/{share_id}/report",
    dependencies=[may("experiment.see", by_share)],
    response_class=Response,
    responses=content("text/html") | responses(404, 422),
)
def shared_report(share_id: SharePath, engine: TheEngine) -> Response:
    """The training report: one HTML file with everything in it."""
    return files.report(engine.shared(share_id))


@router.get(
    "/shared/{share_id}/side-by-side",
    dependencies=[may("experiment.see", by_share)],
    response_class=FileResponse,
    responses=FILM | responses(404, 422),
)
def shared_side_by_side(share_id: SharePath, engine: TheEngine, format: Kind = "mp4") -> Response:
    """All clips as one that loops, under the sentence: an MP4 or a GIF to send."""
    return files.side_by_side(engine.shared(share_id), format, engine.settings.cache)


@router.get(
    "/shared/{share_id}/approaches/{approach}/trajectory",
    dependencies=[may("experiment.see", by_share)],
    response_class=FileResponse,
    responses=FILE | responses(404, 422),
)
def shared_trajectory(share_id: SharePath, approach: ApproachPath, engine: TheEngine) -> Response:
    """The clip's trajectory as NumPy arrays (.npz)."""
    return files.trajectory(engine.shared(share_id), approach)


@router.get(
    "/shared/{share_id}/approaches/{approach}/policy",
    dependencies=[may("experiment.see", by_share)],
    response_class=Response,
    responses=content("application/zip") | responses(404, 422),
)
def shared_policy(share_id: SharePath, approach: ApproachPath, engine: TheEngine) -> Response:
    """The trained policy, zipped: safetensors and what they mean."""
    return files.policy(engine.shared(share_id), approach)


@router.get("/library", dependencies=[may("studio.see")])
def list_library(engine: TheEngine, views: TheViews) -> list[ExperimentSummary]:
    """Behaviours trained in advance or added here; each opens by its `share_id`, as if shared."""
    return [views.summary(live) for live in engine.shipped()]

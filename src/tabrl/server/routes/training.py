"""From a sentence to trained robots."""

from fastapi import APIRouter, status

from tabrl.behaviours.reading import Reading, read
from tabrl.robots.catalogue import robot
from tabrl.server import checking
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_body, by_job, by_path
from tabrl.server.models.experiments import Experiment, JobStatus
from tabrl.server.models.requests import (
    BatchRequest,
    CheckRequest,
    EditRequest,
    ImproveRequest,
    ReadRequest,
    RenderRequest,
    TeachRequest,
    VersionRequest,
)
from tabrl.server.problems import links, responses
from tabrl.server.services import (
    ApproachPath,
    ExperimentPath,
    JobPath,
    MyId,
    TheEngine,
    TheViews,
)
from tabrl.spec import CheckResult

router = APIRouter(prefix="/api", tags=["training"])
MUTATING = (400, 401, 403, 413, 422, 503)


@router.post(
    "/training/read", dependencies=[may("sentence.read")], responses=responses(404, *MUTATING)
)
def read_sentence(request: ReadRequest) -> Reading:
    """What a sentence asks for, before anything is proposed; any text gives a reading."""
    return read(request.sentence, robot(request.robot) if request.robot else None)


@router.post(
    "/training/approaches",
    dependencies=[may("experiment.propose")],
    status_code=status.HTTP_201_CREATED,
    responses=links(201) | responses(404, *MUTATING),
)
def propose_approaches(
    request: TeachRequest, engine: TheEngine, views: TheViews, me: MyId
) -> Experiment:
    """Propose how to teach a sentence to a robot.

    The built-in provider has answered when this returns; the others' approaches and all checks
    arrive over the WebSocket.
    """
    return views.experiment(engine.propose(**dict(request), owner=me))


@router.patch(
    "/experiments/{id}/approaches/{approach}",
    dependencies=[may("experiment.change", by_path)],
    responses=responses(404, 409, *MUTATING),
)
def edit_approach(
    id: ExperimentPath,
    approach: ApproachPath,
    request: EditRequest,
    engine: TheEngine,
    views: TheViews,
) -> Experiment:
    """Change an approach that does not train; it is checked again."""
    return views.experiment(engine.edit(id, approach, request.model_dump(exclude_none=True)))


@router.post(
    "/training/check", dependencies=[may("reward.check")], responses=responses(404, *MUTATING)
)
def check_reward(request: CheckRequest, engine: TheEngine) -> CheckResult:
    """What the check finds about a reward: at once without rollouts, in seconds with them."""
    if request.rollouts:
        return engine.check(request.robot, request.source, request.weights)
    return checking.trace(request.robot, request.source, request.weights)


@router.post(
    "/training/batch",
    dependencies=[may("experiment.train", by_body)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=links(202) | responses(404, 409, *MUTATING),
)
def train_batch(request: BatchRequest, engine: TheEngine, views: TheViews) -> Experiment:
    """Train one, some or all approaches that passed their check."""
    options = dict(request)
    return views.experiment(
        engine.train(options.pop("experiment"), options.pop("approaches"), **options)
    )


@router.get(
    "/training/{job_id}/status",
    dependencies=[may("experiment.see", by_job)],
    responses=responses(404, 422),
)
async def training_status(job_id: JobPath, engine: TheEngine, views: TheViews) -> JobStatus:
    """Where one training stands."""
    return views.job(engine, job_id)


@router.post(
    "/training/{job_id}/cancel",
    dependencies=[may("experiment.change", by_job)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(404, 409, *MUTATING),
)
def cancel_training(job_id: JobPath, engine: TheEngine, views: TheViews) -> JobStatus:
    """End a training early; it keeps its best policy so far."""
    engine.cancel(*job_id.split("."))
    return views.job(engine, job_id)


@router.post(
    "/training/{job_id}/retry",
    dependencies=[may("experiment.train", by_job)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(404, 409, *MUTATING),
)
def retry_training(job_id: JobPath, engine: TheEngine, views: TheViews) -> JobStatus:
    """Train an approach again that failed, was cancelled or interrupted."""
    engine.retry(*job_id.split("."))
    return views.job(engine, job_id)


@router.post(
    "/training/{job_id}/continue",
    dependencies=[may("experiment.train", by_job)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(404, 409, *MUTATING),
)
def continue_training(job_id: JobPath, engine: TheEngine, views: TheViews) -> JobStatus:
    """Train an approach further, from its best policy and for as long again."""
    engine.train_on(*job_id.split("."))
    return views.job(engine, job_id)


@router.post(
    "/training/{job_id}/version",
    dependencies=[may("experiment.change", by_job)],
    responses=responses(404, 409, *MUTATING),
)
def show_version(
    job_id: JobPath, request: VersionRequest, engine: TheEngine, views: TheViews
) -> Experiment:
    """Go back to what an earlier training of an approach showed, or forth again; none is lost."""
    id, name = job_id.split(".")
    return views.experiment(engine.show_version(id, name, request.version))


@router.post(
    "/training/improve",
    dependencies=[may("experiment.train", by_body)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=links(202) | responses(404, 409, *MUTATING),
)
def improve_approach(request: ImproveRequest, engine: TheEngine, views: TheViews) -> Experiment:
    """Edit a trained approach by what was measured and said; its child trains on from its policy.

    The built-in proposer's edit is there when this returns, a language model's arrives over the
    WebSocket.
    """
    options = dict(request)
    return views.experiment(engine.improve(*options.pop("job_id").split("."), **options))


@router.post(
    "/training/render",
    dependencies=[may("experiment.change", by_body)],
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(404, 409, *MUTATING),
)
def render_clip(request: RenderRequest, engine: TheEngine, views: TheViews) -> JobStatus:
    """Render the clip of a kept policy again."""
    engine.render(*request.job_id.split("."))
    return views.job(engine, request.job_id)

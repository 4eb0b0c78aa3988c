"""Words and examples for the API's document: each thing that travels, and each problem."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from tabrl.behaviours.reading import read
from tabrl.behaviours.reading.choices import Choices, choices
from tabrl.experiments.approach_record import Numbers, Point
from tabrl.experiments.record import Estimate
from tabrl.robots.catalogue import robot
from tabrl.server import examples_accounts, examples_explore, gallery
from tabrl.server.models.custom import (
    AdditionStatus,
    Correction,
    CustomRobot,
    JointGroup,
    Menagerie,
    MenagerieHero,
)
from tabrl.server.models.experiments import (
    Approach,
    ApproachFiles,
    ApproachSummary,
    Experiment,
    ExperimentList,
    ExperimentSummary,
    Health,
    JobCount,
    JobStatus,
    ShareLink,
)
from tabrl.server.models.problem import ProblemDetails
from tabrl.server.models.requests import (
    DownloadRequest,
    ReadRequest,
    RenderRequest,
    VersionRequest,
    VoteRequest,
)
from tabrl.server.models.robots import (
    BaseInfo,
    BaseQuality,
    KernelInfo,
    PlannedTraining,
    Plans,
    ProviderInfo,
    RobotInfo,
    SignalInfo,
    Vocabulary,
)
from tabrl.spec import CheckResult, Finding, Termination

ID, SHARE, NAME, CLIP = (
    "q3X9vA7bT0kE",
    "6c1hQw0dTnLk3v9E",
    "1-aloha-roll",
    "kT2bW9xQ7mZr4LpYc0Vn8sHd",
)
GO1, SENTENCE = "Go1JoystickFlatTerrain", "Keep shaking your hips aloha dude!"
WALK = "Walk slowly to the left for 2 m, then sit"
CREATED = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
TERM_MEANS = {"still": {"sway": 0.1}, "random": {"sway": 0.3}, "base": {"sway": 0.2}}

PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("There was an error parsing the body", ""),
    401: (
        "This needs the access token.",
        "`tabrl serve` prints it: send it as `Authorization: Bearer`, or open the address with "
        "`?token=` once.",
    ),
    403: ("The request comes from a page of another site.", ""),
    404: ("There is no such experiment.", "It may have been deleted."),
    409: ("Aloha Roll is training.", "Cancel it first, or wait for its end."),
    413: ("The request is too large.", "At most 256 kB are read."),
    416: ("This file has no such part: bytes=9000000-.", ""),
    429: (
        "You have used your 120 minutes of training for today.",
        "They begin anew at 00:00 UTC; the owner of the studio can give you more.",
    ),
    422: (
        "body.sentence: String should have at least 1 character",
        "/api/openapi.json tells what each field takes.",
    ),
    503: ("The studio is stopping.", "Start it again with `tabrl serve`."),
}


def illustrate(made: dict[str, Any]) -> None:
    """Give the operations of an OpenAPI document summaries, and what they take and answer
    examples.
    """
    parts = made["components"]
    asked = {name: s["example"] for name, s in parts["schemas"].items() if "example" in s}
    known = asked | examples()
    shown: dict[str, Any] = {}
    for operation in (o for methods in made["paths"].values() for o in methods.values()):
        operation["summary"] = operation["description"].split("\n")[0].rstrip(".")
        for media in operation.get("requestBody", {}).get("content", {}).values():
            shown |= _show(media, *_example(media["schema"], known))
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                if status >= "400":
                    shown |= _show(media, f"Problem{status}", _problem(int(status)))
                else:
                    shown |= _show(media, *_example(media["schema"], known))
            if response["description"] == "Successful Response":
                response["description"] = operation["summary"]
    parts["examples"] = {name: {"value": value} for name, value in sorted(shown.items())}


def _show(media: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Have a content point at an example among the document's parts."""
    if value is None:
        return {}
    media["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}
    return {name: value}


def _example(schema: dict[str, Any], known: dict[str, Any]) -> tuple[str, Any]:
    """Name and value for a schema; the value is None for a file, or where none is known."""
    if schema.get("type") == "array":
        name, item = _example(schema["items"], known)
        return f"{name}List", None if item is None else [item]
    name = schema.get("$ref", "").rpartition("/")[2]
    return name, known.get(name)


def _problem(status: int) -> dict[str, Any]:
    detail, hint = PROBLEMS[status]
    title = HTTPStatus(status).phrase
    return ProblemDetails(title=title, status=status, detail=detail, hint=hint or None).model_dump()


def examples() -> dict[str, Any]:
    """A JSON value for each schema that is asked or answered, by the schema's name."""
    made: list[BaseModel] = [
        _approach(),
        _experiment(),
        _summary(),
        ExperimentList(items=[_summary()], next=None),
        _job(),
        ShareLink(share_id=SHARE, url=f"http://192.168.1.20:8000/s/{SHARE}", hint=None),
        Health(
            status="ok",
            version="0.1.0",
            where="",
            jobs=JobCount(running=3, queued=1, capacity=3),
            spending=None,
            trouble=None,
        ),
        _refused(),
        next(card for card in gallery.cards() if card.id == GO1),
        _robot(),
        _plans(),
        ProviderInfo(name="builtin", title="Built in", state="ready", detail="Needs no key."),
        ReadRequest(sentence=WALK, robot=GO1),
        read(WALK),
        Choices(**{name: some[:2] for name, some in choices(robot(GO1))}),
        RenderRequest(job_id=f"{ID}.{NAME}"),
        VersionRequest(version=1),
        VoteRequest(approach=NAME),
        DownloadRequest(videos=[CLIP]),
        *_custom(),
        *examples_accounts.examples(),
        *examples_explore.examples(_summary(), SHARE, ID, NAME),
    ]
    return {type(value).__name__: value.model_dump(mode="json") for value in made}


def _approach() -> Approach:
    return Approach(
        id=NAME,
        job_id=f"{ID}.{NAME}",
        name="Aloha Roll",
        description="The trunk rolls from side to side to a steady beat while the feet stay put.",
        source='def reward(s):\n    return {"sway": near(s.roll, oscillate(s.phase, 0.25), 0.1)}\n',
        weights={"sway": 2.0},
        clock_hz=1.5,
        command=(0.0, 0.0, 0.0),
        termination=Termination(),
        status="finished",
        phase="done",
        terms=["sway"],
        term_means=TERM_MEANS,
        num_steps=409600,
        step=409600,
        progress=1.0,
        timings={"compiling": 6.2, "training": 38.4, "rendering": 9.1},
        curve=[Point(step=10240, episode_return=4.1), Point(step=409600, episode_return=24.7)],
        verdict="pass",
        base_verdict="fail",
        numbers=Numbers(
            trained={"roll amplitude (rad)": 0.25}, base={"roll amplitude (rad)": 0.003}
        ),
        files=ApproachFiles(video_id=CLIP, clip=f"/api/videos/{CLIP}"),
    )


def _experiment() -> Experiment:
    return Experiment(
        id=ID,
        sentence=SENTENCE,
        robot=GO1,
        robot_name="Unitree Go1",
        title="Hip shake",
        seed=0,
        preset="quick",
        steps=409600,
        status="finished",
        created=CREATED,
        visibility="private",
        approaches=[_approach()],
    )


def _summary() -> ExperimentSummary:
    return ExperimentSummary(
        id=ID,
        share_id=None,
        sentence=SENTENCE,
        title="Hip shake",
        robot=GO1,
        robot_name="Unitree Go1",
        status="finished",
        created=CREATED,
        poster=None,
        clip=f"/api/videos/{CLIP}",
        approaches=[ApproachSummary(id=NAME, name="Aloha Roll", status="finished", verdict="pass")],
    )


def _job() -> JobStatus:
    return JobStatus(
        job_id=f"{ID}.{NAME}",
        status="training",
        phase="training",
        step=204800,
        num_steps=409600,
        progress=0.5,
        steps_per_s=10240.0,
        seconds_left=20.0,
        queue=None,
        where="",
        cost_usd=None,
        verdict=None,
        error=None,
    )


def _refused() -> CheckResult:
    finding = Finding(line=2, message="There is no signal 'rol'.", hint="Did you mean roll?")
    return CheckResult(valid=False, findings=(finding,))


def _plans() -> Plans:
    parts = {"check": 6.0, "start": 15.0, "train": 88.0, "film": 12.0}
    training = PlannedTraining(
        steps=645_120,
        max_steps=1_290_240,
        simulations=512,
        iterations=63,
        estimate=Estimate(seconds=121.0, parts=parts, at_most_s=209.0),
    )
    return Plans(presets={"standard": training}, custom=None)


def _custom() -> list[BaseModel]:
    card = next(card for card in gallery.cards() if card.id == GO1)
    own = card.model_copy(update={"id": "rex", "name": "Rex", "category": "custom"})
    return [
        AdditionStatus(
            id="mC9xQ2vLw0aT",
            source="rex.zip",
            state="working",
            stage="Reading the model",
            progress=None,
            robot=None,
            error=None,
            hint=None,
            choices=[],
        ),
        CustomRobot(
            **dict(own),
            source="rex.zip",
            mass=5.3,
            height=0.26,
            floats=True,
            feet=["FR", "FL", "RR", "RL"],
            hands=[],
            groups=[JointGroup(name="hips", joints=["FR_hip", "FL_hip", "RR_hip", "RL_hip"])],
            forward="x",
            notes=["It had no floor, so it got one."],
            prompts=[SENTENCE],
            said=Correction(),
            kinds=["quadruped", "other"],
            ways=["x", "-x", "y", "-y"],
            bases=[],
            fixed_since=None,
        ),
        Menagerie(
            heroes=[MenagerieHero(name="anybotics_anymal_c", title="ANYmal C")],
            names=["anybotics_anymal_c"],
            missing=None,
        ),
    ]


def _robot() -> RobotInfo:
    card = next(card for card in gallery.cards() if card.id == GO1)
    return RobotInfo(
        **dict(card),
        base=BaseInfo(
            steps=20029440,
            seconds=2098,
            machine="2 CPU cores",
            seed=0,
            quality=BaseQuality(
                velocity_error=0.0778,
                turn_error=0.0874,
                falls_per_minute=0.2695,
                falls_per_minute_pushed=0.1406,
            ),
            clip=f"/api/playground/{GO1}/base",
            model=f"/api/models/{GO1}",
        ),
        prompts=[SENTENCE],
        vocabulary=Vocabulary(
            signals=[SignalInfo(name="roll", shape="()", unit="rad", meaning="roll of the trunk")],
            kernels=[
                KernelInfo(
                    name="near", signature="near(x, target, width)", meaning="1 at the target"
                )
            ],
            functions=["jnp.sin"],
        ),
    )

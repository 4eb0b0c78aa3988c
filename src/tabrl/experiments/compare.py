"""What a person looks at in the end: `compare.mp4` and `compare.html`."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.changes import SIGNS, shown
from tabrl.experiments.charts import Series, chart
from tabrl.experiments.files import write_atomically
from tabrl.experiments.highlight import highlight
from tabrl.experiments.moves import words
from tabrl.experiments.record import Experiment
from tabrl.experiments.together import LEFT_OUT, clip_of, tiles, titles
from tabrl.robots.catalogue import robot
from tabrl.spec import Criterion
from tabrl.verdict.words import says

if TYPE_CHECKING:
    from tabrl.rendering.compare import Tile

PAGE, VIDEO = "compare.html", "compare.mp4"
FPS = 50
_FOLDER = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Row:
    """One number of the metric, for the trained policy and the base policy."""

    label: str
    trained: float | None
    base: float | None
    bound: str


def compare(experiment: Experiment) -> None:
    """Write both files of an experiment that has clips, and name them in its record.

    A video that cannot be made is told in `experiment.errors`; the page is written even so.
    """
    if shown := tiles(experiment):
        try:
            if not _video(experiment, shown):
                experiment.errors.append(f"{VIDEO}: {LEFT_OUT}")
            experiment.files["compare_video"] = VIDEO
        except Exception as error:  # the clips themselves are there; they are worth more
            experiment.errors.append(f"{VIDEO} could not be made: {error}")
    if experiment.approaches:
        write_atomically(experiment.folder / PAGE, page(experiment))
        experiment.files["compare_page"] = PAGE


def page(experiment: Experiment, winner: str | None = None) -> str:
    """One HTML file with everything in it; whatever the experiment says is escaped."""
    clips = {a.folder: clip_of(experiment, a) for a in experiment.approaches}
    told = clip_of(experiment, experiment.commands) if experiment.commands else None
    script = (_FOLDER / "player.js").read_text("utf-8")
    return template("compare.html").render(
        experiment=experiment,
        robot_name=robot(experiment.robot).name,
        approaches=experiment.approaches,
        clips={key: _data_url(clip, "video/mp4") for key, clip in clips.items() if clip},
        commands_clip=told and _data_url(told, "video/mp4"),
        any_clip=any(clips.values()),
        titles=titles() if len({a.provider for a in experiment.approaches}) > 1 else {},
        winner=winner,
        fps=FPS,
        style=style(),
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def rows(approach: ApproachRecord) -> list[Row]:
    """The metric's numbers, the judged ones first, each with what it should be."""
    bounds = {c.label: c for c in approach.metric.criteria} if approach.metric else {}
    trained, base = approach.numbers.trained, approach.numbers.base
    labels = dict.fromkeys([*bounds, *trained, *base])
    return [
        Row(label, trained.get(label), base.get(label), _asked(bounds.get(label)))
        for label in labels
    ]


def _asked(criterion: Criterion | None) -> str:
    """The bounds of a criterion in a few characters."""
    low, high = (criterion.at_least, criterion.at_most) if criterion else (None, None)
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"≥ {low:g}" if low is not None else f"≤ {high:g}" if high is not None else ""


def number(value: float | None) -> str:
    """A number for people: three significant digits, a dash for none."""
    return "-" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def seconds(value: float) -> str:
    """A duration for people: 4.2 s, 1 min 40 s."""
    whole = round(value)
    return f"{value:.1f} s" if value < 60 else f"{whole // 60} min {whole % 60:02d} s"


def charts(approach: ApproachRecord) -> list[Markup]:
    """The return, and the first two numbers of the metric against the base policy."""
    points = approach.curve
    made = [chart(Series("return", [(p.step, p.episode_return) for p in points]))]
    bounds = {c.label: c for c in approach.metric.criteria} if approach.metric else {}
    for label in list(dict.fromkeys(k for p in points for k in p.numbers))[:2]:
        criterion = bounds.get(label)
        goal = criterion.at_least if criterion else None
        values = [(p.step, p.numbers[label]) for p in points if label in p.numbers]
        made.append(chart(Series(label, values, goal, approach.numbers.base.get(label))))
    return [drawn for drawn in made if drawn]


def _video(experiment: Experiment, shown: "list[Tile]") -> bool:
    from tabrl.rendering.compare import side_by_side

    part = experiment.folder / f".{VIDEO}.part.mp4"
    told = side_by_side(shown, part, experiment.sentence)
    part.replace(experiment.folder / VIDEO)
    return told


def _data_url(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def style() -> Markup:
    """What our pages look like."""
    return Markup((_FOLDER / "style.css").read_text("utf-8"))


@cache
def template(name: str) -> Template:
    """A page of ours; whatever it is filled with is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "seconds": seconds,
        "highlight": highlight,
        "shown": shown,
        "words": words,
        "says": says,
    }
    environment.globals |= {"rows": rows, "charts": charts, "signs": SIGNS, "zip": zip}
    return environment.get_template(name)

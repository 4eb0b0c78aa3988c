"""Behaviours: what a robot learns from sentences, with verdicts, numbers and times.

tabrl bench behaviours [--robot ID] [--sentences FILE] [--only spin ...] [--page FILE]

The sentences are those that the robot is shown with, or a file's: one a line, `#` for a remark.

It goes on where it was stopped: a sentence whose experiment has ended is not taught again.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.machine import machine
from tabrl.behaviours.library.showcase import showcase
from tabrl.errors import TabRLError
from tabrl.executors.base import make_executor
from tabrl.experiments import Experiment, load, teach
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.compare import Row, number, rows, seconds
from tabrl.experiments.files import slug, write_atomically
from tabrl.robots.catalogue import Robot
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Preset

GO1 = "Go1JoystickFlatTerrain"
OUT = Path("out/behaviours")
_PHYSICS = {True: "coarse", False: "fine"}


def main(
    only: Sequence[str] = (),
    *,
    robot: str = GO1,
    sentences: Path | None = None,
    preset: Preset = "standard",
    steps: int | None = None,
    coarse_physics: bool | None = None,
    out: Path = OUT,
    page: Path | None = None,
) -> dict:
    """The share of sentences with at least one pass, what became of each, and a page with it all.

    Args:
        only: names of primitives in the robot's showcase, or a file's sentences; none for all.
        sentences: a text file with other sentences than the robot's showcase.
        steps: environment steps of each approach, instead of the preset's time.
        out: keeps each experiment with its clips, below folders of the robot and the preset.
        page: the Markdown file, with all sentences that `out` has; None for one beside them.

    Raises:
        TabRLError: there is no such robot, the file has no sentence, or `only` names one that
            is not there.
    """
    taught, settings = find_robot(robot), Settings.from_env()
    asked = read(sentences) if sentences else showcase(taught)
    where = str(sentences) if sentences else f"the showcase of {taught.name}"
    chosen = _chosen(only, asked, where)
    folder = f"{steps}-steps" if steps else preset
    if coarse_physics is not None:
        folder += f"-{_PHYSICS[coarse_physics]}"
    command = f"tabrl bench behaviours --robot {robot}"
    command += f" --sentences {sentences}" if sentences else ""
    out = out / robot / folder
    page = page or out / "behaviours.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    with make_executor("local", settings) as executor:
        for name in chosen:
            found = _kept(out / slug(name)) or teach(
                asked[name],
                robot,
                preset=preset,
                steps=steps,
                coarse_physics=coarse_physics,
                out=out / slug(name),
                settings=settings,
                executor=executor,
            )
            if found.status == "cancelled":
                break
            write_atomically(page, text(taught, ended(asked, out), command))
            print(f"{name}: {', '.join(_verdicts(found))}", file=sys.stderr, flush=True)
    there = ended(chosen, out)
    share = round(len(_passed(there)) / max(len(there), 1), 3)
    return {
        "what": f"share of sentences with at least one pass on {robot}; the baseline is all",
        "figure": share,
        "baseline": 1.0,
        "ratio": share,
        "behaviours": {name: list(map(_told, each.approaches)) for name, each in there.items()},
        "page": str(page),
        "machine": machine(),
    }


def ended(names: Iterable[str], out: Path) -> dict[str, Experiment]:
    """Those experiments of `out` that have ended, by name."""
    kept = {name: _kept(out / slug(name)) for name in names}
    return {name: experiment for name, experiment in kept.items() if experiment}


def _kept(folder: Path) -> Experiment | None:
    """The experiment in a folder, if it has ended."""
    try:
        kept = load(folder)
    except TabRLError:
        return None
    return kept if kept.status in ("finished", "incomplete") else None


def text(robot: Robot, found: Mapping[str, Experiment], command: str) -> str:
    """The page: what was run, the table, and what does not work yet."""
    passed = _passed(found)
    missed = [name for name in found if name not in passed]
    efforts = dict.fromkeys(map(_effort, found.values()))
    lines = [
        f"# What {robot.name} learns from a sentence",
        "",
        f"{len(passed)} of {len(found)} sentences gave at least one approach that passes. Written "
        f"by `{command}`.",
        "",
        f"Each sentence: {' or '.join(efforts)}, on {machine()}. Time is by the clock, of an "
        "approach from its check to its clip, while its siblings are trained too; other work on "
        "the machine makes it longer.",
        "",
        "| behaviour | approach | verdict | time | numbers: trained (base policy; wanted) |",
        "|" + " --- |" * 5,
        *(line for name, experiment in found.items() for line in _lines(name, experiment)),
    ]
    if missed:
        lines += ["", "## What does not work yet", ""]
        lines += [f"- **{name}**: {_why(found[name])}" for name in missed]
    return "\n".join([*lines, ""])


def _lines(name: str, experiment: Experiment) -> list[str]:
    """A row of the table for each approach; the first one has the sentence."""
    said = "" if name == experiment.sentence else f"<br>{_cell(experiment.sentence)}"
    titles = [f"**{_cell(name)}**{said}"]
    titles += [""] * len(experiment.approaches)
    return [
        f"| {title} | {_cell(a.name)} | {_verdict(a)} | {seconds(_time(a))} | "
        f"{'<br>'.join(_number(row) for row in rows(a))} |"
        for title, a in zip(titles, experiment.approaches, strict=False)
    ]


def _number(row: Row) -> str:
    base = number(row.base) if row.base is not None else ""
    beside = "; ".join(filter(None, (base, row.bound)))
    return f"{_cell(row.label)}: {number(row.trained)}" + (f" ({beside})" if beside else "")


def _told(approach: ApproachRecord) -> dict:
    """What the benchmark says of an approach."""
    return {
        "approach": approach.name,
        "verdict": _verdict(approach),
        "seconds": round(_time(approach), 1),
        "numbers": approach.numbers.trained,
    }


def _why(experiment: Experiment) -> str:
    """What the approaches missed, in their verdicts' own words."""
    said = [f"{a.name}: {_reason(a)}" for a in experiment.approaches]
    return _cell("; ".join(said) or "; ".join(experiment.errors) or "no approach")


def _reason(approach: ApproachRecord) -> str:
    if approach.error:
        return approach.error.message
    return ", ".join(approach.reasons) or "no verdict"


def _effort(experiment: Experiment) -> str:
    steps = f"{experiment.steps or 0:,} environment steps an approach"
    preset = f"the {experiment.preset} preset, " if experiment.preset else ""
    start = "the base policy" if experiment.base_policy else "scratch"
    hp = experiment.hyperparameters
    rate = f", learning rate {hp.learning_rate:g}" if hp.learning_rate else ""
    physics = "" if hp.coarse_physics is None else f", {_PHYSICS[hp.coarse_physics]} physics"
    return f"{preset}{steps} from {start}, seed {experiment.seed}{rate}{physics}"


def _time(approach: ApproachRecord) -> float:
    return sum(approach.timings.values())


def _verdict(approach: ApproachRecord) -> str:
    return approach.verdict or approach.status


def _verdicts(experiment: Experiment) -> list[str]:
    return list(map(_verdict, experiment.approaches))


def _passed(found: Mapping[str, Experiment]) -> list[str]:
    return [name for name, experiment in found.items() if "pass" in _verdicts(experiment)]


def _cell(said: str) -> str:
    """Text that cannot break out of a Markdown table."""
    return " ".join(said.replace("|", "\\|").split())


def read(path: Path) -> dict[str, str]:
    """The sentences of a file, each under its own words.

    Raises:
        TabRLError: the file cannot be read, or has none.
    """
    try:
        lines = [line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise TabRLError(f"{path} cannot be read: {error}.") from error
    if not any(lines):
        raise TabRLError(f"There is no sentence in {path}.", "Write one a line.")
    return {line: line for line in lines if line}


def _chosen(only: Sequence[str], sentences: Mapping[str, str], where: str) -> list[str]:
    unknown = [name for name in only if name not in sentences]
    if unknown:
        raise TabRLError(f"{unknown[0]!r} is not in {where}.", f"Valid: {', '.join(sentences)}.")
    if not sentences:
        raise TabRLError(f"There are no sentences in {where}: write some in `showcase.toml`.")
    return list(only) or list(sentences)

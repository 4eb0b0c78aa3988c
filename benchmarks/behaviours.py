"""Behaviours: what a robot learns from its showcase, with verdicts, numbers and times.

tabrl bench behaviours [--robot ID] [--only spin ...] [--fine-physics] [--page FILE]

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
from tabrl.experiments.compare import Row, number, rows, seconds
from tabrl.experiments.record import ApproachRecord, slug, write_atomically
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
    preset: Preset = "standard",
    steps: int | None = None,
    coarse_physics: bool | None = None,
    out: Path = OUT,
    page: Path | None = None,
) -> dict:
    """The share of sentences with at least one pass, what became of each, and a page with it all.

    Args:
        only: names of primitives in the robot's showcase; none for all of it.
        steps: environment steps of each approach, instead of the preset's time.
        out: keeps each experiment with its clips, below folders of the robot and the preset.
        page: the Markdown file, with all sentences that `out` has; None for one beside them.

    Raises:
        TabRLError: there is no such robot, or `only` names a sentence that it is not shown with.
    """
    taught, settings = find_robot(robot), Settings.from_env()
    sentences = showcase(taught)
    chosen = _chosen(only, taught, sentences)
    folder = f"{steps}-steps" if steps else preset
    if coarse_physics is not None:
        folder += f"-{_PHYSICS[coarse_physics]}"
    out = out / robot / folder
    page = page or out / "behaviours.md"
    with make_executor("local", settings) as executor:
        for name in chosen:
            found = _kept(out / slug(name)) or teach(
                sentences[name],
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
            write_atomically(page, text(taught, ended(sentences, out)))
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


def text(robot: Robot, found: Mapping[str, Experiment]) -> str:
    """The page: what was run, the table, and what does not work yet."""
    passed = _passed(found)
    missed = [name for name in found if name not in passed]
    efforts = dict.fromkeys(map(_effort, found.values()))
    lines = [
        f"# What {robot.name} learns from a sentence",
        "",
        f"{len(passed)} of {len(found)} sentences gave at least one approach that passes. Written "
        f"by `tabrl bench behaviours --robot {robot.id} "
        f"--page docs/results/behaviours/{robot.id}.md`.",
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
    titles = [f"**{name}**<br>{_cell(experiment.sentence)}"]
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


def _chosen(only: Sequence[str], robot: Robot, sentences: Mapping[str, str]) -> list[str]:
    unknown = [name for name in only if name not in sentences]
    if unknown:
        raise TabRLError(
            f"{unknown[0]!r} is not in the showcase of {robot.name}.",
            f"Valid: {', '.join(sentences)}.",
        )
    if not sentences:
        raise TabRLError(f"There are no sentences for {robot.name} in `showcase.toml`.")
    return list(only) or list(sentences)

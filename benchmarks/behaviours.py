"""Behaviours: what Go1 learns from twelve sentences, as a table with verdicts and numbers.

python -m benchmarks.behaviours [--preset standard] [--only "hip shake" ...] [--out out/behaviours]
                                [--page docs/behaviours.md]

It goes on where it was stopped: a sentence whose experiment has ended is not taught again.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from benchmarks.machine import machine
from tabrl.errors import TabRLError
from tabrl.executors.base import Executor, make_executor
from tabrl.experiments import Experiment, load, teach
from tabrl.experiments.compare import Row, number, rows
from tabrl.experiments.record import ApproachRecord, slug, write_atomically
from tabrl.settings import Settings
from tabrl.spec import Preset

GO1 = "Go1JoystickFlatTerrain"
OUT = Path("out/behaviours")
SENTENCES = {
    "hip shake": "Keep shaking your hips aloha dude!",
    "spin on the spot": "Spin round and round on the spot",
    "jump up and down": "Jump up and down",
    "bow": "Take a bow",
    "march in place": "March in place like a soldier",
    "walk backwards": "Walk backwards",
    "lie down": "Lie down and take a nap",
    "stand on the hind legs": "Stand on your hind legs",
    "robot dance": "Do the robot dance from the 80s",
    "happy puppy": "Pretend you're a happy puppy",
    "moon walk": "Walk like you're on the moon",
    "breakdance": "Breakdance with style",
}
_HEADER = (
    "behaviour",
    "approach",
    "verdict",
    "numbers: trained (base policy; wanted)",
)


def main(
    only: Sequence[str] = (),
    *,
    preset: Preset = "standard",
    steps: int | None = None,
    out: Path = OUT,
    page: Path | None = None,
) -> dict:
    """The share of sentences with at least one pass, and a page with every verdict.

    Args:
        only: names of `SENTENCES`; none for all of them.
        steps: environment steps of each approach, instead of the preset's time.
        out: keeps each experiment with its clips, in a folder of its own under the preset's.
        page: the Markdown file; None for `behaviours.md` beside the experiments.

    Raises:
        TabRLError: `only` names a sentence that is not there.
    """
    settings, found = Settings.from_env(), {}
    out = out / (f"{steps}-steps" if steps else preset)
    page = page or out / "behaviours.md"
    with make_executor("local", settings) as executor:
        for name in _chosen(only):
            found[name] = lesson(name, preset, steps, out, settings, executor)
            if found[name].status == "cancelled":
                break
            write_atomically(page, text(found))
            print(f"{name}: {', '.join(_verdicts(found[name]))}", file=sys.stderr, flush=True)
    passed = [name for name, experiment in found.items() if "pass" in _verdicts(experiment)]
    return {
        "what": "share of sentences with at least one pass on Go1; the baseline is all of them",
        "figure": round(len(passed) / len(found), 3),
        "baseline": 1.0,
        "ratio": round(len(passed) / len(found), 3),
        "verdicts": {name: _verdicts(experiment) for name, experiment in found.items()},
        "page": str(page),
        "machine": machine(),
    }


def lesson(
    name: str,
    preset: Preset,
    steps: int | None,
    out: Path,
    settings: Settings,
    executor: Executor,
) -> Experiment:
    """The experiment of a sentence: the one in `out` if it has ended, else a new one."""
    folder = out / slug(name)
    try:
        kept = load(folder)
    except TabRLError:
        kept = None
    if kept and kept.status in ("finished", "incomplete"):
        return kept
    return teach(
        SENTENCES[name],
        GO1,
        preset=preset,
        steps=steps,
        out=folder,
        settings=settings,
        executor=executor,
    )


def text(found: Mapping[str, Experiment]) -> str:
    """The page: what was run, the table, and what does not work yet."""
    passed = [name for name, experiment in found.items() if "pass" in _verdicts(experiment)]
    missed = [name for name in found if name not in passed]
    last = list(found.values())[-1]
    lines = [
        "# What Go1 learns from a sentence",
        "",
        f"{len(passed)} of {len(found)} sentences gave at least one approach that passes. Written "
        "by `python -m benchmarks.behaviours --page docs/behaviours.md`.",
        "",
        f"Each sentence: {_effort(last)}, seed {last.seed}, on {machine()}.",
        "",
        "| " + " | ".join(_HEADER) + " |",
        "|" + " --- |" * len(_HEADER),
        *(line for name, experiment in found.items() for line in _lines(name, experiment)),
    ]
    if missed:
        lines += ["", "## What does not work yet", ""]
        lines += [f"- **{name}**: {_why(found[name])}" for name in missed]
    return "\n".join([*lines, ""])


def _lines(name: str, experiment: Experiment) -> list[str]:
    """A row of the table for each approach; the first one has the sentence."""
    titles = [f"**{name}**<br>{_cell(experiment.sentence)}"]
    titles += [""] * (len(experiment.approaches) - 1)
    return [
        f"| {title} | {_cell(a.name)} | {a.verdict or a.status} | "
        f"{'<br>'.join(_number(row) for row in rows(a))} |"
        for title, a in zip(titles, experiment.approaches, strict=True)
    ]


def _number(row: Row) -> str:
    wanted = f"; {row.bound}" if row.bound else ""
    return f"{_cell(row.label)}: {number(row.trained)} ({number(row.base)}{wanted})"


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
    return f"the {experiment.preset} preset, {steps}" if experiment.preset else steps


def _verdicts(experiment: Experiment) -> list[str]:
    return [approach.verdict or approach.status for approach in experiment.approaches]


def _cell(said: str) -> str:
    """Text that cannot break out of a Markdown table."""
    return " ".join(said.replace("|", "\\|").split())


def _chosen(only: Sequence[str]) -> list[str]:
    unknown = [name for name in only if name not in SENTENCES]
    if unknown:
        raise TabRLError(
            f"There is no behaviour {unknown[0]!r} in this benchmark.",
            f"Valid: {', '.join(SENTENCES)}.",
        )
    return list(only) or list(SENTENCES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="some of the names")
    parser.add_argument("--preset", choices=["quick", "standard", "quality"], default="standard")
    parser.add_argument("--steps", type=int, help="of each approach, instead of the preset's time")
    parser.add_argument("--out", type=Path, default=OUT, help="keeps experiments and clips")
    parser.add_argument("--page", type=Path, help="the table [default: beside them]")
    args = parser.parse_args()
    done = main(
        args.only,
        preset=cast(Preset, args.preset),
        steps=args.steps,
        out=args.out,
        page=args.page,
    )
    print(json.dumps(done, indent=1))

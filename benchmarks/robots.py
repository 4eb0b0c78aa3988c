"""All robots: the speed of each, measured in a process of its own, as a page.

python -m benchmarks.robots [--robot ID ...] [--out DIR] [--page FILE]

What is in `out` is not measured again: a run that was stopped goes on where it was.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.machine import Contender, machine, rates
from tabrl.behaviours.builtin import propose
from tabrl.experiments.base import decided
from tabrl.robots.catalogue import Robot
from tabrl.robots.catalogue import robot as find_robot
from tabrl.robots.catalogue import robots as catalogue
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters, Value

OUT = Path("out/speed")
PAGE = Path("docs/results/speed.md")
SPEEDS = Path("src/tabrl/robots/speeds.json")
SENTENCE = "Swing to and fro"  # anything that robots of all kinds have a reward for


class Effort(Value):
    """How much work is measured for one robot.

    Attributes:
        hp: of PPO; native stepping takes as many simulations.
        mjx_envs: simulations on MJX.
        turn_s: the least that one turn of a contender takes.
        rounds: turns of each contender that count.
        enough_s: after which no further round of turns begins.
        mjx_limit_s: CPU time that MJX may take to compile a step.
        startup: whether to measure start-up and clip, too.
    """

    hp: Hyperparameters = Hyperparameters()
    mjx_envs: int = 128
    turn_s: float = 1.0
    rounds: int = 4
    enough_s: float = 15.0
    mjx_limit_s: int = 300
    startup: bool = True


USUAL = Effort()


def main(
    robots: Sequence[str] = (),
    *,
    out: Path = OUT,
    page: Path | None = None,
    speeds: Path = SPEEDS,
    effort: Effort = USUAL,
) -> dict:
    """Measure those of `robots` (none are all) that `out` has no result of; results of all.

    Args:
        robots: ids of the catalogue, in the order in which they are measured.
        out: keeps a JSON file for each robot.
        page: where to write all results of `out` as a table; with it goes
        speeds: what estimates of time begin with, where a robot was never trained.
        effort: less than the usual one, for tests.
    """
    out.mkdir(parents=True, exist_ok=True)
    wanted = [find_robot(name) for name in robots] or catalogue()
    failed = {}
    for robot in wanted:
        path = out / f"{robot.id}.json"
        if path.exists():
            continue
        try:
            row = measure(robot, effort)
        except Exception as error:  # its siblings go on
            failed[robot.id] = str(error)
            continue
        print(row, file=sys.stderr, flush=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(row, indent=1) + "\n")
        part.replace(path)
    rows = results(out)
    if page:
        page.write_text(as_page(rows))
        speeds.write_text(as_speeds(rows))
    ratios = [row["ratio"] for row in rows if "ratio" in row]
    return {
        "what": f"{len(rows)} robots, environment control steps a second, native over MJX",
        "median_ratio": _median(ratios) if ratios else None,
        "geometric_mean_ratio": _geometric_mean(ratios) if ratios else None,
        "failed": failed,
        "robots": rows,
        "machine": machine(),
    }


def results(out: Path) -> list[dict]:
    """What `out` keeps, in the catalogue's order."""
    paths = [out / f"{robot.id}.json" for robot in catalogue()]
    return [json.loads(path.read_text()) for path in paths if path.exists()]


def measure(robot: Robot, effort: Effort) -> dict[str, Any]:
    """All figures of one robot, on an empty cache of compiled functions."""
    row: dict[str, Any] = {"robot": robot.id}
    effort = effort.model_copy(update={"hp": decided(effort.hp, robot)})
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "home", Path(folder) / "cache").prepare()
        if effort.startup:
            row |= startup(robot, settings, effort.hp)
        row |= stepping(robot, settings, effort)
    return row | {"machine": machine()}


def startup(robot: Robot, settings: Settings, hp: Hyperparameters) -> dict[str, list[float]]:
    """Seconds, and seconds of CPU time, to the first update, with an empty cache and with what the
    first training left there, and of a clip.
    """
    from benchmarks.training import first_training

    first, second = propose(SENTENCE, robot, count=2).approaches
    cold = first_training(robot.id, first, hp, settings)
    warm = first_training(robot.id, second, hp, settings, clip=True)
    found = {"cold": cold["first_update"], "warm": warm["first_update"], "clip": warm["clip"]}
    return {name: [round(took.wall, 1), round(took.cpu, 1)] for name, took in found.items()}


def stepping(robot: Robot, settings: Settings, effort: Effort) -> dict[str, Any]:
    """Rates of a fresh process. Where it ends early, `mjx` says why instead of a rate."""
    env = os.environ | {
        "JAX_COMPILATION_CACHE_DIR": str(settings.jax_cache),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-m", "benchmarks.robots"]
    command += ["--step", robot.id, effort.model_dump_json()]
    found: dict[str, Any] = {}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            found |= json.loads(line)
    if child.returncode and "native" not in found:
        raise RuntimeError(f"{robot.id} could not be stepped; the messages are above")
    ends = {
        -signal.SIGPROF: f"not compiled in {effort.mjx_limit_s} s",
        -signal.SIGKILL: "ran out of memory",
    }
    if child.returncode:
        found["mjx"] = ends.get(child.returncode, "failed")
    return found


def step(robot: str, effort: Effort) -> Iterator[dict[str, Any]]:
    """Environment control steps a second: native beside PPO, and then native beside MJX, where
    that compiles.
    """
    from benchmarks.physics import Mjx, Native
    from benchmarks.training import Ours
    from tabrl.envs.load import load_env
    from tabrl.training.session import use_compilation_cache

    use_compilation_cache()
    native = Native(load_env(robot), effort.hp.num_envs, steps=4)
    contenders: dict[str, Contender] = {"native": native, "ppo": Ours(robot, effort.hp)}
    found = _rates(contenders, effort)
    yield {name: round(rate) for name, rate in found.items()}
    # The signal's default action ends the process: nothing else stops a compiler.
    signal.setitimer(signal.ITIMER_PROF, effort.mjx_limit_s)
    try:
        mjx = Mjx(native, effort.mjx_envs, steps=1)
    except NotImplementedError as error:
        yield {"mjx": f"not simulated: {error}"}
        return
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    ours, theirs = _rates({"native": native, "MJX": mjx}, effort).values()
    yield {"native": round(ours), "mjx": round(theirs), "ratio": round(ours / theirs, 1)}


def as_page(rows: Sequence[Mapping[str, Any]]) -> str:
    """The page in Markdown."""
    ratios = [row["ratio"] for row in rows if "ratio" in row]
    machines = "\n".join(f"- {name}" for name in sorted({row["machine"] for row in rows}))
    table = "\n".join(map(_line, rows))
    return f"""# Speed of every robot

Written by `tabrl bench robots --page docs/results/speed.md`; do not edit. Environment control steps
a second, and seconds. Each robot was measured once, in fresh processes. Other work may have run on
the machine at the same time: **the ratios say more than the rates**, since what they compare took
turns in one process.

{machines}
- Native over MJX, {len(ratios)} robots: median {_median(ratios)}, geometric mean
  {_geometric_mean(ratios)}

| robot | native | MJX | native / MJX | PPO | cold | CPU | warm | CPU | clip | CPU |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
{table}

- **native**: the environment split over C MuJoCo, {USUAL.hp.num_envs} simulations on all cores,
  small random actions.
- **MJX**: the same environment, whole, on MJX's JAX implementation on the same cores,
  {USUAL.mjx_envs} simulations. It may take {USUAL.mjx_limit_s} s of CPU time to compile a step.
- **PPO**: training end to end, rollout and update, with the usual settings: in coarse physics where
  there is a base policy.
- **cold**, **warm**: from the start of a worker's process to the first update of a training, with
  an empty cache of compiled functions, and with what a training of another reward left there.
- **clip**: ten seconds rolled out, and 500 frames of 640 x 480 drawn and written as an MP4.
- **CPU**: seconds of CPU time of what stands to the left, which other work hardly changes.
- \\* In a scene where the whole body collides. Playground's own, where only the feet do, is lighter
  for both, and for MJX by far: see [training](training.md#native-physics-and-mjx).
"""


def as_speeds(rows: Sequence[Mapping[str, Any]]) -> str:
    """Steps a second of PPO, warm start-up and clip in s of each robot, as JSON."""
    lines = [
        f" {json.dumps(row['robot'])}: {[row['ppo'], row['warm'][0], row['clip'][0]]}"
        for row in rows
        if "warm" in row
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rates(contenders: Mapping[str, Contender], effort: Effort) -> dict[str, float]:
    lasting = {name: _lasting(work, effort.turn_s) for name, work in contenders.items()}
    return {
        name: rate.wall for name, rate in rates(lasting, effort.rounds, effort.enough_s).items()
    }


def _lasting(work: Contender, seconds: float) -> Contender:
    """Turns of about the same time, whatever a robot's speed."""

    def turn() -> int:
        steps, end = work(), time.perf_counter() + seconds
        while time.perf_counter() < end:
            steps += work()
        return steps

    return turn


def _line(row: Mapping[str, Any]) -> str:
    mark = r"\*" if find_robot(row["robot"]).scene else ""
    figures = (
        row["native"], row["mjx"], row.get("ratio"), row["ppo"],
        *(value for name in ("cold", "warm", "clip") for value in row.get(name, (None, None))),
    )  # fmt: skip
    return f"| {row['robot']}{mark} | " + " | ".join(map(_figure, figures)) + " |"


def _figure(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}"


def _median(values: Sequence[float]) -> float:
    return round(float(np.median(values)), 1)


def _geometric_mean(values: Sequence[float]) -> float:
    return round(float(np.exp(np.mean(np.log(values)))), 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", action="append", default=[], metavar="ID", help="only these")
    parser.add_argument("--out", type=Path, default=OUT, help="keeps a result for each robot")
    parser.add_argument("--page", type=Path, help=f"write a page, such as {PAGE}")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        # What imports print is not a result.
        stdout, sys.stdout = sys.stdout, sys.stderr
        for found in step(args.step[0], Effort.model_validate_json(args.step[1])):
            print(json.dumps(found), file=stdout, flush=True)
    else:
        print(json.dumps(main(args.robot, out=args.out, page=args.page), indent=1))

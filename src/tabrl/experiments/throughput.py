"""How fast this machine trains a robot: measured once and kept, so equal requests train equally."""

import json
from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.events import Calibrated, Failed
from tabrl.executors.base import Executor
from tabrl.experiments.base import decided
from tabrl.experiments.machine import machine, versions
from tabrl.experiments.record import write_atomically
from tabrl.experiments.stop import Stop
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import CalibrateSpec, Hyperparameters


def throughput(robot: str, executor: Executor, path: Path, stop: Stop) -> float:
    """End-to-end environment steps a second of one training that has the machine to itself.

    Read from the JSON file `path`, or measured by a job and added to it.

    Raises:
        TabRLError: the measurement failed or was stopped.
    """
    speed = known(robot, path)
    if speed is None:
        speed = _measure(robot, executor, stop)
        remember(robot, speed, path)
    return speed


def known(robot: str, path: Path) -> float | None:
    """What was measured of a robot before, on this machine and with these versions."""
    return _read(path).get(_key(robot))


def remember(robot: str, steps_per_s: float, path: Path) -> None:
    """Add a measurement to the JSON file `path`."""
    write_atomically(path, json.dumps(_read(path) | {_key(robot): steps_per_s}, indent=1))


def measurement(robot: str) -> CalibrateSpec:
    """The job that measures a robot's usual training."""
    rates = decided(Hyperparameters(), find_robot(robot))
    return CalibrateSpec(job="calibrate", robot=robot, hyperparameters=rates)


def _measure(robot: str, executor: Executor, stop: Stop) -> float:
    job = executor.submit(measurement(robot))
    stop.watch([job])
    for event in job.events():
        if isinstance(event, Calibrated) and event.steps_per_s > 0:
            return event.steps_per_s
        if isinstance(event, Failed):
            raise TabRLError(
                f"Could not measure how fast {robot} trains: {event.error}", event.hint
            )
    raise TabRLError(
        f"Could not measure how fast {robot} trains: the job ended without a number.",
        "Give a number of steps with --steps.",
    )


def _key(robot: str) -> str:
    here = machine()
    numbers = " ".join(f"{name}={number}" for name, number in versions().items())
    coarse = measurement(robot).hyperparameters.coarse_physics
    what = f"{robot}, coarse" if coarse else robot
    return f"{what} | {here['processor']} x{here['cores']} | {numbers}"


def _read(path: Path) -> dict[str, float]:
    """What was measured before; a damaged file counts as none."""
    try:
        data = json.loads(path.read_text())
        return {str(key): float(value) for key, value in data.items() if float(value) > 0}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}

"""Robots for the gallery: the catalogue with pictures, prompts and words."""

import time
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from tabrl.behaviours.library.showcase import showcase
from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.base import base_card, base_policy
from tabrl.experiments.engine import Engine
from tabrl.experiments.presets import Plan, plan
from tabrl.llm.providers import BUILTIN, BUILTIN_TITLE, book, states
from tabrl.rewards.language import JNP_CONSTANTS, JNP_FUNCTIONS, LINALG_FUNCTIONS
from tabrl.rewards.vocabulary import KERNELS, accessors_for, names_for, signals_for
from tabrl.robots.catalogue import CUSTOM, Robot, custom_robots_folder, robots
from tabrl.robots.catalogue import robot as find_robot
from tabrl.server.models.robots import (
    BaseInfo,
    KernelInfo,
    PlannedTraining,
    Plans,
    ProviderInfo,
    RobotCard,
    RobotInfo,
    SignalInfo,
    Vocabulary,
)
from tabrl.spec import Hyperparameters, Preset

PROBED_S = 30.0
CACHING = {"Cache-Control": "public, max-age=3600"}
MEDIA = Path(str(files("tabrl.robots"))) / "media"


def cards() -> list[RobotCard]:
    """All robots, heroes first, custom ones last."""
    return [RobotCard(**card(robot)) for robot in robots()]


def info(id: str) -> RobotInfo:
    """A robot with prompts and vocabulary."""
    robot = find_robot(id)
    return RobotInfo(
        **card(robot),
        base=base(robot),
        prompts=list(showcase(robot).values()),
        vocabulary=_vocabulary(robot),
    )


def plans(
    id: str, engine: Engine, approaches: int, steps: int | None, rates: Hyperparameters
) -> Plans:
    """What a robot's trainings would be, by preset and for a number of steps."""
    robot = find_robot(id)

    def planned(preset: Preset | None, steps: int | None = None) -> PlannedTraining:
        return _plan(plan(robot, rates, preset, steps), engine, robot, rates, approaches)

    return Plans(
        presets={preset: planned(preset) for preset in get_args(Preset)},
        custom=planned(None, steps) if steps else None,
    )


def _plan(
    made: Plan, engine: Engine, robot: Robot, rates: Hyperparameters, approaches: int
) -> PlannedTraining:
    timings, steps = engine.timings, made.steps
    try:
        timings.refuse_too_short(robot.id, steps, rates)
        trouble = ""
    except TabRLError as error:
        trouble = f"{error.message} {error.hint}"
    return PlannedTraining(
        steps=steps,
        max_steps=made.max_steps,
        simulations=made.rates.num_envs,
        iterations=steps // (made.rates.num_envs * made.rates.unroll_length),
        estimate=timings.estimate(robot.id, rates, steps, approaches, limit=made.max_steps),
        trouble=trouble,
    )


def media(id: str, suffix: str) -> Path:
    """The picture or clip of a robot; `NotFoundError` where none was made."""
    path = _media(find_robot(id), suffix)
    if not path.is_file():
        raise NotFoundError(f"There is no {suffix} of {id}.", "`make media` draws them all.")
    return path


def base(robot: Robot) -> BaseInfo | None:
    """What is known of a robot's base policy."""
    card = base_card(robot)
    if card is None:
        return None
    return BaseInfo(
        steps=card["steps"],
        seconds=card.get("seconds"),
        machine=card.get("machine"),
        seed=card["seed"],
        quality=card.get("quality"),
        clip=f"{_at(robot)}/base" if _base_clip(robot) else None,
        model=f"/api/models/{robot.id}",
    )


def base_folder(id: str) -> Path:
    """The folder of a robot's base policy; `NotFoundError` where there is none."""
    folder = base_policy(find_robot(id))
    if folder is None:
        raise NotFoundError(f"There is no base policy of {id}.", "`tabrl base`.")
    return folder


def base_clip(id: str) -> Path:
    """The clip of a robot's base policy; `NotFoundError` where there is none."""
    path = _base_clip(find_robot(id))
    if path is None:
        raise NotFoundError(f"There is no base policy of {id} with a clip.", "`tabrl base`.")
    return path


def providers() -> list[ProviderInfo]:
    """Who can propose approaches, and whether each is ready; asked anew every half minute."""
    return list(_providers(int(time.monotonic() / PROBED_S)))


@lru_cache(maxsize=1)
def _providers(_: int) -> tuple[ProviderInfo, ...]:
    detail = "Needs no key and no network."
    known = (ProviderInfo(name=BUILTIN, title=BUILTIN_TITLE, state="ready", detail=detail),)
    found = states(book().providers)
    return known + tuple(
        ProviderInfo(name=s.name, title=s.title, state=s.state, detail=s.detail) for s in found
    )


def _media(robot: Robot, suffix: str) -> Path:
    folder = custom_robots_folder() / robot.id if robot.category == CUSTOM else MEDIA
    return folder / f"{robot.id}.{suffix}"


def _base_clip(robot: Robot) -> Path | None:
    folder = base_policy(robot)
    clip = folder / "clip.mp4" if folder else None
    return clip if clip and clip.is_file() else None


def _version(robot: Robot) -> str:
    """What a custom robot's pictures are told apart by, as it may be made again."""
    path = _media(robot, "webp")
    made = robot.category == CUSTOM and path.is_file()
    return f"?v={path.stat().st_mtime_ns}" if made else ""


def _at(robot: Robot) -> str:
    return f"/api/playground/{robot.id}"


def card(robot: Robot) -> dict[str, Any]:
    """The fields of a `RobotCard`."""
    at, now = _at(robot), _version(robot)
    return {
        "id": robot.id,
        "name": robot.name,
        "type": robot.type,
        "maker": robot.maker,
        "category": robot.category,
        "dof": robot.dof,
        "description": robot.description,
        "base_policy": base_policy(robot) is not None,
        "thumbnail": f"{at}/thumbnail{now}",
        "preview": f"{at}/preview{now}" if _media(robot, "mp4").is_file() else None,
    }


def _vocabulary(robot: Robot) -> Vocabulary:
    signals = [
        SignalInfo(name=s.name, shape=s.shape, unit=s.unit, meaning=s.meaning)
        for s in signals_for(robot)
    ]
    accessors = []
    for a in accessors_for(robot):
        names = list(names_for(robot, a.of))
        call = f's.{a.name}("{names[0]}")'
        accessors.append(
            SignalInfo(
                name=a.name, shape=a.shape, unit=a.unit, meaning=a.meaning, call=call, names=names
            )
        )
    return Vocabulary(
        signals=signals + accessors,
        kernels=[
            KernelInfo(name=k.name, signature=k.signature, meaning=k.meaning) for k in KERNELS
        ],
        functions=[
            *(f"jnp.{name}" for name in sorted(JNP_FUNCTIONS | JNP_CONSTANTS)),
            *(f"jnp.linalg.{name}" for name in sorted(LINALG_FUNCTIONS)),
        ],
    )

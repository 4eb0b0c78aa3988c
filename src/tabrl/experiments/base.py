"""Base policies, from which training starts: those that ship and those that a person trained."""

import json
from pathlib import Path
from typing import Any

from tabrl.policies import SHIPPED
from tabrl.robots.catalogue import Robot, robots
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters


def base_policy(robot: Robot) -> Path | None:
    """Folder of the policy that training starts from, a person's own before a shipped one; None
    where a robot has none.
    """
    shipped = [SHIPPED / robot.base_policy] if robot.base_policy else []
    return next(
        (f for f in (own_base_policy(robot), *shipped) if (f / "policy.json").exists()), None
    )


def own_base_policy(robot: Robot) -> Path:
    """Where a base policy lies that a person trained for a robot."""
    return Settings.from_env().home / "bases" / robot.id


def decided(rates: Hyperparameters, robot: Robot) -> Hyperparameters:
    """`rates` with the physics that nobody chose: base policies are trained on coarse steps."""
    if rates.coarse_physics is not None:
        return rates
    return rates.model_copy(update={"coarse_physics": base_policy(robot) is not None})


def base_policies() -> dict[str, dict[str, Any]]:
    """The cards of all base policies by robot id, as `base_card` reads them."""
    found = {robot.id: base_card(robot) for robot in robots()}
    return {robot_id: card for robot_id, card in found.items() if card}


def base_card(robot: Robot) -> dict[str, Any] | None:
    """What is known of a robot's base policy: folder, steps, seed and, once its training has ended,
    seconds, machine, settings and quality.
    """
    folder = base_policy(robot)
    if folder is None:
        return None
    return json.loads((folder / "policy.json").read_text("utf-8")) | {"folder": str(folder)}

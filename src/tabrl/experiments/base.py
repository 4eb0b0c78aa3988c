"""The policies that ship, from which training starts."""

from pathlib import Path

from tabrl.robots.catalogue import Robot

POLICIES = Path(__file__).parents[1] / "policies" / "base"


def base_policy(robot: Robot) -> Path | None:
    """Folder of the policy that training starts from; None where a robot has none."""
    folder = POLICIES / robot.base_policy if robot.base_policy else None
    return folder if folder and folder.is_dir() else None

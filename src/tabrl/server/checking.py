"""The check as one types: allow-list and sandboxed trace, without rolling a robot."""

import threading

from tabrl.errors import BusyError
from tabrl.rewards.sandbox import RewardError, export_reward
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import CheckResult, Finding

AT_ONCE = 2
PATIENCE_S = 20.0
_room = threading.BoundedSemaphore(AT_ONCE)


def trace(robot_id: str, source: str, weights: dict[str, float]) -> CheckResult:
    """What the lint and the trace in the sandbox find.

    Raises:
        BusyError: too many are being traced.
    """
    robot = find_robot(robot_id)
    if not _room.acquire(timeout=PATIENCE_S):
        raise BusyError("Too many rewards are being checked.", "Try again in a moment.")
    try:
        terms = export_reward(source, robot).terms
    except RewardError as error:
        return CheckResult(valid=False, findings=error.findings)
    finally:
        _room.release()
    unknown = tuple(
        Finding(
            message=f"There is a weight for {name!r}, which is not a term of this reward.",
            hint=f"Its terms are {', '.join(terms)}.",
        )
        for name in weights
        if name not in terms
    )
    return CheckResult(valid=not unknown, findings=unknown, terms=terms)

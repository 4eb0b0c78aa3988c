"""Where a policy that was saved before stops working."""

from pathlib import Path

from tabrl.events import Stressed
from tabrl.executors.base import answer, make_executor
from tabrl.experiments.render import policy_in
from tabrl.settings import Settings
from tabrl.spec import Robustness, StressSpec


def stress_policy(policy: Path, *, seed: int = 0, settings: Settings) -> tuple[Robustness, ...]:
    """How a policy bears more and less friction and mass, and pushes.

    Args:
        policy: a policy folder, or an approach's folder with `policy/` in it.

    Raises:
        TabRLError: no policy there, or it could not be tested.
    """
    spec = StressSpec(job="stress", policy=str(policy_in(policy)), seed=seed)
    with make_executor("local", settings) as executor:
        return answer(executor.submit(spec), Stressed).robustness

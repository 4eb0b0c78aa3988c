"""Rewards are checked before anything is trained on them."""

from collections.abc import Iterator
from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.events import Checked, Event
from tabrl.executors.base import Executor, Job, answer, make_executor
from tabrl.experiments.base import base_policy
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Approach, CheckResult, CheckSpec

MAX_BYTES = 10**6


def check_reward(
    source: str, robot: str, settings: Settings, *, executor: str = "local"
) -> CheckResult:
    """Check one reward by itself; what is refused at a glance starts nothing.

    Raises:
        TabRLError: the check could not be made at all.
    """
    if refused := refused_at_a_glance(source, robot):
        return refused
    approach = Approach(name="reward", description="", source=source, weights={})
    with make_executor(executor, settings) as made:
        return answer(made.submit(check_spec("check", robot, approach)), Checked).result


def submit_check(spec: CheckSpec, executor: Executor) -> Job:
    """The job of a check; what is refused at a glance takes no worker."""
    refused = refused_at_a_glance(spec.approach.source, spec.robot)
    return Answered(spec, refused) if refused else executor.submit(spec)


def refused_at_a_glance(source: str, robot: str) -> CheckResult | None:
    """What the lint refuses; None where a worker has to look further."""
    findings = lint(source, find_robot(robot))
    return CheckResult(valid=False, findings=tuple(findings)) if findings else None


class Answered(Job):
    """A check whose answer was there at once."""

    def __init__(self, spec: CheckSpec, result: CheckResult) -> None:
        super().__init__(spec)
        self._answer = Checked(job=spec.job, result=result)

    def events(self) -> Iterator[Event]:
        if self.state == "queued":
            self.state = "finished"
            yield self._answer

    def cancel(self) -> None:
        """Nothing is left to end."""


def read_reward(path: Path) -> str:
    """Source of a reward file; `TabRLError` where it is not readable text of a sane size."""
    try:
        data = path.read_bytes()[: MAX_BYTES + 1]
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TabRLError(
            f"Cannot read {path}: {error}.", "A reward is a Python file in UTF-8."
        ) from error
    if len(data) > MAX_BYTES:
        raise TabRLError(f"{path} is larger than 1 MB.", "A reward is a page of Python.")
    return text


def check_spec(job: str, robot: str, approach: Approach) -> CheckSpec:
    """The check of an approach for a robot."""
    base = base_policy(find_robot(robot))
    return CheckSpec(
        job=job, robot=robot, approach=approach, base_policy=str(base) if base else None
    )

"""How a policy in training does: rolled out from the clip's start, and judged by the metric."""

from dataclasses import dataclass
from pathlib import Path

from tabrl.envs.task import Setting
from tabrl.events import Evaluated
from tabrl.policies import checkpoint
from tabrl.policies.networks import Parameters
from tabrl.spec import Judgement, Metric, TrainSpec
from tabrl.training.course import Best
from tabrl.training.rollout import NUM_ENVS, Driver, Rollout, Rollouts
from tabrl.verdict.judge import doubted, doubts, judge

_NO_METRIC = Judgement(verdict="needs review", numbers={}, reasons=("There is no metric.",))


@dataclass(frozen=True)
class Look:
    """What was seen of a policy.

    Attributes:
        judgement: None where there is no metric.
        steady: the share of starts from which it passes; 0 where it does not from the clip's.
        event: what to tell of it.
    """

    rollout: Rollout
    judgement: Judgement | None
    steady: float
    event: Evaluated


class Exam:
    """Looks at the policies of one training.

    Attributes:
        best: the best of those that were looked at.
        untaught: the judgement of what the training starts from; None where there is no metric.
    """

    def __init__(
        self, spec: TrainSpec, rollouts: Rollouts, setting: Setting, start: Parameters
    ) -> None:
        """`start` is what is trained; without a base policy, a still robot is what it is beside."""
        self._spec, self._rollouts, self._setting = spec, rollouts, setting
        self.best = Best()
        before = rollouts.run(start if spec.base_policy else "still", setting, spec.seed)
        self.untaught = _judge(spec.metric, rollouts, before) if spec.metric else None
        self._doubt = _doubts(spec, rollouts, setting, start)

    def look(self, parameters: Parameters, step: int) -> Look:
        """Look at a policy, and keep it where none was better."""
        spec = self._spec
        rollout = self._rollouts.run(parameters, self._setting, spec.seed)
        judgement, steady = None, 0.0
        if spec.metric:
            judgement = doubted(_judge(spec.metric, self._rollouts, rollout), self._doubt)
            steady = self._steady(spec.metric, rollout, judgement)
        kept = self.best.offer(parameters, step, rollout, spec.metric, judgement, steady)
        event = Evaluated(job=spec.job, step=step, judgement=judgement or _NO_METRIC, best=kept)
        return Look(rollout, judgement, steady, event)

    def _steady(self, metric: Metric, rollout: Rollout, judgement: Judgement) -> float:
        if judgement.verdict != "pass":
            return 0.0
        passes = [
            _judge(metric, self._rollouts, rollout, start).verdict == "pass"
            for start in range(1, NUM_ENVS)
        ]
        return (1 + sum(passes)) / NUM_ENVS


def _doubts(
    spec: TrainSpec, rollouts: Rollouts, setting: Setting, start: Parameters
) -> tuple[str, ...]:
    """Whether robots that were taught nothing pass the metric, too; told to stand, as nothing else
    was said to them.
    """
    if spec.metric is None:
        return ()
    drivers: dict[str, Driver] = {"a still robot": "still", "a random robot": "random"}
    if spec.baseline:
        same = spec.baseline == spec.base_policy
        base = start if same else checkpoint.load(Path(spec.baseline))[0]
        drivers["the base robot"] = base
    stand = setting.told(0, 0, 0, 1)
    return doubts(
        {
            who: _judge(spec.metric, rollouts, rollouts.run(driver, stand, spec.seed))
            for who, driver in drivers.items()
        }
    )


def _judge(metric: Metric, rollouts: Rollouts, rollout: Rollout, start: int = 0) -> Judgement:
    return judge(metric, rollout.trajectory(start), rollouts.task.robot, rollouts.task.model)

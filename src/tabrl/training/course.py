"""The course of a training: its phases, its best policy so far, and how far it goes."""

import time

import jax
import numpy as np

from tabrl.events import Phase, PhaseStarted
from tabrl.policies.networks import Parameters
from tabrl.spec import Judgement, Metric, TrainSpec
from tabrl.training.rollout import Rollout
from tabrl.verdict.margin import score, spare

EVALUATIONS = 8
STRETCH = 4
"""A training goes on by so many parts of what was asked for."""
RISES = 0.01
"""A metric rises where one criterion comes nearer to its bound by this share of it, from the best
evaluation to the next: a swing of 0.145 rad that shall be 0.15 rises to 0.1465."""
GROWS = 0.05
"""What passes still improves where what it has to spare grows by this much from one evaluation to
the next: as one of four criteria, a swing of 0.15 rad to 0.158, and no further than to 0.19."""


class Clock:
    """Wall time of each phase, s."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._phase: Phase | None = None
        self._began = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @property
    def phase(self) -> Phase | None:
        return self._phase

    def enter(self, phase: Phase) -> PhaseStarted:
        now = time.perf_counter()
        if self._phase:
            self.seconds[self._phase] = round(now - self._began, 2)
        self._phase, self._began = phase, now
        return PhaseStarted(job=self._job, phase=phase)


class Best:
    """The best policy so far, by the verdict's metric; by recency where there is no metric."""

    def __init__(self) -> None:
        self.parameters: Parameters | None = None
        self.rollout: Rollout | None = None
        self.judgement: Judgement | None = None
        self.step = 0
        self._score = -np.inf

    def offer(
        self,
        parameters: Parameters,
        step: int,
        rollout: Rollout | None = None,
        metric: Metric | None = None,
        judgement: Judgement | None = None,
        steady: float = 0.0,
    ) -> bool:
        """Keep a policy where none was better; `steady` is the share of starts that pass."""
        value = score(metric, judgement) + steady if metric and judgement else self._score
        if self.parameters is not None and value < self._score:
            return False
        # Updates give their memory away: keep a copy.
        self.parameters = jax.tree.map(np.array, parameters)
        self._score, self.judgement, self.step = value, judgement, step
        self.rollout = rollout
        return True


class Course:
    """How far a training goes: to its steps, and on while its metric still rises.

    One that may go on may also end early: once it passes from every start, twice in a row, and no
    longer improves.

    Attributes:
        asked: the steps that were asked for, as whole iterations.
        goal: the steps that it goes to by now.
    """

    def __init__(self, spec: TrainSpec) -> None:
        self._metric = spec.metric
        self._batch = spec.hyperparameters.num_envs * spec.hyperparameters.unroll_length
        self.asked = self.goal = self._whole(spec.num_steps)
        self.limit = max(self.asked, self._whole(spec.max_steps or 0))
        self._due = [self.goal * (i + 1) // EVALUATIONS for i in range(EVALUATIONS)]
        self._best = 0.0
        self._open = spec.max_steps is not None
        self._spare: float | None = None  # of the evaluation before, where that one passed

    def begin(self, step: int) -> None:
        """Begin at a step of an earlier attempt, which may have gone on already."""
        while self.goal <= step < self.limit:
            self._stretch()
        self._due = [due for due in self._due if due > step]

    def is_due(self, step: int) -> bool:
        """Whether the policy is to be evaluated at a step."""
        return bool(self._due) and step >= self._due[0]

    def evaluated(self, step: int, judgement: Judgement | None, steady: float = 0.0) -> None:
        """Note an evaluation, and the share of starts that pass: the goal moves away where the last
        one before it still found a gain, and comes here where there is none left to make.
        """
        self._due = [due for due in self._due if due > step]
        if self._metric is None or judgement is None:
            return
        if self._learned(judgement, steady):
            self.goal, self._due = min(self.goal, step), []
            return
        value = score(self._metric, judgement) * len(self._metric.criteria)
        rises, self._best = value - self._best >= RISES, max(value, self._best)
        if step >= self.goal and rises and judgement.verdict != "pass":
            self._stretch()

    def _learned(self, judgement: Judgement, steady: float) -> bool:
        """Whether nothing is left to learn, with what was found before."""
        assert self._metric is not None
        passes = self._open and judgement.verdict == "pass" and steady == 1.0
        before, self._spare = self._spare, spare(self._metric, judgement) if passes else None
        return before is not None and self._spare is not None and self._spare - before < GROWS

    def _stretch(self) -> None:
        later = min(self.limit, self.goal + self._whole(self.asked // STRETCH))
        if later > self.goal:
            self.goal = later
            self._due.append(later)

    def _whole(self, steps: int) -> int:
        return -(-steps // self._batch) * self._batch

"""Which weights and which of the learner's settings serve an approach best, judged by its metric.

Optuna proposes, short trainings answer: what one learned is worth what its best policy is worth to
the metric, and a training that lags behind the others is ended early. All of it is in `tuning.json`
and in `tuning.html`, and the study itself in `study.log`, from which the same command goes on.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from tabrl.errors import TabRLError
from tabrl.events import Evaluated, Failed
from tabrl.executors.base import Executor, Job, make_executor
from tabrl.executors.environment import jobs_that_fit
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.base import base_policy, decided
from tabrl.experiments.command import OnEvent, carry_out
from tabrl.experiments.create import create_child
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.files import write_atomically
from tabrl.experiments.launch import threads_each
from tabrl.experiments.presets import plan, planned
from tabrl.experiments.propose import write_reward
from tabrl.experiments.record import Experiment
from tabrl.experiments.stop import Stop, stopped_by_signals
from tabrl.robots.catalogue import robot
from tabrl.settings import Settings
from tabrl.spec import Approach, Hyperparameters, Metric, Number, Preset, TrainSpec, Verdict
from tabrl.verdict.margin import worth

if TYPE_CHECKING:
    import optuna

FILE, STUDY = "tuning.json", "study.log"
WIDEST = 4.0
"""By what a weight is multiplied or divided at most."""
RATES: dict[str, tuple[float, float]] = {
    "learning_rate": (2e-4, 3e-3),
    "entropy_cost": (1e-3, 3e-2),
    "init_noise_std": (0.2, 0.8),
}
"""The learner's settings that are searched, by their order of magnitude between these bounds."""
UNDISTURBED = 4
"""Trainings that are never ended early, for the others to be measured by."""
Over = Literal["weights", "learning", "both"]
State = Literal["finished", "ended early", "failed"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Trial(_Record):
    """One short training.

    Attributes:
        values: what was tried: a weight by its term, a setting by its name.
        worth: of its best policy to the metric, 0 to 4 (`tabrl.verdict.margin.worth`).
    """

    number: int
    state: State
    values: dict[str, float]
    worth: float | None = None
    verdict: Verdict | None = None
    numbers: dict[str, Number] = {}
    step: int = 0
    error: str = ""


class Tuning(_Record):
    """A search, as far as it has come.

    Attributes:
        importance: share of each value in what made the difference; empty where too few trials
            tell (PED-ANOVA, Watanabe et al. 2023, https://arxiv.org/abs/2304.10255).
    """

    format: Literal[1] = 1
    experiment: str
    approach: Approach
    metric: Metric
    robot: str
    sentence: str
    over: Over
    seed: int
    steps: int
    trials: list[Trial] = Field(default_factory=list)
    importance: dict[str, float] = Field(default_factory=dict)

    @property
    def best(self) -> Trial | None:
        """The trial that is worth most."""
        known = [trial for trial in self.trials if trial.worth is not None]
        return max(known, key=lambda trial: (trial.worth, -trial.number), default=None)

    def tuned(self, trial: Trial) -> tuple[Approach, dict[str, float]]:
        """The approach with a trial's weights, and the learner's settings that the trial had."""
        weights = self.approach.weights | {
            name: value for name, value in trial.values.items() if name in self.approach.weights
        }
        rates = {name: value for name, value in trial.values.items() if name in RATES}
        return self.approach.model_copy(update={"weights": weights}), rates


def teach_tuned(
    tuning: Tuning,
    experiment: Experiment,
    trial: Trial,
    *,
    preset: Preset = "standard",
    out: Path | None = None,
    executor: str | Executor = "local",
    settings: Settings,
    on_event: OnEvent = lambda experiment, event: None,
    stop: Stop | None = None,
) -> Experiment:
    """Train the approach as a trial had it, for a preset's time, as an experiment of its own.

    Raises:
        TabRLError: it cannot be done; the message says why.
    """
    approach, rates = tuning.tuned(trial)

    def begin(engine: Engine) -> Live:
        learning = experiment.hyperparameters.model_copy(update=rates)
        made = create_child(experiment, "tune", preset=preset, hyperparameters=learning, out=out,
                            provider=experiment.provider, settings=engine.settings)  # fmt: skip
        return engine.begin(made)

    def propose(engine: Engine, live: Live) -> None:
        record = ApproachRecord.of(approach, tuning.metric, 0)
        write_reward(live.experiment, record)
        engine.add(live, record)

    return carry_out(begin, executor, settings, on_event, stop, propose)


OnTrial = Callable[[Tuning, Trial], None]


def tune(
    experiment: Experiment,
    record: ApproachRecord,
    folder: Path,
    *,
    trials: int,
    over: Over = "both",
    steps: int | None = None,
    seed: int = 0,
    executor: str | Executor = "local",
    settings: Settings,
    on_trial: OnTrial = lambda tuning, trial: None,
    stop: Stop | None = None,
) -> Tuning:
    """Search for an approach's weights and learner's settings.

    The first trial is the approach as it is. A search that was broken off goes on.

    Args:
        folder: of the search; one that holds another search is refused.
        trials: how many in all, those of an earlier start among them.
        steps: environment steps of each; None for those of the quick preset.
        on_trial: called after each trial, from this thread.
        stop: request it to end what runs early and begin nothing more.

    Raises:
        TabRLError: it cannot be searched; the message says why.
    """
    if record.metric is None:
        raise TabRLError(f"{record.name} has no metric to judge trials by.", "Choose another.")
    taught = robot(experiment.robot)
    rates = experiment.hyperparameters
    size = plan(taught, rates, None if steps else "quick", steps).steps
    tuning = Tuning(
        experiment=experiment.id, approach=record.approach(), metric=record.metric,
        robot=taught.id, sentence=experiment.sentence, over=over, seed=seed, steps=size,
    )  # fmt: skip
    tuning = _resumed(tuning, folder)
    search = _Search(tuning, folder, rates, settings, stop or Stop(), on_trial)
    made = make_executor(executor, settings) if isinstance(executor, str) else None
    try:
        with stopped_by_signals(search.stop):
            search.run(made or executor, trials)  # type: ignore[arg-type]
    finally:
        if made:
            made.close()
    return tuning


def _resumed(tuning: Tuning, folder: Path) -> Tuning:
    """What the folder holds of the same search already."""
    if not (folder / FILE).exists():
        return tuning
    try:
        kept = Tuning.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise TabRLError(f"{folder / FILE} cannot be read.", "Name another --out.") from error
    if kept.model_copy(update={"trials": [], "importance": {}}) != tuning:
        raise TabRLError(f"{folder} holds another search.", "Name another --out, or remove it.")
    return kept


class _Search:
    """Trials side by side, each in a thread that waits for its job."""

    def __init__(
        self,
        tuning: Tuning,
        folder: Path,
        rates: Hyperparameters,
        settings: Settings,
        stop: Stop,
        on_trial: OnTrial,
    ) -> None:
        self.stop = stop
        self._tuning, self._folder, self._rates = tuning, folder, rates
        self._settings, self._on_trial = settings, on_trial
        self._jobs: set[Job] = set()
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._known = {name: value for name in RATES if (value := getattr(rates, name)) is not None}
        self._study = _study(folder / STUDY, tuning, self._known)
        stop.watch(self._cancel)

    def run(self, executor: Executor, trials: int) -> None:
        """As many trials as are missing."""
        missing = trials - len(self._tuning.trials)
        at_once = executor.places or self._settings.max_jobs or jobs_that_fit()
        threads = threads_each(min(at_once, max(1, missing)))
        with ThreadPoolExecutor(max(1, min(at_once, missing))) as pool:
            waiting = [pool.submit(self._trial, executor, threads) for _ in range(missing)]
            for done in as_completed(waiting):
                if (trial := done.result()) is not None:
                    self._keep(trial)

    def _trial(self, executor: Executor, threads: int) -> Trial | None:
        import optuna

        if self.stop.requested:
            return None
        with self._lock:
            asked = self._study.ask()
            values = self._suggested(asked)
        trial = Trial(number=asked.number, state="finished", values=values)
        with self._lock:
            job = executor.submit(self._spec(trial, threads))
            self._jobs.add(job)
        try:
            self._follow(job, trial, asked)
        finally:
            self._jobs.discard(job)
        if self.stop.requested and trial.state == "finished":
            trial.state = "ended early"
        told = optuna.trial.TrialState
        with self._lock:
            if trial.worth is None:
                self._study.tell(asked, state=told.FAIL)
            elif trial.state == "ended early":
                self._study.tell(asked, state=told.PRUNED)
            else:
                self._study.tell(asked, trial.worth)
        return trial

    def _follow(self, job: Job, trial: Trial, asked: "optuna.Trial") -> None:
        """Hear a training to its end; end it once it lags behind."""
        for event in job.events():
            if isinstance(event, Evaluated) and event.judgement.numbers:
                found = worth(self._tuning.metric, event.judgement)
                if trial.worth is None or found > trial.worth:
                    trial.worth, trial.verdict = found, event.judgement.verdict
                    trial.numbers = dict(event.judgement.numbers)
                trial.step = event.step
                with self._lock:
                    asked.report(trial.worth, event.step)
                    late = asked.should_prune()
                if late and trial.state == "finished":
                    trial.state = "ended early"
                    job.cancel()
            elif isinstance(event, Failed):
                trial.state, trial.error = "failed", event.error

    def _suggested(self, asked: "optuna.Trial") -> dict[str, float]:
        """Weights by their terms and settings by their names, as a person would write them; of the
        first trial, as they are.
        """
        values = {}
        for name in _searched(self._tuning):
            low, high = RATES.get(name, (1 / WIDEST, WIDEST))
            found = asked.suggest_float(name, low, high, log=True)
            whole = found if name in RATES else found * self._tuning.approach.weights[name]
            values[name] = float(f"{whole:.3g}")
        if asked.number == 0:
            unset = RATES.keys() - self._known.keys()
            return {n: self._known.get(n, v) for n, v in values.items() if n not in unset}
        return values

    def _spec(self, trial: Trial, threads: int) -> TrainSpec:
        tuning = self._tuning
        approach, rates = tuning.tuned(trial)
        taught = robot(tuning.robot)
        base = base_policy(taught)
        settings = self._rates.model_copy(update=rates)
        return TrainSpec(
            job=f"trial-{trial.number:03}",
            robot=tuning.robot,
            approach=approach,
            metric=tuning.metric,
            num_steps=tuning.steps,
            seed=tuning.seed,
            base_policy=str(base) if base else None,
            hyperparameters=decided(planned(settings, tuning.steps), taught),
            threads=threads,
            out=str(self._folder / f"trial-{trial.number:03}"),
            clip=False,
        )

    def _keep(self, trial: Trial) -> None:
        tuning = self._tuning
        tuning.trials.append(trial)
        tuning.trials.sort(key=lambda each: each.number)
        with self._lock:
            tuning.importance = _importance(self._study)
        write_atomically(self._folder / FILE, tuning.model_dump_json(indent=1))
        self._on_trial(tuning, trial)

    def _cancel(self) -> None:
        with self._lock:
            for job in self._jobs:
                job.cancel()


def _study(log: Path, tuning: Tuning, known: dict[str, float]) -> "optuna.Study":
    """The study in a file; a new one begins with the approach as it is, `known` being those of the
    learner's settings that are set.
    """
    try:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
    except ModuleNotFoundError as error:
        raise TabRLError("Tuning needs Optuna.", "pip install 'tabrl[tune]'") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    begun = log.exists()
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(log))),
        study_name=tuning.approach.name,
        load_if_exists=True,
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=tuning.seed, constant_liar=True),
        pruner=optuna.pruners.MedianPruner(
            n_startup_trials=UNDISTURBED, n_warmup_steps=tuning.steps // 3
        ),
    )
    if not begun:
        study.enqueue_trial({name: _first(name, known) for name in _searched(tuning)})
    return study


def _first(name: str, known: dict[str, float]) -> float:
    if name not in RATES:
        return 1.0
    low, high = RATES[name]
    return min(max(known.get(name, (low * high) ** 0.5), low), high)


def _searched(tuning: Tuning) -> Iterator[str]:
    """Terms whose weights are searched, and the learner's settings."""
    if tuning.over != "learning":
        yield from (name for name, weight in tuning.approach.weights.items() if weight)
    if tuning.over != "weights":
        yield from RATES


def _importance(study: "optuna.Study") -> dict[str, float]:
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
    from optuna.trial import TrialState

    done = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len({trial.value for trial in done}) < 2 * UNDISTURBED:
        return {}
    found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
    return {name: round(float(share), 3) for name, share in found.items()}

"""Who proposes an experiment's approaches: the built-in proposer, language models, a recording."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabrl.behaviours.reading.wording import plain
from tabrl.errors import TabRLError
from tabrl.events import BaselinesJudged, Checked
from tabrl.executors.base import Executor, Job, answer
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.base import base_policy
from tabrl.experiments.check import check_spec, submit_check
from tabrl.experiments.commands import commandable
from tabrl.experiments.propose import add, correction
from tabrl.experiments.record import Experiment, Taken, Usage
from tabrl.experiments.states import TRIED, UNDER_WAY
from tabrl.llm import prompts
from tabrl.llm.asking import Answer, Budget, ChatModel
from tabrl.llm.client import Client
from tabrl.llm.exchange import FILE, Exchange, Log, Recorder, Replay, providers_of, recorded
from tabrl.llm.panel import Part, Script, Topic, consult
from tabrl.llm.providers import BUILTIN, Book, Provider, book, states
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Approach, BaselineSpec, CheckResult, Finding, Judgement, Metric

ALL = "all"


@dataclass(frozen=True)
class Authors:
    """Whom to ask; the built-in proposer, where it is one of them, answers at once.

    Attributes:
        providers: language models over the network.
        recording: their answers instead, where one is replayed.
    """

    names: tuple[str, ...]
    providers: tuple[Provider, ...] = ()
    recording: tuple[Exchange, ...] = ()
    cap_usd: float = 0.0

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the language models among them."""
        return tuple(name for name in self.names if name != BUILTIN)


def authors(
    names: Sequence[str],
    settings: Settings,
    *,
    model: str | None = None,
    base_url: str | None = None,
    replay: Path | None = None,
) -> Authors:
    """The authors of these names.

    Args:
        names: providers; "all" stands for the built-in one and every other that is ready.
        model: another model than the configured one; with one provider only.
        base_url: another address, likewise.
        replay: a file of exchanges, or a folder with one, that answers instead.

    Raises:
        TabRLError: there is no such provider, or it has no key; the message names it.
    """
    if replay is not None:
        found = tuple(recorded(replay))
        return Authors(tuple(providers_of(found)), recording=found)
    known = book(settings)
    chosen = _chosen(names, known)
    models = [known.find(name) for name in chosen if name != BUILTIN]
    if model or base_url:
        if len(models) != 1:
            raise TabRLError(
                "--model and --base-url are for one language model.", "Name it with --provider."
            )
        models = [models[0].at(model=model, base_url=base_url)]
    for provider in models:
        if provider.needs_key and not provider.secret():
            wanted = " or ".join((*provider.key_env, provider.variable("KEY")))
            raise TabRLError(f"There is no key for {provider.name}.", f"Set {wanted}.")
    return Authors(tuple(chosen), tuple(models), cap_usd=known.spending_cap_usd)


def shares(count: int, names: Sequence[str], most: int) -> dict[str, int]:
    """How many approaches each gives: `count`, or fewer where all of them would pass `most`."""
    given = dict.fromkeys(names, 0)
    for _ in range(count):
        for name in given:
            if sum(given.values()) < most:
                given[name] += 1
    return {name: number for name, number in given.items() if number}


def take_part(experiment: Experiment, part: Part) -> list[ApproachRecord]:
    """Add an author's approaches, and say what there is to know about them. All that has not been
    trained yet is judged by the metric of the part that came last: the panel writes one. The first
    to say that the sentence was misread corrects the reading, unless a person has.
    """
    first = not experiment.approaches
    added = add(experiment, part.behaviour, part.author)
    if not first and part.behaviour.note:
        experiment.note = f"{experiment.note} {part.behaviour.note}".strip()
    if part.reading and correction(experiment) is None:
        experiment.reading = part.reading
        says = f"{part.author} reads it as: {plain(part.reading)}."
        experiment.note = f"{experiment.note} {says}".strip()
    for index, approach in enumerate(added):
        if part.author == BUILTIN:
            approach.stands_in_for = part.asked
        else:
            approach.model = model_of(experiment.usage, part.author)
            approach.prompts = prompts.version()
            approach.repairs = repairs(part.valid_after, index)
    for approach in experiment.approaches:
        if approach.status not in (*UNDER_WAY, *TRIED):
            approach.metric = part.behaviour.metric
    return added


def repairs(valid_after: Sequence[int], index: int) -> int:
    """How many rounds of repair the approach at an index took; they are in order of validity."""
    return next((round for round, valid in enumerate(valid_after) if valid > index), 0)


def model_of(usage: Mapping[str, Usage], provider: str) -> str:
    """The model that answered last, as the provider names it."""
    answers = usage[provider].answers if provider in usage else []
    return next((answer.model for answer in reversed(answers) if answer.model), "")


def ask(
    experiment: Experiment,
    who: Authors,
    counts: Mapping[str, int],
    executor: Executor,
    *,
    on_part: Callable[[Part], None],
    on_script: Callable[[Script], None],
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Ask the language models for approaches; each one's come to `on_part` when they are there, and
    velocity commands to `on_script`.

    Every exchange is written to the experiment's folder, without keys, and what it took is
    counted.
    """
    log = experiment.folder / FILE

    def take(part: Part) -> None:
        experiment.usage = usage(log)
        on_part(part)

    troubles: list[str] = []

    def take_script(script: Script) -> None:
        troubles.append(script.trouble)
        on_script(script)

    robot = find_robot(experiment.robot)
    topic = Topic(experiment.sentence, robot, experiment.seed, correction(experiment))
    worker = Worker(experiment.robot, executor)
    panel = {
        name: (chat, counts[name])
        for name, chat in chat_models(who, log).items()
        if counts.get(name)
    }
    try:
        asyncio.run(
            consult(
                topic,
                panel,
                worker.check,
                worker.judge_baselines,
                on_part=take,
                on_script=take_script if commandable(robot) else None,
                stopped=stopped,
            )
        )
        experiment.note = " ".join(filter(None, (experiment.note, *troubles)))
    finally:
        worker.close()
        experiment.usage = usage(log)


def usage(log: Path) -> dict[str, Usage]:
    """What each language model has taken by a file of exchanges, by provider."""
    taken: dict[str, Usage] = {}
    for exchange in recorded(log) if log.exists() else []:
        total = taken.setdefault(exchange.provider, Usage())
        answer = exchange.answer or Answer(text="", cost_usd=0.0)
        total.requests += 1
        total.answers.append(
            Taken(
                purpose=exchange.purpose,
                trouble=exchange.trouble,
                **answer.model_dump(exclude={"text", "finish"}),
            )
        )
        total.input_tokens += answer.input_tokens
        total.output_tokens += answer.output_tokens
        known = total.cost_usd is not None and answer.cost_usd is not None
        total.cost_usd = (total.cost_usd or 0.0) + (answer.cost_usd or 0.0) if known else None
    return taken


def _chosen(names: Sequence[str], known: Book) -> list[str]:
    """Names without doubles, "all" written out."""
    chosen: list[str] = []
    for name in names:
        if name == ALL:
            ready = [s.name for s in states(known.providers) if s.state == "ready"]
            chosen += [BUILTIN, *ready]
        elif name != BUILTIN:
            chosen.append(known.find(name).name)
        else:
            chosen.append(name)
    return list(dict.fromkeys(chosen))


def chat_models(who: Authors, log: Path) -> dict[str, ChatModel]:
    """Who answers, by name; every exchange is written to the log, without keys."""
    write, version = Log(log), prompts.version()
    if who.recording:
        replays = {name: Replay(who.recording, name) for name in who.models}
        if log.exists() and list(recorded(log)) == list(who.recording):
            return dict(replays)  # it is this experiment's own
        return {name: Recorder(each, name, version, write) for name, each in replays.items()}
    budget = Budget(who.cap_usd, sum(spent.cost_usd or 0.0 for spent in usage(log).values()))
    return {
        provider.name: Recorder(
            Client(provider, budget), provider.name, version, write, provider.secret()
        )
        for provider in who.providers
    }


class Worker:
    """Checks and baselines in the executor's workers, awaited."""

    def __init__(self, robot: str, executor: Executor) -> None:
        self._robot, self._executor = robot, executor
        base = base_policy(find_robot(robot))
        self._base = str(base) if base else None
        self._jobs: list[Job] = []
        self._count = 0

    async def check(self, approach: Approach) -> CheckResult:
        """What the check finds; a check that breaks down is a finding, too."""
        spec = check_spec(self._name("check"), self._robot, approach)
        try:
            checked: Checked = await self._answer(submit_check(spec, self._executor), Checked)
        except TabRLError as error:
            said = f"The check did not finish: {error.message}"
            return CheckResult(valid=False, findings=(Finding(message=said, hint="Write less."),))
        return checked.result

    async def judge_baselines(self, metric: Metric) -> dict[str, Judgement]:
        """What a metric says of baselines; where it breaks down, that they pass it."""
        spec = BaselineSpec(
            job=self._name("baseline"), robot=self._robot, metric=metric, base_policy=self._base
        )
        try:
            found: BaselinesJudged = await self._answer(
                self._executor.submit(spec), BaselinesJudged
            )
        except TabRLError as error:
            broken = Judgement(verdict="needs review", numbers={}, reasons=(error.message,))
            return {"a robot": broken}
        return found.baselines

    def close(self) -> None:
        """End what is still under way."""
        for job in self._jobs:
            job.cancel()

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    async def _answer(self, job: Job, kind: type[Any]) -> Any:
        self._jobs.append(job)
        try:
            return await asyncio.to_thread(answer, job, kind)
        except asyncio.CancelledError:
            job.cancel()
            raise

"""Asks everybody at once: each language model proposes by itself, one of them writes the judge, and
the built-in proposer stands in for whatever is missing.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tabrl.behaviours.builtin import propose
from tabrl.behaviours.commands import built_in
from tabrl.behaviours.reading import Reading, read
from tabrl.behaviours.reading.wording import plain
from tabrl.behaviours.reading.wording import sentence as in_words
from tabrl.llm.asking import ChatModel
from tabrl.llm.blind import Judge, JudgeBaselines, write_metric
from tabrl.llm.commands import write_commands
from tabrl.llm.providers import BUILTIN
from tabrl.llm.trouble import Trouble
from tabrl.llm.writer import Check, Written, write
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach, Behaviour, Commands, Metric

_POLL_S = 0.2


@dataclass(frozen=True)
class Part:
    """Approaches of one author.

    Attributes:
        asked: the language model that was asked; the author where it gave them itself.
        reading: what the sentence asks for, where the author or a person corrected what was read.
    """

    author: str
    asked: str
    behaviour: Behaviour
    valid_after: tuple[int, ...] = ()
    reading: Reading | None = None


@dataclass(frozen=True)
class Script:
    """Velocity commands of one author.

    Attributes:
        commands: None where the sentence is no matter of commands.
        trouble: why the language models wrote none, in words; empty where one was heard.
    """

    author: str
    commands: Commands | None
    trouble: str = ""


@dataclass(frozen=True)
class Topic:
    """What everybody is asked about.

    Attributes:
        reading: what the sentence asks for, where a person corrected what was read.
    """

    sentence: str
    robot: Robot
    seed: int = 0
    reading: Reading | None = None

    @property
    def said(self) -> str:
        """The sentence, with what the person means by it."""
        return f"{self.sentence} (I mean: {plain(self.reading)})" if self.reading else self.sentence

    @cached_property
    def as_read(self) -> Reading:
        """What the built-in reader takes the sentence for."""
        return read(self.sentence, self.robot)

    @cached_property
    def hint(self) -> str:
        """What the built-in reader takes the sentence for; empty where a person has said it, or
        where nothing was read.
        """
        return in_words(self.as_read) if self.as_read.parts and not self.reading else ""

    def meant(self, words: str) -> Reading | None:
        """The reading of the plain words in which a language model says what is meant; None where
        they say nothing else, are not read for sure, or a person has corrected it.
        """
        if self.reading or not words:
            return None
        found = read(words, self.robot)
        sure = found.parts and found.sure and not (found.unread or found.refers_to)
        if not sure or found.parts == self.as_read.parts:
            return None
        return found.model_copy(update={"language": self.as_read.language})


async def consult(
    topic: Topic,
    panel: Mapping[str, tuple[ChatModel, int]],
    check: Check,
    judge_baselines: JudgeBaselines,
    *,
    on_part: Callable[[Part], None] = lambda part: None,
    on_script: Callable[[Script], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Part]:
    """The approaches of a panel, each author's as soon as they are there.

    Args:
        panel: whom to ask and for how many approaches, by name.
        check: whether an approach can be trained on.
        judge_baselines: what a metric says of robots that were taught nothing.
        on_part: called with each author's approaches, in the order in which they come.
        on_script: called with velocity commands; None where the robot follows none.
        stopped: asked now and then; once it is true, what is not there yet is given up.
    """
    judge = asyncio.create_task(_judge(topic, panel, judge_baselines))
    parts: list[Part] = []

    async def one(name: str, chat: ChatModel, count: int) -> None:
        written = await write(topic.said, topic.robot, chat, check, count, topic.hint)
        metric, remark = await asyncio.shield(judge)
        meant = replace(topic, reading=topic.reading or topic.meant(written.meaning))
        metric = metric or _built_in(meant, 1).metric
        for part in _parts(meant, name, written, count, metric, remark):
            parts.append(part)
            on_part(part)

    tasks = [asyncio.create_task(one(name, *asked)) for name, asked in panel.items()]
    if on_script:
        tasks.append(asyncio.create_task(_script(topic, panel, on_script)))
    try:
        await _all(tasks, stopped)
    finally:
        judge.cancel()
    return parts


async def _all(tasks: list[asyncio.Task[None]], stopped: Callable[[], bool]) -> None:
    """Wait for all, or until stopped."""
    left = set(tasks)
    try:
        while left and not stopped():
            done, left = await asyncio.wait(left, timeout=_POLL_S)
            for task in done:
                task.result()
    finally:
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _script(
    topic: Topic, panel: Mapping[str, tuple[ChatModel, int]], on_script: Callable[[Script], None]
) -> None:
    """The commands of the first language model that is heard, or else the built-in ones."""
    troubles = []
    for name, (chat, _) in panel.items():
        try:
            commands = await write_commands(topic.said, topic.robot, chat, topic.hint)
        except (Trouble, ValueError) as trouble:
            troubles.append(f"{name} wrote no commands: {trouble}")
        else:
            on_script(Script(name, commands))
            return
    on_script(
        Script(BUILTIN, built_in(topic.sentence, topic.robot, topic.reading), " ".join(troubles))
    )


async def _judge(
    topic: Topic, panel: Mapping[str, tuple[ChatModel, int]], judge_baselines: JudgeBaselines
) -> tuple[Metric | None, str]:
    """The metric that judges all, or None where it is the built-in one, and then a remark."""
    found = Judge(None)
    for chat, _ in panel.values():
        judge = await write_metric(topic.said, topic.robot, chat, judge_baselines, topic.hint)
        if judge.metric and not judge.trouble:
            return judge.metric, ""
        found = judge if judge.metric or not found.metric else found
    built_in = _built_in(topic, 1).metric
    if found.metric and built_in.doubt:  # neither may pass anybody; the model's is the sentence's
        return found.metric, f"The judge is in doubt: {found.trouble}"
    why = found.trouble or "Nobody wrote one."
    return None, f"The judge is the built-in one. {why}"


def _parts(
    topic: Topic, name: str, written: Written, count: int, metric: Metric, remark: str
) -> list[Part]:
    """A language model's approaches, and built-in ones for those that it failed to give."""
    stand_in = _built_in(topic, max(1, count - len(written.approaches)))
    parts = []
    if written.approaches:
        own = Behaviour(
            title=written.title or stand_in.title,
            note=" ".join(filter(None, (written.note, remark))),
            approaches=_posed(written.approaches, stand_in),
            metric=metric,
        )
        parts.append(Part(name, name, own, written.valid_after, topic.reading))
    if len(written.approaches) < count:
        note = f"{name} gave {len(written.approaches) or 'none'} of {count}: {written.trouble}"
        said = " ".join(filter(None, (note, "The built-in proposer stands in.", stand_in.note)))
        if not written.approaches:
            said = " ".join(filter(None, (said, remark)))
        fill = stand_in.model_copy(update={"note": said, "metric": metric})
        parts.append(Part(BUILTIN, name, fill))
    return parts


def _posed(approaches: tuple[Approach, ...], known: Behaviour) -> tuple[Approach, ...]:
    """Approaches that begin where the built-in ones for the same reading do, where that is sure: an
    arm that hangs is not lifted by luck, whoever wrote the reward.
    """
    pose = {} if known.metric.doubt else known.approaches[0].pose
    return tuple(each.model_copy(update={"pose": pose}) for each in approaches)


def _built_in(topic: Topic, count: int) -> Behaviour:
    return propose(topic.sentence, topic.robot, reading=topic.reading, count=count, seed=topic.seed)

"""A language model writes approaches; what the check finds goes back to it, three times at most."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tabrl.behaviours.builtin import rank
from tabrl.llm import prompts
from tabrl.llm.asking import ChatModel, Message, Question
from tabrl.llm.forms import APPROACHES
from tabrl.llm.reply import Read, read_approaches
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach, CheckResult

REPAIRS = 3
_SPARE = 3
"""Approaches beyond those asked for that are checked, too: one of them may be valid."""

Check = Callable[[Approach], Awaitable[CheckResult]]
"""Whether an approach can be trained on, and what it pays a still, a random and the base robot."""


@dataclass(frozen=True)
class Checked:
    """An approach and what the check found."""

    approach: Approach
    result: CheckResult


@dataclass(frozen=True)
class Written:
    """What a language model made of a sentence.

    Attributes:
        approaches: valid ones, at most as many as asked for.
        meaning: the sentence in plain words, where the built-in reader misread it.
        valid_after: how many were valid after the first answer and after each repair.
        trouble: why there are fewer than asked for, in words; empty where there are not.
    """

    approaches: tuple[Approach, ...] = ()
    title: str = ""
    note: str = ""
    meaning: str = ""
    valid_after: tuple[int, ...] = ()
    trouble: str = ""


@dataclass
class _Draft:
    """The state of a conversation."""

    wanted: int
    valid: list[Checked] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    written: Written = Written()

    @property
    def missing(self) -> int:
        return self.wanted - len(self.valid)


async def write(
    sentence: str, robot: Robot, chat: ChatModel, check: Check, count: int, hint: str = ""
) -> Written:
    """Approaches of a language model, each of which passed its check.

    Args:
        hint: what the built-in reader takes the sentence for, in words.
    """
    above, request = prompts.instructions(
        "approaches",
        robot,
        APPROACHES,
        count=count,
        sentence=sentence,
        hint=hint,
        examples=prompts.examples(sentence, robot, rank),
    )
    return await converse(above, request, chat, check, count)


async def converse(
    instructions: str,
    request: str,
    chat: ChatModel,
    check: Check,
    count: int,
    purpose: Any = "approaches",
) -> Written:
    """Ask, check, send back what was found, until `count` approaches are valid."""
    draft = _Draft(wanted=count, messages=[Message(role="user", text=request)])
    problem = ""
    for repair in range(REPAIRS + 1):
        try:
            answer = await chat(Question(purpose, instructions, tuple(draft.messages), APPROACHES))
        except Trouble as trouble:
            return _ended(draft, str(trouble))
        read = read_approaches(answer.text)
        checked = await _check_all(read.approaches[: draft.missing + _SPARE], check)
        _take(draft, read, checked)
        problem = _problem(read, checked)
        if not draft.missing or repair == REPAIRS:
            break
        draft.messages.append(Message(role="assistant", text=answer.text))
        draft.messages.append(Message(role="user", text=_findings(read, checked, draft)))
    return _ended(draft, f"After {REPAIRS} repairs: {problem}" if draft.missing else "")


async def _check_all(approaches: Sequence[Approach], check: Check) -> list[Checked]:
    results = await asyncio.gather(*map(check, approaches))
    return list(map(Checked, approaches, results))


def _take(draft: _Draft, read: Read, checked: list[Checked]) -> None:
    """Keep what is valid and new, under a name of its own."""
    for item in checked:
        known = {other.approach.source for other in draft.valid}
        if item.result.valid and draft.missing and item.approach.source not in known:
            draft.valid.append(replace(item, approach=_named(item.approach, draft.valid)))
    before = draft.written
    draft.written = replace(
        before,
        title=before.title or read.title,
        note=before.note or read.note,
        meaning=before.meaning or read.meaning,
        valid_after=(*before.valid_after, len(draft.valid)),
    )


def _named(approach: Approach, others: list[Checked]) -> Approach:
    taken = {other.approach.name for other in others}
    names = [approach.name, *(f"{approach.name[:56]} {i}" for i in range(2, 20))]
    return approach.model_copy(update={"name": next(n for n in names if n not in taken)})


def _findings(read: Read, checked: list[Checked], draft: _Draft) -> str:
    kept = {item.approach.source for item in draft.valid}
    return prompts.render(
        "repair",
        form=APPROACHES,
        unreadable=read.problem,
        missing=draft.missing,
        checked=[
            {
                "name": item.approach.name,
                "valid": item.approach.source in kept,
                "findings": item.result.findings,
                "term_means": item.result.term_means,
                "terms": item.result.terms,
            }
            for item in checked
        ],
    )


def _problem(read: Read, checked: list[Checked]) -> str:
    """The first thing that is wrong, in words."""
    for item in checked:
        for finding in item.result.findings:
            if not item.result.valid and finding.severity == "error":
                line = f"line {finding.line}: " if finding.line else ""
                return f"{item.approach.name}: {line}{finding.message}"
    return read.problem or "it sent fewer approaches than were asked for."


def _ended(draft: _Draft, trouble: str) -> Written:
    approaches = tuple(item.approach for item in draft.valid)
    return replace(draft.written, approaches=approaches, trouble=trouble)

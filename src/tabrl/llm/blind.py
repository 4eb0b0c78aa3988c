"""The blind judge: a language model writes the metric from sentence and robot, without a reward.

A metric is taken only where robots that were taught nothing fail it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tabrl.behaviours.builtin import rank
from tabrl.llm import prompts
from tabrl.llm.asking import ChatModel, Message, Question
from tabrl.llm.forms import METRIC
from tabrl.llm.reply import read_metric
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import Robot
from tabrl.spec import Finding, Judgement, Metric
from tabrl.verdict.vocabulary import lint_metric

REPAIRS = 3
_MAX_TOKENS = 6000

JudgeBaselines = Callable[[Metric], Awaitable[Mapping[str, Judgement]]]
"""What a metric says of a still, a random and the base robot, by what they are."""


@dataclass(frozen=True)
class Judge:
    """What came of asking for a metric.

    Attributes:
        metric: None where nothing was written that can be measured.
        trouble: why it may pass nobody, or why there is none, in words; empty where it is good.
    """

    metric: Metric | None
    trouble: str = ""


async def write_metric(
    sentence: str,
    robot: Robot,
    chat: ChatModel,
    judge_baselines: JudgeBaselines,
    hint: str = "",
) -> Judge:
    """A metric from the sentence alone, mended three times at most.

    Args:
        hint: what the built-in reader takes the sentence for, in words.
    """
    above, request = prompts.instructions(
        "metric",
        robot,
        METRIC,
        sentence=sentence,
        hint=hint,
        examples=prompts.examples(sentence, robot, rank),
    )
    messages, judge = [Message(role="user", text=request)], Judge(None, "There was no answer.")
    for _ in range(REPAIRS + 1):
        question = Question("metric", above, tuple(messages), METRIC, max_tokens=_MAX_TOKENS)
        try:
            answer = await chat(question)
        except Trouble as trouble:
            return judge if judge.metric else Judge(None, str(trouble))
        judge, findings = await _judged(answer.text, judge, robot, judge_baselines)
        if not judge.trouble:
            break
        messages += [
            Message(role="assistant", text=answer.text),
            Message(role="user", text=findings),
        ]
    return judge


async def _judged(
    text: str, before: Judge, robot: Robot, judge_baselines: JudgeBaselines
) -> tuple[Judge, str]:
    """What an answer is worth, and what to send back about it."""
    try:
        metric = read_metric(text)
    except ValueError as error:
        return Judge(before.metric, f"No metric was written: {error}"), _told(unreadable=str(error))
    if findings := lint_metric(metric, robot):
        return Judge(before.metric, findings[0].message), _told(findings=findings)
    baselines = await judge_baselines(metric)
    passing = [who for who, judgement in baselines.items() if judgement.verdict != "fail"]
    if not passing:
        return Judge(metric), ""
    names = " and ".join(passing)
    trouble = f"The metric cannot tell: {names}, which was taught nothing, does not fail it."
    return Judge(metric, trouble), _told(baselines={who: baselines[who] for who in passing})


def _told(
    unreadable: str = "",
    findings: list[Finding] | None = None,
    baselines: Mapping[str, Judgement] | None = None,
) -> str:
    return prompts.render(
        "repair_metric",
        form=METRIC,
        unreadable=unreadable,
        findings=findings or [],
        baselines=baselines or {},
    )

import math
from typing import get_args

import pytest
from pydantic import ValidationError

from tabrl import events
from tabrl.events import Event
from tabrl.spec import CheckResult, Criterion, Finding, Judgement, Robustness

JUDGEMENT = Judgement(verdict="needs review", numbers={"roll": 0.1}, reasons=("too little",))
RESULT = CheckResult(valid=False, findings=(Finding(line=2, message="no “import”\nhere"),))
EXAMPLES: list[Event] = [
    events.PhaseStarted(job="a", phase="training"),
    events.Progress(
        job="a",
        step=1,
        num_steps=2,
        steps_per_s=3.5,
        seconds_left=0.1,
        episode_return=-1.0,
        episode_length=9.0,
        terms={"sway": 0.5},
    ),
    events.Evaluated(job="a", step=1, judgement=JUDGEMENT, best=True),
    events.Checked(job="a", result=RESULT),
    events.BaselinesJudged(
        job="a", baselines={"a still robot": Judgement(verdict="fail", numbers={"roll (rad)": 0.0})}
    ),
    events.Stressed(
        job="a", robustness=(Robustness(what="mass", levels=(0.7, 1.0), passes=(2, 5), tries=5),)
    ),
    events.Artifact(job="a", name="clip", path="/tmp/clip.mp4"),
    events.NoClip(job="a", note="No clip."),
    events.Rendering(job="a", fraction=0.5),
    events.Finished(job="a", step=2, seconds={"training": 1.0}, judgement=JUDGEMENT),
    events.Failed(job="a", phase="queued", error="nan", hint="smaller", detail="line 1\nline 2"),
]


TERM_MEANS = CheckResult(valid=False, term_means={"still": {"log": math.nan, "up": 0.5}})
WILD: list[tuple[Event, str]] = [
    (events.Checked(job="a", result=TERM_MEANS), '"log":null,"up":0.5'),
    (
        events.Evaluated(
            job="a",
            step=1,
            judgement=Judgement(verdict="fail", numbers={"roll": -math.inf}),
            best=False,
        ),
        '"roll":null',
    ),
    (
        events.Progress(
            **EXAMPLES[1].model_dump(exclude={"terms", "episode_return", "metrics"}),
            episode_return=math.inf,
            terms={"sway": math.nan},
            metrics={"kl": math.nan},
        ),
        '"sway":null',
    ),
]


def test_there_is_an_example_of_every_event():
    union, _ = get_args(Event)
    assert {type(event) for event in EXAMPLES} == set(get_args(union))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.kind)
def test_an_event_survives_its_one_line_of_json(event: Event):
    line = events.dumps(event)
    assert "\n" not in line
    assert events.loads(line) == event


@pytest.mark.parametrize(("event", "said"), WILD)
def test_a_number_that_is_not_finite_is_null_on_both_sides(event: Event, said: str):
    line = events.dumps(event)
    assert said in line
    assert events.loads(line) == event


def test_a_time_or_a_bound_that_is_not_finite_is_refused_where_it_is_made():
    with pytest.raises(ValidationError, match="finite"):
        events.Rendering(job="a", fraction=math.inf)
    with pytest.raises(ValidationError, match="finite"):
        Criterion(label="roll", measure="mean", at_least=math.nan)


@pytest.mark.parametrize("line", ['{"kind":"end","job":"a"}', "{}", "", '{"kind":"phase"}'])
def test_anything_else_is_refused(line: str):
    with pytest.raises(ValidationError):
        events.loads(line)

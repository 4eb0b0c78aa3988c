from typing import get_args

import pytest
from pydantic import ValidationError

from tabrl import events
from tabrl.events import Event
from tabrl.spec import CheckResult, Finding, Judgement, Strain

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
    events.Appraised(
        job="a", untaught={"a still robot": Judgement(verdict="fail", numbers={"roll (rad)": 0.0})}
    ),
    events.Stressed(
        job="a", strains=(Strain(what="mass", levels=(0.7, 1.0), passes=(2, 5), tries=5),)
    ),
    events.Artifact(job="a", name="clip", path="/tmp/clip.mp4"),
    events.Rendering(job="a", fraction=0.5),
    events.Finished(job="a", step=2, seconds={"training": 1.0}, judgement=JUDGEMENT),
    events.Failed(job="a", phase="queued", error="nan", hint="smaller", detail="line 1\nline 2"),
]


def test_there_is_an_example_of_every_event():
    union, _ = get_args(Event)
    assert {type(event) for event in EXAMPLES} == set(get_args(union))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.kind)
def test_an_event_survives_its_one_line_of_json(event: Event):
    line = events.dumps(event)
    assert "\n" not in line
    assert events.loads(line) == event


@pytest.mark.parametrize("line", ['{"kind":"end","job":"a"}', "{}", "", '{"kind":"phase"}'])
def test_anything_else_is_refused(line: str):
    with pytest.raises(ValidationError):
        events.loads(line)

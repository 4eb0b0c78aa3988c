"""The page measures what Python measures: `web/src/components/live/verdict` against this file."""

import json

from measured import STORED, measured


def test_the_motions_that_the_page_s_judge_is_tried_on_are_measured_as_python_does() -> None:
    assert json.loads(STORED.read_text("utf-8")) == measured(), "run `make gen`"

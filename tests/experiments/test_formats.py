"""Experiments that an earlier TabRL left open in this one, and lose nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import tabrl
from tabrl.errors import TabRLError
from tabrl.experiments import Experiment, load
from tabrl.experiments.changes import Change, CodeChange, SettingChange, WeightChange
from tabrl.experiments.compare import page
from tabrl.experiments.formats import FORMAT, upgrade

EARLIER = Path(__file__).parent / "formats"
LIBRARY = sorted((Path(tabrl.__file__).parent / "library").glob("*/experiment.json"))
DIFF = """--- Hula Circle
+++ Hula Circle 2
@@ -1,5 +1,5 @@
 def reward(s):
-    sway = oscillate(s.phase, 0.25, 0.0)
+    sway = oscillate(s.phase, 0.3375, 0.0)
     return {
@@ -18,10 +18,10 @@
     }
-# roll weighs 2
+# roll weighs 3
+# kick weighs 0.5
 # up weighs 0.2
-# {"clock_hz": 1.5, "command": [0.0, 0.0, 0.0], "termination": {"min_upright": 0.3}}
+# {"clock_hz": 2.0, "command": [0.5, 0.0, 0.0], "termination": {"min_upright": null}}"""


def opened(folder: Path, found: Path) -> Experiment:
    shutil.copy(found, folder / "experiment.json")
    return load(folder)


def changes_of(diff: str) -> list[Change]:
    """What a diff of format 1 is opened as."""
    found = json.loads((EARLIER / "1.json").read_text())
    found["approaches"][0]["origin"]["diff"] = diff
    (approach,) = Experiment.model_validate(upgrade(found)).approaches
    assert approach.origin
    return approach.origin.changes


@pytest.mark.parametrize("found", LIBRARY, ids=lambda path: path.parent.name)
def test_what_ships_opens_and_is_kept_in_todays_format(tmp_path, found):
    experiment = opened(tmp_path, found)
    before = json.loads(found.read_text())
    experiment.save()
    after = json.loads((tmp_path / "experiment.json").read_text())
    assert after["format"] == FORMAT
    names = [approach["name"] for approach in before["approaches"]]
    assert [approach["name"] for approach in after["approaches"]] == names
    assert load(tmp_path).model_dump() == experiment.model_dump()


def test_what_format_1_told_as_text_is_told_as_values(tmp_path):
    (approach,) = opened(tmp_path, EARLIER / "1.json").approaches
    assert approach.origin
    clock, code = approach.origin.changes
    assert clock == SettingChange(name="clock_hz", before=1.5, after=2.025)
    assert isinstance(code, CodeChange)
    assert [line.text.strip() for line in code.lines if line.kind == "added"] == [
        "sway = oscillate(s.phase, 0.3375, 0.0)"
    ]
    assert approach.origin.wish == "swing wider, faster"


@pytest.mark.parametrize("format", range(1, FORMAT))
def test_what_an_earlier_format_named_otherwise_is_there(tmp_path, format):
    before = json.loads((EARLIER / f"{format}.json").read_text())
    experiment = opened(tmp_path, EARLIER / f"{format}.json")
    assert before["format"] == format
    assert experiment.client == before["keeper"] == "command"
    for was, approach in zip(before["approaches"], experiment.approaches, strict=True):
        assert approach.term_means == was["pays"] != {}
        found = [each.model_dump(mode="json") for each in approach.robustness]
        assert found == was["strains"]
    experiment.save()
    assert load(tmp_path).model_dump() == experiment.model_dump()


def test_robustness_that_format_2_called_strains_is_in_the_report(tmp_path):
    experiment = opened(tmp_path, EARLIER / "2.json")
    friction, push = experiment.approaches[0].robustness
    assert (friction.what, push.what) == ("friction", "push")
    assert "How it bears other robots and floors" in page(experiment)


def test_the_report_of_an_earlier_experiment_shows_what_was_changed(tmp_path):
    text = page(opened(tmp_path, EARLIER / "1.json"))
    assert "<del>1.5</del> → <ins>2.025</ins>" in text
    assert "+     sway = oscillate(s.phase, 0.3375, 0.0)</code>" in text


def test_weights_setting_and_code_of_a_diff_are_told_apart():
    roll, kick, clock, command, upright, code = changes_of(DIFF)
    assert roll == WeightChange(name="roll", before=2.0, after=3.0)
    assert kick == WeightChange(name="kick", before=None, after=0.5)
    assert clock == SettingChange(name="clock_hz", before=1.5, after=2.0)
    assert command == SettingChange(name="command", before=(0.0, 0.0, 0.0), after=(0.5, 0.0, 0.0))
    assert upright == SettingChange(name="min_upright", before=0.3, after=None)
    assert isinstance(code, CodeChange)
    marked = [line.text[slice(*line.marked)] for line in code.lines if line.marked]
    assert marked == ["0.25", "0.3375"]


@pytest.mark.parametrize("diff", ["", "--- a\n+++ b\n@@ -1 +1 @@\n }\n # up weighs 1"])
def test_a_diff_without_changes_has_none(diff):
    assert changes_of(diff) == []


def test_what_a_newer_one_wrote_is_refused_in_words(tmp_path):
    found = json.loads((EARLIER / "1.json").read_text())
    (tmp_path / "experiment.json").write_text(json.dumps(found | {"format": FORMAT + 1}))
    with pytest.raises(TabRLError, match="Install a newer TabRL"):
        load(tmp_path)


@pytest.mark.parametrize("approaches", [[1], 5, [{"origin": 3}], [{"origin": {"diff": 3}}]])
def test_a_damaged_earlier_file_is_told_in_words(tmp_path, approaches: Any):
    text = json.dumps({"format": 1, "approaches": approaches})
    (tmp_path / "experiment.json").write_text(text)
    with pytest.raises(TabRLError, match="no readable experiment"):
        load(tmp_path)

"""The benchmarks of the whole story, with jobs that learn nothing but leave real files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import behaviours, teach
from tabrl.behaviours.library.showcase import showcase
from tabrl.cli import main as cli
from tabrl.errors import TabRLError
from tabrl.experiments import load
from tabrl.robots.catalogue import robot

GO1 = robot(behaviours.GO1)
PAIR = ["hip shake", "bow"]


@pytest.mark.nightly
def test_teach_tells_wall_time_phases_and_clips(small_lessons: Path) -> None:
    found = teach.main(preset="quick", out=small_lessons / "out")
    assert found["ratio"] == pytest.approx(found["figure"] / found["baseline"], abs=0.01)
    assert len(found["runs"]) == 3
    assert found["median_error"] == sorted(round(run["error"], 3) for run in found["runs"])[1]
    assert found["clips"] == 3
    assert found["phases_s"].keys() >= {"proposing", "checking", "training", "rendering"}
    assert load(small_lessons / "out").sentence == teach.SENTENCE


@pytest.fixture
def taught(small_lessons: Path) -> dict:
    return behaviours.main(PAIR, out=small_lessons / "out")


def test_the_share_of_sentences_with_a_pass_is_the_figure(taught: dict) -> None:
    assert (taught["figure"], taught["baseline"], taught["ratio"]) == (1.0, 1.0, 1.0)
    told = taught["behaviours"]
    assert list(told) == PAIR
    assert all(len(approaches) == 3 for approaches in told.values())
    assert {each["verdict"] for approaches in told.values() for each in approaches} == {"pass"}
    assert all(each["seconds"] > 0 for approaches in told.values() for each in approaches)


def test_the_page_has_a_row_for_each_approach_and_its_numbers(taught: dict) -> None:
    page = Path(taught["page"]).read_text()
    rows = [line for line in page.splitlines() if "| pass |" in line]
    assert len(rows) == 6
    assert all("roll amplitude (rad): 0.25 (0.003)" in row for row in rows)
    assert showcase(GO1)["hip shake"] in rows[0]
    assert "does not work" not in page


def test_a_sentence_that_was_taught_is_not_taught_again(taught: dict, small_lessons: Path) -> None:
    folder = small_lessons / "out" / GO1.id / "standard" / "hip-shake"
    first = load(folder).id
    again = behaviours.main(PAIR[:1], out=small_lessons / "out")
    assert again["figure"] == 1.0
    assert load(folder).id == first
    assert "2 of 2 sentences" in Path(again["page"]).read_text()  # what was taught before stays


def test_what_failed_is_told_with_its_reasons(taught: dict, small_lessons: Path) -> None:
    experiment = load(small_lessons / "out" / GO1.id / "standard" / "bow")
    for approach in experiment.approaches:
        approach.verdict, approach.reasons = "fail", ["falls is 1, wanted at most 0"]
    page = behaviours.text(GO1, {"bow": experiment}, "a command")
    assert "0 of 1 sentences" in page
    missed = page.split("## What does not work yet")[1]
    assert "**bow**: Royal Bow: falls is 1, wanted at most 0" in missed


def test_a_file_of_sentences_is_taught_instead_of_the_showcase(small_lessons: Path) -> None:
    asked = small_lessons / "asked.txt"
    asked.write_text("# what people ask for\n\nBow, then sit  # two parts\n")
    found = behaviours.main(sentences=asked, preset="quick", out=small_lessons / "out")
    assert list(found["behaviours"]) == ["Bow, then sit"]
    page = Path(found["page"]).read_text()
    assert "1 of 1 sentences" in page
    assert f"--sentences {asked}" in page
    assert "| **Bow, then sit** |" in page
    asked.write_text("# nothing\n")
    with pytest.raises(TabRLError, match="There is no sentence in"):
        behaviours.main(sentences=asked, out=small_lessons / "out")


def test_an_unknown_name_leads_to_the_list(small_lessons: Path) -> None:
    with pytest.raises(TabRLError, match="Valid: hip shake"):
        behaviours.main(["cartwheel"], out=small_lessons)


def test_the_command_teaches_a_robot_its_own_sentences(small_lessons: Path) -> None:
    out, page = small_lessons / "out", small_lessons / "fish.md"
    words = ["--robot", "FishSwim", "--only", "swim", "--preset", "quick"]
    done = CliRunner().invoke(
        cli, ["bench", "behaviours", *words, "--out", str(out), "--page", str(page)]
    )
    assert load(out / "FishSwim" / "quick" / "swim").sentence == "Swim as fast as you can"
    told = [line for line in done.stdout.splitlines() if "approach: " in line]
    assert len(told) == 3
    assert all("verdict: pass, seconds: " in line and "amplitude" in line for line in told)
    assert "# What Fish learns" in page.read_text()


def test_a_robot_is_taught_no_sentence_of_another(small_lessons: Path) -> None:
    with pytest.raises(TabRLError, match="'swim' is not in the showcase of Go1"):
        behaviours.main(["swim"], out=small_lessons / "out")

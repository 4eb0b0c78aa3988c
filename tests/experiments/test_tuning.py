"""Trials answer what weights and settings are worth; all of it is kept, and goes on."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tabrl.cli import main
from tabrl.errors import TabRLError
from tabrl.experiments import Experiment, load, teach
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.stop import Stop
from tabrl.experiments.tuning import FILE, RATES, Tuning, tune
from tabrl.experiments.tuning_page import PAGE, write_page
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"
WEIGHTS = {"roll": 2.0, "planted": 0.3, "smooth": -0.005}
FAILS, WAITS = 5.0, 4.0  # Hz of the clock: what `small_trials` does there


@pytest.fixture
def small(settings: Settings) -> Settings:
    return replace(settings, handlers="small_trials")


@pytest.fixture
def parent(small: Settings, tmp_path: Path) -> Experiment:
    return teach(SENTENCE, steps=61_440, out=tmp_path / "parent", settings=small)


def searched(
    parent: Experiment, small: Settings, tmp_path: Path, clock_hz: float = 1.5, **options: Any
) -> Tuning:
    record = parent.approaches[0].model_copy(update={"clock_hz": clock_hz, "weights": WEIGHTS})
    given = {"trials": 16, "over": "weights", "steps": 61_440, "settings": small}
    return tune(parent, record, tmp_path / "search", **given | options)


def test_the_first_trial_is_the_approach_as_it_is_and_better_weights_are_found(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    tuning = searched(parent, replace(small, max_jobs=1), tmp_path)
    first, best = tuning.trials[0], tuning.best
    assert first.values == WEIGHTS
    assert best is not None
    assert best.number > 0
    assert 2.0 < best.values["roll"] <= 8.0
    assert best.worth > first.worth
    assert next(iter(tuning.importance)) == "roll"
    tuned, rates = tuning.tuned(best)
    assert tuned.weights == best.values
    assert rates == {}
    assert Tuning.model_validate_json((tmp_path / "search" / FILE).read_bytes()) == tuning


def test_the_learner_s_settings_are_searched_within_their_bounds(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    tuning = searched(parent, small, tmp_path, trials=4, over="learning")
    assert tuning.trials[0].values.keys() == RATES.keys() - {"learning_rate"}  # which falls
    for trial in tuning.trials[1:]:
        assert trial.values.keys() == RATES.keys()
        assert all(low <= trial.values[name] <= high for name, (low, high) in RATES.items())


def test_what_lags_behind_ends_early(parent: Experiment, small: Settings, tmp_path: Path) -> None:
    tuning = searched(parent, replace(small, max_jobs=1), tmp_path, trials=16)
    early = [trial for trial in tuning.trials if trial.state == "ended early"]
    assert early
    assert all(trial.step < tuning.steps for trial in early)
    assert all(trial.number >= 4 for trial in early)


def test_a_trial_that_fails_is_named_and_the_others_go_on(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    tuning = searched(parent, small, tmp_path, clock_hz=FAILS)
    failed = [trial for trial in tuning.trials if trial.state == "failed"]
    assert failed
    assert all("NaN" in trial.error for trial in failed)
    assert all(trial.values["roll"] > 4.0 for trial in failed)
    assert tuning.best is not None
    assert tuning.best.state != "failed"


def test_a_search_that_was_broken_off_goes_on(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    before = searched(parent, small, tmp_path, trials=3)
    after = searched(parent, small, tmp_path, trials=6)
    assert after.trials[:3] == before.trials
    assert [trial.number for trial in after.trials] == list(range(6))
    with pytest.raises(TabRLError, match="holds another search"):
        searched(parent, small, tmp_path, seed=1)


def test_a_stop_ends_what_runs_and_begins_nothing_more(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    stop = Stop()
    record = parent.approaches[0].model_copy(update={"clock_hz": WAITS})
    threading.Timer(2.0, stop.request).start()
    tuning = tune(
        parent, record, tmp_path / "search", trials=50, steps=61_440, settings=small, stop=stop
    )
    assert 0 < len(tuning.trials) < 50
    assert {trial.state for trial in tuning.trials} == {"ended early"}


def test_without_a_metric_nothing_could_judge(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    blind: ApproachRecord = parent.approaches[0].model_copy(update={"metric": None})
    with pytest.raises(TabRLError, match="no metric"):
        tune(parent, blind, tmp_path / "search", trials=2, settings=small)


def test_the_page_escapes_what_a_stranger_wrote(
    parent: Experiment, small: Settings, tmp_path: Path
) -> None:
    tuning = searched(parent, small, tmp_path, trials=2)
    tuning.sentence = "<script>alert(1)</script>"
    write_page(tuning, tmp_path)
    text = (tmp_path / PAGE).read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "weight of roll" in text


def test_the_command_teaches_the_best_in_the_end(
    parent: Experiment, small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "from_env", lambda: small)
    words = ["tune", str(parent.folder), "1", "--trials", "4", "--steps", "61440"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "best: trial" in done.output
    assert PAGE in done.output
    made = next(load(p.parent) for p in (small.home / "experiments").glob("*/experiment.json"))
    assert made.parent is not None
    assert made.parent.how == "tune"
    (taught,) = made.approaches
    found = Tuning.model_validate_json(
        (parent.folder / parent.approaches[0].folder / "tuning" / FILE).read_bytes()
    )
    assert found.best is not None
    weights = {n: v for n, v in found.best.values.items() if n not in RATES}
    assert taught.weights == weights
    assert taught.status == "finished"

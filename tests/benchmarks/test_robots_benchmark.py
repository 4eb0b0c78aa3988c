"""The benchmark of all robots: a pendulum measured in sizes that take no time, and its page."""

import json
from pathlib import Path

import pytest

from benchmarks.robots import Effort, as_page, main, results
from tabrl.spec import Hyperparameters

PENDULUM = "PendulumSwingup"
SMALL = Effort(
    hp=Hyperparameters(num_envs=8, unroll_length=4, num_minibatches=2, num_epochs=1),
    mjx_envs=2,
    turn_s=0.01,
    rounds=1,
    startup=False,
)
GO1 = {
    "robot": "Go1JoystickFlatTerrain", "machine": "2 x test", "native": 8000, "ppo": 7000,
    "mjx": "not compiled in 300 s", "cold": [30.0, 41.0], "warm": [10.0, 12.0], "clip": [9.5, 15.0],
}  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("speed")
    assert main([PENDULUM], out=out, effort=SMALL)["failed"] == {}
    return out


@pytest.mark.nightly
def test_a_robot_is_measured_in_a_process_of_its_own(out: Path) -> None:
    (row,) = results(out)
    assert row["robot"] == PENDULUM
    assert min(row["native"], row["mjx"], row["ppo"], row["ratio"]) > 0


@pytest.mark.nightly
def test_what_was_measured_stands_when_a_run_goes_on(out: Path, tmp_path: Path) -> None:
    (kept,) = results(out)
    marked = kept | {"native": 1}
    (out / f"{PENDULUM}.json").write_text(json.dumps(marked))
    page, speeds = tmp_path / "speed.md", tmp_path / "speeds.json"
    found = main([PENDULUM], out=out, page=page, speeds=speeds, effort=SMALL)
    assert found["robots"] == [marked]
    told = {PENDULUM: [kept["ppo"], kept["warm"][0], kept["clip"][0]]} if "warm" in kept else {}
    assert json.loads(speeds.read_text()) == told
    assert f"| {PENDULUM} | 1 | " in page.read_text()


def test_the_page_shows_why_a_figure_is_missing_and_where_scenes_differ() -> None:
    cart = GO1 | {"robot": "CartpoleBalance", "mjx": 100.0, "ratio": 80.0}
    page = as_page([GO1, cart])
    missing = "8,000 | not compiled in 300 s |  | 7,000 | 30.0 | 41.0 | 10.0 | 12.0 | 9.5 | 15.0 |"
    assert rf"| Go1JoystickFlatTerrain\* | {missing}" in page
    assert "| CartpoleBalance | 8,000 | 100.0 | 80.0 | " in page
    assert "1 robots: median 80.0, geometric mean" in page


def test_a_robot_that_cannot_be_measured_is_named_and_no_result_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJOCO_GL", "none of these")
    assert main([PENDULUM], out=tmp_path, effort=SMALL)["failed"].keys() == {PENDULUM}
    assert not list(tmp_path.iterdir())

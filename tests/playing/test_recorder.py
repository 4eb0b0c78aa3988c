"""The judge's numbers of what the server runs are those that a clip is judged by."""

import gzip
from pathlib import Path

import pytest

from tabrl.experiments.playable import played, policies_in
from tabrl.playing.player import shared_model
from tabrl.playing.robot import PlayedRobot
from tabrl.settings import Settings
from tabrl.verdict.words import reached

ALOHA = Path(__file__).parents[2] / "src/tabrl/library/hip-shake"


@pytest.mark.nightly
def test_a_behaviour_of_the_library_passes_where_the_server_runs_it(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "cache").prepare()
    (aloha,) = policies_in(ALOHA).values()
    assert aloha.metric
    folder = played(aloha.policy, "control.json", settings).parent
    scene = played(aloha.policy, "scene.mjb.gz", settings)
    model = shared_model(gzip.decompress(scene.read_bytes()))
    robot = PlayedRobot(folder, model, aloha.metric)
    robot.play()
    robot.measure()
    assert robot.values is None  # too little to say anything
    for _ in range(500):
        robot.play()
    robot.measure()
    assert robot.values
    assert len(reached(aloha.metric, robot.values)) == len(aloha.metric.criteria)

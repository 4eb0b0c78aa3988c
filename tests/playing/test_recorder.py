"""The judge's numbers of what the server runs are those that a clip is judged by."""

import gzip
from pathlib import Path

import pytest

from tabrl.experiments.playable import played, policies_in
from tabrl.playing.robot import PlayedRobot
from tabrl.playing.scenes import Scenes, model_of
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
    boxed = played(aloha.policy, "boxed.mjb.gz", settings)
    scenes = Scenes(
        model_of(gzip.decompress(scene.read_bytes())),
        lambda: model_of(gzip.decompress(boxed.read_bytes())),
    )
    robot = PlayedRobot(folder, scenes, aloha.metric)
    robot.drop_box()
    for _ in range(120):
        robot.play()
    robot.measure()
    assert robot.values
    robot.begin()
    robot.play()
    robot.measure()
    assert robot.values is None  # too little to say anything
    for _ in range(500):
        robot.play()
    robot.measure()
    assert robot.values
    assert len(reached(aloha.metric, robot.values)) == len(aloha.metric.criteria)

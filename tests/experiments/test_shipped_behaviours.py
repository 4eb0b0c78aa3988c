"""The behaviours that ship trained: each can be watched at once and keeps its promise."""

import pytest

from tabrl.experiments.engine.library import shelf
from tabrl.policies import checkpoint
from tabrl.rendering.codec import probe

BEHAVIOURS = shelf()


def test_there_are_twelve_and_the_first_of_all_is_among_them():
    sentences = {experiment.sentence for experiment in BEHAVIOURS.values()}
    assert "Keep shaking your hips aloha dude!" in sentences
    assert len(sentences) >= 12


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_every_approach_has_a_whole_clip_and_a_poster(name):
    experiment = BEHAVIOURS[name]
    for approach in experiment.approaches:
        clip = probe(experiment.folder / approach.files["clip"])
        assert (clip.frames, clip.fps, clip.width, clip.height) == (500, 50, 640, 480)
        assert (experiment.folder / approach.files["poster"]).stat().st_size > 5_000


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_one_approach_passes_and_has_its_policy(name):
    experiment = BEHAVIOURS[name]
    kept = [a for a in experiment.approaches if "policy" in a.files]
    assert [a.verdict for a in kept] == ["pass"]
    _, _, card = checkpoint.load(experiment.folder / kept[0].files["policy"])
    assert card["robot"] == experiment.robot


def test_they_are_small_enough_to_ship():
    folders = [experiment.folder for experiment in BEHAVIOURS.values()]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 20 * 2**20

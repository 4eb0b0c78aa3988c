import json
import shutil

from tabrl.experiments.base import base_policies, base_policy, own_base_policy
from tabrl.policies import SHIPPED
from tabrl.rendering.codec import probe
from tabrl.robots.catalogue import robot

GO1, CHEETAH = robot("Go1JoystickFlatTerrain"), robot("CheetahRun")


def test_a_persons_own_base_policy_comes_before_the_shipped_one(tmp_path, monkeypatch):
    monkeypatch.setenv("TABRL_HOME", str(tmp_path))
    assert base_policy(GO1) == SHIPPED / "go1"
    assert base_policy(CHEETAH) is None
    shutil.copytree(SHIPPED / "go1", own_base_policy(GO1))
    assert base_policy(GO1) == own_base_policy(GO1)
    assert base_policies()[GO1.id]["folder"] == str(own_base_policy(GO1))


def test_every_shipped_policy_tells_how_it_was_trained_and_has_a_clip():
    for folder in SHIPPED.iterdir():
        card = json.loads((folder / "policy.json").read_text())
        assert card["settings"]["learning_rate"] > 0
        assert {"seed", "seconds", "machine", "polish", "quality"} <= card.keys()
        assert sum(f.stat().st_size for f in folder.glob("policy.*")) < 2e6
        clip = probe(folder / "clip.mp4")
        assert (clip.frames, clip.fps) == (500, 50)

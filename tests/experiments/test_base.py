import shutil

from tabrl.experiments.base import POLICIES, base_policies, base_policy, own_base_policy
from tabrl.robots.catalogue import robot

GO1, CHEETAH = robot("Go1JoystickFlatTerrain"), robot("CheetahRun")


def test_a_persons_own_base_policy_comes_before_the_shipped_one(tmp_path, monkeypatch):
    monkeypatch.setenv("TABRL_HOME", str(tmp_path))
    assert base_policy(GO1) == POLICIES / "go1"
    assert base_policy(CHEETAH) is None
    shutil.copytree(POLICIES / "go1", own_base_policy(GO1))
    assert base_policy(GO1) == own_base_policy(GO1)
    assert base_policies()[GO1.id]["folder"] == str(own_base_policy(GO1))

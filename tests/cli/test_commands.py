import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import tabrl as package

BASE = Path(package.__file__).parent / "policies" / "base" / "go1"
COMMANDS = (
    "base",
    "bench",
    "check",
    "doctor",
    "experiments",
    "improve",
    "library",
    "providers",
    "read",
    "render",
    "robots",
    "show",
    "stress",
    "teach",
)


def test_help_names_every_command(tabrl):
    text = tabrl("--help").stdout
    assert all(f"  {command} " in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tabrl, command):
    assert tabrl(command, "--help").returncode == 0


def test_importing_the_command_line_loads_nothing_heavy():
    heavy = ("pydantic", "rich", "sqlalchemy", "alembic", "numpy", "jax", "mujoco", "jinja2", "av")
    code = f"import sys, tabrl.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_robots_are_listed(tabrl):
    robots = json.loads(tabrl("robots", "--json").stdout)
    assert len(robots) == 54
    assert robots[0]["id"] == "Go1JoystickFlatTerrain"
    assert robots[0]["dof"] == 12
    assert "Go1JoystickFlatTerrain" in tabrl("robots").stdout


@pytest.mark.nightly
def test_a_robot_of_one_s_own_comes_and_goes(tabrl):
    pup = str(Path(__file__).parents[1] / "robots" / "pup")
    added = tabrl("robots", "add", pup, "--id", "rex")
    assert added.stdout.startswith("rex: quadruped, 12 joints, 5.32 kg, 4 feet\n")
    assert "It had no floor" in added.stdout
    assert json.loads(tabrl("robots", "--json").stdout)[54]["id"] == "rex"
    again = tabrl("robots", "add", pup, "--id", "rex")
    assert again.returncode == 1
    assert "There is a robot rex already" in again.stderr
    assert tabrl("robots", "remove", "rex").stdout == "Removed rex.\n"
    assert tabrl("robots", "remove", "rex").returncode == 1


def test_base_policies_are_listed_with_what_they_can_do(tabrl):
    card = json.loads(tabrl("base", "--json").stdout)["Go1JoystickFlatTerrain"]
    assert card["quality"]["velocity_error"] < 0.1
    shown = tabrl("base").stdout
    assert f"{card['quality']['velocity_error']:.3f} m/s" in shown
    assert "T1JoystickFlatTerrain" in shown.split("Trained from scratch")[1]


def test_a_base_policy_whose_training_has_not_ended_is_listed_as_that(tabrl, tmp_path):
    own = tmp_path / "home" / "bases" / "Go1JoystickFlatTerrain"
    own.mkdir(parents=True)
    (own / "policy.json").write_text('{"steps": 40960, "seed": 0}')
    shown = tabrl("base").stdout
    assert "0.0 M" in shown
    assert "not to its end" in shown


@pytest.mark.nightly
def test_what_follows_no_command_gets_no_base_policy(tabrl):
    done = tabrl("base", "train", "CheetahRun")
    assert done.returncode == 1
    assert "CheetahRun follows no velocity command" in done.stderr
    assert "Op3Joystick" in done.stderr


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("def reward(s):\n    return {'sway': s.roll}\n", 0),
        ("def reward(s):\n    return {'sway': s.roll}\n# refuse me\n", 1),
    ],
)
def test_check_tells_by_its_exit_status(tabrl, tmp_path, source, status):
    (tmp_path / "reward.py").write_text(source)
    done = tabrl("check", "reward.py", "--robot", "Go1JoystickFlatTerrain", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == status
    assert result["valid"] is (status == 0)
    if status:
        assert result["findings"][0]["line"] == 2
        assert result["findings"][0]["hint"] == "Did you mean roll?"
        words = tabrl("check", "reward.py", "--robot", "Go1JoystickFlatTerrain").stdout
        assert "reward.py:2: error: There is no signal 'bogus'. Did you mean roll?" in words
    else:
        assert result["term_means"]["base"] == {"sway": 0.2}


@pytest.mark.parametrize("command", ["render", "stress"])
def test_a_stranger_s_policy_that_cannot_be_is_refused_without_a_worker(
    environment, tabrl, tmp_path, command
):
    environment["TABRL_WORKER_HANDLERS"] = "no_such_module"
    shutil.copytree(BASE, tmp_path / "policy")
    card = json.loads((BASE / "policy.json").read_text())
    (tmp_path / "policy" / "policy.json").write_text(json.dumps(card | {"action_size": 10**9}))
    refused = tabrl(command, "policy")
    assert refused.returncode == 1
    assert "action_size: Input should be less than or equal to 1000" in refused.stderr
    assert "no_such_module" not in refused.stderr


def test_what_is_refused_at_a_glance_takes_no_worker(environment, tabrl, tmp_path):
    environment["TABRL_WORKER_HANDLERS"] = "no_such_module"
    (tmp_path / "reward.py").write_text("import os\ndef reward(s):\n    return {'a': s.roll}\n")
    refused = tabrl("check", "reward.py", "--robot", "Go1JoystickFlatTerrain")
    assert refused.returncode == 1
    assert refused.stdout.startswith("reward.py:1: error: import is not available")
    assert refused.stdout.endswith("not valid\n")
    (tmp_path / "reward.py").write_text("def reward(s):\n    return {'a': s.roll}\n")
    asked = tabrl("check", "reward.py", "--robot", "Go1JoystickFlatTerrain")
    assert "no_such_module" in asked.stderr  # this one needs a worker


def test_what_is_refused_at_a_glance_loads_nothing_heavy():
    code = """if True:
        import sys
        from tabrl.experiments.check import refused_at_a_glance
        print(refused_at_a_glance("import os", "CartpoleBalance").valid)
        print([name for name in ("jax", "mujoco", "sqlalchemy") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n[]\n"


def test_stress_tells_what_passes_at_each_level(tabrl, tmp_path):
    shutil.copytree(BASE, tmp_path / "1-spin" / "policy")
    friction, push = tabrl("stress", "1-spin").stdout.splitlines()
    assert friction.split() == ["friction", "x0.5", "0/5", "x1", "5/5"]
    assert push.split() == ["push", "m/s", "0.25", "5/5", "1.5", "3/5"]
    (slips, _) = json.loads(tabrl("stress", "1-spin", "--json").stdout)
    assert slips == {"what": "friction", "levels": [0.5, 1.0], "passes": [0, 5], "tries": 5}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "none.py", "--robot", "Go1Getup"), "Cannot read none.py"),
        (("check", "bytes.py", "--robot", "Go1Getup"), "Cannot read bytes.py"),
        (("check", "huge.py", "--robot", "Go1Getup"), "larger than 1 MB"),
        (("check", "good.py", "--robot", "Go2"), "no robot 'Go2'"),
        (("render", "nowhere"), "There is no policy in"),
        (("stress", "nowhere"), "There is no policy in"),
        (("show", "nothing"), "no experiment 'nothing'"),
        (("teach", ""), "The sentence is empty"),
        (("teach", "spin", "--robot", "Robbie"), "no robot 'Robbie'"),
        (("teach", "spin", "--out", "/dev/null/x"), "Cannot write to /dev/null/x"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(tabrl, tmp_path, words, message):
    (tmp_path / "good.py").write_text("x = 1")
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe")
    (tmp_path / "huge.py").write_text("#" * 1_000_001)
    done = tabrl(*words)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("teach",), ("teach", "spin", "--preset", "eternal"), ("teach", "spin", "--steps", "0"),
        ("teach", "spin", "--approaches", "10"), ("check", "reward.py"), ("bench", "luck"),
        ("fly",), ("robots", "--yaml"),
    ],
)  # fmt: skip
def test_a_wrong_usage_has_exit_status_2(tabrl, words):
    assert tabrl(*words).returncode == 2


def test_a_home_that_cannot_be_written_to_is_told(tabrl, environment):
    environment["TABRL_HOME"] = "/dev/null/home"
    done = tabrl("experiments")
    assert done.returncode == 1
    assert "TABRL_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_store_says_how_to_begin(tabrl):
    done = tabrl("experiments")
    assert done.returncode == 0
    assert "tabrl teach" in done.stdout


def test_doctor_looks_at_everything(tabrl, tmp_path):
    signs = {sign["name"]: sign for sign in json.loads(tabrl("doctor", "--json").stdout)}
    assert set(signs) >= {
        "Python", "Packages", "Processor", "Memory", "Home", "Cache", "Off-screen OpenGL",
        "Sandbox of rewards", "GPU",
    }  # fmt: skip
    assert str(tmp_path / "home") in signs["Home"]["found"]
    assert all(sign["advice"] for sign in signs.values() if sign["state"] == "bad")


def test_doctor_tells_what_must_be_mended(tabrl, environment):
    environment["TABRL_HOME"] = "/dev/null/home"
    done = tabrl("doctor")
    assert done.returncode == 1
    assert "✗ Folders" in done.stdout
    assert "TABRL_HOME" in done.stdout


def test_without_a_cluster_nothing_is_spent_and_the_hint_starts_one(tabrl, tmp_path):
    done = tabrl("teach", "Spin!", "--executor", "ray", "--address", "nowhere", "--out", "out")
    assert done.returncode == 1
    assert "no Ray cluster at nowhere" in done.stderr
    assert "ray start --head" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_address_is_for_a_cluster(tabrl):
    done = tabrl("teach", "Spin!", "--address", "somewhere:6379")
    assert done.returncode == 2
    assert "--executor ray" in done.stderr


def test_doctor_warns_of_a_key_that_others_can_read(tabrl, tmp_path):
    (tmp_path / "home").mkdir()
    file = tmp_path / "home" / "providers.toml"
    file.write_text('[providers.openai]\nkey = "sk-secret"\n')
    file.chmod(0o644)
    done = tabrl("doctor")
    assert f"chmod 600 {file}" in done.stdout
    assert "sk-secret" not in done.stdout


def test_a_benchmark_gives_its_result_and_keeps_its_chatter_apart(tmp_path, monkeypatch):
    root = tmp_path / "clone"
    (root / "benchmarks").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "benchmarks" / "physics.py").write_text(
        "def main():\n    print('warming up')\n    return {'figure': 6, 'baseline': 2, 'ratio': 3}"
    )
    monkeypatch.chdir(root)
    installed = tmp_path / "a" / "b" / "site-packages"  # as from a wheel: no repository above it
    shutil.copytree(Path(package.__file__).parent, installed / "tabrl")
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from tabrl.cli import main; main()"
    words = [sys.executable, "-P", "-c", code, "bench", "physics", "--json"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert json.loads(done.stdout) == {"figure": 6, "baseline": 2, "ratio": 3}
    assert "warming up" in done.stderr
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 1
    assert "clone of the repository" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("clips", "--robot", "CheetahRun"), "--robot is not for `clips`"),
        (("behaviours", "--replies", "x"), "--replies is not for `behaviours`"),
        (("rewards",), "`rewards` needs --replies"),
        (("behaviours", *["--robot", "CheetahRun"] * 2), "one --robot at a time"),
    ],
)
def test_an_option_of_another_benchmark_is_refused(tabrl, words, told):
    done = tabrl("bench", *words)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_damaged_store_is_told_in_words(tabrl, tmp_path):
    tabrl("experiments")
    connection = sqlite3.connect(tmp_path / "home" / "tabrl.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    done = tabrl("experiments")
    assert done.returncode == 1
    assert "newer TabRL" in done.stderr


def test_a_reward_that_is_refused_at_a_glance_starts_nothing_and_waits_for_no_import(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bad.py"
    path.write_text('def reward(s):\n    return {"a": s.bogus}\n')
    source = f"""
import sys
sys.argv = ["tabrl", "check", {str(path)!r}, "--robot", "Go1JoystickFlatTerrain"]
from tabrl.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 1
slow = {{"jax", "mujoco", "sqlalchemy", "alembic", "psutil"}}
print(sorted(slow & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr

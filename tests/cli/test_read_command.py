import json
import subprocess
import sys

SENTENCE = "Lift your left front paw and shake it three times, then walk left 2 m"


def test_a_reading_is_told_in_one_line(tabrl):
    told = tabrl("read", SENTENCE, "--robot", "Go1JoystickFlatTerrain")
    assert told.stdout.splitlines() == [
        "lift · left front leg and shake · left front leg · 3 times, then walk · to the left · 2 m"
    ]


def test_what_was_not_read_and_why_it_is_not_sure_are_told(tabrl):
    told = tabrl("read", "Walk to the fridge", "--robot", "PandaPickCube").stdout
    assert told.startswith("not sure: walk\nunread: fridge\n")
    assert "or: " in told
    assert told.splitlines()[-1] == "Panda has no body for this: walk."


def test_a_reading_as_json_holds_every_field(tabrl):
    reading = json.loads(tabrl("read", SENTENCE, "--json").stdout)
    assert (reading["language"], reading["sure"], reading["unread"]) == ("en", True, [])
    walk = reading["parts"][1]["actions"][0]
    assert (walk["do"], walk["direction"], walk["distance_m"]) == ("walk", "left", 2.0)


def test_an_unknown_robot_is_an_error(tabrl):
    told = tabrl("read", "walk", "--robot", "Go2")
    assert told.returncode == 1
    assert "Go2" in told.stderr


def test_reading_loads_nothing_heavy():
    heavy = ("numpy", "jax", "mujoco", "wordllama", "tokenizers", "sqlalchemy", "rich", "jinja2")
    code = f"""
import sys
from tabrl.cli import main
try:
    main(["read", "walk left", "--robot", "Go1JoystickFlatTerrain"])
except SystemExit:
    pass
print(sorted(set(sys.modules) & set({heavy})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["walk · to the left", "[]"]

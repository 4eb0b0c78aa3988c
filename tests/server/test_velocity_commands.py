"""Velocity commands over HTTP and the WebSocket."""

import json
import time

from websockets.sync.client import connect

SENTENCE = "Walk forward 2 m, then turn left"


def finished(site, id: str) -> dict:
    """The experiment once its commands were followed."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        seen = site.json("GET", f"/api/experiments/{id}")
        if seen["commands"]["status"] == "finished":
            return seen
        time.sleep(0.05)
    raise AssertionError("the commands were not followed")


def test_commands_are_there_at_once_and_their_clip_soon(site):
    body = {"robot": "Go1JoystickFlatTerrain", "sentence": SENTENCE, "steps": 61_440}
    made = site.json("POST", "/api/training/approaches", body, 201)
    assert made["commands"]["steps"] == [
        "2.5 s forward at 0.8 m/s",
        "1.6 s forward at 0.3 m/s, turning left at 1 rad/s",
    ]
    seen = finished(site, made["id"])
    commands = seen["commands"]
    assert seen["status"] == "draft"
    assert (commands["verdict"], commands["numbers"]) == ("pass", {"roll amplitude (rad)": 0.25})
    assert commands["metric"]["question"] == "Does it go where the commands lead?"
    clip = site.http.get(commands["clip"])
    assert clip.headers["content-type"] == "video/mp4"
    assert site.http.get(commands["poster"]).headers["content-type"] == "image/jpeg"
    assert "folder" not in json.dumps(commands)
    assert "files" not in commands
    with connect(f"ws://{site.at}/api/experiments/{made['id']}/live") as socket:
        state = json.loads(socket.recv(timeout=240))
    assert state["experiment"]["commands"] == commands
    share = site.json("POST", f"/api/experiments/{made['id']}/share")
    assert site.json("GET", f"/api/shared/{share['share_id']}")["commands"] == commands


def test_other_sentences_have_none(site):
    body = {"robot": "Go1JoystickFlatTerrain", "sentence": "Take a bow", "steps": 61_440}
    assert site.json("POST", "/api/training/approaches", body, 201)["commands"] is None
    body = {"robot": "CheetahRun", "sentence": SENTENCE, "steps": 61_440}
    assert site.json("POST", "/api/training/approaches", body, 201)["commands"] is None

"""Robots of many pages in a process of its own: `python -m tabrl.playing`.

A line of JSON opens a session (`{"open": 1, "policies": [...]}`, of each its `folder`, `scene`,
`boxed` and `metric`), asks something of it (`{"to": 1, "ask": {...}}`) or ends it (`{"end": 1}`).
What comes back is for each the session (uint32), whether it failed (uint8) and a length (uint32),
little-endian, and so many bytes: a frame of its player or, where it failed, why. The process ends
with its input.
"""

import gzip
import json
import os
import queue
import struct
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

import mujoco

from tabrl.playing.player import Asks, Player
from tabrl.playing.robot import PlayedRobot
from tabrl.playing.scenes import Scenes, model_of
from tabrl.spec import Metric

NICE = 5  # before trainings, after the studio's own answers
HEAD = struct.Struct("<IBI")


class Theatre:
    """Sessions by their numbers, each a thread: physics and policy run outside of Python's lock."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._asks: dict[int, Asks] = {}
        self._models: WeakValueDictionary[str, mujoco.MjModel] = WeakValueDictionary()
        self._loading, self._writing = threading.Lock(), threading.Lock()

    def hear(self, line: dict[str, Any]) -> None:
        """One line of the input."""
        match line:
            case {"open": number, "policies": policies}:
                asks = self._asks[number] = queue.SimpleQueue()
                play = threading.Thread(
                    target=self._play, args=(number, policies, asks), daemon=True
                )
                play.start()
            case {"to": number, "ask": ask} if number in self._asks:
                self._asks[number].put(ask)
            case {"end": number} if number in self._asks:
                self._asks.pop(number).put(None)

    def _play(self, number: int, policies: list[dict[str, Any]], asks: Asks) -> None:
        try:
            first = policies[0]  # they are of one robot
            scenes = Scenes(self._model(first["scene"]), lambda: self._model(first["boxed"]))
            robots = [self._robot(policy, scenes) for policy in policies]
            Player(robots, asks, lambda frame: self._say(number, frame)).run()
        except BrokenPipeError:
            return  # nobody is there any more
        except Exception as error:  # a thread's end would be seen by nobody
            self._say(number, f"{type(error).__name__}: {error}".encode(), failed=True)

    def _robot(self, policy: dict[str, Any], scenes: Scenes) -> PlayedRobot:
        metric = policy["metric"] and Metric.model_validate(policy["metric"])
        return PlayedRobot(Path(policy["folder"]), scenes, metric)

    def _model(self, scene: str) -> mujoco.MjModel:
        """The model of a scene, once for all who play it."""
        with self._loading:
            model = self._models.get(scene)
            if model is None:
                model = model_of(gzip.decompress(Path(scene).read_bytes()))
                self._models[scene] = model
            return model

    def _say(self, number: int, data: bytes, *, failed: bool = False) -> None:
        with self._writing:
            self._out.write(HEAD.pack(number, failed, len(data)) + data)
            self._out.flush()


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(NICE)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no frame
    mujoco.set_mju_user_warning(lambda words: None)  # else it fills a file where the server runs
    theatre = Theatre(out)
    for line in sys.stdin.buffer:
        theatre.hear(json.loads(line))
    os._exit(0)  # players may be in the middle of a control step


if __name__ == "__main__":
    main()

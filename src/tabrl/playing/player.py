"""Robots side by side, a control step of all of them each period: from one start, in lockstep."""

import json
import queue
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tabrl.playing.robot import PlayedRobot

MOST_BEHIND_S = 0.25  # what cannot keep up runs slower, and does not catch up
MEASURED_S = 2.0  # how often each robot's metric is measured
REMEMBERED = 10  # frames from one that can be gone on from to the next
Asks = queue.SimpleQueue[Mapping[str, Any] | None]


class Player:
    """Plays for one page until it is told to end.

    Args:
        robots: of one robot, in the same scenes.
        asks: what a person does, as `PlayAsk`; None ends it.
        tell: takes each frame, as `tabrl.playing.asks.PlayFrame` says.
    """

    def __init__(
        self, robots: Sequence[PlayedRobot], asks: Asks, tell: Callable[[bytes], None]
    ) -> None:
        self._robots, self._asks, self._tell = robots, asks, tell
        self._period = float(robots[0].facts["control_dt"])
        self._paused, self._speed, self._load = False, 1.0, 0.0
        self._heard = self._frames = self._steps = 0

    def run(self) -> None:
        """Play; what takes longer than its time is slow motion."""
        due = time.monotonic()
        self._say()
        while self._listen(due):
            self._step()
            due += self._period / self._speed
            if time.monotonic() - due > MOST_BEHIND_S:
                due = time.monotonic()

    def _listen(self, until: float) -> bool:
        """Answer until a time, or as long as it is paused; False once it shall end."""
        while True:
            left = None if self._paused else max(0.0, until - time.monotonic())
            try:
                ask = self._asks.get(timeout=left)
            except queue.Empty:
                return True
            if ask is None:
                return False
            self._answer(ask)

    def _answer(self, ask: Mapping[str, Any]) -> None:
        kind = ask["kind"]
        self._heard += kind != "resume"
        match kind:
            case "pause":
                self._paused = ask["paused"]
            case "speed":
                self._speed = ask["factor"]
            case "world":
                self._robots[0].scenes.change(ask["world"])
                for robot in self._robots:
                    robot.look_about()
            case "single":
                self._step()
            case _:
                self._each(ask)

    def _each(self, ask: Mapping[str, Any]) -> None:
        for index, robot in enumerate(self._robots):
            match ask["kind"]:
                case "steer":
                    robot.command = ask["command"]
                case "push":
                    robot.push(ask["force"], ask["seconds"])
                case "hold":
                    robot.hold(ask["force"], ask["body"])
                case "box" if ask["there"]:
                    robot.drop_box()
                case "box":
                    robot.lift_box()
                case "reset":
                    robot.begin()
                case "resume" if len(ask["robots"]) == len(self._robots):
                    robot.resume(ask["robots"][index])
        if ask["kind"] in ("box", "reset", "resume"):
            self._say()

    def _step(self) -> None:
        began = time.monotonic()
        for robot in self._robots:
            robot.play()
        self._steps += 1
        self._measure()
        self._load += 0.05 * ((time.monotonic() - began) / self._period - self._load)
        self._say()

    def _measure(self) -> None:
        """One robot's numbers anew, now and then, so that no control step waits for long."""
        pause = max(1, round(MEASURED_S / self._period / len(self._robots)))
        if self._steps % pause == 0:
            self._robots[self._steps // pause % len(self._robots)].measure()

    def _say(self) -> None:
        remembered = self._frames % REMEMBERED == 0
        self._frames += 1
        about = {
            "heard": self._heard,
            "load": round(self._load, 4),
            "robots": [robot.doing() for robot in self._robots],
            "memory": [robot.memory() for robot in self._robots] if remembered else None,
        }
        text = json.dumps(about, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        poses = np.concatenate([robot.poses() for robot in self._robots])
        self._tell(struct.pack("<II", self._frames, len(text)) + text + poses.tobytes())

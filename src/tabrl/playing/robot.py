"""A robot that a person pushes, pulls and puts into another world."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mujoco
import numpy as np

from tabrl.export import box
from tabrl.export.scripts.control import Robot
from tabrl.playing.recorder import Recorder
from tabrl.playing.scenes import Scenes
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Metric

FALLEN_S = 1.0
"""How long a robot that fell is seen lying."""
_REMEMBERED = int(
    mujoco.mjtState.mjSTATE_FULLPHYSICS
    | mujoco.mjtState.mjSTATE_WARMSTART
    | mujoco.mjtState.mjSTATE_CTRL
    | mujoco.mjtState.mjSTATE_MOCAP_POS
    | mujoco.mjtState.mjSTATE_MOCAP_QUAT
)


@dataclass
class _Pull:
    """A force (N, world frame) on a body for so many control steps."""

    force: list[float]
    body: int
    left: float


class PlayedRobot(Robot):
    """One robot, as `web/src/components/live/player.ts` plays one in a page.

    Attributes:
        scenes: what it shares with those beside it.
        values: what its metric measured last; None where it has none or was not measured yet.
    """

    def __init__(self, folder: Path, scenes: Scenes, metric: Metric | None) -> None:
        self._pulls: list[_Pull] = []
        self._falls, self._lying = 0, 0.0
        self._recorder: Recorder | None = None
        self.scenes, self._boxed = scenes, False
        super().__init__(folder, scenes.model(boxed=False))
        self._base = self.facts["base"]
        self._recorder = Recorder(metric, find_robot(self.facts["robot"])) if metric else None
        self.begin()

    def begin(self) -> None:
        """Begin again, with nobody pushing and nothing in its way."""
        self._go_on(boxed=False)
        self.reset()
        self._pulls, self._lying = [], 0.0
        self._record()

    def _record(self) -> None:
        self.values: dict[str, float | None] | None = None
        if self._recorder:
            self._recorder.begin(self.data)

    def push(self, force: list[float], seconds: float) -> None:
        """Push its base with a force (N, world frame)."""
        steps = max(1, round(seconds / self.facts["control_dt"]))
        self._pulls.append(_Pull(force, self._base, steps))

    def hold(self, force: list[float] | None, body: int) -> None:
        """Pull a body with a force (N, world frame) until the next call; None lets go."""
        self._pulls = [pull for pull in self._pulls if pull.left < math.inf]
        if force and body < self.model.nbody:
            self._pulls.append(_Pull(force, body, math.inf))

    def drop_box(self) -> None:
        """Drop a box in its way, or the one that lies there anew."""
        if self.facts["box"]:
            self._go_on(boxed=True)
            box.drop(self.model, self.data, self.facts["box"])

    def lift_box(self) -> None:
        """Take the box away."""
        if self._boxed:
            self._go_on(boxed=False)
            mujoco.mj_forward(self.model, self.data)

    def _go_on(self, *, boxed: bool) -> None:
        """Go on from where it is, in another scene."""
        if boxed != self._boxed:
            before, self._boxed = self.data, boxed
            self.look_about()
            self.data = mujoco.MjData(self.model)
            box.take_state(before, self.data)
            self._pulls = [pull for pull in self._pulls if pull.body < self.model.nbody]

    def look_about(self) -> None:
        """Take the model of its scene anew, which a person changed."""
        self.model = self.scenes.model(boxed=self._boxed)

    def play(self) -> None:
        """One control step; one that has lain for a while begins again."""
        self.data.xfrc_applied[:] = 0
        for pull in self._pulls:
            self.data.xfrc_applied[pull.body, :3] += pull.force
            pull.left -= 1
        self._pulls = [pull for pull in self._pulls if pull.left > 0]
        self.step()
        if self._recorder:
            self._recorder.add(self.data)
        if not self.fallen:
            return
        self._lying += self.facts["control_dt"]
        if self._lying >= FALLEN_S:
            self._falls += 1
            self.begin()

    @property
    def fallen(self) -> bool:
        """Whether it lies where its termination says that it fell, or is no longer a number."""
        height, upright = self.data.xpos[self._base, 2], self.data.xmat[self._base, 8]
        end = self.facts["fall"] or {}
        if not math.isfinite(height):
            return True
        return bool(
            upright < end.get("min_upright", -2.0) or height < end.get("min_height", -math.inf)
        )

    def measure(self) -> None:
        """Its metric's numbers anew."""
        if self._recorder:
            self.values = self._recorder.values(self.scenes.model(boxed=False))

    def doing(self) -> dict[str, Any]:
        """How it is: `tabrl.playing.asks.Doing`."""
        begun = self.facts["start"]["qpos"]
        return {
            "time": self.steps * self.facts["control_dt"],
            "falls": self._falls,
            "velocity": [_plain(x) for x in self._velocity()],
            "box": self._boxed,
            "way": _plain(math.dist(self.data.qpos[:2], begun[:2])),
            "values": self.values,
        }

    def _velocity(self) -> tuple[float, float, float]:
        if not self.facts["free_base"]:
            return 0.0, 0.0, 0.0
        x, y, turn = (float(self.data.qvel[i]) for i in (0, 1, 5))
        yaw = math.atan2(self.data.xmat[self._base, 3], self.data.xmat[self._base, 0])
        cos, sin = math.cos(yaw), math.sin(yaw)
        return cos * x + sin * y, cos * y - sin * x, turn

    def poses(self) -> np.ndarray:
        """(nbody, 7) float32: position in m and (w, x, y, z) of each body, a box last."""
        poses = np.concatenate([self.data.xpos, self.data.xquat], axis=1, dtype=np.float32)
        if self.facts["box"] and not self._boxed:
            return np.vstack([poses, np.full(7, np.nan, np.float32)])
        return poses

    def memory(self) -> dict[str, Any]:
        """Where it is: `tabrl.playing.asks.Memory`; of one that is no number, where it begins."""
        physics = np.empty(mujoco.mj_stateSize(self.model, _REMEMBERED))
        mujoco.mj_getState(self.model, self.data, physics, _REMEMBERED)
        state = {name: value.ravel().tolist() for name, value in self.state.items()}
        finite = np.isfinite(physics).all() and all(
            math.isfinite(x) for values in state.values() for x in values
        )
        return {
            "steps": self.steps if finite else 0,
            "falls": self._falls,
            "physics": physics.tolist() if finite else [],
            "state": state if finite else {},
        }

    def resume(self, memory: dict[str, Any]) -> None:
        """Go on from a memory; from the start where it is none of this robot's."""
        self._falls = memory["falls"]
        physics, state = np.array(memory["physics"]), memory["state"]
        sizes = {name: value.size for name, value in self.state.items()}
        if {name: len(x) for name, x in state.items()} != sizes:
            return
        if self.facts["box"]:
            plain = self.scenes.model(boxed=False)
            self._go_on(boxed=physics.size > mujoco.mj_stateSize(plain, _REMEMBERED))
        if physics.size != mujoco.mj_stateSize(self.model, _REMEMBERED):
            return self.begin()
        mujoco.mj_setState(self.model, self.data, physics, _REMEMBERED)
        mujoco.mj_forward(self.model, self.data)
        self.state = {
            name: np.array(state[name]).astype(value.dtype).reshape(value.shape)
            for name, value in self.state.items()
        }
        self.steps = memory["steps"]
        self._record()


def _plain(number: float) -> float:
    """As JSON can say it."""
    return round(number, 4) if math.isfinite(number) else 0.0

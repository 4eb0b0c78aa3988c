"""A robot on its way to a scene: the model as it is by now, its home, and what is to be told."""

from dataclasses import dataclass, field
from pathlib import Path

import mujoco
import numpy as np

from tabrl.generators.mjcf import compiled
from tabrl.robots.catalogue import SCENE

HOME_NAMES = ("home", "standing", "stand")


@dataclass
class Draft:
    """What the steps of `teachable` change.

    Attributes:
        spec: without keyframes and sensors.
        model: of `spec`, compiled; `refresh` after a change.
        qpos: (nq,) the home pose.
        ctrl: (nu,) the controls that a keyframe has for it, if it has any.
        folder: where the scene and its assets lie.
        name: of the file that it came from.
        posed: whether the home is a keyframe's.
        notes: what a person should know, in sentences.
    """

    spec: mujoco.MjSpec
    model: mujoco.MjModel
    qpos: np.ndarray
    ctrl: np.ndarray | None
    folder: Path
    name: str
    posed: bool
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, spec: mujoco.MjSpec, folder: Path, name: str) -> "Draft":
        """A model whose files lie in `folder`; its home is a keyframe, or its own pose."""
        _weigh(spec, name)
        model = compiled(spec, name)
        keys = {key.name: key for key in reversed(spec.keys)}
        chosen = next((keys[home] for home in HOME_NAMES if home in keys), None)
        chosen = chosen or (spec.keys[0] if spec.keys else None)
        draft = cls(spec, model, model.qpos0.copy(), None, folder, name, chosen is not None)
        if chosen is None:
            draft.notes.append(
                "It has no keyframe, so its home is the pose in which its joints are at 0."
            )
        else:
            given, ctrl = np.array(chosen.qpos), np.array(chosen.ctrl)
            # A robot's own keyframe knows nothing of what a scene adds after it.
            draft.qpos[: len(given)] = given
            _keep_objects(model, draft.qpos)
            if len(ctrl) == model.nu and ctrl.any():
                draft.ctrl = ctrl
        for thing in (*spec.sensors, *spec.keys):  # the observation needs no sensors
            spec.delete(thing)
        return draft

    def at_home(self) -> mujoco.MjData:
        """The home pose with all that derives from it."""
        data = mujoco.MjData(self.model)
        data.qpos[:] = self.qpos
        mujoco.mj_forward(self.model, data)
        return data

    def refresh(self) -> None:
        """Compile after a change that keeps all joints."""
        self.model = compiled(self.spec, self.name)

    def written_out(self) -> None:
        """Read the spec back as MuJoCo writes it: each place as a position and a quaternion."""
        path = self.folder / SCENE
        path.write_text(self.spec.to_xml(), "utf-8")
        self.spec = mujoco.MjSpec.from_file(str(path))
        self.refresh()

    def joint_values(self) -> dict[str, np.ndarray]:
        """The home pose by joint."""
        ends = [*self.model.jnt_qposadr[1:], self.model.nq] if self.model.njnt else []
        return {
            self.model.joint(j).name: self.qpos[self.model.jnt_qposadr[j] : end].copy()
            for j, end in enumerate(ends)
        }

    def pose(self, values: dict[str, np.ndarray]) -> None:
        """Take a home pose by joint; joints without a value are where the model has them."""
        self.qpos = self.model.qpos0.copy()
        for j in range(self.model.njnt):
            start, value = self.model.jnt_qposadr[j], values.get(self.model.joint(j).name)
            if value is not None:
                self.qpos[start : start + len(value)] = value


def _weigh(spec: mujoco.MjSpec, name: str) -> None:
    """Write a total mass into the parts: MuJoCo does not, when it writes a model."""
    total = spec.compiler.settotalmass
    if total <= 0:
        return
    spec.compiler.settotalmass = -1
    factor = total / float(compiled(spec, name).body_mass.sum())
    for geom in spec.geoms:
        geom.density, geom.mass = geom.density * factor, geom.mass * factor
    for body in spec.bodies:
        if body.explicitinertial:
            body.mass = body.mass * factor
            for field in ("inertia", "fullinertia"):
                setattr(body, field, np.array(getattr(body, field)) * factor)


def _keep_objects(model: mujoco.MjModel, qpos: np.ndarray) -> None:
    """Put free bodies at which a keyframe has zeros where the scene has them."""
    for joint in np.flatnonzero(model.jnt_type == mujoco.mjtJoint.mjJNT_FREE):
        start = model.jnt_qposadr[joint]
        place = qpos[start : start + 7]
        if not place[:3].any() and not place[4:].any():
            place[:] = model.qpos0[start : start + 7]

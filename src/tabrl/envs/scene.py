"""A robot's scene as MJCF: `python -m tabrl.envs.scene ROBOT FILE` writes it.

Meshes and textures are named, not contained: they lie in the installed data packages.
"""

import sys
import tempfile
from pathlib import Path

import mujoco

from tabrl.envs.load import load_env
from tabrl.envs.solid import kept


def scene_xml(robot_id: str) -> str:
    """The model of an environment, compiled and written back by MuJoCo as one file."""
    with kept() as specs:
        model = load_env(robot_id).mj_model
    if specs:
        return written_back(specs[-1], model).to_xml()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.xml"
        mujoco.mj_saveLastXML(str(path), model)
        return path.read_text("utf-8")


def written_back(spec: mujoco.MjSpec, model: mujoco.MjModel) -> mujoco.MjSpec:
    """The spec with what an environment changed in the model that was compiled from it."""
    spec.option.timestep = model.opt.timestep
    spec.option.iterations = model.opt.iterations
    spec.option.ls_iterations = model.opt.ls_iterations
    for joint in spec.joints:
        dof = model.jnt_dofadr[joint.id]
        joint.range = model.jnt_range[joint.id]
        joint.damping[0], joint.armature = model.dof_damping[dof], model.dof_armature[dof]
    for actuator in spec.actuators:
        for name in ("gainprm", "biasprm", "ctrlrange", "forcerange"):
            setattr(actuator, name, getattr(model, f"actuator_{name}")[actuator.id])
    return spec


if __name__ == "__main__":
    made = scene_xml(sys.argv[1])
    Path(sys.argv[2]).write_text(made, encoding="utf-8")

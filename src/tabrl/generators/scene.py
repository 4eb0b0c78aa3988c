"""A robot's scene as a zip that loads alone: `python -m tabrl.generators.scene ROBOT FILE`.

In it are `scene.xml` and, in `assets`, the meshes and pictures that it names.
"""

import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import mujoco

from tabrl.envs.load import load_env
from tabrl.envs.patch import patched
from tabrl.envs.solid import kept
from tabrl.robots.catalogue import SCENE

ASSETS = "assets"
_FOLDERS = ("meshdir", "texturedir", "assetdir", "strippath")


def scene_files(robot_id: str) -> dict[str, bytes]:
    """The files of the model of an environment, by their names in one folder: `scene.xml` and what
    it needs, compiled and written back by MuJoCo.
    """
    with kept() as specs, _read_assets() as assets:
        model = load_env(robot_id).mj_model
    if specs:
        assets |= specs[-1].assets
        return _alone(written_back(specs[-1], model).to_xml(), assets)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SCENE
        mujoco.mj_saveLastXML(str(path), model)
        return _alone(path.read_text("utf-8"), assets)


@contextmanager
def _read_assets() -> Iterator[dict[str, bytes]]:
    """What the models that are compiled in this block are given beside their XML."""
    found: dict[str, bytes] = {}
    load = mujoco.MjModel.from_xml_string

    def from_xml_string(xml: str, assets: dict[str, Any] | None = None) -> mujoco.MjModel:
        found.update(assets or {})
        return load(xml, assets)

    with patched((mujoco.MjModel, "from_xml_string", from_xml_string)):
        yield found


def _alone(xml: str, assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """A scene whose files lie in a folder beside it, with those files."""
    data = {PurePosixPath(name).name: content for name, content in assets.items()}
    root = ElementTree.fromstring(xml)
    files = {}
    for compiler in root.iter("compiler"):
        for name in _FOLDERS:
            compiler.attrib.pop(name, None)
    for element in root.iter():
        for key in [key for key in element.attrib if key.startswith("file")]:
            name = PurePosixPath(element.attrib[key]).name
            files[f"{ASSETS}/{name}"] = data[name]
            element.attrib[key] = f"{ASSETS}/{name}"
    return {SCENE: ElementTree.tostring(root), **files}


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
    with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in scene_files(sys.argv[1]).items():
            bundle.writestr(name, content)

"""What an environment's model is compiled from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mujoco

from tabrl.envs.load import load_env
from tabrl.envs.patch import patched
from tabrl.envs.solid import kept
from tabrl.robots.catalogue import CUSTOM, SCENE, custom_robots_folder, robot


def source_of(robot_id: str) -> mujoco.MjSpec:
    """The spec that a robot's scene compiles from, without what its environment changes in the
    compiled model afterwards. Builds the environment anew.

    Raises:
        UnknownRobotError: the catalogue has no such id.
    """
    if robot(robot_id).category == CUSTOM:
        return mujoco.MjSpec.from_file(str(custom_robots_folder() / robot_id / SCENE))
    with _compiled() as specs:
        load_env(robot_id)
    return specs[-1]


@contextmanager
def _compiled() -> Iterator[list[mujoco.MjSpec]]:
    """What models are compiled from in this block."""
    load, build = mujoco.MjModel.from_xml_string, mujoco.MjSpec.compile
    with kept() as specs:

        def from_xml_string(xml: str, assets: dict[str, Any] | None = None) -> mujoco.MjModel:
            specs.append(mujoco.MjSpec.from_string(xml, include=assets, assets=assets))
            return load(xml, assets)

        def compiled(spec: mujoco.MjSpec) -> mujoco.MjModel:
            specs.append(spec)
            return build(spec)

        with patched(
            (mujoco.MjModel, "from_xml_string", from_xml_string),
            (mujoco.MjSpec, "compile", compiled),
        ):
            yield specs

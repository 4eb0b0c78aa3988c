"""Load an environment of the catalogue by its id."""

import math
from typing import Any

import numpy as np
from mujoco_playground import registry
from mujoco_playground._src import locomotion, mjx_env

from tabrl.envs.custom import CustomEnv
from tabrl.envs.mjx import ROOM
from tabrl.envs.solid import solid_bodies
from tabrl.robots.assets import use_packaged_models
from tabrl.robots.catalogue import SCENE, Robot, custom_robots_folder, entries, robot

COARSE_DT = 0.004  # s: Playground's own for most quadrupeds
_UNDISTURBED: dict[str, Any] = {
    "noise_config.level": 0.0,
    "obs_noise.level": 0.0,
    "obs_noise": 0.0,
    "push_config.enable": False,
    "velocity_kick": [0.0, 0.0],
}


def coarse(robot: Robot) -> dict[str, float]:
    """Values of an environment's config for longer physics steps, where its own are shorter than
    `COARSE_DT`.
    """
    s = robot.structure
    dt = s.control_dt / math.ceil(s.control_dt / COARSE_DT - 1e-6)
    return {"sim_dt": dt} if dt > 1.01 * s.sim_dt else {}


def undisturbed(robot_id: str) -> dict[str, Any]:
    """Values of an environment's config, by dotted name, without observation noise and pushes:
    Playground has them in many environments, randomised or not.
    """
    if robot_id not in registry.ALL_ENVS:
        return {}
    config = registry.get_default_config(robot_id).to_dict()
    return {name: value for name, value in _UNDISTURBED.items() if _same_kind(config, name, value)}


def _same_kind(config: Any, name: str, value: Any) -> bool:
    """Whether a nested config has a value of this name and kind."""
    for part in name.split("."):
        config = config.get(part) if isinstance(config, dict) else None
    return np.shape(config) == np.shape(value) and not isinstance(config, dict | None)


def load_env(
    robot_id: str,
    *,
    impl: str = "jax",
    config_overrides: dict[str, Any] | None = None,
    stock_scene: bool = False,
) -> mjx_env.MjxEnv:
    """Build one environment, with no network.

    Args:
        robot_id: an id of the catalogue, such as ``Go1JoystickFlatTerrain``.
        impl: the MJX implementation, ``jax`` or ``warp``; AeroCubeRotateZAxis has no such choice
            and takes what MJX prefers on this machine.
        config_overrides: values of the environment's config by dotted name.
        stock_scene: keep Playground's own scene where only the feet of a robot collide; else its
            whole body does.

    Raises:
        UnknownRobotError: the catalogue has no such id.
    """
    known = entries()  # not `robot`, whose generated half is made by loading
    overrides = dict(config_overrides or {})
    if robot_id not in known:
        s = robot(robot_id).structure
        path = custom_robots_folder() / robot_id / SCENE
        return CustomEnv(path, s.base_body, s.objects, impl=impl, config_overrides=overrides)
    use_packaged_models()
    if "impl" in registry.get_default_config(robot_id):
        overrides = {"impl": impl, **overrides}
    if stock_scene or robot_id not in locomotion._envs:
        return registry.load(robot_id, config_overrides=overrides)
    overrides = ROOM | overrides
    with solid_bodies():
        if scene := known[robot_id].get("scene"):
            return _load_in_scene(robot_id, scene, overrides)
        return registry.load(robot_id, config_overrides=overrides)


def _load_in_scene(robot_id: str, scene: str, overrides: dict[str, Any]) -> mjx_env.MjxEnv:
    """A locomotion task in another scene; ``scene`` is a path below Playground's sources.

    The robot's base class takes the scene as an argument, and only the task class above it fixes
    which one: so build the base and then let the task look up its names.
    """
    factory = locomotion._envs[robot_id]
    task = getattr(factory, "func", factory)
    env = task.__new__(task)
    path = (mjx_env.ROOT_PATH / scene).as_posix()
    task.__mro__[1].__init__(env, path, registry.get_default_config(robot_id), overrides)
    env._post_init()
    return env

"""Robots as people write them, as a few lines of MJCF."""

from collections.abc import Callable
from pathlib import Path

import mujoco
import numpy as np

PLANE = '<geom name="floor" type="plane" size="0 0 .1"/>'
Made = tuple[mujoco.MjModel, str]
Make = Callable[..., Made]


def scene(bodies: str, actuators: str, more: str = "", ground: str = PLANE) -> str:
    return (
        f'<mujoco><compiler angle="radian"/><option timestep="0.004"/>{more}'
        f"<worldbody>{ground}{bodies}</worldbody><actuator>{actuators}</actuator></mujoco>"
    )


def dog(base: str = "<freejoint/>", at: str = "0 0 .3", turn: str = "0 0 0") -> tuple[str, str]:
    """Four legs of three joints on a long box: its bodies and actuators; x is forward."""
    legs, motors = "", ""
    for i, (x, y) in enumerate([(0.2, -0.1), (0.2, 0.1), (-0.2, -0.1), (-0.2, 0.1)]):
        legs += (
            f'<body pos="{x} {y} 0"><joint name="a{i}" axis="1 0 0" range="-.5 .5" armature=".01"/>'
            f'<geom size=".02"/><body><joint name="b{i}" axis="0 1 0" range="-1 1" armature=".01"/>'
            '<geom type="capsule" fromto="0 0 0 0 0 -.12" size=".02"/><body pos="0 0 -.12">'
            f'<joint name="c{i}" axis="0 1 0" range="-1 1" armature=".01"/><geom type="capsule" '
            'fromto="0 0 0 0 0 -.12" size=".015"/></body></body></body>'
        )
        motors += "".join(
            f'<position joint="{n}{i}" kp="30" kv="1" forcerange="-20 20"/>' for n in "abc"
        )
    trunk = (
        f'<body name="trunk" pos="{at}" euler="{turn}">{base}<geom type="box" size=".2 .08 .04"/>'
    )
    return f"{trunk}{legs}</body>", motors


def arm(first: str, limits: str = 'range="-2 2"') -> str:
    """Two links that a joint `a` and a joint `b` turn, with one actuator each."""
    return scene(
        f'<body name="low" pos="0 0 .2"><joint name="a" axis="0 1 0" damping=".5" {limits}/>'
        '<geom type="capsule" fromto="0 0 0 .2 0 0" size=".02"/><body name="high" pos=".2 0 0">'
        '<joint name="b" axis="0 1 0" damping=".2" range="-2 2"/><geom type="capsule" '
        'fromto="0 0 0 .1 0 0" size=".02"/></body></body>',
        f'{first}<position name="second" joint="b" kp="10"/>',
    )


def held(model: mujoco.MjModel, seconds: float = 1.0) -> mujoco.MjData:
    """The model after it has held its home for some time."""
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_step(model, data, round(seconds / model.opt.timestep))
    return data


def observed(made: mujoco.MjModel, path: Path, base: str) -> np.ndarray:
    """What a policy sees of the robot at home, with all joints but a base's turned by 0.1."""
    from tabrl.envs.custom import CustomEnv

    env = CustomEnv(path / "scene.xml", base)
    data = mujoco.MjData(made)
    mujoco.mj_resetDataKeyframe(made, data, 0)
    mujoco.mj_integratePos(made, data.qpos, np.where(np.arange(made.nv) < env._free * 6, 0, 0.1), 1)
    return np.asarray(env._observe(data, np.zeros(made.nu)))

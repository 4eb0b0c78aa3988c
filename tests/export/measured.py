"""What Python measures of a few motions, for the page's own judge to measure the same.

`python tests/export/measured.py` writes it anew.
"""

import json
from pathlib import Path

import mujoco
import numpy as np

from tabrl.envs.load import load_env
from tabrl.export.anatomy import anatomy
from tabrl.robots.catalogue import robot as find_robot
from tabrl.verdict.measures import MEASURES, measure
from tabrl.verdict.trajectory import RATE_HZ, Trajectory, series

STORED = Path(__file__).parents[2] / "web/src/components/live/verdict/measured.json"
ROBOTS = ("Go1JoystickFlatTerrain", "PandaPickCube")
FIELDS = ("qpos", "qvel", "xpos", "xmat", "site_xpos", "geom_xpos")
SAMPLES, LONG = 30, 400
ARGS = {
    "least_rate": {"seconds": 1.0},
    "greatest_rate": {"seconds": 1.0},
    "fraction_above": {"bound": 0.05},
    "fraction_below": {"bound": 0.05},
    "longest_above": {"bound": 0.05},
    "longest_below": {"bound": 0.05},
    "cycles": {"height": 0.1},
}
SEVERAL = ("falls", "alternation", "radius")


def measured() -> dict:
    """Motions of robots with their series, and series with their measures."""
    return {"robots": [_robot(id) for id in ROBOTS], **_measures()}


def _robot(id: str) -> dict:
    robot = find_robot(id)
    model = load_env(id).mj_model
    data = mujoco.MjData(model)
    data.qpos[:] = robot.structure.home_qpos
    draw = np.random.default_rng(0)
    data.qvel[:] = draw.normal(0, 1.0, model.nv)
    frames, qpos, qvel = [], [], []
    for _ in range(SAMPLES):
        mujoco.mj_forward(model, data)
        frames.append({name: getattr(data, name).ravel().round(5).tolist() for name in FIELDS})
        qpos.append(data.qpos.copy())
        qvel.append(data.qvel.copy())
        data.ctrl[:] = draw.normal(0, 0.3, model.nu)
        while data.time < len(frames) / RATE_HZ - 1e-9:
            mujoco.mj_step(model, data)
    time = np.arange(SAMPLES) / RATE_HZ
    moved = Trajectory(time, np.array(qpos), np.array(qvel), np.zeros((SAMPLES, model.nu)))
    found = series(moved, robot, model)
    return {
        "robot": id,
        "anatomy": json.loads(json.dumps(anatomy(model, robot.structure))),
        "frames": frames,
        "series": {name: values.round(5).tolist() for name, values in found.items()},
    }


def _measures() -> dict:
    t = np.arange(LONG) / RATE_HZ
    noise = np.random.default_rng(1).normal(0, 0.01, LONG)
    swing = 0.2 * np.sin(2 * np.pi * 1.3 * t) + 0.02 * t + noise
    walk = np.sin(2 * np.pi * 2.0 * t) > 0
    values = {
        "swing": swing,
        "drift": 0.3 * t + noise,
        "still": np.full(LONG, 0.3),
        "height": np.where((t > 4) & (t < 5), 0.05, 0.3),
        "upright": np.where(t > 7.5, 0.2, 1.0),
        "path": 0.5 * t,
        "yaw": 0.25 * t,
        "contact:FR": walk * 1.0,
        "contact:RL": walk * 1.0,
        "contact:FL": ~walk * 1.0,
        "contact:RR": np.where(t > 6, walk, ~walk) * 1.0,
    }
    values = {name: np.asarray(series).round(6) for name, series in values.items()}
    asked = [
        {"measure": name, "signal": signal, "args": ARGS.get(name, {}) | window}
        for name in sorted(MEASURES - set(SEVERAL))
        for signal in ("swing", "drift", "still", "swing - drift", "- swing")
        for window in ({}, {"from_s": 2.0, "to_s": 6.0})
    ] + [{"measure": name, "signal": None, "args": {}} for name in SEVERAL]
    for each in asked:
        each["value"] = round(measure(*each.values(), values, 0.3), 5)  # type: ignore[arg-type]
    return {"values": {n: x.tolist() for n, x in values.items()}, "home": 0.3, "asked": asked}


if __name__ == "__main__":
    STORED.write_text(json.dumps(measured(), separators=(",", ":")), "utf-8")

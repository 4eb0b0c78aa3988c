"""Check that the policy does here what it did where it was trained: python check.py"""

import json

import numpy as np
from control import HERE, Robot

recorded = json.loads((HERE / "recorded.json").read_text("utf-8"))
robot = Robot()
worst = 0.0
for qpos in recorded["qpos"]:  # contacts are chaotic: later a rounded digit decides
    worst = max(worst, float(np.abs(robot.data.qpos - qpos).max()))
    robot.step()
print(f"{len(recorded['qpos'])} control steps, off by {worst:.1e} at most (1e-03 allowed)")
raise SystemExit(worst > 1e-3)

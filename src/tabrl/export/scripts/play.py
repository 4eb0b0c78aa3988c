"""Play the policy in MuJoCo's viewer: python play.py [FORWARD LEFT TURN]"""

import sys
import time

import mujoco.viewer
from control import Robot

robot = Robot()
if sys.argv[1:]:
    robot.command = [float(x) for x in sys.argv[1:4]]
with mujoco.viewer.launch_passive(robot.model, robot.data) as viewer:
    while viewer.is_running():
        begun = time.monotonic()
        with viewer.lock():
            robot.step()
        viewer.sync()
        time.sleep(max(0.0, robot.facts["control_dt"] - (time.monotonic() - begun)))

"""Clips: drawing Go1 as TabRL does it, over MuJoCo's own renderer, turn by turn in one process.

python -m benchmarks.clips
"""

import json
import os
import platform
import subprocess
import sys
import time

ROBOT = "Go1JoystickFlatTerrain"
SIZE = (640, 480)
ROUNDS = 5
FRAMES = {"stock": 4, "ours": 40}  # in each round
MOVES_M = 0.01  # between frames, half a metre a second: the floor is drawn anew each time


def main() -> dict:
    """Frames a second of both (single process, shadows on), and the ratio of the two."""
    from tabrl.rendering.gl import gl_environment

    env = gl_environment() | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    env.pop("LP_NUM_THREADS")  # both may use the cores as Mesa likes
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.clips", "measure"],
        env=env, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def measure() -> dict:
    """Runs in a process that has OpenGL."""
    import mujoco
    import numpy as np

    from tabrl.envs.load import load_env
    from tabrl.rendering.scene import prepare
    from tabrl.rendering.stage import Stage
    from tabrl.robots.catalogue import robot

    model = load_env(ROBOT).mj_model
    camera = robot(ROBOT).camera
    data = mujoco.MjData(model)
    data.qpos[:] = model.key_qpos[0]
    mujoco.mj_forward(model, data)
    model.vis.global_.offwidth, model.vis.global_.offheight = SIZE
    look_at = np.array([0, 0, camera.height])

    seconds = dict.fromkeys(FRAMES, 0.0)
    with Stage(prepare(model), camera, SIZE) as stage, mujoco.Renderer(model, *SIZE[::-1]) as stock:

        def draw(name: str) -> None:
            look_at[0] += MOVES_M
            if name == "ours":
                stage.draw(data, look_at)
            else:
                view = mujoco.MjvCamera()
                view.azimuth, view.elevation = camera.azimuth, camera.elevation
                view.distance, view.lookat = camera.distance, look_at
                stock.update_scene(data, view)
                stock.render()

        for name in FRAMES:
            draw(name)
        for _ in range(ROUNDS):
            for name, count in FRAMES.items():
                start = time.perf_counter()
                for _ in range(count):
                    draw(name)
                seconds[name] += time.perf_counter() - start
    rate = {name: ROUNDS * count / seconds[name] for name, count in FRAMES.items()}
    return {
        "what": f"{ROBOT}, {SIZE[0]}x{SIZE[1]}, shadows, frames a second in one process",
        "figure": round(rate["ours"], 2),
        "baseline": round(rate["stock"], 2),
        "ratio": round(rate["ours"] / rate["stock"], 2),
        "machine": f"{os.cpu_count()} x {platform.processor() or platform.machine()}, "
        f"{platform.system()}, MuJoCo {mujoco.__version__}",
    }


if __name__ == "__main__":
    print(json.dumps(measure() if sys.argv[1:] == ["measure"] else main()))

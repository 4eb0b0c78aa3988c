"""Whether this machine can draw without a screen, and what to install where it cannot."""

import os
import subprocess
import sys

APT = "sudo apt-get install --no-install-recommends libegl1 libgl1-mesa-dri libopengl0"
_TIMEOUT_S = 60
_CHOSEN = "TABRL_CHOSEN_GL"
_PROBE = """
import mujoco
from mujoco.rendering.classic import gl_context
context = gl_context.GLContext(16, 16)
context.make_current()
model = mujoco.MjModel.from_xml_string("<mujoco/>")
mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100).free()
context.free()
"""


def gl_environment() -> dict[str, str]:
    """The variables of a process that draws: MuJoCo reads `MUJOCO_GL` once, when imported."""
    env = dict(os.environ)
    chosen = env.pop(_CHOSEN, env.pop("MUJOCO_GL", ""))
    if sys.platform.startswith("linux"):
        env["MUJOCO_GL"] = "osmesa" if chosen == "osmesa" else "egl"
    elif chosen:
        env["MUJOCO_GL"] = chosen
    env["LP_NUM_THREADS"] = "1"  # a clip is split over processes, not over threads
    return env


def leave_gl_alone() -> None:
    """Have this process, which draws nothing, import MuJoCo without OpenGL, wherever there is none;
    the processes that it starts draw with what the person chose.
    """
    os.environ.setdefault(_CHOSEN, os.environ.get("MUJOCO_GL", ""))
    os.environ["MUJOCO_GL"] = "disable"


def no_clip() -> str:
    """Why a training leaves no clip on a machine that cannot draw, and what to do."""
    return f"No clip: this machine cannot draw off-screen. {_remedy()} Then make the clip again."


def check_gl() -> str | None:
    """None when OpenGL works in a fresh process, else the reason and the remedy in words."""
    command = [sys.executable, "-c", _PROBE]
    try:
        done = subprocess.run(
            command, env=gl_environment(), capture_output=True, text=True, timeout=_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return f"OpenGL did not answer within {_TIMEOUT_S} s. {_remedy()}"
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    cause = lines[-1] if lines else f"exit status {done.returncode}"
    return f"OpenGL without a screen does not work here ({cause}). {_remedy()}"


def _remedy() -> str:
    if sys.platform.startswith("linux"):
        return f"On Debian or Ubuntu run `{APT}`; elsewhere install Mesa's EGL and its drivers."
    return "Update the graphics driver, or run on a machine with a desktop session."

"""What each number of an observation is, found by measuring: a few states of random motion, and all
quantities that are known of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np

from tabrl.envs.split import EnvState
from tabrl.envs.task import Setting, Task, observation
from tabrl.policies.added import ADDED, OCTAVES, WAY_BACK
from tabrl.rewards.vocabulary import signals_for

EPISODES, STEPS = 5, 6
ALIKE = 1e-5
_AXES = ("x", "y", "z")
_FRESH = "as the last physics step left it"
_LATE = "world frame, as before the last physics step"
_SENSORS = {
    "GYRO": ("angular velocity", "rad/s", "frame of its site"),
    "VELOCIMETER": ("velocity", "m/s", "frame of its site"),
    "ACCELEROMETER": ("acceleration, gravity included", "m/s^2", "frame of its site"),
    "FORCE": ("force", "N", "frame of its site"),
    "TORQUE": ("torque", "N m", "frame of its site"),
    "TOUCH": ("contact force", "N", "along the normals"),
    "FRAMELINVEL": ("velocity", "m/s", "world frame"),
    "FRAMEANGVEL": ("angular velocity", "rad/s", "world frame"),
    "FRAMEPOS": ("position", "m", "world frame"),
    "FRAMEQUAT": ("orientation, w first", "1", "world frame"),
    "FRAMEXAXIS": ("x axis", "1", "world frame"),
    "FRAMEYAXIS": ("y axis", "1", "world frame"),
    "FRAMEZAXIS": ("z axis", "1", "world frame"),
    "SUBTREELINVEL": ("velocity of the centre of mass", "m/s", "world frame"),
    "SUBTREECOM": ("centre of mass", "m", "world frame"),
}
_SAID = {
    "joint_pos": "joint positions",
    "pose_error": "joint positions relative to the home pose",
    "action": "the policy's action of the last control step",
    "last_action": "the policy's action of the control step before the last one",
}
_PLACES = {
    "xpos": "position of a body",
    "site_xpos": "position of a site",
    "geom_xpos": "position of a geom",
    "xquat": "orientation of a body, w first",
    "xmat": "rotation matrix of a body, row by row",
    "site_xmat": "rotation matrix of a site, row by row",
}


@dataclass(frozen=True)
class _Quantity:
    """Numbers (states, width) with what they are, and the names of those in a row."""

    values: np.ndarray
    what: str
    unit: str
    frame: str
    of: tuple[str, ...]


def layout(task: Task, setting: Setting) -> Iterator[dict[str, Any]]:
    """Stretches of the environment's own observation, in order: `from`, `to` (excluded), `shape`,
    what it `is`, its `unit` and `frame`, and the names that its numbers are `of`.

    Noise is off where the environment has a switch for it. What equals no known quantity to 1e-5 in
    every state is named as computed by the environment.
    """
    seen, quantities = _states(task, setting)
    computed = f"computed by the environment ({type(task.environment).__name__})"
    start = at = 0
    while at <= seen.shape[1]:
        found = _longest(seen[:, at:], quantities)
        if (found or at == seen.shape[1]) and start < at:
            yield _entry(start, at, {"is": computed})
        if not found:
            at += 1
            continue
        quantity, first, count = found
        said = {"is": quantity.what, "unit": quantity.unit, "frame": quantity.frame}
        of = quantity.of[first : first + count]
        if not of and count < quantity.values.shape[1]:
            of = tuple(map(str, range(first, first + count)))
        yield _entry(at, at + count, said | {"of": list(of)})
        start = at = at + count


def _entry(start: int, end: int, said: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in said.items() if value}
    return {"from": start, "to": end, "shape": [end - start], **said}


def _longest(
    seen: np.ndarray, quantities: Sequence[_Quantity]
) -> tuple[_Quantity, int, int] | None:
    """The quantity that equals most of the first columns, from which number on, and how many."""
    best: tuple[_Quantity, int, int] | None = None
    for quantity in quantities:
        width = quantity.values.shape[1]
        for first in range(width):
            most = min(width - first, seen.shape[1])
            part = quantity.values[:, first : first + most]
            alike = (np.abs(part - seen[:, :most]) <= ALIKE).all(axis=0)
            count = most if alike.all() else int(alike.argmin())
            varies = count and np.ptp(part[:, :count], axis=0).max() > 10 * ALIKE
            if varies and (best is None or count > best[2]):
                best = quantity, first, count
    return best


def _states(task: Task, setting: Setting) -> tuple[np.ndarray, list[_Quantity]]:
    """Observations (states, n) of random motion, and all that is known of the same states."""
    draw = np.random.default_rng(0)
    zero = jnp.zeros(task.num_envs)

    def after(env: EnvState, track: Any, action: Any, told: Any, outputs: Any) -> Any:
        env, _ = task.split.post(env, action, told, outputs)
        track, velocity = task.signals.advance(track, outputs, action)
        command = env.info.get("command", jnp.zeros((task.num_envs, 3)))
        computed = task.signals.compute(track, velocity, outputs, zero[0], zero, command)
        return env, track, computed

    once = {"xla_backend_optimization_level": 0}  # run a few times, so compiling counts
    before = jax.jit(task.split.pre, compiler_options=once)
    after = jax.jit(after, compiler_options=once)
    rows, known = [], []
    for episode in range(EPISODES):
        command = draw.uniform(-0.5, 0.5, 3)
        state = task.reset(jax.random.PRNGKey(episode), setting.told(*command, 1.0))
        env, track = state.env, state.track
        told = jnp.array([[*command, 1.0]], jnp.float32)
        for _ in range(STEPS):
            action = jnp.array(draw.uniform(-1, 1, (1, task.action_size)), jnp.float32)
            outputs = task.physics.step(before(env, action, told), task.split.nstep)
            env, track, signals = after(env, track, action, told, outputs)
            obs = observation(env.obs, zero, OCTAVES, jnp.zeros((1, WAY_BACK)))["state"]
            row = np.asarray(obs[0, :-ADDED], np.float64)
            if np.isfinite(row).all():
                rows.append(row)
                kept = {name: np.array(value) for name, value in outputs.items()}
                known.append({**kept, "signals": signals, "info": env.info})
    return np.array(rows), list(_known(task, known))


def _known(task: Task, states: list[dict[str, Any]]) -> Iterator[_Quantity]:
    """All quantities with a name; where two are alike, the first one counts."""
    model, structure = task.model, task.robot.structure

    def of(field: str) -> np.ndarray:
        return np.array([np.ravel(state[field]) for state in states], np.float64)

    fields = states[0].keys()
    if "sensordata" in fields:
        yield from _sensors(model, of("sensordata"))
    joints = tuple(joint.name for joint in structure.joints)
    names = {"joints": joints, "actuators": structure.actuators, "feet": structure.feet}
    for signal in signals_for(task.robot):
        values = np.array([np.ravel(state["signals"][signal.name]) for state in states], np.float64)
        if not values.size or np.ptp(values, axis=0).max() <= ALIKE:
            continue
        row = names.get(signal.shape.strip("(),").split(",")[0], ())
        each = tuple(str(getattr(x, "name", x)) for x in row)
        numbers = each if len(each) == values.shape[1] else ()
        what = _SAID.get(signal.name, signal.meaning)
        yield _Quantity(values, what, signal.unit, "", numbers)
    yield _Quantity(of("qpos"), "position", "m or rad", _FRESH, _coordinates(model, velocity=False))
    yield _Quantity(
        of("qvel"), "velocity", "m/s or rad/s", _FRESH, _coordinates(model, velocity=True)
    )
    yield from _down(model, structure.base_body, of("qpos"), of("xquat"), structure.free_base)
    for field in sorted(_PLACES.keys() & fields):
        kind = {"site": "site", "geom": "geom"}.get(field.split("_")[0], "body")
        count = getattr(model, f"n{kind}")
        values = of(field)
        size = values.shape[1] // count
        label = [getattr(model, kind)(i).name or f"{kind} {i}" for i in range(count)]
        parts = _AXES if size == 3 else tuple(map(str, range(size)))
        each = tuple(f"{name} {part}" for name in label for part in parts)
        unit = "m" if size == 3 else "1"
        yield _Quantity(values, _PLACES[field], unit, _LATE, each)
    for name, value in states[0]["info"].items():
        if np.issubdtype(np.asarray(value).dtype, np.floating) and name != "rng":
            values = np.array([np.ravel(state["info"][name]) for state in states], np.float64)
            what = f"what the environment keeps as {name!r}"
            yield _Quantity(values, what, "", "", ())


def _sensors(model: mujoco.MjModel, data: np.ndarray) -> Iterator[_Quantity]:
    for i in range(model.nsensor):
        first, size = model.sensor_adr[i], model.sensor_dim[i]
        kind = mujoco.mjtSensor(model.sensor_type[i]).name.removeprefix("mjSENS_")
        what, unit, frame = _SENSORS.get(kind, (kind.lower(), "", ""))
        if model.sensor_reftype[i] != mujoco.mjtObj.mjOBJ_UNKNOWN:
            frame = "frame of what it refers to"
        name = model.sensor(i).name
        values = data[:, first : first + size]
        yield _Quantity(values, f"sensor {name}: {what}", unit, frame, _AXES if size == 3 else ())


def _down(
    model: mujoco.MjModel, base: str, qpos: np.ndarray, xquat: np.ndarray, free: bool
) -> Iterator[_Quantity]:
    """Which way is down, in the frame of the base."""
    body = model.body(base).id
    turns = {_FRESH: qpos[:, 3:7]} if free else {}
    turns["as before the last physics step"] = xquat.reshape(len(xquat), -1, 4)[:, body]
    for when, turn in turns.items():
        w, x, y, z = turn.T
        up = np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)
        frame = f"frame of the base, {when}"
        yield _Quantity(-up, "which way is down", "1", frame, _AXES)
        yield _Quantity(up, "which way is up", "1", frame, _AXES)


def _coordinates(model: mujoco.MjModel, *, velocity: bool) -> tuple[str, ...]:
    """Names of the numbers of `qpos`, or of `qvel`."""
    starts = model.jnt_dofadr if velocity else model.jnt_qposadr
    size = model.nv if velocity else model.nq
    names = [""] * size
    for joint in range(model.njnt):
        end = starts[joint + 1] if joint + 1 < model.njnt else size
        name = model.joint(joint).name or f"joint {joint}"
        count = int(end - starts[joint])
        for i in range(count):
            names[starts[joint] + i] = name if count == 1 else f"{name} {i}"
    return tuple(names)

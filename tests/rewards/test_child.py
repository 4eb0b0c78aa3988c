"""What the child answers, here without its walls: the sources are our own."""

import base64
from typing import Any

import attacks
import pytest

from tabrl.rewards.child import answer
from tabrl.rewards.exported import load_reward
from tabrl.rewards.language import picks_for, shapes_for
from tabrl.rewards.sandbox import RewardError
from tabrl.robots.catalogue import Robot


def _answer(source: str, robot: Robot) -> dict[str, Any]:
    return answer({"source": source, "shapes": shapes_for(robot), "picks": picks_for(robot)})


EFFECTS = {
    "pure_callback": "x = jax.pure_callback(abs, s.time, s.time, vmap_method='broadcast_all')",
    "io_callback": "x = modules['jax'].experimental.io_callback(abs, s.time, s.time)",
    "debug callback": "jax.debug.callback(abs, s.time)",
    "debug print": "jax.debug.print('{}', s.time)",
    "while": "x = jax.lax.while_loop(lambda x: x > -1, lambda x: x + 1, s.time)",
    "scan": "x = jax.lax.scan(lambda c, _: (c + 1, c), s.time, None, length=10 ** 9)[0]",
    "decomposition": "x = jax.numpy.linalg.eigh(jax.numpy.outer(s.joint_pos, s.joint_pos))[0][0]",
    "foreign function": "x = jax.ffi.ffi_call('evil', s.time, vmap_method='broadcast_all')(s.time)",
    "random numbers": "x = jax.random.normal(jax.random.key(0))",
    "a giant temporary": "x = jax.numpy.sum(s.time + jax.numpy.arange(10.0 ** 7))",
    "a transform": "x = jax.numpy.abs(jax.numpy.fft.fft(s.joint_pos))[0]",
}


@pytest.mark.parametrize("code", EFFECTS.values(), ids=EFFECTS)
def test_only_arithmetic_gets_from_the_child_to_the_trainer(code: str, go1: Robot):
    source = attacks.alone("x = s.time\n" + code.replace("x = ", "x = x + ") + "\nreturn {'x': x}")
    reply = _answer(source, go1)
    if "blob" in reply:
        with pytest.raises(RewardError, match="cannot be trusted"):
            load_reward(base64.b64decode(reply["blob"]), go1)


MISTAKES = {
    "an if on a signal": ("if s.height > 1: return {}", 2, "yes or no", "jnp.where"),
    "a minimum of signals": ("return {'a': min(s.roll, s.pitch)}", 2, "yes", "jnp.minimum"),
    "float of a signal": ("return {'a': float(s.height)}", 2, "plain number", "jnp.where"),
    "an index that is a signal": ("return {'a': (1, 2)[s.time]}", 2, "", ""),
    "a vector as a term": ("return {'a': s.joint_pos}", None, "shape (12,)", "jnp.mean"),
    "text as a term": ("return {'a': 'x'}", None, "'a' is a str", "one number"),
    "no dict": ("return s.height", None, "DynamicJaxprTracer", "dict"),
    "an empty dict": ("return {}", None, "empty dict", "dict"),
    "a number as a name": ("return {1: s.height}", None, "name 1", "Name it"),
    "infinity": ("return {'a': s.height * (1e308 * 10)}", None, "infinite", "zero"),
    "not a number": ("return {'a': (1e308 * 10) * 0}", None, "infinite", "zero"),
    "a division by zero": ("x = 1 / 0", 2, "ZeroDivisionError", ""),
    "shapes that do not fit": ("return {'a': s.joint_pos + s.lin_vel_b}", 2, "(12,)", ""),
    "too few arguments": ("return {'a': near(s.roll)}", 2, "near()", ""),
    "an unknown signal": ("return {'a': s.rol}", 2, "no signal s.rol", ""),
    "an unknown joint": ("return {'a': s.joint('x')}", 2, "no joint 'x'", ""),
    "an unbound name": ("y = x + 1; x = 1", 2, "x", ""),
    "a syntax error": ("return {", 2, "never closed", ""),
}


@pytest.mark.parametrize(("line", "at", "message", "hint"), MISTAKES.values(), ids=MISTAKES)
def test_an_honest_mistake_is_explained_at_its_line(
    line: str, at: int | None, message: str, hint: str, go1: Robot
):
    (finding,) = _answer(f"def reward(s):\n    {line}\n", go1)["findings"]
    assert finding["line"] == at
    assert message in finding["message"]
    assert hint in finding["hint"]

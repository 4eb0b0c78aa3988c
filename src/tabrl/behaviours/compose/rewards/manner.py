"""Terms of how it is done, and of what must not happen."""

from collections.abc import Callable, Mapping

from tabrl.behaviours.compose.body import TWO, limbs, walks
from tabrl.behaviours.compose.rewards.limbs import up
from tabrl.behaviours.compose.rewards.pen import Pen
from tabrl.behaviours.compose.rewards.posture import angle
from tabrl.behaviours.compose.timeline import JUMP, STILL, SWING, TRAVEL, Doing, travels
from tabrl.behaviours.library.base import num

_LOW = frozenset("sneaky quiet tired sad old scared".split())
_SMOOTH = frozenset("smooth graceful soft calm quiet sneaky".split())
_SWAYS = frozenset("drunk zombie".split())


def manner(pen: Pen, d: Doing) -> None:
    """What an action's manner changes of its reward, besides sizes and paces."""
    if not walks(pen.robot):
        return
    said, getting_about = d.said, travels(d.action) or d.action.do in ("turn", "spin", "march")
    if d.action.do == "crawl":
        _height(pen, 0.68, "close to the ground")
    elif getting_about and (_LOW & said or d.action.height == "low"):
        _height(pen, 0.86 if pen.robot.type in TWO else 0.76, "keeps low")
    elif getting_about and ("proud" in said or d.action.height == "high"):
        _height(pen, 1.1, "walks tall")
    if _SWAYS & said and getting_about:
        lean = pen.let("lean", f"0.2 * jnp.sin({pen.beat(0.7)})")
        pen.add(f"lurch: 1.2 * near(s.roll, {lean}, 0.1)", "lurches from side to side")
        pen.controls.add("roll")
    if "zombie" in said and pen.robot.structure.hands and pen.robot.type in TWO:
        pen.add(
            "arms_out: 1.2 * at_least(s.hand_pos_b[:, 0], 0.5 * s.home_height, 0.4"
            " * s.home_height)",
            "both arms out ahead",
        )
    if "hot ground" in said:
        pen.add("off: 1.0 * near(s.feet_down, 2.0, 1.2)", "half of its feet in the air")
        pen.add("brisk: 0.8 * at_most(s.foot_air_time, 0.25, 0.3)", "each only for a moment")
        pen.add(
            "dancing: 0.8 * at_least(s.foot_height, 0.1 * s.home_height, 0.1 * s.home_height)",
            "and well off the floor",
        )
        pen.controls.add("feet")
    if "bouncy" in said:
        pen.add(f"bouncy: 0.5 * near(s.up_speed, 0.3 * jnp.sin({pen.beat(1.5)}), 0.2)",
                "a spring in its step")  # fmt: skip
    if _SMOOTH & said:
        pen.add("even_motion: 0.5 * near(s.action - s.last_action, 0.0, 0.25)",
                "without a jerk")  # fmt: skip
    if "strong" in said or "energetic" in said:
        pen.add("force: 0.3 * at_least(s.power, 60.0, 60.0)", "with power")
    if {"straight"} & said:
        pen.add("line: 0.8 * near(s.left_speed, 0.0, 0.15)", "leaves its line to no side")
    if "in place" in said:
        pen.add("spot: 0.8 * near(s.lin_vel_w[:2], 0.0, 0.15)", "on one spot")


def _height(pen: Pen, share: float, why: str) -> None:
    goal = f"{share} * s.home_height"
    bound = "at_most" if share < 1 else "at_least"
    width = num(max(0.1, 0.75 * abs(1 - share)))  # felt from the usual height on
    pen.add(f"level_high: 1.5 * near(s.height, {goal}, {width} * s.home_height)", why)
    pen.add(f"to_level: 1.2 * {bound}(s.height, {goal}, 0.3 * s.home_height)", "or nears that")
    pen.controls.add("height")


def forbid(pen: Pen, d: Doing) -> None:
    """Pay for what must not happen being left alone."""
    rule = _RULES.get(d.action.do) if walks(pen.robot) else None
    if rule:
        rule(pen, d)


def _no_turn(pen: Pen, d: Doing) -> None:
    pen.add("no_turning: 0.8 * near(s.turn_rate, 0.0, 0.3)", "must not turn")
    if pen.heading is not None:
        pen.add(f"heading: 0.8 * near(s.turned, {pen.heading:.3g}, 0.25)", "and keeps its heading")
    pen.controls.add("yaw")


def _no_way(pen: Pen, d: Doing) -> None:
    if d.action.part in ("head", "neck"):
        x = angle(pen, "pitch")
        pen.add(f"head_level: 0.8 * near({x}, 0.0, 0.08)", "must keep its head where it is")
        pen.add("head_straight: 0.6 * near(s.turn_rate, 0.0, 0.25)", "and turned to no side")
    elif d.action.part:
        _no_swing(pen, d)
    elif d.action.direction in ("left", "right", "sideways"):
        pen.add("no_sliding: 0.8 * near(s.left_speed, 0.0, 0.1)", "must not go to a side")
    elif d.action.direction in ("forward", "backward"):
        sign = "" if d.action.direction == "forward" else "-"
        pen.add(f"not_that_way: 0.8 * at_most({sign}s.forward_speed, 0.0, 0.2)",
                f"must not go {d.action.direction}")  # fmt: skip
    else:
        pen.add("no_going: 0.8 * near(s.lin_vel_w[:2], 0.0, 0.15)", "must stay where it is")


def _no_jump(pen: Pen, d: Doing) -> None:
    pen.add("no_jump: 0.8 * at_least(s.feet_down, 1.0, 1.0)", "must not leave the floor")


def _no_lift(pen: Pen, d: Doing) -> None:
    found = limbs(pen.robot, d.action)
    for limb in found.named if found else ():
        if limb.kind == "foot":
            pen.add(f'{limb.name}_stays: 1.0 * s.contact("{limb.name}")',
                    "this foot must stay on the floor")  # fmt: skip
            pen.add(
                f'{limb.name}_low: 0.8 * at_most(s.clearance("{limb.name}"), 0.02, 0.06)',
                "or hardly above it",
            )
        else:
            pen.add(f"{limb.name}_stays: 1.0 * (1.0 - {up(pen, limb, d)})",
                    "this hand must stay down")  # fmt: skip


def _no_swing(pen: Pen, d: Doing) -> None:
    for axis in ("roll", "pitch"):
        pen.add(f"no_{axis}: 0.5 * near(s.{axis}, 0.0, 0.06)", "the trunk must not swing")


def _no_tilt(pen: Pen, d: Doing) -> None:
    pen.add("keep_level: 0.8 * near(s.roll, 0.0, 0.08) * near(s.pitch, 0.0, 0.08)",
            "must stay level")  # fmt: skip


def _no_sinking(pen: Pen, d: Doing) -> None:
    pen.add("keep_up: 0.8 * at_least(s.height, 0.92 * s.home_height, 0.15 * s.home_height)",
            "must not go down")  # fmt: skip


def _no_stop(pen: Pen, d: Doing) -> None:
    speed = "jnp.sqrt(norm_sq(s.lin_vel_w[:2]) + 0.0001)"
    if pen.slot.travels:
        pen.add(f"never_stop: 0.8 * at_least({speed}, 0.25, 0.25)", "must never halt")
    else:
        pen.add("never_still: 0.6 * at_least(jnp.sqrt(norm_sq(s.joint_vel) + 0.0001), 2.0, 2.0)",
                "must never be still")  # fmt: skip


Rule = Callable[[Pen, Doing], None]
_RULES: Mapping[str, Rule] = (
    dict.fromkeys(("turn", "spin", "circle"), _no_turn)
    | dict.fromkeys(TRAVEL - {"circle"}, _no_way)
    | {"move": _no_way}
    | dict.fromkeys(JUMP, _no_jump)
    | dict.fromkeys(("lift", "kick", "point", "reach", "wave"), _no_lift)
    | dict.fromkeys(SWING - {"wave"}, _no_swing)
    | dict.fromkeys(("look", "lean", "bow"), _no_tilt)
    | dict.fromkeys(("sit", "lie", "crouch", "kneel", "lower"), _no_sinking)
    | dict.fromkeys(STILL, _no_stop)
)

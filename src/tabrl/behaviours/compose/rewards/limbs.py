"""Terms of limbs: lifted, pointing, kicking; and of what swings to and fro."""

from dataclasses import replace
from math import pi

from tabrl.behaviours.compose.body import ARMS, TWO, Limb, limbs, pivot
from tabrl.behaviours.compose.rewards.pen import Pen, size_of
from tabrl.behaviours.compose.rewards.posture import angle, rate, unseen
from tabrl.behaviours.compose.timeline import BENDS, Doing
from tabrl.behaviours.library.base import num
from tabrl.behaviours.library.terms import swings, tracked
from tabrl.behaviours.reading import Action
from tabrl.robots.catalogue import Raised

_HIPS = frozenset("hips waist tail back chest".split())
_LIMBS = frozenset("arm hand elbow wrist shoulder fingers leg knee".split()) | {
    "front leg",
    "rear leg",
}


def lift(pen: Pen, d: Doing) -> bool:
    """The named limb is up, and the others are not."""
    found = limbs(pen.robot, d.action)
    if found is None:
        return False
    for limb in _chosen(pen, found.named, found.every):
        if limb.kind == "hand":
            _hand_up(pen, d, limb)
        else:
            _foot_up(pen, d, limb)
    if found.named[0].kind == "hand":
        _hands_down(pen, d, found.others if found.every else ())
    return True


def _chosen(pen: Pen, named: tuple[Limb, ...], every: bool) -> tuple[Limb, ...]:
    """The limbs that act: all of them, or one of several, the same one in every slot."""
    return named if every else named[-1:] if named[0].kind == "hand" else named[:1]


def _raised(pen: Pen, limb: Limb) -> Raised | None:
    names = [hand.name for hand in pen.robot.structure.hands]
    raised = pen.robot.structure.raised
    return raised[names.index(limb.name)] if raised else None


def up(pen: Pen, limb: Limb, d: Doing) -> str:
    """An expression: 0 where the hand is at home, 1 where it is up."""
    arm = _raised(pen, limb)
    rest, top = (arm.rest, arm.height) if arm else (0.2, 0.6)
    share = {"high": 1.0, "low": 0.5}.get(d.action.height or "", 0.9)
    goal = num(share * (top - rest))
    code = f'jnp.clip((s.hand("{limb.name}")[2] - {num(rest)}) / {goal}, 0.0, 1.0)'
    return pen.let(f"{limb.name}_up", code)


def _hand_up(pen: Pen, d: Doing, limb: Limb) -> None:
    raised, arm = up(pen, limb, d), _raised(pen, limb)
    if arm:
        pen.pose |= zip(arm.joints, arm.pose, strict=True)
    if d.action.count:
        beat = pen.let("pump", f"(0.5 - 0.5 * jnp.cos({pen.beat(d.hz)}))")
        width = (0.3, 0.5, 0.4)[pen.style]
        pen.add(f"lift: 2.0 * near({raised}, {beat}, {width})", "up and down so often")
    else:
        weight = {0: 2.2, 1: 1.6, 2: 1.2}[pen.style]
        pen.add(f"lift: {weight} * {raised}", f"the higher the {limb.name} hand, the better")
        if pen.style == 1 and len(pen.slot.doings) == 1:
            pen.add(f"still: 0.8 * {raised} * near(s.joint_vel, 0.0, 1.0)", "and holds it up")
        if pen.style == 2 and arm:
            joints = ", ".join(
                f's.joint("{name}") - {num(at)}'
                for name, at in zip(arm.joints, arm.pose, strict=True)
            )
            pen.add(f"pose: 1.4 * near(jnp.array([{joints}]), 0.0, 0.5)", "the arm is stretched up")
    bends = pen.slot.does(BENDS)
    if "waist" in pen.robot.structure.groups and pen.robot.type in TWO and not bends:
        bent = any(slot.does(BENDS) for slot in pen.slots[: pen.number])  # and rises first
        pen.add(f'trunk: {1.6 if bent else 0.8} * at_most(jnp.abs(s.offsets("waist")), 0.0, 0.6)',
                "the trunk stays straight: the arm alone lifts the hand")  # fmt: skip
    pen.controls.add(f"{limb.name} arm")


def _hands_down(pen: Pen, d: Doing, others: tuple[Limb, ...]) -> None:
    for limb in others:
        busy = any(each is not d and each.action.side == limb.name for each in pen.slot.doings)
        if not busy and limb.joints and pen.robot.type in TWO:
            group = f"{limb.name}_arm"
            if group in pen.robot.structure.groups:
                pen.add(f'{limb.name}_down: 0.6 * near(s.offsets("{group}"), 0.0, 0.3)',
                        f"the {limb.name} arm hangs as it does")  # fmt: skip


def _foot_up(pen: Pen, d: Doing, limb: Limb) -> None:
    share = {"high": 0.6, "low": 0.25}.get(d.action.height or "", 0.4)
    high = num((0.4 if pen.robot.type in TWO else 1.0) * share)
    clear = f's.clearance("{limb.name}")'
    if d.action.count:
        beat = pen.let("pump", f"(0.5 - 0.5 * jnp.cos({pen.beat(d.hz)}))")
        goal, width = f"{high} * s.home_height * {beat}", (0.1, 0.2, 0.15)[pen.style]
        pen.add(f"lift: 2.0 * near({clear}, {goal}, {width} * s.home_height)", "up so often")
    else:
        rise = f"at_least({clear}, {high} * s.home_height, {high} * s.home_height)"
        rise = _carried(pen, limb) + rise
        weight = {0: 2.5, 1: 2.0, 2: 1.6}[pen.style]
        pen.add(f"lift: {weight} * {rise}", f"the {limb.name} foot is up")
        if pen.style == 1:
            pen.add(f"steady: 0.6 * {rise} * near(s.ang_vel_b, 0.0, 0.6)", "and the trunk steady")
        if pen.style == 2:
            pen.add(f'off: 0.8 * (1.0 - s.contact("{limb.name}"))', "carries nothing")
    if not pen.slot.travels:
        others = _other_feet(pen, limb)
        pen.add(f"carry: 0.6 * ({' + '.join(others)}) / {len(others)}", "the other feet carry")
    pen.controls.add("feet")


def _other_feet(pen: Pen, limb: Limb) -> list[str]:
    """Whether each other foot is on the floor."""
    return [f's.contact("{f.name}")' for f in pen.robot.structure.feet if f.name != limb.name]


def _carried(pen: Pen, limb: Limb) -> str:
    """A factor: three feet stand while the fourth is up; who hops about has lifted it, too."""
    if pen.robot.type in TWO or pen.slot.travels:
        return ""
    return f"{pen.let('carried', ' * '.join(_other_feet(pen, limb)))} * "


_REACHES = {
    "forward": (0, 0.8),
    "backward": (0, -0.4),
    "left": (1, 0.55),
    "right": (1, -0.55),
    "up": (2, 1.0),
    "down": (2, 0.1),
}
"""Where the hand of an arm goes, in m, by the axis of the world."""


def point(pen: Pen, d: Doing) -> bool:
    """A hand or a paw is out the asked way."""
    found = limbs(pen.robot, d.action)
    if found is None:
        return False
    way = d.action.direction or ("up" if d.action.do == "reach" else "forward")
    limb = _chosen(pen, found.named, found.every)[0]
    sign = "-" if way in ("right", "backward", "down") else ""
    if limb.kind == "foot":
        out = f's.foot("{limb.name}")[0]'
        pen.add(
            f"out: 1.2 * at_least({out}, 1.0 * s.home_height, 0.4 * s.home_height)",
            "the paw is out ahead",
        )
        return lift(pen, d)
    if pen.robot.type in ARMS:
        index, goal = _REACHES.get(way, _REACHES["forward"])
        goal *= 1.0 if pen.robot.type == "arm" else 0.5
        place = f's.hand("{limb.name}")[{index}]'
    elif way in ("up", "down"):
        return lift(pen, d)
    else:
        hands = [hand.name for hand in pen.robot.structure.hands]
        index = 1 if way in ("left", "right") else 0
        place = f"s.hand_pos_b[{hands.index(limb.name)}, {index}]"
        goal = (-0.6 if sign else 0.6) * pen.robot.structure.base_height
    reach = f"at_least({sign}{place}, {num(abs(goal) if not sign or goal < 0 else -goal)}, 0.7)"
    weight = {0: 2.4, 1: 1.6, 2: 1.0}[pen.style]
    pen.add(f"reach: {weight} * {reach}", f"the hand goes {way}, up to the goal")
    if pen.style == 1:
        pen.add(f"still: 0.6 * {reach} * near(s.joint_vel, 0.0, 0.5)", "and stays there")
    if pen.style == 2:
        pen.add(f"there: 1.4 * near({place}, {num(goal)}, 0.2)", "and no further")
    _hands_down(pen, d, found.others if found.every else ())
    return True


def kick(pen: Pen, d: Doing) -> bool:
    """A foot swings up and out, and comes down again."""
    found = limbs(pen.robot, d.action)
    if found is None:
        return False
    limb = _chosen(pen, found.named, found.every)[0]
    count = d.action.count or 1
    period = d.seconds / count
    into = pen.into(1.0 / period, 0.6 * period)
    swing = pen.let("swing", f"jnp.exp(-jnp.square({into} / 0.2))")
    share = num(0.25 if pen.robot.type in TWO else 0.6)
    high = f"{share} * s.home_height * {swing}"
    width = {0: 0.12, 1: 0.2, 2: 0.15}[pen.style]
    pen.add(
        f'kick: 2.0 * near(s.clearance("{limb.name}"), {high}, {num(width)} * s.home_height)',
        "the foot flies up, and down again",
    )
    behind = d.action.direction == "backward"
    out = f's.foot("{limb.name}")[0]'
    start = 0.7 if limb.name.startswith("F") else -0.7 if pen.robot.type == "quadruped" else 0.0
    goal = f"s.home_height * ({num(start)} {'-' if behind else '+'} 0.7 * {swing})"
    pen.add(f"out: 1.0 * near({out}, {goal}, 0.25 * s.home_height)", "and out")
    if pen.style == 1:
        pen.add(f"hard: 0.8 * {swing} * at_least(jnp.max(s.foot_speed), 1.5, 1.5)", "with force")
    others = _other_feet(pen, limb)
    pen.add(f"carry: 0.6 * ({' + '.join(others)}) / {len(others)}", "the other feet carry")
    pen.controls.add("feet")
    return True


def clap(pen: Pen, d: Doing) -> bool:
    """The hands come together, again and again."""
    if len(pen.robot.structure.hands) != 2:
        return False
    one, other = (f's.hand("{hand.name}")' for hand in pen.robot.structure.hands)
    gap = pen.let("gap", f"jnp.sqrt(norm_sq({one} - {other}) + 0.0001)")
    goal = f"0.2 + 0.12 * jnp.cos({pen.beat(d.hz)})"
    pen.add(
        f"clap: 2.0 * near({gap}, {goal}, {num(0.06 + 0.03 * pen.style)})", "hands meet in time"
    )
    pen.add(f"close: 0.5 * at_most({gap}, 0.3, 0.5)", "hands before it")
    return True


def swing(pen: Pen, d: Doing) -> bool:
    """It goes to and fro with a beat."""
    do, part = d.action.do, d.action.part
    if do == "wave" or part in _LIMBS:
        return _limb_swing(pen, d)
    if pen.robot.type in ARMS:
        return _arm_swing(pen, d)
    if not pen.robot.structure.free_base:
        return False
    hips = do == "sway" or part in _HIPS
    if do == "sway" and d.action.direction == "forward":
        x, speed, size, axis = "s.pitch", "s.ang_vel_b[1]", 0.2, "pitch"
    elif do == "nod":
        x, speed, size, axis = angle(pen, "pitch"), rate(pen, "pitch"), 0.22, "pitch"
    elif hips:
        x, speed, size, axis = "s.roll", "s.ang_vel_b[0]", 0.2, "roll"
        if pen.style == 1 and "hips" in pen.robot.structure.groups:
            x = speed = 'jnp.mean(s.offsets("hips"))'
    else:
        x, speed, size, axis = angle(pen, "yaw"), rate(pen, "yaw"), 0.25, "yaw"
        if pen.heading:
            x = f"({x} - {num(pen.heading)})"
    waist = axis != "roll" and do != "sway" and pivot(pen.robot, axis)
    _follow(pen, d, x, speed, size * size_of(d), times=1.8 if waist else 1.0)
    if waist:  # what is below keeps still, which would pay more
        unseen(pen, axis)
    else:
        pen.controls.add(axis)
    return True


def _follow(
    pen: Pen, d: Doing, x: str, rate: str, size: float, first: str = "", times: float = 1.0
) -> None:
    """A value that swings with the beat: by its place, by its speed, or by its side.

    Args:
        first: a factor, for what must be so before swinging pays.
        times: by what its weights are multiplied.
    """
    beat = pen.beat(d.hz)
    wave = f"square_wave({beat})" if {"stiff", "robot"} & d.said else f"jnp.sin({beat})"
    goal = f"{num(size)} * {wave}"
    name = d.action.do

    def pay(name: str, weight: float, code: str, why: str) -> None:
        pen.add(f"{name}: {num(weight * times)} * {first}{code}", why)

    if pen.style == 1 and rate != x:
        speed = 2 * pi * pen.rate(d.hz) * size
        pace = f"near({rate}, {num(speed)} * jnp.cos({beat}), {num(0.6 * speed)})"
        pay(name, 1.5, pace, "as fast as the beat asks")
        pay("follow", 0.9, f"near({x}, {goal}, {num(0.4 * size)})", "about where it asks")
    elif pen.style == 2:
        side = f"jnp.clip({x} * {wave} / {num(size)}, -1.0, 1.0)"
        pay(name, 1.4, side, "on the side that the beat asks for: standing still pays nothing")
        pay("follow", 0.8, f"near({x}, {goal}, {num(0.5 * size)})", "about as far as it asks")
    else:
        pay(name, 2.0, f"near({x}, {goal}, {num(0.4 * size)})", "to and fro with the beat")


def _limb_swing(pen: Pen, d: Doing) -> bool:
    found = limbs(pen.robot, d.action)
    if found is None:
        return False
    if pen.robot.type in ARMS:
        return _arm_swing(pen, d)
    lifted = d.action.do == "wave" or pen.slot.does(("lift",))
    for limb in _chosen(pen, found.named, found.every):
        first = _lifted(pen, limb) if lifted else ""  # or it would shake on the floor
        arm = _raised(pen, limb) if limb.kind == "hand" else None
        if arm:
            low, high = arm.wag_range
            size = min(0.35 * size_of(d), 0.4 * (high - low))
            held = dict(zip(arm.joints, arm.pose, strict=True))[arm.wag]
            centre = min(max(held, low + size), high - size)
            x = f'(s.joint("{arm.wag}") - {num(centre)})'
            _follow(pen, d, x, f's.joint_speed("{arm.wag}")', size, first)
        elif limb.joints:
            # A lifted leg is bent at its knee: there the hip alone is free.
            knee = pen.style == 1 and len(limb.joints) == 3 and not lifted
            joint = limb.joints[2 if knee else 0]
            x, rate = f's.offset("{joint}")', f's.joint_speed("{joint}")'
            _follow(pen, d, x, rate, 0.4 * size_of(d), first)
        else:
            return False
    return lift(pen, _without_count(d)) if d.action.do == "wave" else True


def _lifted(pen: Pen, limb: Limb) -> str:
    """A factor: how far a limb is up."""
    if limb.kind == "hand":
        return f"{up(pen, limb, Doing(Action(do='lift')))} * "
    share = 0.12 if pen.robot.type in TWO else 0.3
    high = f"{share} * s.home_height"
    name = pen.let(f"{limb.name}_lifted", f'at_least(s.clearance("{limb.name}"), {high}, {high})')
    return f"{_carried(pen, limb)}{name} * "


def _without_count(d: Doing) -> Doing:
    """What is counted is the waving, and not the lifting before it."""
    return replace(d, action=d.action.model_copy(update={"count": None}))


def _arm_swing(pen: Pen, d: Doing) -> bool:
    """Joints of an arm that swing with the beat: up and down to nod, from side to side else."""
    groups = pen.robot.structure.groups
    side = d.action.side if d.action.side in ("left", "right") else "right"
    arm = groups.get("arm") or groups.get(f"{side}_arm", ())
    if len(arm) < 4:
        return False
    names = (arm[1], arm[3]) if d.action.do == "nod" else (arm[0],)
    moves = swings(pen.robot, names if pen.style != 1 else names[-1:], 0.4 * size_of(d))
    beat = f"jnp.sin({pen.beat(d.hz)})"
    name, rows = "joints", tracked(moves, [beat] * len(moves))
    pen.setup[name] = " ".join(row.strip() for row in rows[1:]).removeprefix(f"{name} = ")
    width = {0: 0.4, 1: 0.5, 2: 0.6}[pen.style]
    pen.add(f"{d.action.do}: 2.0 * near({name}, 0.0, {num(width)})", "where the beat wants it")
    if pen.style == 2:
        lead = moves[0]
        speed = 2 * pi * pen.rate(d.hz) * lead.size
        pen.add(
            f'pace: 1.0 * near(s.joint_speed("{lead.joint}"), {num(speed)}'
            f" * jnp.cos({pen.beat(d.hz)}), {num(0.6 * speed)})",
            "as fast as the beat asks",
        )
    return True

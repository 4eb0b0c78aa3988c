"""Terms of getting about: walking, circling, turning, jumping."""

from math import pi

from tabrl.behaviours.compose.body import TWO, limbs
from tabrl.behaviours.compose.rewards.pen import Pen, size_of
from tabrl.behaviours.compose.timeline import Doing, travels
from tabrl.behaviours.library.base import num

_BOUNCE_S = 0.7  # from standing over crouching and flying to standing
_TURNING = ("circle", "zigzag", "turn", "spin")


def travel(pen: Pen, d: Doing) -> None:
    """It gets on, the asked way and as fast as asked."""
    axis, other = ("left", "forward") if d.aside else ("forward", "left")
    index, v = (1 if d.aside else 0), num(d.speed)
    speed = f"{'-' if d.sign < 0 else ''}s.{axis}_speed"
    reach = f"at_least({speed}, {v}, {v})"
    exact = f"near({speed}, {v}, {num(0.35 * d.speed)})"
    crossed = pen.slot.crossed(d)
    straight = f"near(s.{other}_speed, 0.0, 0.25)"
    if pen.style == 0:
        pen.add(f"pace: 1.5 * {reach}", f"the nearer to {d.speed:.2g} m/s, the better")
        pen.add(f"even: 1.0 * {exact}", "and no faster than asked")
    elif pen.style == 1:
        onward = reach if crossed else f"{reach} * {straight}"
        pen.add(f"on_course: 2.0 * {onward}", "speed pays as far as it goes straight")
        pen.add(f"even: 0.6 * {exact}", "and no faster than asked")
        steps = "at_least(jnp.max(s.foot_height), 0.2 * s.home_height, 0.2 * s.home_height)"
        if pen.robot.structure.feet:
            pen.add(f"steps: 0.4 * {steps}", "lifts its feet as it goes")
    elif pen.slot.start == 0.0 and not pen.slot.does(_TURNING):
        way = f"{v} * {pen.now}"
        way = f"jnp.minimum({way}, {num(d.distance)})" if d.distance else way
        mark = pen.let("mark", f"{'-' if d.sign < 0 else ''}{way}")
        pen.add(
            f"chase: 1.5 * near(s.displacement[{index}], {mark}, 1.5 * s.home_height)",
            "is where a mark is that moves on at an even pace",
        )
        pen.add(f"pace: 1.2 * {reach}", "and moves as fast as the mark")
    else:
        pen.add(f"even: 1.6 * {exact}", f"goes at {d.speed:.2g} m/s, no less and no more")
        pen.add(f"pace: 0.8 * {reach}", "the nearer, the better")
    if d.action.do != "zigzag" and not crossed:
        pen.add(f"straight: 0.4 * {straight}", "and to no side")
    if d.action.count:
        _steps(pen, d, d.action.count)
    pen.controls.add("place")


def _steps(pen: Pen, d: Doing, count: int) -> None:
    """So many steps of the foot that leads, in time."""
    side = "right" if d.action.direction == "right" else "left"
    feet = [foot.name for foot in pen.robot.structure.feet]
    lead = side if side in feet else f"F{side[0].upper()}"
    if lead not in feet:
        return
    up = pen.let("step", f"jnp.maximum(jnp.sin({pen.beat(count / d.seconds)}), 0.0)")
    lift = 0.12 if pen.robot.type in TWO else 0.25
    pen.add(
        f'count: 2.0 * near(s.clearance("{lead}"), {num(lift)} * s.home_height * {up},'
        f" {num(lift / 3)} * s.home_height)",
        f"{count} steps of the {side} foot in this time",
    )
    pen.controls.add("feet")


def circle(pen: Pen, d: Doing) -> None:
    """It walks and turns to one side, all the time."""
    v, turn = num(d.speed), num(d.turn)
    ahead = f"at_least(s.forward_speed, {v}, {v})"
    bend = f"near(s.turn_rate, {turn}, {num(0.5 * abs(d.turn))})"
    if pen.style == 0:
        pen.add(f"ahead: 1.2 * {ahead}", "walks ahead")
        pen.add(f"bend: 1.6 * {bend}", "and turns at an even rate")
    elif pen.style == 1:
        pen.add(f"round: 2.2 * {ahead} * {bend}", "walking pays as far as it turns, too")
        pen.add(f"ahead: 0.5 * {ahead}", "walks ahead")
    else:
        hand = pen.let("hand", f"{num(pen.heading or 0.0)} + {turn} * {pen.now}")
        pen.add(
            f"hand: 1.5 * (0.5 + 0.5 * jnp.cos(s.turned - {hand}))",
            "faces where a hand points that sweeps round",
        )
        pen.add(f"ahead: 1.0 * {ahead}", "walks where it faces")
        pen.add(f"bend: 0.6 * {bend}", "turns as fast as the hand")
    pen.add("inline: 0.3 * near(s.left_speed, 0.0, 0.25)", "does not slide to a side")
    pen.controls |= {"place", "yaw"}


def rotate(pen: Pen, d: Doing) -> None:
    """It turns, the asked way and so far."""
    rate = num(abs(d.turn))
    turning = f"{'-' if d.turn < 0 else ''}s.turn_rate"
    even = f"near(s.turn_rate, {num(d.turn)}, {num(0.4 * abs(d.turn))})"
    begun = pen.heading or 0.0
    way = f"{num(d.turn)} * {pen.now}"
    if d.angle is not None:
        low, high = sorted((0.0, d.angle))
        way = f"jnp.clip({way}, {num(low)}, {num(high)})"
    hand = pen.let("hand", f"{num(begun)} + {way}" if begun else way)
    if pen.style == 0:
        pen.add(f"turn: 1.5 * at_least({turning}, {rate}, {rate})", "turns, up to the asked rate")
        pen.add(f"even: 1.0 * {even}", "and no faster")
    elif pen.style == 1:
        pen.add(f"even: 1.5 * {even}", "turns at the asked rate")
        pen.add(
            f"hand: 1.0 * (0.5 + 0.5 * jnp.cos(s.turned - {hand}))",
            "faces where a hand points that sweeps round",
        )
    else:
        pen.add(
            f"hand: 1.6 * near(s.turned, {hand}, 0.5)", "is as far round as it should be by now"
        )
        pen.add(f"turn: 0.8 * at_least({turning}, {rate}, {rate})", "and turns on")
    if d.angle is not None and pen.style != 2:
        pen.add(f"aim: 0.8 * near(s.turned, {hand}, 0.4)", "as far round as it should be by now")
    pen.controls.add("yaw")


def jump(pen: Pen, d: Doing) -> None:
    """All feet leave the floor together, so often: in each beat one bounce of a ball."""
    size = 0.35 * size_of(d) * {"high": 1.4, "low": 0.7}.get(d.action.height or "", 1.0)
    feet, period = len(pen.robot.structure.feet), 1.0 / d.hz
    off = min(0.55 * period, 0.8)  # s into each beat at which it leaves the floor
    into = pen.into(d.hz, off)
    lasts = min(_BOUNCE_S, 0.9 * period)
    turn = 2 * pi / lasts
    bounce = pen.let("bounce", f"jnp.clip({num(turn)} * ({into} + {num(lasts / 2)}), 0.0, 6.28)")
    busy = pen.let("busy", f"jnp.where(jnp.abs({into}) < {num(lasts / 2)}, 1.0, 0.0)")
    aloft = pen.let("aloft", f"{busy} * jnp.maximum(-jnp.sin({bounce}), 0.0)")
    ball = f"s.home_height * (1.0 - {num(size)} * jnp.sin({bounce}))"
    follow = f"{busy} * near(s.height, {ball}, 0.15 * s.home_height)"
    off_floor = f"(1.0 - s.feet_down / {feet})"
    brief = 2.0 if d.action.count else 1.0  # a few moments of a clip, which must not be cheap
    # Every foot that leaves the floor pays: all of them at once are not found by chance.
    pen.add(f"fly: {num(2.5 * brief)} * {aloft} * {off_floor}", "feet off the floor, in their time")
    pen.add(
        f"free: {num(1.5 * brief)} * {aloft} * near(s.feet_down, 0.0, 1.0)",
        "and at best all of them",
    )
    stands = "near(s.height, s.home_height, 0.15 * s.home_height)"
    pen.add(f"land: 0.8 * (1.0 - {busy}) * s.feet_down / {feet} * {stands}", "stands in between")
    if pen.style == 0:
        pen.add(
            f"ball: {num(2.5 * brief)} * {follow}",
            "body height follows a bouncing ball: down, and up",
        )
    elif pen.style == 1:
        speed = f"-{num(size * turn)} * s.home_height * jnp.cos({bounce})"
        pen.add(
            f"spring: {num(2.5 * brief)} * {busy} * near(s.up_speed, {speed}, 0.5)",
            "as fast as a spring",
        )
        pen.add(f"ball: {num(0.8 * brief)} * {follow}", "about as high and as low as one")
    else:
        rise = f"jnp.clip((s.height / s.home_height - 1.0) / {num(size)}, -0.5, 1.0)"
        pen.add(
            f"high: {num(2.0 * brief)} * {aloft} * {rise}", "the higher, the better, in its time"
        )
        pen.add(f"ball: {num(1.5 * brief)} * {follow}", "and down before it")
    pen.controls |= {"height", "feet"}
    if travels(d.action):
        travel(pen, d)


def zigzag(pen: Pen, d: Doing) -> None:
    """It gets on and turns to one side and to the other."""
    travel(pen, d)
    weave = pen.let("weave", f"0.45 * jnp.sin({pen.beat(0.4)})")
    if pen.style == 1:
        pen.add(f"weave: 1.6 * jnp.clip(s.turned * {weave} / 0.2, -1.0, 1.0)", "turns to and fro")
    else:
        pen.add(f"weave: 1.6 * near(s.turned, {weave}, 0.2)", "turns to one side and to the other")
    pen.controls.add("yaw")


def limp(pen: Pen, d: Doing) -> None:
    """It walks, and one leg carries less than the others."""
    travel(pen, d)
    found = limbs(pen.robot, d.action)
    if found:
        name = found.named[0].name
        spare = f'1.0 - s.contact("{name}")'
        pen.add(f"spare: 1.5 * ({spare})", "the sore foot hardly touches the floor")
        pen.add(
            f'tucked: 0.4 * at_least(s.clearance("{name}"), 0.15 * s.home_height, 0.15'
            " * s.home_height)",
            "and is held up",
        )


def over(pen: Pen, d: Doing) -> None:
    """A flip or a roll: once over, and as far round as it should be by now."""
    name = "pitched" if d.action.do == "flip" else "rolled"
    sign = -1 if d.action.direction in ("backward", "left") else 1
    full = sign * 2 * pi * (d.action.count or 1)
    pace = full / max(1.0, d.seconds - 1.0)
    goal = pen.let("over", f"jnp.clip({num(pace)} * {pen.now}, {num(min(full, 0.0))},"
                   f" {num(max(full, 0.0))})")  # fmt: skip
    width = {0: 0.8, 1: 1.5, 2: 0.5}[pen.style]
    pen.add(
        f"over: 2.0 * near(s.{name}, {goal}, {num(width)})", "as far over as it should be by now"
    )
    rate = 1 if name == "pitched" else 0
    pen.add(
        f"roll_on: 1.0 * near(s.ang_vel_b[{rate}], {num(pace)}, {num(abs(pace))})", "and turns on"
    )
    pen.controls |= {"pitch", "roll", "height", "yaw", "feet"}

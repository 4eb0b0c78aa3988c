"""Terms of postures: what the trunk does, and how high it is."""

from tabrl.behaviours.compose.body import TWO, joint, pivot
from tabrl.behaviours.compose.rewards.pen import Pen, size_of
from tabrl.behaviours.compose.timeline import BENDS, JUMP, ROTATE, Doing
from tabrl.behaviours.library.base import num

_TILT = {"look": 0.38, "lean": 0.25, "bow": 0.42}  # rad
_DEEP = 0.65  # rad that two legs bow
_DOWN = {"up": -1, "backward": -1, "down": 1, "forward": 1}


def angle(pen: Pen, axis: str) -> str:
    """An expression: how the trunk, or the head that it has, is turned; 0 at home."""
    turns = pivot(pen.robot, axis)
    base = "s.pitch" if axis == "pitch" else "s.turned"
    return f'({base} + s.offset("{turns}"))' if turns else base


def unseen(pen: Pen, axis: str) -> None:
    """Neck or waist begin at home, and where they are is hidden: who walks steps after them."""
    turns = pivot(pen.robot, axis)
    if turns:
        pen.pose[turns] = joint(pen.robot, turns).home


def rate(pen: Pen, axis: str) -> str:
    """An expression: how fast `angle` changes, rad/s."""
    turns = pivot(pen.robot, axis)
    base = "s.ang_vel_b[1]" if axis == "pitch" else "s.turn_rate"
    return f'({base} + s.joint_speed("{turns}"))' if turns else base


def tilt(pen: Pen, d: Doing) -> None:
    """It looks or leans the asked way."""
    bow = d.action.do == "bow" and pen.robot.type in TWO
    goal, way = (_DEEP if bow else _TILT[d.action.do]) * size_of(d), d.action.direction
    ahead = d.action.do == "bow" or (d.action.do == "lean" and way is None)
    if ahead or way in _DOWN:
        sign, x = (1 if d.action.do == "bow" else _DOWN[way or "forward"]), angle(pen, "pitch")
        pen.controls.add("pitch")
        unseen(pen, "pitch")
    elif d.action.do == "look":
        sign, x = d.sign, angle(pen, "yaw")
        if pen.heading:
            x = f"({x} - {num(pen.heading)})"
        pen.controls.add("yaw")
        unseen(pen, "yaw")
    else:
        sign, x = (-1 if way == "left" else 1), "s.roll"
        pen.controls.add("roll")
    if d.action.count:
        goal_now = pen.let("dip", f"{num(sign * goal)} * (0.5 - 0.5 * jnp.cos({pen.beat(d.hz)}))")
        _swung(pen, d, x, goal_now, goal)
        return
    _held(pen, d, x, sign, goal)
    legs = x == "s.pitch" and pen.robot.type == "quadruped"
    if legs and pen.style == 2:
        front, rear = (-1.2, -0.65) if sign < 0 else (-0.65, -1.2)
        for feet, where in ((("FR", "FL"), front), (("RR", "RL"), rear)):
            below = ", ".join(f's.foot("{foot}")[2]' for foot in feet)
            pen.add(
                f"{'front' if 'FR' in feet else 'rear'}: 0.6 * near(jnp.array([{below}]),"
                f" {num(where)} * s.home_height, 0.25 * s.home_height)",
                "these legs are stretched" if where < -1 else "these legs are folded",
            )


def _swung(pen: Pen, d: Doing, x: str, goal: str, size: float) -> None:
    """Down and up so often."""
    width = {0: 0.3, 1: 0.5, 2: 0.4}[pen.style]
    pen.add(f"{d.action.do}: 2.0 * near({x}, {goal}, {num(width * size)})", "goes there and back")
    if pen.style == 1:
        signed = f"jnp.clip({x} * {goal} / {num(size**2)}, 0.0, 1.0)"
        pen.add(f"there: 1.0 * {signed}", "the further in its time, the better")
    if pen.style == 2:
        pen.add("calm: 0.4 * near(s.joint_vel, 0.0, 2.0)", "in no hurry")


def _held(pen: Pen, d: Doing, x: str, sign: int, goal: float) -> None:
    """There, and stays there."""
    signed = f"{'-' if sign < 0 else ''}{x}"
    reach = f"at_least({signed}, {num(goal)}, {num(goal)})"
    exact = f"near({x}, {num(sign * goal)}, {num(0.4 * goal)})"
    what = f"{d.action.do} {d.action.direction or ''}".strip()
    if pen.style == 1:
        pen.add(f"further: 1.8 * {reach}", f"{what}: the further, the better, up to the goal")
        pen.add(f"still: 0.8 * {reach} * near(s.joint_vel, 0.0, 1.0)", "and holds it")
    elif pen.style == 0:
        pen.add(f"there: 2.0 * {exact}", f"{what}, and stays so")
        pen.add(f"further: 0.6 * {reach}", "the further, the better, up to the goal")
    else:
        miss = f"jnp.abs({x} - {num(sign * goal)})"
        pen.add(
            f"closer: 1.8 * at_most({miss}, 0.0, {num(1.2 * goal)})", f"{what}: no less, no more"
        )
        pen.add(f"there: 0.6 * {exact}", "and stays so")
    if "held" in d.said and pen.style != 1:
        pen.add(f"hold: 0.6 * {exact} * near(s.joint_vel, 0.0, 0.8)", "holds it without a twitch")


def sit(pen: Pen, d: Doing) -> None:
    """Its rear is down; on two legs, its whole body."""
    if pen.robot.type in TWO:
        _low(pen, 0.62)
        return
    pitch, high = (
        "near(s.pitch, -0.55, 0.2)",
        "near(s.height, 0.8 * s.home_height, 0.12 * s.home_height)",
    )
    up = "at_least(-s.pitch, 0.55, 0.55)"
    rear = "at_most(s.height, 0.8 * s.home_height, 0.3 * s.home_height)"
    if pen.style == 0:
        pen.add(f"seated: 2.0 * {pitch}", "chest up")
        pen.add(f"rear_low: 0.8 * {high}", "and the rear end down")
    elif pen.style == 1:
        pen.add(f"chest: 1.6 * {up}", "the higher the chest, the better, up to the goal")
        pen.add(f"rear_low: 0.8 * {rear}", "the rear end goes down")
        pen.add(f"still: 0.6 * {up} * near(s.joint_vel, 0.0, 1.0)", "and sits still")
    else:
        pen.add(f"sits: 2.4 * {up} * {rear}", "chest up and rear down together")
        below = 's.foot("RR")[2], s.foot("RL")[2]'
        pen.add(
            f"folded: 0.8 * near(jnp.array([{below}]), -0.45 * s.home_height, 0.25"
            " * s.home_height)",
            "the hind legs are folded",
        )
    pen.controls |= {"pitch", "height"}


_SIDES = {"left": "left side", "right": "right side", "sideways": "side"}
_BELOW = {
    "belly": "s.upright",
    "back": "-s.upright",
    "left side": "-s.left_up",
    "right side": "s.left_up",
    "side": "jnp.abs(s.left_up)",
}


def lie(pen: Pen, d: Doing) -> None:
    """It is down on the floor, and stays there."""
    flat = "at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height)"
    pen.add(f"down: 2.5 * {flat}", "the body goes down to the floor")
    if pen.style == 0:
        pen.add(f"quiet: 0.8 * near(s.joint_vel, 0.0, 0.8) * {flat}", "and lies still there")
    elif pen.style == 1:
        pen.add(f"quiet: 1.0 * near(s.joint_vel, 0.0, 1.0) * {flat}", "and lies still there")
        pen.add("soft: 0.3 * at_least(s.up_speed, -0.4, 0.6)", "goes down softly")
    else:
        pen.add(f"limp: 1.0 * near(s.power, 0.0, 10.0) * {flat}", "hardly any power, once down")
    if pen.robot.type not in TWO:  # who rolls over is down more easily
        below = "back" if d.action.part == "back" else _SIDES.get(d.action.direction or "", "belly")
        pen.add(f"below: 1.5 * at_least({_BELOW[below]}, 0.9, 0.9)", f"on its {below}")
    pen.controls |= {"pitch", "roll", "height", "feet"}


def crouch(pen: Pen, d: Doing) -> None:
    """It is low on its feet."""
    low = 0.78 if pen.robot.type in TWO else 0.6
    if d.action.count:
        depth = pen.let("depth", f"(0.5 - 0.5 * jnp.cos({pen.beat(d.hz)}))")
        goal = pen.let("level", f"s.home_height * (1.0 - {num(1 - low)} * {depth})")
        width = (0.08, 0.16, 0.12)[pen.style]
        pen.add(
            f"level: 2.5 * near(s.height, {goal}, {width} * s.home_height)", "down and up in time"
        )
        pen.controls.add("height")
        return
    _low(pen, low)


def _low(pen: Pen, share: float) -> None:
    goal = f"{num(share)} * s.home_height"
    exact = f"near(s.height, {goal}, 0.1 * s.home_height)"
    reach = f"at_most(s.height, {goal}, {num(1 - share)} * s.home_height)"
    moving = pen.slot.travels
    if pen.style == 1:
        pen.add(f"lower: {2.6 if moving else 1.8} * {reach}", "the lower, the better, to the goal")
        if not moving:
            pen.add(f"still: 0.6 * {reach} * near(s.joint_vel, 0.0, 1.0)", "and still there")
    elif pen.style == 0:
        pen.add(f"low: 2.0 * {exact}", "the body is low")
        pen.add(f"lower: 0.8 * {reach}", "the lower, the better, down to the goal")
    else:
        miss = f"jnp.abs(s.height - {goal})"
        pen.add(f"closer: 2.0 * at_most({miss}, 0.0, 0.45 * s.home_height)", "no higher, no lower")
        feet = len(pen.robot.structure.feet)
        stands = "" if moving else f" * s.feet_down / {feet}"
        pen.add(f"low: 1.0 * {exact}{stands}", "low, and not on its belly")
    pen.controls.add("height")


def stand(pen: Pen, d: Doing) -> bool:
    """It stands still on all its feet, as tall as asked."""
    if d.action.part:  # on some of them
        return False
    if not pen.robot.structure.free_base:
        pen.add("still: 1.0 * near(s.joint_vel, 0.0, 0.3)", "moves nothing")
        return True
    tall = d.action.height == "high" or d.action.do == "rise"
    share = 1.2 if tall and pen.robot.type not in TWO else 1.0
    pen.add(
        f"height: {1.5 if tall else 0.8} * near(s.height, {num(share)} * s.home_height,"
        " 0.1 * s.home_height)",
        "stands tall" if tall else "stands at its usual height",
    )
    pen.add("halt: 0.8 * near(jnp.sqrt(norm_sq(s.lin_vel_w[:2]) + 0.0001), 0.0, 0.15)",
            "goes nowhere")  # fmt: skip
    pen.add("no_turn: 0.4 * near(s.turn_rate, 0.0, 0.25)", "and turns nowhere")
    pen.add(f"feet: 0.5 * s.feet_down / {len(pen.robot.structure.feet)}", "on all its feet")
    if pen.style == 0:
        pen.add("still: 0.6 * near(s.joint_vel, 0.0, 0.6)", "not a twitch")
    elif pen.style == 1 and not tall:
        pen.add("pose: 0.6 * near(s.pose_error, 0.0, 0.3)", "in its usual pose")
    else:
        pen.add("calm: 0.5 * at_most(jnp.abs(s.joint_vel), 0.2, 2.0)", "the calmer, the better")
    pen.controls |= {"height", "place", "feet"}
    return True


def hold_place(pen: Pen) -> None:
    """What no action of a slot decides stays as it was."""
    free = pen.controls
    if not pen.robot.structure.free_base:
        return
    until_now = pen.slots[: pen.number + 1]
    rooted = not any(slot.travels or slot.does(JUMP | ROTATE) for slot in until_now)
    moving = pen.slot.travels
    if "place" not in free and not moving:
        if rooted:
            if pen.robot.type in TWO:  # steps aside to keep its balance: wherever it is, back pays
                way = "at_most(jnp.abs(s.displacement), 0.1 * s.home_height, 2.5 * s.home_height)"
                pen.add(f"here: 1.2 * {way}", "stays where it began")
                pen.add("halt: 1.0 * near(s.lin_vel_w[:2], 0.0, 0.2)", "and walks nowhere")
            else:
                pen.add("here: 0.3 * near(s.displacement, 0.0, s.home_height)",
                        "stays where it began")  # fmt: skip
        else:
            pen.add("here: 0.3 * near(s.lin_vel_w[:2], 0.0, 0.2)", "stays where it is")
    if "yaw" not in free:
        if pen.heading is None:
            pen.add("facing: 0.3 * near(s.turn_rate, 0.0, 0.3)", "keeps facing the same way")
        else:
            astray = f"(s.turned - {num(pen.heading)})" if pen.heading else "s.turned"
            pen.add(f"facing: 1.2 * (0.5 + 0.5 * jnp.cos({astray}))"
                    if pen.robot.type in TWO  # two feet pivot easily: turning back always pays
                    else f"facing: 0.8 * near(s.turned, {num(pen.heading)}, 0.5)",
                    "keeps facing the same way")  # fmt: skip
        if not moving:  # a heading is lost little by little, which no single step shows
            pen.add("no_turn: 0.4 * near(s.turn_rate, 0.0, 0.25)", "and does not turn away")
    if not free & {"pitch", "roll"}:
        # A low walk would end on the nose, and two legs would stay bent over after a bow.
        weight = 0.5 if moving else 0.8 if pen.robot.type in TWO else 0.3
        bends = moving or pen.slot.does(BENDS)
        pitch = "s.pitch" if bends else angle(pen, "pitch")
        pen.add(f"level: {weight} * near(s.roll, 0.0, 0.15) * near({pitch}, 0.0, 0.15)",
                "the back stays level")  # fmt: skip
    elif "roll" not in free:
        pen.add("no_lean: 0.3 * near(s.roll, 0.0, 0.15)", "leans to no side")
    elif "pitch" not in free:
        pen.add("no_dip: 0.2 * near(s.pitch, 0.0, 0.2)", "dips neither front nor rear")
    if "height" not in free:
        pen.add("ride: 0.3 * near(s.height, s.home_height, 0.15 * s.home_height)",
                "rides at its usual height")  # fmt: skip
    feet = len(pen.robot.structure.feet)
    if feet and not moving and "feet" not in free and "yaw" not in free:
        pen.add(f"planted: 0.9 * near(s.feet_down, {num(feet)}, 1.0)", "all feet stay on the floor")

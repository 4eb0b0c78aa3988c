"""What hands can do."""

from collections.abc import Mapping
from math import pi
from statistics import mean

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, term
from tabrl.behaviours.library.joints import END, RESTING, end, holding, rhythmic
from tabrl.behaviours.library.terms import Swing, swings, tracked, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion

shelf = Shelf()
HAND = "hand"
FINGER_HZ = 0.6
"""How often a finger swings in a second: at 1 Hz a LEAP hand's swings by 0.2 rad, whatever is
asked.
"""
NEAR = {-1: 0.3, 1: 0.5}
"""Swings that a straight or a bent finger may miss: what the palm holds is in a bent one's way."""


@shelf.primitive("finger wave", "Wave the fingers", HAND)
def finger_wave(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        tuple(_knuckles(robot).values()),
        "finger wave",
        "Do the fingers wave in rhythm?",
        FINGER_HZ,
        ("All Together Now", "Piano Wave", "Quick Fingers"),
        0.5,
    )


@shelf.primitive("fist", "Make a fist", HAND)
def fist(robot: Robot, m: Modifiers) -> Plan:
    return _sign(
        robot,
        dict.fromkeys(_fingers(robot), 1),
        "fist",
        "Do all fingers close and stay closed?",
        ("Tight Fist", "Iron Grip", "Slow Squeeze"),
    )


@shelf.primitive("open hand", "Open the hand", HAND)
def open_hand(robot: Robot, m: Modifiers) -> Plan:
    return _sign(
        robot,
        dict.fromkeys(_fingers(robot), -1),
        "open hand",
        "Do all fingers open and stay open?",
        ("High Five", "Stop Sign", "Blossom"),
    )


@shelf.primitive("point", "Point with a finger", HAND, needs="group:index_finger")
def point(robot: Robot, m: Modifiers) -> Plan:
    return _sign(
        robot,
        _straight(robot, "index"),
        "point",
        "Is the index finger straight while the others stay bent?",
        ("Signpost", "Weathervane", "Over There"),
    )


@shelf.primitive("victory", "Show a V sign", HAND, needs="group:index_finger group:middle_finger")
def victory(robot: Robot, m: Modifiers) -> Plan:
    plan = _sign(
        robot,
        _straight(robot, "index", "middle"),
        "victory",
        "Are index and middle finger straight while the others stay bent?",
        ("Peace Sign", "Scissors", "Count to Two"),
    )
    if not {"index", "middle"} <= {hand.name for hand in robot.structure.hands}:
        return plan
    gap = 'jnp.sqrt(norm_sq(s.hand("index") - s.hand("middle")) + 1e-6)'
    spread = term(f"spread: 0.8 * near({gap}, 0.09, 0.04)", "two fingertips apart, as a V")
    return plan.plus((spread,))


@shelf.primitive("beckon", "Beckon", HAND, needs="group:index_finger")
def beckon(robot: Robot, m: Modifiers) -> Plan:
    knuckles = _knuckles(robot)
    del knuckles["index"]
    still = swings(robot, knuckles.values())
    plan = rhythmic(
        robot,
        m,
        _fingers(robot)["index"],
        "beckon",
        "Does the index finger bend and stretch in rhythm while the others rest?",
        FINGER_HZ,
        ("Come Here", "Come Closer", "Quick Hook"),
        0.5,
    )
    calm = (
        measured(f"swing of {each.joint}", "amplitude", f"joint:{each.joint}", at_most=0.1)
        for each in still
    )
    offsets = ", ".join(f's.offset("{each.joint}")' for each in still)
    rest = term(f"rest: 0.6 * near(jnp.array([{offsets}]), 0.0, 0.2)", "the other fingers rest")
    return plan.plus((rest,), calm)


@shelf.primitive("spin cube", "Turn the cube", HAND, needs="objects")
def spin_cube(robot: Robot, m: Modifiers) -> Plan:
    cube = robot.structure.objects[0]
    up = f"s.body_up[{robot.structure.bodies.index(cube)}]"
    moves = swings(robot, _knuckles(robot).values(), m.scaled(0.4, 0.6))
    hold = term(
        f'hold: 0.6 * near(s.object("{cube}")[:2], start, 0.06)', "the cube stays in the hand"
    )
    hz = m.rate(1.0, 0.4, 2.0)
    gait = tracked(moves, [wave(m, 1.0, pi / 2 * i) for i in range(len(moves))])
    setup = ("# where the palm holds the cube, in m", "start = jnp.mean(s.hand_pos, axis=0)[:2]")
    judge = metric(
        "turn the cube",
        "Do the fingers turn the cube without dropping it?",
        measured(
            "turns of the cube (rad)", "max", f"object_turned:{cube}", at_least=2.5, slack=0.1
        ),
        measured(
            "height of the cube at the end (m)", "final", f"object_height:{cube}", at_least=-0.05
        ),
        measured("movement (rad/s)", "mean", "joint_speed", at_most=2.0, slack=0.1),
    )
    return Plan(
        judge,
        (
            idea(
                "Finger Gait",
                "The fingers push one after the other, round and round.",
                """
                    gait: 1.5 * near(joints, 0.0, 0.5)  # fingers push in turn
                """,
                (hold, *END),
                setup=(*gait, *setup),
                hz=hz,
            ),
            idea(
                "Tumbler",
                "Pays each tilt of the cube: its upper face must keep changing.",
                f"""
                    # the upper face tips over with the clock
                    tilt: 1.5 * near({up}, jnp.cos(s.phase), 0.4)
                """,
                (hold, *END),
                setup=setup,
                hz=0.3 * hz,
            ),
            idea(
                "Busy Fingertips",
                "Keeps the fingertips moving at the cube while it stays at home.",
                """
                    busy: 1.2 * at_least(norm_sq(s.hand_vel), 0.05, 0.05)  # fingertips on the move
                """,
                (hold.weighing(1.2), *END),
                setup=setup,
                hz=hz,
            ),
        ),
    )


def _fingers(robot: Robot) -> dict[str, tuple[str, ...]]:
    """The joints that bend each finger: {"index": ("if_mcp", "if_pip", "if_dip"), ...}.

    Those that spread it go as far to one side as to the other; where all do, all count.
    """
    moved = {joint.name: joint.range for joint in robot.structure.joints if joint.actuated}
    bending = {name for name, ends in moved.items() if not ends or ends[1] > -2 * ends[0]}
    return {
        group.removesuffix("_finger"): tuple(
            name for name in names if name in (bending if bending.intersection(names) else moved)
        )
        for group, names in robot.structure.groups.items()
        if (group.endswith("_finger") or group == "thumb") and moved.keys() & names
    }


def _knuckles(robot: Robot) -> dict[str, str]:
    """The first joint that bends each finger: {"index": "if_mcp", ...}."""
    return {finger: joints[0] for finger, joints in _fingers(robot).items()}


def _straight(robot: Robot, *fingers: str) -> dict[str, int]:
    """The sides of a sign: these fingers straight (-1), the others bent (1), the thumb free."""
    return {
        finger: -1 if finger in fingers else 1 for finger in _fingers(robot) if finger != "thumb"
    }


def _sign(
    robot: Robot,
    sides: Mapping[str, int],
    title: str,
    question: str,
    called: tuple[str, str, str],
) -> Plan:
    """A held sign: each finger bent (1) or straight (-1), and all but the thumb are judged."""
    fingers = {finger: swings(robot, _fingers(robot)[finger], 0.8) for finger in sides}
    moves = tuple(move for finger in fingers.values() for move in finger)
    ends = [sides[finger] for finger, found in fingers.items() for _ in found]
    bends = (
        _bend(robot, finger, found, sides[finger])
        for finger, found in fingers.items()
        if finger != "thumb"
    )
    return Plan(metric(title, question, *bends, RESTING), holding(moves, ends, called))


def _bend(robot: Robot, finger: str, moves: tuple[Swing, ...], side: int) -> Criterion:
    """Most of the time the finger's joints are, on average, near an end of their swings."""
    group = f"{finger}_finger"
    bent = {move.joint: end(move, side) - side * NEAR[side] * move.size for move in moves}
    names = robot.structure.groups[group]
    home = {joint.name: joint.home for joint in robot.structure.joints}
    goal = mean(bent.get(name, home[name]) for name in names)
    return measured(
        f"bend of the {finger} finger (rad, mean of its joints)",
        "median",
        f"group:{group}",
        at_least=goal if side > 0 else None,
        at_most=goal if side < 0 else None,
        slack=0.0,
    )

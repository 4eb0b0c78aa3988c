"""What hands can do."""

from math import pi

from tabrl.llm.library.base import Plan, Shelf, idea, measured, metric, term
from tabrl.llm.library.joints import END, posed, rhythmic
from tabrl.llm.library.terms import (
    swings,
    tracked,
    wave,
)
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()
HAND = "hand"


@shelf.primitive("finger wave", "Wave the fingers", HAND)
def finger_wave(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        _knuckles(robot),
        "finger wave",
        "Do the fingers wave in rhythm?",
        1.0,
        ("All Together Now", "Piano Wave", "Quick Fingers"),
    )


@shelf.primitive("fist", "Make a fist", HAND)
def fist(robot: Robot, m: Modifiers) -> Plan:
    return posed(
        robot,
        _knuckles(robot),
        "fist",
        "Do the fingers close and stay closed?",
        1,
        ("Tight Fist", "Iron Grip", "Slow Squeeze"),
    )


@shelf.primitive("open hand", "Open the hand", HAND)
def open_hand(robot: Robot, m: Modifiers) -> Plan:
    return posed(
        robot,
        _knuckles(robot),
        "open hand",
        "Do the fingers open and stay open?",
        -1,
        ("High Five", "Stop Sign", "Blossom"),
    )


@shelf.primitive("spin cube", "Turn the cube", HAND, needs="objects")
def spin_cube(robot: Robot, m: Modifiers) -> Plan:
    cube = robot.structure.objects[0]
    up = f"s.body_up[{robot.structure.bodies.index(cube)}]"
    moves = swings(robot, _knuckles(robot), m.scaled(0.4, 0.6))
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


def _knuckles(robot: Robot) -> tuple[str, ...]:
    """The joint that bends each finger, of those with a motor."""
    groups = robot.structure.groups
    moved = {joint.name for joint in robot.structure.joints if joint.actuated}
    fingers = [
        names for group, names in groups.items() if group.endswith("_finger") or group == "thumb"
    ]
    return tuple(next(name for name in names if name in moved) for names in fingers)

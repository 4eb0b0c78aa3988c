"""What bodies that live in a plane can do.

They move on root joints: `rootx` along the track, `rootz` up from home, `rooty` turning.
"""

from math import pi

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.joints import END
from tabrl.behaviours.library.terms import LYING, SMOOTH, swings, tracked, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()
PLANAR = "planar"
UPRIGHT = term('upright: 0.4 * near(s.joint("rooty"), 0.0, 0.4)', "the trunk stays upright")
LOUD = term("legs: 0.3 * at_least(norm_sq(s.joint_vel), 4.0, 4.0)", "legs on the move")


@shelf.primitive("planar run", "Run forward", PLANAR, needs="group:root")
def planar_run(robot: Robot, m: Modifiers) -> Plan:
    return _run(
        robot, m, "run forward", ("Full Sprint", "Clockwork Stride", "Pace Car"), m.speed(2.0, 6.0)
    )


@shelf.primitive("planar back", "Run backward", PLANAR, needs="group:root")
def planar_back(robot: Robot, m: Modifiers) -> Plan:
    return _run(
        robot,
        m,
        "run backward",
        ("Reverse Gear", "Clockwork Retreat", "Smooth Criminal"),
        -m.speed(1.5, 4.0),
    )


@shelf.primitive("planar jump", "Jump up and down", PLANAR, needs="group:root")
def planar_jump(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.2, 0.6, 2.0), m.scaled(0.2, 0.4)
    here = term('here: 0.3 * near(s.joint("rootx"), 0.0, 0.5)', "stays where it began")
    ball = term(
        f'ball: 1.5 * near(s.joint("rootz"), -{num(size)} * jnp.sin(s.phase), 0.1)',
        "the body follows a bouncing ball",
    )
    judge = metric(
        "jump",
        "Does it jump up and down?",
        measured("jumps in 10 s", "cycles", "joint:rootz", at_least=5, height=0.12),
        measured(
            "share of the bounce on the beat", "rhythm", "joint:rootz", at_least=0.6, slack=0.1
        ),
        measured("share of the time in the air", "mean", "flight", at_least=0.1),
    )
    return Plan(
        judge,
        (
            idea(
                "Trampoline",
                "The body follows a bouncing ball, down and up once a beat.",
                "",
                (ball, UPRIGHT, here, *END),
                hz=hz,
            ),
            idea(
                "Pogo Spring",
                "Matches the vertical speed of a body on a spring.",
                f"""
            # speed of a body on a spring that leaves the floor
            push: 1.5 * near(s.joint_speed("rootz"), -{num(8.8 * hz * size)} * jnp.cos(s.phase),
                0.5)
            """,
                (UPRIGHT, here, *END),
                hz=hz,
            ),
            idea(
                "Hang Time",
                "Pays feet off the floor in the second half of each beat.",
                """
                    # feet off the floor
                    air: 2.0 * window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 0.6)
                """,
                (ball.weighing(0.8), UPRIGHT, here, *END),
                hz=hz,
            ),
        ),
    )


@shelf.primitive("planar flip", "Flip", PLANAR, needs="group:root")
def planar_flip(robot: Robot, m: Modifiers) -> Plan:
    sign = -1 if "backward" in m.directions else 1
    rate = m.speed(8.0, 12.0)
    # Squared: to rock to and fro at half the rate pays a quarter, so that it goes right over.
    turn = term(
        f'turn: 4.0 * at_least({sign} * s.joint_speed("rooty"), {num(rate)}, {num(rate)}) ** 2',
        "the faster head over heels, the better, up to the goal",
    )
    goal = {"at_least" if sign > 0 else "at_most": 0.7 * sign}
    judge = metric(
        "flip",
        "Does it turn head over heels?",
        measured("turns head over heels (rad/s)", "rate", "joint:rooty", slack=0.1, **goal),
    )
    return Plan(
        judge,
        (
            idea(
                "Tumbleweed",
                "The faster head over heels, the better, up to the goal.",
                "",
                (turn, SMOOTH),
                termination=LYING,
            ),
            idea(
                "Clock Hand",
                "Keeps up with a hand that sweeps round.",
                f"""
            hand = {num(sign * 0.25 * rate)} * s.time
            chase: 1.5 * (0.5 + 0.5 * jnp.cos(s.joint("rooty") - hand))  # as far round as the hand
            """,
                (turn.weighing(3.0), SMOOTH),
                termination=LYING,
            ),
            idea(
                "Acrobat",
                "Turns in the air: the turn counts most with no foot on the floor.",
                f"""
                    air_turn: 3.0 * near(s.feet_down, 0.0, 0.7) * ({turn.code})  # turns in the air
                """,
                (turn.weighing(2.0), LOUD, SMOOTH),
                termination=LYING,
            ),
        ),
    )


@shelf.primitive("planar crouch", "Crouch", PLANAR, needs="group:root")
def planar_crouch(robot: Robot, m: Modifiers) -> Plan:
    drop = -0.35 * robot.structure.base_height
    low = term(
        f'low: 2.0 * at_most(s.joint("rootz"), {num(drop)}, {num(-drop)})', "the body is low"
    )
    still = term(f"still: 0.6 * near(s.joint_vel, 0.0, 0.5) * ({low.code})", "and still there")
    judge = metric(
        "crouch",
        "Does it go down and stay down?",
        measured("height above home (m)", "final", "joint:rootz", at_most=0.7 * drop, slack=0.1),
        measured("lean (rad)", "abs_mean", "joint:rooty", at_most=0.7),
        measured("joint speed (rad/s)", "final", "joint_speed", at_most=1.0),
    )
    return Plan(
        judge,
        (
            idea(
                "Low Profile", "The lower the body, the better, down to the goal.", "", (low, *END)
            ),
            idea("Quiet Rest", "Goes down and rests there.", "", (low.weighing(1.5), still, *END)),
            idea(
                "Soft Landing",
                "Sinks softly and keeps its trunk level.",
                """
                    soft: 0.4 * at_least(s.joint_speed("rootz"), -0.5, 1.0)  # softly
                """,
                (low.weighing(1.5), UPRIGHT, *END),
            ),
        ),
    )


def _run(robot: Robot, m: Modifiers, title: str, names: tuple[str, str, str], speed: float) -> Plan:
    sign, pace = 1 if speed > 0 else -1, abs(speed)
    ahead = f'at_least({sign} * s.joint_speed("rootx"), {num(pace)}, {num(pace)})'
    height = robot.structure.base_height
    on_feet = (
        f'at_least(s.joint("rootz"), {num(-0.3 * height)}, {num(0.5 * height)})'
        ' * at_least(jnp.cos(s.joint("rooty")), 0.7, 0.7)'
    )
    stands = term(f"stands: 1.0 * {on_feet}", "on its feet, trunk up")
    fast = term(
        f"speed: 2.0 * {ahead} * {on_feet}",
        "the nearer to the asked speed, the better, on its feet",
    )
    moves, hz = swings(robot), m.rate(2.0, 0.8, 3.5)
    stride = tracked(moves, [wave(m, 1.0, pi / 2 * i) for i in range(len(moves))])
    goal = {"at_least" if sign > 0 else "at_most": 0.6 * sign * pace}
    judge = metric(
        title,
        "Does it get along the track?",
        measured("speed along the track (m/s)", "rate", "joint:rootx", slack=0.1, **goal),
        measured("lean (rad)", "abs_mean", "joint:rooty", at_most=1.0),
    )
    return Plan(
        judge,
        (
            idea(
                names[0],
                f"Pays speed up to {pace:.2g} m/s while the trunk stays upright.",
                "",
                (fast, stands, *END),
                hz=hz,
            ),
            idea(
                names[1],
                "Strides to the clock, each joint a quarter beat after the last.",
                """
                    stride: 0.6 * near(joints, 0.0, 0.7)  # the stride of the clock
                """,
                (fast.weighing(1.6), stands, *END),
                setup=stride,
                hz=hz,
            ),
            idea(
                names[2],
                "Chases a mark that moves away at an even pace.",
                f"""
                    # is where the mark is
                    chase: 1.5 * near(s.joint("rootx"), {num(speed)} * s.time, 1.0)
                """,
                (fast, stands, *END),
                hz=hz,
            ),
        ),
    )

"""What the planar, swimming and classic robots of the DeepMind Control Suite can do.

Planar bodies move on root joints: `rootx` along the track, `rootz` up from home, `rooty` turning in the plane.
"""

from math import pi

from tabrl.llm.library.arm import posed, rhythmic
from tabrl.llm.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.llm.library.terms import EFFORT, SMOOTH, swings, tracked, wave
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Joint, Robot

shelf = Shelf()
PLANAR, ALL = ("planar", "planar swimmer classic")
END = (SMOOTH, EFFORT)
UPRIGHT = term('upright: 0.4 * near(s.joint("rooty"), 0.0, 0.4)', "the trunk stays upright")
LOUD = term("legs: 0.3 * at_least(norm_sq(s.joint_vel), 4.0, 4.0)", "legs on the move")


def _movers(robot: Robot) -> tuple[str, ...]:
    return tuple((joint.name for joint in robot.structure.joints if joint.actuated))


def _run(robot: Robot, m: Modifiers, title: str, names: tuple[str, str, str], speed: float) -> Plan:
    sign, pace = 1 if speed > 0 else -1, abs(speed)
    ahead = f'at_least({sign} * s.joint_speed("rootx"), {num(pace)}, {num(pace)})'
    fast = term(f"speed: 2.0 * {ahead}", "the nearer to the asked speed, the better")
    moves, hz = swings(robot), m.rate(2.0, 0.8, 3.5)
    stride = tracked(moves, [wave(m, 1.0, pi / 2 * i) for i in range(len(moves))])
    goal = {"at_least" if sign > 0 else "at_most": 0.5 * sign * pace}
    judge = metric(
        title,
        "Does it get along the track?",
        measured("speed along the track (m/s)", "rate", "joint:rootx", **goal),
    )
    return Plan(
        judge,
        (
            idea(
                names[0],
                f"Pays speed up to {pace:.2g} m/s while the trunk stays upright.",
                "",
                (fast, UPRIGHT, *END),
                hz=hz,
            ),
            idea(
                names[1],
                "Strides to the clock, each joint a quarter beat after the last.",
                """
            stride: 0.6 * near(joints, 0.0, 0.7)  # the stride of the clock
            """,
                (fast.weighing(1.6), UPRIGHT, *END),
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
                (fast, UPRIGHT, *END),
                hz=hz,
            ),
        ),
    )


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
        measured("share of the bounce on the beat", "rhythm", "joint:rootz", at_least=0.4),
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
            # speed of a body on a spring
            push: 1.5 * near(s.joint_speed("rootz"), -{num(6.28 * hz * size)} * jnp.cos(s.phase),
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
    rate, sign = m.speed(3.0, 6.0), -1 if "backward" in m.directions else 1
    turn = term(
        f'turn: 2.0 * at_least({sign} * s.joint_speed("rooty"), {num(rate)}, {num(rate)})',
        "turns head over heels",
    )
    judge = metric(
        "flip",
        "Does it turn head over heels?",
        measured("turned (rad)", "range", "joint:rooty", at_least=6.0),
    )
    return Plan(
        judge,
        (
            idea(
                "Tumbleweed",
                "The faster head over heels, the better, up to the goal.",
                "",
                (turn, *END),
            ),
            idea(
                "Clock Hand",
                "Keeps up with a hand that sweeps round.",
                f"""
            # as far round as the hand
            chase: 1.5 * 0.5 + 0.5 * jnp.cos(s.joint("rooty") - {num(sign * 0.6 * rate)} * s.time)
            """,
                (turn.weighing(1.0), *END),
            ),
            idea(
                "Acrobat",
                "Turns in the air: the turn counts most with no foot on the floor.",
                f"""
            air_turn: 1.5 * near(s.feet_down, 0.0, 0.7) * ({turn.code})  # turns in the air
            """,
                (turn.weighing(0.8), LOUD, *END),
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
        measured("height above home (m)", "final", "joint:rootz", at_most=0.6 * drop),
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


@shelf.primitive("swim", "Swim", "swimmer")
def swim(robot: Robot, m: Modifiers) -> Plan:
    moves, hz = swings(robot, size=m.scaled(0.5, 0.8)), m.rate(1.2, 0.5, 2.5)
    wave_back = tracked(moves, [wave(m, 1.0, -pi / 3 * i) for i in range(len(moves))])
    head = robot.structure.bodies.index(robot.structure.base_body)
    if robot.structure.free_base:
        speed, way = (
            "at_least(s.lin_vel_b[0], 0.3, 0.3)",
            measured("way from the start (m)", "max", "distance", at_least=0.4),
        )
    else:
        speed = 'at_least(jnp.sqrt(s.joint_speed("rootx") ** 2 + s.joint_speed("rooty") ** 2 + 1e-6), 0.3, 0.3)'
        way = measured(
            "way from the start (m)",
            "max",
            f"body_way:{robot.structure.bodies[head]}",
            at_least=0.4,
        )
    fast = term(f"speed: 2.0 * {speed}", "gets through the water")
    follow = term("stroke: 1.0 * near(joints, 0.0, 0.5)", "a wave runs down the body")
    lead = moves[0]
    judge = metric("swim", "Does it swim away from where it began?", way)
    return Plan(
        judge,
        (
            idea(
                "Free Style",
                "Pays speed and leaves the stroke to the robot.",
                "",
                (fast, *END),
                hz=hz,
            ),
            idea(
                "Eel",
                "A wave runs down the body and drives it on.",
                "",
                (follow, fast.weighing(1.5), *END),
                setup=wave_back,
                hz=hz,
            ),
            idea(
                "Beat of the Tail",
                "The leading joint beats like a drum; speed decides the rest.",
                f"""
            # the leading joint beats
            beat: 0.8 * near((s.joint("{lead.joint}") - {num(lead.centre)}) / {num(lead.size)},
                square_wave(s.phase), 0.4)
            """,
                (fast, *END),
                hz=hz,
            ),
        ),
    )


@shelf.primitive("wiggle", "Wiggle", ALL, needs="joints")
def wiggle(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        _movers(robot)[:1],
        "wiggle",
        "Does it swing in rhythm?",
        1.0,
        ("Metronome", "Half a Beat Late", "Crisp Swing"),
    )


@shelf.primitive("machine dance", "Dance", ALL, needs="joints")
def machine_dance(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        _movers(robot),
        "dance",
        "Does it dance on the beat?",
        1.2,
        ("Disco", "Body Wave", "Beat Chaser"),
        0.5,
    )


@shelf.primitive("pose", "Strike a pose", ALL, needs="joints")
def pose(robot: Robot, m: Modifiers) -> Plan:
    return posed(
        robot,
        _movers(robot)[:4],
        "pose",
        "Does it take a pose and hold it?",
        m.side,
        ("Statue", "Stone", "Slow Reveal"),
    )


@shelf.primitive("swing up", "Swing up and balance", "classic", needs="group:pole")
def swing_up(robot: Robot, m: Modifiers) -> Plan:
    pole, joint = robot.structure.bodies[-1], robot.structure.groups["pole"][0]
    up = f"s.body_up[{len(robot.structure.bodies) - 1}]"
    slow = f'near(s.joint_speed("{joint}"), 0.0, 2.0)'
    rise = term(f"rise: 1.5 * 0.5 + 0.5 * {up}", "the pole points up")
    judge = metric(
        "balance",
        "Does the pole come up and stay up?",
        measured(
            "share of the time upright",
            "fraction_above",
            f"body_up:{pole}",
            at_least=0.6,
            bound=0.85,
        ),
        measured("upright at the end (1 is up)", "final", f"body_up:{pole}", at_least=0.9),
        measured("speed of the joints (rad/s)", "mean", "joint_speed", at_least=0.02),
    )
    return Plan(
        judge,
        (
            idea(
                "Up and Calm",
                "Pays the pole's height, and calm at the top.",
                f"""
            calm: 1.0 * {slow} * at_least({up}, 0.8, 0.4)  # calm at the top
            """,
                (rise, *END),
            ),
            idea(
                "Energy Pump",
                "Pumps the swing to the energy that carries the pole just to the top.",
                f"""
            # energy of a pole at rest on top
            energy: 1.2 * near(0.5 * s.joint_speed("{joint}") ** 2 + 10.0 * ({up} - 1.0), 0.0,
                4.0)
            """,
                (rise.weighing(0.8), *END),
            ),
            idea(
                "Tight Rope",
                "Only the last few degrees pay much, and it must be slow there.",
                f"""
            top: 2.0 * near({up}, 1.0, 0.1) * {slow}  # on top and slow
            """,
                (rise.weighing(0.5), *END),
            ),
        ),
    )


@shelf.primitive("whirl", "Spin", "classic swimmer", needs="joints")
def whirl(robot: Robot, m: Modifiers) -> Plan:
    joint = _freest(robot)
    rate = m.turn * m.speed(3.0, 8.0)
    speed, unit = f's.joint_speed("{joint.name}")', "rad" if joint.kind == "hinge" else "m"
    if joint.range:
        return rhythmic(
            robot,
            m,
            (joint.name,),
            "spin",
            "Does it turn to and fro as far as it goes?",
            1.0,
            ("Full Sweep", "Half a Beat Late", "Crisp Sweep"),
            1.5,
        )
    fast = term(
        f"turn: 2.0 * at_least({m.turn} * {speed}, {num(abs(rate))}, {num(abs(rate))})",
        "the faster round, the better, up to the goal",
    )
    judge = metric(
        "spin",
        "Does it go round and round?",
        measured(
            f"turned in 10 s ({unit})", "range", f"joint:{joint.name}", at_least=5 * abs(rate)
        ),
    )
    return Plan(
        judge,
        (
            idea("Propeller", "The faster round, the better, up to the goal.", "", (fast, *END)),
            idea(
                "Even Wheel",
                "Turns at an even rate, neither late nor early.",
                f"""
            pace: 2.0 * near({speed}, {num(rate)}, {num(0.6 * abs(rate))})  # an even rate
            """,
                (fast.weighing(0.5), *END),
            ),
            idea(
                "Clock Hand",
                "Keeps up with a hand that sweeps round.",
                f"""
            # as far round as the hand
            chase: 1.2 * 0.5 + 0.5 * jnp.cos(s.joint("{joint.name}") - {num(0.6 * rate)} * s.time)
            """,
                (fast.weighing(1.2), *END),
            ),
        ),
    )


def _freest(robot: Robot) -> Joint:
    """The joint that goes round: a hinge without stops, best one that no motor holds; else the first motor's."""
    hinges = [
        joint for joint in robot.structure.joints if joint.kind == "hinge" and (not joint.range)
    ]
    return (
        next((j for j in hinges if not j.actuated), None)
        or next(iter(hinges), None)
        or next((j for j in robot.structure.joints if j.actuated))
    )


@shelf.primitive("travel", "Move aside", "classic", needs="joints")
def travel(robot: Robot, m: Modifiers) -> Plan:
    side = -1 if m.directions & {"left", "backward"} else 1
    return posed(
        robot,
        _movers(robot)[:1],
        "move aside",
        "Does it move aside and stay there?",
        side,
        ("Straight There", "There and Calm", "Slow Train"),
    )

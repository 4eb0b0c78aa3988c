"""What the swimming and classic robots of the DeepMind Control Suite can do."""

from dataclasses import replace
from math import pi

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.joints import END, posed, rhythmic
from tabrl.behaviours.library.terms import (
    swings,
    tracked,
    wave,
)
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Joint, Robot

shelf = Shelf()
ALL = "planar swimmer classic other"


@shelf.primitive("wiggle", "Wiggle", ALL, needs="joints")
def wiggle(robot: Robot, m: Modifiers) -> Plan:
    movers = _movers(robot)
    return rhythmic(
        robot,
        m,
        movers[:1] if robot.type in ("planar", "classic") else movers,
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


@shelf.primitive("swim", "Swim", "swimmer")
def swim(robot: Robot, m: Modifiers) -> Plan:
    tail, size = robot.structure.groups.get("tail", ()), m.scaled(0.5, 0.8)
    moves, hz = swings(robot, tail, size), m.rate(1.2, 0.5, 2.5)
    wave_back = tracked(moves, [wave(m, 1.0, -pi / 3 * i) for i in range(len(moves))])
    # Any way across: a fish's own front is its y axis, a chain has none.
    if robot.structure.free_base:
        across, pace, way = "norm_sq(s.lin_vel_b[:2])", 0.15, 0.2
    else:
        across, pace, way = 's.joint_speed("rootx") ** 2 + s.joint_speed("rooty") ** 2', 0.3, 0.4
    speed = f"at_least(jnp.sqrt({across} + 1e-6), {pace}, {pace})"
    fast = term(f"speed: 2.0 * {speed}", "gets through the water")
    follow = term("stroke: 1.0 * near(joints, 0.0, 0.5)", "a wave runs down the body")
    lead = moves[0]
    judge = metric(
        "swim",
        "Does it swim away from where it began?",
        measured("way from the start (m)", "final", "distance", at_least=way),
    )
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


@shelf.primitive("acrobat", "Swing up and balance", "classic", needs="group:elbow hands")
@shelf.primitive("swing up", "Swing up and balance", "classic", needs="group:pole")
def swing_up(robot: Robot, m: Modifiers) -> Plan:
    groups = robot.structure.groups
    pole, joint = robot.structure.bodies[-1], groups.get("pole", groups.get("shoulder", ()))[0]
    up = f"s.body_up[{len(robot.structure.bodies) - 1}]"
    slow = f'near(s.joint_speed("{joint}"), 0.0, 2.0)'
    rise = term(f"rise: 1.5 * (0.5 + 0.5 * {up})", "the pole points up")
    judge = metric(
        "balance",
        "Does the pole come up and stay up?",
        measured(
            "share of the time upright",
            "fraction_above",
            f"body_up:{pole}",
            at_least=0.6,
            slack=0.1,
            bound=0.85,
        ),
        measured(
            "upright at the end (1 is up)", "final", f"body_up:{pole}", at_least=0.9, slack=0.1
        ),
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
    if robot.structure.free_base:
        speed, angle, series, unit = "s.turn_rate", "s.turned", "yaw", "rad"
    else:
        speed, angle = f's.joint_speed("{joint.name}")', f's.joint("{joint.name}")'
        series, unit = f"joint:{joint.name}", "rad" if joint.kind == "hinge" else "m"
    if robot.type == "swimmer":
        rate = m.turn * m.speed(0.9, 2.5)  # of all of it, in water
    else:
        # A pole that only just goes over the top turns at 3 rad/s of itself, for any push.
        rate = m.turn * max(m.speed(3.0, 8.0), 0.0 if joint.actuated else 6.0)
    if joint.range and not robot.structure.free_base:
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
            f"turned a second ({unit})",
            "rate",
            series,
            slack=0.1,
            **({"at_least": 0.7 * rate} if rate > 0 else {"at_most": 0.7 * rate}),
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
            chase: 1.2 * (0.5 + 0.5 * jnp.cos({angle} - {num(0.6 * rate)} * s.time))
            """,
                (fast.weighing(1.2), *END),
            ),
        ),
    )


@shelf.primitive("travel", "Move aside", "classic", needs="joints")
def travel(robot: Robot, m: Modifiers) -> Plan:
    side = -1 if m.directions & {"left", "backward"} else 1
    joint = next(joint for joint in robot.structure.joints if joint.actuated)
    plan = posed(
        robot,
        (joint.name,),
        "move aside",
        "Does it move aside and stay there?",
        side,
        ("Straight There", "There and Calm", "Slow Train"),
        2.0,
    )
    there, *rest = plan.metric.criteria
    assert there.at_most is not None
    far = "at_least" if joint.home > there.at_most else "at_most"  # the bound that is behind it
    further = there.model_copy(update={far: None})
    # Some start aside: to stay there is not to move.
    moved = measured("way to there", "range", there.signal, at_least=0.05)
    judge = plan.metric.model_copy(update={"criteria": (further, moved, *rest)})
    return replace(plan, metric=judge)


def _freest(robot: Robot) -> Joint:
    """A hinge without stops, best one that no motor holds; else the first motor's joint."""
    hinges = [
        joint for joint in robot.structure.joints if joint.kind == "hinge" and (not joint.range)
    ]
    return (
        next((j for j in hinges if not j.actuated), None)
        or next(iter(hinges), None)
        or next(j for j in robot.structure.joints if j.actuated)
    )


def _movers(robot: Robot) -> tuple[str, ...]:
    return tuple(joint.name for joint in robot.structure.joints if joint.actuated)

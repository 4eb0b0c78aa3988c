"""Ways to get from one place to another."""

from tabrl.behaviours.library.base import Idea, Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LEVEL,
    ON_COURSE,
    QUADRUPED,
    TALL,
    diagonals,
    steps,
)
from tabrl.behaviours.library.terms import EFFORT, GRIP, NO_FALL, SMOOTH, UP, command, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


def _travel(
    robot: Robot, m: Modifiers, names: tuple[str, str, str], ahead: float, left: float, hz: float
) -> tuple[Idea, ...]:
    """Three ways to get somewhere: by speed, by a trot's clock, by chasing a moving mark."""
    axis, speed = ("forward", ahead) if ahead else ("left", left)
    sign, pace, go = 1 if speed > 0 else -1, abs(speed), command(robot, ahead, left)
    index, other = (0, "left") if ahead else (1, "forward")
    end = (
        term(
            f"straight: 0.4 * near(s.{other}_speed, 0.0, 0.25) * near(s.yaw, 0.0, 0.4)",
            "keeps its course and its heading",
        ),
        LEVEL,
        TALL,
        UP,
        GRIP,
        SMOOTH,
        EFFORT,
    )
    fast = term(
        f"speed: 2.0 * at_least({sign} * s.{axis}_speed, {num(pace)}, {num(pace)})",
        "the nearer to the asked speed, the better",
    )
    return (
        idea(
            names[0],
            f"Travels at {pace:.2g} m/s, back level and straight on.",
            "",
            (fast, *end),
            hz=hz,
            command=go,
        ),
        idea(
            names[1],
            "Steps to a metronome: diagonal pairs of feet lift in turn and carry it on.",
            "",
            (steps(1.2), fast.weighing(1.5), *end),
            setup=diagonals(0.25),
            hz=hz,
            command=go,
        ),
        idea(
            names[2],
            "Chases a mark that moves away at an even pace: being late costs, so does rushing.",
            f"""
                # the mark, in m from the start
                mark = {num(speed)} * s.time
                # is where the mark is
                chase: 1.5 * near(s.displacement[{index}], mark, 1.5 * s.home_height)
                # moves as fast as the mark
                pace: 1.2 * near(s.{axis}_speed, {num(speed)}, {num(0.5 * pace)})
            """,
            end,
            hz=hz,
            command=go,
        ),
    )


@shelf.primitive("walk", "Walk forward", QUADRUPED, controls="place yaw")
def walk(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(0.7, 1.2)
    judge = metric(
        "walk forward",
        "Does it walk forward on its feet?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=4.5 * pace),
        measured("forward speed (m/s)", "mean", "forward_speed", at_least=0.5 * pace),
        NO_FALL,
    )
    ahead = term(f"ahead: 1.0 * at_least(s.forward_speed, {num(pace)}, {num(pace)})", "walks ahead")
    return Plan(
        judge,
        _travel(
            robot,
            m,
            ("Steady Stroll", "Metronome Trot", "Carrot Chaser"),
            pace,
            0.0,
            m.rate(2.0, 1.0, 3.0),
        ),
        (ahead,),
    )


@shelf.primitive("run", "Run", QUADRUPED, controls="place yaw")
def run(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(1.4, 2.0)
    judge = metric(
        "run",
        "Does it run ahead fast on its feet?",
        measured("forward speed (m/s)", "mean", "forward_speed", at_least=0.6 * pace),
        measured("way ahead (m)", "final", "displacement_forward", at_least=5 * pace),
        NO_FALL,
    )
    trot, clock, chase = _travel(
        robot, m, ("Full Sprint", "Racing Trot", "Pace Car"), pace, 0.0, m.rate(2.8, 1.5, 4.0)
    )
    gallop = idea(
        "Gallop",
        "Rocks from rear feet to front feet with a flight in each stride, like a horse.",
        f"""
            rock: 0.8 * near(s.pitch, {wave(m, 0.15)}, 0.1)  # the back rocks with the stride
            # a moment of flight in each stride
            flight: 0.8 * window(s.phase, 0.5, 0.3) * near(s.feet_down, 0.0, 1.0)
        """,
        (trot.terms[0], *ON_COURSE),
        hz=clock.clock_hz,
        command=trot.command,
    )
    return Plan(judge, (trot, gallop, clock, chase))


@shelf.primitive("walk backwards", "Walk backwards", QUADRUPED, controls="place yaw")
def walk_backwards(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(0.5, 0.9)
    judge = metric(
        "walk backwards",
        "Does it travel backwards while it faces ahead?",
        measured(
            "way ahead (m, negative is back)", "final", "displacement_forward", at_most=-4 * pace
        ),
        measured("forward speed (m/s)", "mean", "forward_speed", at_most=-0.4 * pace),
        # A robot that shakes at random creeps backwards, but by fits and starts.
        measured(
            "evenness of the speed (1 is constant)",
            "steadiness",
            "forward_speed",
            at_least=0.65,
            slack=0.1,
        ),
        NO_FALL,
    )
    back = term(
        f"back: 1.0 * at_least(-s.forward_speed, {num(pace)}, {num(pace)})", "goes backwards"
    )
    return Plan(
        judge,
        _travel(
            robot,
            m,
            ("Reverse Gear", "Backstep Trot", "Smooth Criminal"),
            -pace,
            0.0,
            m.rate(2.0, 1.0, 3.0),
        ),
        (back,),
    )


@shelf.primitive("sidestep", "Sidestep", QUADRUPED, controls="place yaw")
def sidestep(robot: Robot, m: Modifiers) -> Plan:
    pace = m.side * m.speed(0.4, 0.7)
    asked = m.directions & {"left", "right"}
    goal = {"at_least": 4 * pace} if m.side > 0 else {"at_most": 4 * pace}
    way = (
        measured("way to the left (m, right is negative)", "final", "displacement_left", **goal)
        if asked
        else measured("way to the side (m)", "range", "displacement_left", at_least=4 * abs(pace))
    )
    judge = metric(
        "sidestep",
        "Does it walk sideways without turning?",
        way,
        measured("heading swing (rad)", "range", "yaw", at_most=1.2),
        NO_FALL,
    )
    return Plan(
        judge,
        _travel(
            robot,
            m,
            ("Crab Walk", "Side Shuffle", "Sliding Door"),
            0.0,
            pace,
            m.rate(2.0, 1.0, 3.0),
        ),
    )

"""Ways to walk."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.humanoid.parts import ALIVE, LEVEL, PLACE, TWO, beat, on_spot, steps
from tabrl.behaviours.library.terms import GRIP, NO_FALL, command
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("walk upright", "Walk forward", TWO, controls="place yaw")
def walk(robot: Robot, m: Modifiers) -> Plan:
    return _travel(
        robot,
        m,
        ("Steady Stroll", "Metronome Walk", "Carrot Chaser"),
        "forward",
        m.speed(0.6, 1.0),
        m.rate(1.4, 0.8, 2.0),
        "walk forward",
        "Does it walk forward on its feet?",
    )


@shelf.primitive("run upright", "Run", TWO, controls="place yaw")
def run(robot: Robot, m: Modifiers) -> Plan:
    return _travel(
        robot,
        m,
        ("Full Sprint", "Quick March", "Pace Car"),
        "forward",
        m.speed(1.2, 2.0),
        m.rate(2.0, 1.2, 3.0),
        "run",
        "Does it run ahead on its feet?",
    )


@shelf.primitive("back up", "Walk backwards", TWO, controls="place yaw")
def back_up(robot: Robot, m: Modifiers) -> Plan:
    return _travel(
        robot,
        m,
        ("Reverse Gear", "Backstep", "Smooth Criminal"),
        "forward",
        -m.speed(0.4, 0.8),
        m.rate(1.4, 0.8, 2.0),
        "walk backwards",
        "Does it travel backwards?",
    )


@shelf.primitive("side walk", "Sidestep", TWO, controls="place yaw")
def side_walk(robot: Robot, m: Modifiers) -> Plan:
    return _travel(
        robot,
        m,
        ("Crab Walk", "Side Shuffle", "Sliding Door"),
        "left",
        m.side * m.speed(0.3, 0.5),
        m.rate(1.4, 0.8, 2.0),
        "sidestep",
        "Does it walk sideways?",
    )


@shelf.primitive("moon stride", "Walk on the moon", TWO, controls="height place")
def moon_stride(robot: Robot, m: Modifiers) -> Plan:
    hz, pace = m.rate(0.9, 0.5, 1.4), m.speed(0.4, 0.8)
    go = command(robot, pace)
    ahead = term(
        f"ahead: 1.0 * at_least(s.forward_speed, {num(pace)}, {num(pace)})", "drifts ahead"
    )
    arc = term(
        """float: 1.5 * near(s.height, s.home_height * (1.0 - 0.1 * jnp.sin(s.phase)), 0.05
            * s.home_height)""",
        "floats along a slow arc",
    )
    h = robot.structure.base_height
    judge = metric(
        "moon walk",
        "Does it float ahead in slow, light bounds?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("bob of the body (m)", "amplitude", "height", at_least=0.03 * h),
        NO_FALL,
    )
    return Plan(
        judge,
        (
            idea(
                "Lunar Bound",
                "Slow bounds with a flight on top.",
                """
                    # flight at the top
                    flight: 1.0 * window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 0.7)
                """,
                (arc, ahead, *ALIVE),
                hz=hz,
                command=go,
            ),
            idea(
                "Astronaut Stride",
                "High, slow steps that hang in the air.",
                "",
                (steps(1.5), ahead, LEVEL, *ALIVE),
                setup=beat(0.2),
                hz=hz,
                command=go,
            ),
            idea(
                "Feather Feet",
                "Long air times of each foot and soft landings.",
                """
                    # a foot stays long in the air
                    air_time: 1.5 * at_least(jnp.max(s.foot_air_time), 0.4, 0.4)
                    soft: 0.4 * at_least(s.up_speed, -0.4, 0.8)  # comes down softly
                """,
                (arc.weighing(0.8), ahead, *ALIVE),
                hz=hz,
                command=go,
            ),
        ),
    )


@shelf.primitive("march upright", "March in place", TWO, controls="place")
def march(robot: Robot, m: Modifiers) -> Plan:
    hz, lift = m.rate(1.2, 0.6, 2.0), m.scaled(0.15, 0.25)
    h = robot.structure.base_height
    creep = command(robot, 0.12)  # a base policy that is told to go lifts its feet already
    judge = metric(
        "march in place",
        "Do the feet rise and land in turn on one spot?",
        measured("steps a second (Hz)", "frequency", "foot_height:left", at_most=3.0),
        measured(
            "share of the steps on the beat", "rhythm", "foot_height:left", at_least=0.7, slack=0.1
        ),
        measured(
            "left foot's steps in 10 s", "cycles", "foot_height:left", at_least=5, height=0.06 * h
        ),
        measured(
            "right foot's steps in 10 s", "cycles", "foot_height:right", at_least=5, height=0.06 * h
        ),
        on_spot(robot),
        NO_FALL,
    )
    lead = "square_wave(s.phase)"
    return Plan(
        judge,
        (
            idea(
                "Parade March",
                "Feet rise high and land with the drum.",
                "",
                (steps(2.0), LEVEL, GRIP, *PLACE),
                setup=beat(lift),
                hz=hz,
                command=creep,
            ),
            idea(
                "One Leg at a Time",
                "One foot carries while the other is up, taking turns.",
                f"""
                    # the feet carry in turn
                    turns: 1.5 * near(s.contact("left") - s.contact("right"), {lead}, 0.5)
                    # the free foot is high
                    height: 1.0 * at_least(jnp.max(s.foot_height), {num(lift)} * s.home_height,
                        {num(lift)} * s.home_height)
                """,
                (LEVEL, *PLACE),
                hz=hz,
                command=creep,
            ),
            idea(
                "Metronome Hips",
                "The weight rocks from side to side and the free foot leaves the floor by itself.",
                f"""
                    # the weight rocks
                    rock: 1.2 * near(s.left_speed, {num(0.3)} * jnp.cos(s.phase), 0.12)
                """,
                (steps(1.2), *PLACE),
                setup=beat(lift),
                hz=hz,
                command=creep,
            ),
        ),
    )


def _travel(
    robot: Robot,
    m: Modifiers,
    names: tuple[str, str, str],
    axis: str,
    speed: float,
    hz: float,
    title: str,
    question: str,
) -> Plan:
    sign, pace = 1 if speed > 0 else -1, abs(speed)
    go = command(robot, **{axis: speed})
    fast = term(
        f"speed: 2.0 * at_least({sign} * s.{axis}_speed, {num(pace)}, {num(pace)})",
        "the nearer to the asked speed, the better",
    )
    straight = term("straight: 0.4 * near(s.yaw, 0.0, 0.4)", "keeps its heading")
    end = (straight, LEVEL, GRIP, *ALIVE)
    goal = {"at_least" if sign > 0 else "at_most": sign * 4 * pace}
    judge = metric(
        title,
        question,
        measured(f"way {axis} (m)", "final", f"displacement_{axis}", **goal),
        NO_FALL,
    )
    index = 0 if axis == "forward" else 1
    return Plan(
        judge,
        (
            idea(
                names[0],
                f"Travels at {pace:.2g} m/s, upright and straight on.",
                "",
                (fast, *end),
                hz=hz,
                command=go,
            ),
            idea(
                names[1],
                "Steps to a metronome, feet lifting in turn.",
                "",
                (steps(1.2), fast.weighing(1.5), *end),
                setup=beat(0.12),
                hz=hz,
                command=go,
            ),
            idea(
                names[2],
                "Chases a mark that moves away at an even pace.",
                f"""
            # is where the mark is
            chase: 1.5 * near(s.displacement[{index}], {num(speed)} * s.time, 0.5 * s.home_height)
            """,
                (fast.weighing(1.0), *end),
                hz=hz,
                command=go,
            ),
        ),
        (fast.weighing(1.0),),
    )

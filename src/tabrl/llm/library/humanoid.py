"""What two-legged robots can do, with and without arms."""

from math import pi

from tabrl.llm.library.arm import rhythmic
from tabrl.llm.library.base import Plan, Shelf, Term, idea, measured, metric, num, term
from tabrl.llm.library.terms import (
    EFFORT,
    FACING,
    GRIP,
    LYING,
    NO_FALL,
    SMOOTH,
    UP,
    command,
    swings,
    tracked,
    wave,
)
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Metric, Termination

shelf = Shelf()
TWO = "humanoid biped"
HERE = term("here: 0.3 * near(s.displacement, 0.0, 0.5 * s.home_height)", "stays where it began")
ALIVE = (term("up: 0.4 * at_least(s.upright, 0.9, 0.5)", "stays on its feet"), SMOOTH, EFFORT)
PLACE = (HERE, FACING, *ALIVE)
FEET = term("planted: 0.3 * s.feet_down / 2", "both feet on the floor")
LEVEL = term(
    "level: 0.3 * near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the trunk stays upright"
)
DEEP = Termination(min_upright=0.2, min_height=0.3)


def _beat(lift: float) -> tuple[str, ...]:
    return (
        "# the feet lift in turn with the clock, in m",
        f"lift_left = {num(lift)} * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
        f"lift_right = {num(lift)} * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
    )


def _steps(weight: float) -> Term:
    code = '0.5 * near(s.clearance("left"), lift_left, 0.05 * s.home_height) + 0.5 * near(s.clearance("right"), lift_right, 0.05 * s.home_height)'
    return Term("steps", weight, code, "the feet rise and land in turn")


def _on_spot(robot: Robot) -> Criterion:
    return measured(
        "way from the start (m)", "max", "distance", at_most=2 * robot.structure.base_height
    )


def _swinging(name: str, question: str, signal: str, at_least: float, robot: Robot) -> Metric:
    return metric(
        name,
        question,
        measured(f"swing of {signal}", "amplitude", signal, at_least=at_least),
        measured("share of the swing on the beat", "rhythm", signal, at_least=0.5),
        _on_spot(robot),
        NO_FALL,
    )


@shelf.primitive("sway", "Hip sway", TWO, controls="roll")
def sway(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.12, 0.2), m.rate(1.0, 0.4, 2.0)
    roll = term("roll: 2.0 * near(s.roll, sway, 0.06)", "the hips roll with the clock")
    turn = f"sway = {wave(m, swing)}"
    return Plan(
        _swinging(
            "hip sway", "Do the hips swing from side to side in rhythm?", "roll", 0.5 * swing, robot
        ),
        (
            idea(
                "Aloha Sway",
                "The hips roll left and right over planted feet.",
                f"""
            {turn}
            """,
                (roll, FEET, *PLACE),
                hz=hz,
            ),
            idea(
                "Weight Shift",
                "The weight glides from foot to foot and the hips follow.",
                f"""
            {turn}
            # the body glides from foot to foot
            glide: 1.5 * near(s.displacement[1], 0.5 * s.home_height * sway, 0.05 * s.home_height)
            """,
                (roll.weighing(0.8), FEET, *PLACE),
                hz=hz,
            ),
            idea(
                "Hula Circle",
                "Roll, then pitch a quarter beat later: the hips draw circles.",
                f"""
            {turn}
            nod = {wave(m, 0.5 * swing, pi / 2)}
            circle: 0.8 * near(s.pitch, nod, 0.06)  # a quarter beat later forward and back
            """,
                (roll.weighing(1.5), FEET, *PLACE),
                hz=hz,
            ),
        ),
        (term(f"sway: 1.0 * near(s.roll, {wave(m, swing)}, 0.06)", "hips sway"),),
    )


@shelf.primitive("dance", "Robot dance", TWO, controls="roll height yaw")
def dance(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(0.8, 0.4, 1.4), m.scaled(0.12, 0.2)
    hold = term(
        """hold: 0.5 * (window(s.phase, 0.15, 0.2) + window(s.phase, 0.65,
            0.2)) * near(s.joint_vel, 0.0, 0.8)""",
        "still between the snaps",
    )
    moves = swings(robot, (*_group(robot, "arms", "hips"),), 0.4)
    judge = metric(
        "robot dance",
        "Does it snap from pose to pose on a beat and stay on its feet?",
        measured("fastest joints (rad/s)", "max", "joint_speed", at_least=0.8),
        measured("snaps in 10 s", "cycles", "joint_speed", at_least=7, height=0.4),
        NO_FALL,
    )
    return Plan(
        judge,
        (
            idea(
                "Tick Tock",
                "The trunk snaps from side to side and freezes in between.",
                f"""
            # snaps to this half beat's side
            snap: 2.0 * near(s.roll, {num(size)} * square_wave(s.phase), 0.05)
            """,
                (hold, FEET, *PLACE),
                hz=hz,
            ),
            idea(
                "Piston Knees",
                "Pops up and drops down in steps on springy knees.",
                f"""
            # pops between two heights
            pop: 2.0 * near(s.height, s.home_height * (0.93 + {num(0.5 * size)}
                * square_wave(s.phase)), 0.03 * s.home_height)
            """,
                (hold, FEET, *PLACE),
                hz=hz,
            ),
            idea(
                "Jointed Machine",
                "Every joint clicks between two angles, neighbours opposite.",
                """
            click: 1.6 * near(joints, 0.0, 0.6)  # joints click to their angle
            """,
                (hold, *PLACE),
                setup=tracked(
                    moves,
                    [f"{('-' if i % 2 else '')}square_wave(s.phase)" for i in range(len(moves))],
                ),
                hz=hz,
            ),
        ),
    )


def _group(robot: Robot, *names: str) -> tuple[str, ...]:
    """The first of these groups that the robot has."""
    return next((robot.structure.groups[name] for name in names if name in robot.structure.groups))


@shelf.primitive("turn", "Spin on the spot", TWO, controls="yaw place")
def turn(robot: Robot, m: Modifiers) -> Plan:
    rate = m.speed(1.2, 2.5)
    go = command(robot, turn=m.turn * min(rate, 1.0))
    round_ = term(
        f"turn: 2.0 * at_least({m.turn} * s.turn_rate, {num(rate)}, {num(rate)})",
        "the faster round, the better, up to the goal",
    )
    asked = m.directions & {"left", "right", "clockwise", "anticlockwise"}
    goal = {"at_least": 0.5} if m.turn > 0 else {"at_most": -0.5}
    way = (
        measured("turn rate (rad/s, left is positive)", "rate", "yaw", **goal)
        if asked
        else measured("turned in 10 s (rad)", "range", "yaw", at_least=5.0)
    )
    judge = metric("spin", "Does it turn round on one spot?", way, _on_spot(robot), NO_FALL)
    return Plan(
        judge,
        (
            idea(
                "Turntable",
                "Turns steadily over one spot.",
                "",
                (round_, HERE, LEVEL, *ALIVE),
                hz=1.5,
                command=go,
            ),
            idea(
                "Clock Hand",
                "Keeps facing a hand that sweeps round.",
                f"""
            # faces the sweeping hand
            chase: 1.5 * 0.5 + 0.5 * jnp.cos(s.turned - {num(m.turn * rate)} * s.time)
            """,
                (round_.weighing(0.8), HERE, *ALIVE),
                hz=1.5,
                command=go,
            ),
            idea(
                "Pirouette Steps",
                "Small steps in turn carry it round.",
                "",
                (_steps(1.2), round_.weighing(1.5), HERE, *ALIVE),
                setup=_beat(0.1),
                hz=m.rate(1.5, 0.8, 2.2),
                command=go,
            ),
        ),
        (round_.weighing(1.0),),
    )


@shelf.primitive("leap", "Jump up and down", TWO, controls="height")
def leap(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.3, 0.7, 2.0), m.scaled(0.1, 0.2)
    fly = term(
        "fly: 1.0 * window(s.phase, 0.5, 0.35) * near(s.feet_down, 0.0, 0.7)",
        "both feet leave the floor once a beat",
    )
    h = robot.structure.base_height
    judge = metric(
        "jump",
        "Does it leave the floor with both feet, again and again?",
        measured("jumps in 10 s", "cycles", "height", at_least=5, height=0.06 * h),
        measured("share of the time in the air", "mean", "flight", at_least=0.08),
        NO_FALL,
    )
    return Plan(
        judge,
        (
            idea(
                "Trampoline",
                "The body follows a bouncing ball.",
                f"""
            # body height follows the ball
            ball: 1.5 * near(s.height, s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase)),
                0.05 * s.home_height)
            """,
                (fly, LEVEL, *PLACE),
                hz=hz,
            ),
            idea(
                "Hang Time",
                "Pays time in the air, as long as it stays upright.",
                """
            # no foot on the floor
            air: 2.0 * near(s.feet_down, 0.0, 0.5) * at_least(s.upright, 0.95, 0.2)
            # bends its knees before
            gather: 0.5 * (1.0 - window(s.phase, 0.5, 0.35)) * at_most(s.height, 0.95
                * s.home_height, 0.1 * s.home_height)
            """,
                (*PLACE,),
                hz=hz,
            ),
            idea(
                "Pogo Spring",
                "Matches the vertical speed of a body on a spring.",
                f"""
            # speed of a body on a spring
            push: 1.5 * near(s.up_speed, -{num(6.28 * hz * size)} * s.home_height
                * jnp.cos(s.phase), 0.3)
            """,
                (fly, LEVEL, *PLACE),
                hz=hz,
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
                (_steps(1.2), fast.weighing(1.5), *end),
                setup=_beat(0.12),
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
                (_steps(1.5), ahead, LEVEL, *ALIVE),
                setup=_beat(0.2),
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
    judge = metric(
        "march in place",
        "Do the feet rise and land in turn on one spot?",
        measured(
            "left foot's steps in 10 s", "cycles", "foot_height:left", at_least=5, height=0.06 * h
        ),
        measured(
            "right foot's steps in 10 s", "cycles", "foot_height:right", at_least=5, height=0.06 * h
        ),
        _on_spot(robot),
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
                (_steps(2.0), LEVEL, GRIP, *PLACE),
                setup=_beat(lift),
                hz=hz,
            ),
            idea(
                "One Leg at a Time",
                "One foot carries while the other is up, taking turns.",
                f"""
            # the feet carry in turn
            turns: 1.5 * near(s.contact("right") - s.contact("left"), {lead}, 0.5)
            # the free foot is high
            height: 1.0 * at_least(jnp.max(s.foot_height), {num(lift)} * s.home_height,
                {num(lift)} * s.home_height)
            """,
                (LEVEL, *PLACE),
                hz=hz,
            ),
            idea(
                "Metronome Hips",
                "The weight rocks from side to side and the free foot leaves the floor by itself.",
                f"""
            # the weight rocks
            rock: 1.2 * near(s.left_speed, {num(0.3)} * jnp.cos(s.phase), 0.12)
            """,
                (_steps(1.2), *PLACE),
                setup=_beat(lift),
                hz=hz,
            ),
        ),
    )


@shelf.primitive("squat", "Crouch", TWO, controls="height")
def squat(robot: Robot, m: Modifiers) -> Plan:
    low = term(
        "low: 2.0 * near(s.height, 0.75 * s.home_height, 0.08 * s.home_height)", "the body is low"
    )
    still = term("still: 0.5 * near(s.joint_vel, 0.0, 0.8)", "and still")
    judge = metric(
        "crouch",
        "Does it go low on its feet?",
        measured(
            "lowest (share of home)", "min", "height", at_most=0.85 * robot.structure.base_height
        ),
        _on_spot(robot),
        NO_FALL,
    )
    end = (FEET, LEVEL, *PLACE)
    return Plan(
        judge,
        (
            idea(
                "Low Profile",
                "Sinks to a low stance and stays there.",
                "",
                (low, *end),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Coiled Spring",
                "Sinks as far as asked and holds still.",
                """
            # the lower, the better
            lower: 1.5 * at_most(s.height, 0.75 * s.home_height, 0.25 * s.home_height)
            """,
                (still, *end),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Squat Reps",
                "Down and up with a slow beat.",
                """
            # down and up with the clock
            pump: 2.0 * near(s.height, s.home_height * (0.87 + 0.12 * jnp.cos(s.phase)), 0.05
                * s.home_height)
            """,
                (*end,),
                hz=m.rate(0.5, 0.3, 1.0),
                termination=DEEP,
            ),
        ),
        (low.weighing(0.8),),
    )


@shelf.primitive("bow upright", "Bow", TWO, controls="pitch")
def bow(robot: Robot, m: Modifiers) -> Plan:
    dip = m.scaled(0.4, 0.6)
    deep = term(f"bow: 2.0 * near(s.pitch, {num(dip)}, 0.15)", "leans forward from the hips")
    judge = metric(
        "bow",
        "Does it lean forward and stay on its feet?",
        measured("deepest bow (rad)", "max", "pitch", at_least=0.6 * dip),
        measured(
            "share of the time bowed", "fraction_above", "pitch", at_least=0.2, bound=0.5 * dip
        ),
        _on_spot(robot),
        NO_FALL,
    )
    end = (FEET, HERE, FACING, SMOOTH, EFFORT)
    return Plan(
        judge,
        (
            idea(
                "Royal Bow",
                "Leans forward and keeps both feet planted.",
                "",
                (deep, *end),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Deep Reverence",
                "Sinks as deep as asked and holds it.",
                f"""
            deeper: 1.5 * at_least(s.pitch, {num(dip)}, {num(dip)})  # the deeper, the better
            still: 0.5 * near(s.joint_vel, 0.0, 0.8)  # held
            """,
                (*end,),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Curtain Calls",
                "Bows and rises with a slow beat.",
                f"""
            # bows with the clock
            calls: 2.0 * near(s.pitch, {num(0.5 * dip)} * (1.0 - jnp.cos(s.phase)), 0.1)
            """,
                (*end,),
                hz=m.rate(0.4, 0.2, 0.8),
                termination=DEEP,
            ),
        ),
    )


@shelf.primitive("lie flat", "Lie down", TWO, controls="height roll pitch")
def lie_flat(robot: Robot, m: Modifiers) -> Plan:
    flat = "at_most(s.height, 0.25 * s.home_height, 0.75 * s.home_height)"
    down = term(f"down: 2.0 * {flat}", "the body goes down to the floor")
    quiet = term(f"quiet: 0.8 * near(s.joint_vel, 0.0, 0.8) * {flat}", "and lies still there")
    judge = metric(
        "lie down",
        "Does it lie on the floor quietly?",
        measured(
            "height at the end (m)", "final", "height", at_most=0.4 * robot.structure.base_height
        ),
        measured("joint speed (rad/s)", "final", "joint_speed", at_most=0.5),
    )
    end = (SMOOTH, EFFORT)
    return Plan(
        judge,
        (
            idea(
                "Nap Time",
                "Lies down and stays still.",
                "",
                (down, quiet, *end),
                hz=0.5,
                termination=LYING,
            ),
            idea(
                "On Its Back",
                "Looks at the sky.",
                """
            face_up: 1.0 * at_least(s.nose_up, 0.8, 0.8)  # face to the sky
            """,
                (down, quiet, *end),
                hz=0.5,
                termination=LYING,
            ),
            idea(
                "Slow Sink",
                "Sinks softly, never drops.",
                """
            soft: 0.8 * at_least(s.up_speed, -0.3, 0.6)  # softly
            """,
                (down, quiet, *end),
                hz=0.5,
                termination=LYING,
            ),
        ),
    )


@shelf.primitive("one leg", "Stand on one leg", TWO, controls="height place")
def one_leg(robot: Robot, m: Modifiers) -> Plan:
    free, firm = ("left", "right") if m.side > 0 else ("right", "left")
    up = term(
        f"""foot_up: 2.0 * at_least(s.clearance("{free}"), 0.15 * s.home_height, 0.15
            * s.home_height)""",
        "one foot is up",
    )
    stand = term(f'stand: 0.5 * s.contact("{firm}")', "the other carries")
    still = term(
        f'still: 0.8 * near(s.joint_vel, 0.0, 0.8) * (1.0 - s.contact("{free}"))',
        "without a wobble",
    )
    high = measured(
        "free foot (m above the floor)",
        "median",
        f"foot_height:{free}",
        at_least=0.07 * robot.structure.base_height,
    )
    judge = metric("stand on one leg", "Does it stand on one leg?", high, _on_spot(robot), NO_FALL)
    return Plan(
        judge,
        (
            idea("Flamingo", "Lifts one foot and stays.", "", (up, stand, *PLACE)),
            idea(
                "Statue",
                "Lifts one foot and then turns to stone.",
                "",
                (up.weighing(1.2), stand, still, *PLACE),
            ),
            idea(
                "Crane Kick",
                "The free foot dips and rises with the clock.",
                f"""
            # the free foot follows the clock
            dip: 1.8 * near(s.clearance("{free}"), s.home_height * (0.13 + 0.05
                * jnp.sin(s.phase)), 0.04 * s.home_height)
            """,
                (stand, *PLACE),
                hz=0.8,
            ),
        ),
    )


@shelf.primitive("arm swing", "Wave", "humanoid", needs="group:right_arm", controls="arms")
def arm_swing(robot: Robot, m: Modifiers) -> Plan:
    side = "left" if "left" in m.directions else "right"
    plan = rhythmic(
        robot,
        m,
        robot.structure.groups[f"{side}_arm"][:4],
        "wave",
        "Does it wave its arm in rhythm and stay on its feet?",
        1.0,
        ("Hello There", "Rope Wave", "Crisp Wave"),
    )
    judge = plan.metric.model_copy(update={"criteria": (*plan.metric.criteria, NO_FALL)})
    beat = wave(m, 1.0)
    lead = max(swings(robot, robot.structure.groups[f"{side}_arm"][:4]), key=lambda move: move.size)
    extra = term(
        f"""wave: 1.0 * near((s.joint("{lead.joint}") - {num(lead.centre)}) / {num(lead.size)},
            {beat}, 0.4)""",
        "the arm swings",
    )
    return Plan(judge, tuple((idea.plus((HERE, UP)) for idea in plan.ideas)), (extra,))

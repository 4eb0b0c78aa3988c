"""Steps with a character: on the spot, on the moon, unheard, unsteady."""

from math import pi

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, near_start, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LEVEL,
    ON_COURSE,
    PLACE,
    QUADRUPED,
    TALL,
    diagonals,
    knee,
    steps,
)
from tabrl.behaviours.library.terms import EFFORT, GRIP, NO_FALL, SMOOTH, UP, command, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("march", "March in place", QUADRUPED, controls="steps place")
def march(robot: Robot, m: Modifiers) -> Plan:
    hz, lift = m.rate(1.5, 0.7, 2.5), m.scaled(0.35, 0.5)
    beat = diagonals(lift)
    marching = idea(
        "Parade March",
        "Diagonal pairs of feet rise high and land with the drum, back level.",
        "",
        (steps(2.0), LEVEL, TALL, GRIP, *PLACE),
        setup=beat,
        hz=hz,
    )
    stomping = idea(
        "Drum Stomp",
        "Pays a pair in the air only while the other pair carries, and no sliding.",
        f"""
            up_1 = at_least(pair_1, {num(0.8 * lift)} * s.home_height, {num(0.8 * lift)}
                * s.home_height) * jnp.maximum(jnp.sin(s.phase), 0.0)
            up_2 = at_least(pair_2, {num(0.8 * lift)} * s.home_height, {num(0.8 * lift)}
                * s.home_height) * jnp.maximum(-jnp.sin(s.phase), 0.0)
            down_1 = 0.5 * (s.contact("FR") + s.contact("RL"))
            down_2 = 0.5 * (s.contact("FL") + s.contact("RR"))
            lead = square_wave(s.phase)
            carry: 1.5 * (up_1 * down_2 + up_2 * down_1)  # one pair up high while the other stands
            # the pair on the beat is the higher one
            turns: 0.8 * lead * (jnp.mean(pair_1) - jnp.mean(pair_2)) / (0.3 * s.home_height)
        """,
        (LEVEL, GRIP, *PLACE),
        setup=beat[:3],
        hz=hz,
    )
    knees = idea(
        "High Knees",
        "Guards' step: each knee folds in turn, front and rear opposite, chest held up.",
        f"""
            # bending of the knees in diagonal pairs, in rad from home (folding is negative)
            fold_1 = jnp.array([{knee(robot, "FR")}, {knee(robot, "RL")}])
            fold_2 = jnp.array([{knee(robot, "FL")}, {knee(robot, "RR")}])
            bend_1 = -{num(2 * lift)} * jnp.maximum(jnp.sin(s.phase), 0.0)
            bend_2 = -{num(2 * lift)} * jnp.maximum(-jnp.sin(s.phase), 0.0)
            # knees fold in diagonal pairs with the clock
            fold: 1.6 * (near(fold_1, bend_1, 0.2) + near(fold_2, bend_2, 0.2))
            chest: 0.4 * near(s.pitch, -0.05, 0.1)  # chest held up
        """,
        (GRIP, *PLACE),
        hz=hz,
    )
    h = robot.structure.base_height
    judge = metric(
        "march in place",
        "Do its feet rise and land in turn, in step, on one spot?",
        measured(
            "front right foot's steps in 10 s",
            "cycles",
            "foot_height:FR",
            at_least=6,
            height=0.12 * h,
        ),
        measured(
            "rear left foot's steps in 10 s", "cycles", "foot_height:RL", at_least=6, height=0.1 * h
        ),
        measured("share of the time in step", "alternation", at_least=0.4),
        near_start(robot, 4.0),
        NO_FALL,
    )
    return Plan(judge, (marching, stomping, knees))


@shelf.primitive("moon walk", "Walk on the moon", QUADRUPED, controls="height place")
def moon_walk(robot: Robot, m: Modifiers) -> Plan:
    hz, pace = m.rate(1.1, 0.6, 1.6), m.speed(0.4, 0.8)
    go = command(robot, pace)
    ahead = term(
        f"ahead: 0.8 * at_least(s.forward_speed, {num(pace)}, {num(pace)})", "drifts ahead"
    )
    soft = term("soft: 0.4 * at_least(s.up_speed, -0.5, 1.0)", "comes down softly")
    arc = "arc = s.home_height * (1.0 - 0.3 * jnp.sin(s.phase))"
    floating = idea(
        "Lunar Bound",
        "Slow bounds: the body floats up and down once a beat with a long flight on top.",
        f"""
            {arc}
            # the body floats along a slow arc
            float: 1.5 * near(s.height, arc, 0.12 * s.home_height)
            # long flight at the top
            flight: 1.2 * window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 1.0)
        """,
        (ahead, *ON_COURSE),
        hz=hz,
        command=go,
    )
    hanging = idea(
        "Astronaut Float",
        "Pays long air times of every foot and soft landings while it drifts ahead.",
        """
            air_time: 1.5 * at_least(s.foot_air_time, 0.35, 0.35)  # feet stay long in the air
            lift_off: 1.0 * near(s.feet_down, 0.0, 1.0)  # all of them together
        """,
        (ahead, soft, *ON_COURSE),
        hz=hz,
        command=go,
    )
    striding = idea(
        "Low-Gravity Stride",
        "A slow-motion trot: diagonal feet swing up high and hang, the body bobs lightly.",
        """
            # light bobbing of the body
            bob: 0.8 * near(s.height, s.home_height * (1.05 + 0.15 * jnp.cos(2.0 * s.phase)),
                0.08 * s.home_height)
        """,
        (steps(1.5), ahead, soft, *ON_COURSE),
        setup=diagonals(0.5),
        hz=hz,
        command=go,
    )
    h = robot.structure.base_height
    judge = metric(
        "moon walk",
        "Does it float ahead in slow, light bounds?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("bob of the body (m)", "amplitude", "height", at_least=0.12 * h),
        measured("bounds a second (Hz)", "frequency", "height", at_most=2.5),
        NO_FALL,
    )
    return Plan(judge, (floating, hanging, striding))


@shelf.primitive("sneak", "Sneak", QUADRUPED, controls="place height")
def sneak(robot: Robot, m: Modifiers) -> Plan:
    pace, hz = m.speed(0.3, 0.6), m.rate(1.2, 0.6, 2.0)
    go = command(robot, pace)
    low = term(
        "low: 1.2 * at_most(s.height, 0.8 * s.home_height, 0.2 * s.home_height)", "belly low"
    )
    ahead = term(
        f"ahead: 1.2 * near(s.forward_speed, {num(pace)}, {num(0.5 * pace)})", "slowly ahead"
    )
    prowling = idea(
        "Panther Prowl",
        "Belly low, smooth and slow ahead.",
        "",
        (low, ahead, LEVEL, GRIP, *ON_COURSE),
        hz=hz,
        command=go,
    )
    tiptoeing = idea(
        "Tiptoe Thief",
        "One foot after the other, lifted high and set down softly, three always on the floor.",
        """
            one_foot: 1.2 * near(s.feet_down, 3.0, 0.7)  # one foot in the air at a time
            # lifted high
            high_step: 1.0 * at_least(jnp.max(s.foot_height), 0.25 * s.home_height, 0.25
                * s.home_height)
        """,
        (ahead, low.weighing(0.8), GRIP, *ON_COURSE),
        hz=hz,
        command=go,
    )
    stalking = idea(
        "Stop and Stalk",
        "Moves in the first half of the beat, freezes and listens in the second.",
        f"""
            # a few steps
            stalk: 1.2 * window(s.phase, 0.0, 0.5) * at_least(s.forward_speed, {num(1.5 * pace)},
                {num(1.5 * pace)})
            # then not a twitch
            listen: 0.8 * window(s.phase, 0.55, 0.4) * near(s.joint_vel, 0.0, 0.8)
        """,
        (low, LEVEL, *ON_COURSE),
        hz=min(hz, 0.6),
        command=go,
    )
    h = robot.structure.base_height
    judge = metric(
        "sneak",
        "Does it creep ahead, low and slow?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=0.8),
        measured("height (m)", "median", "height", at_most=0.85 * h),
        measured("forward speed (m/s)", "mean", "forward_speed", at_most=0.8),
        NO_FALL,
    )
    return Plan(judge, (prowling, tiptoeing, stalking))


@shelf.primitive("stagger", "Stagger", QUADRUPED, controls="place roll")
def stagger(robot: Robot, m: Modifiers) -> Plan:
    pace, hz, lean = m.speed(0.4, 0.8), m.rate(0.8, 0.4, 1.5), m.scaled(0.2, 0.3)
    go = command(robot, pace)
    ahead = term(
        f"ahead: 1.0 * at_least(s.forward_speed, {num(pace)}, {num(pace)})", "gets ahead somehow"
    )
    end = (UP, SMOOTH, EFFORT)
    rolling = idea(
        "Drunken Sailor",
        "Leans far to one side, then the other, while it gets ahead as on a rolling deck.",
        f"""
            lean: 1.5 * near(s.roll, {wave(m, lean)}, 0.1)  # leans over with the swell
        """,
        (ahead, *end),
        hz=hz,
        command=go,
    )
    weaving = idea(
        "Crooked Line",
        "Weaves left and right of its line: the heading swings, the way goes on.",
        f"""
            # the heading swings about the line
            weave: 1.5 * near(s.yaw, {wave(m, 2.2 * lean)}, 0.2)
            lean: 0.6 * near(s.roll, {wave(m, 0.7 * lean, pi / 2)}, 0.1)  # and leans into it
        """,
        (ahead, *end),
        hz=hz,
        command=go,
    )
    limping = idea(
        "Sore Paw",
        "Spares the right front paw: it dips over that shoulder on each step.",
        f"""
            # the sore paw hardly touches the floor
            spare: 1.2 * s.contact("FL") * (1.0 - s.contact("FR"))
            # dips over the sore shoulder
            dip: 1.2 * near(s.roll, {num(0.6 * lean)} + {wave(m, 0.6 * lean)}, 0.1)
        """,
        (ahead, *end),
        hz=hz,
        command=go,
    )
    judge = metric(
        "stagger",
        "Does it sway or limp along, unsteady but on its feet?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=0.8),
        measured("swing of the trunk (rad)", "range", "roll", at_least=0.2),
        NO_FALL,
    )
    return Plan(judge, (rolling, weaving, limping))

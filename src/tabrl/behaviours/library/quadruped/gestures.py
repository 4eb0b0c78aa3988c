"""Gestures: nodding, shaking, waving."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LEVEL,
    PLACE,
    PLANTED,
    QUADRUPED,
    TALL,
    knee,
)
from tabrl.behaviours.library.terms import EFFORT, FACING, HERE, NO_FALL, SMOOTH, UP, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("nod", "Nod", QUADRUPED, controls="pitch")
def nod(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.2, 0.3), m.rate(1.4, 0.5, 2.5)
    follow = term("nod: 2.0 * near(s.pitch, nod, 0.08)", "the front nods with the clock")
    turn = f"nod = {wave(m, swing)}"
    rocking = idea(
        "Rocking Yes",
        "The whole trunk rocks nose down, nose up, on planted feet.",
        f"""
            {turn}
        """,
        (follow, PLANTED, TALL, *PLACE),
        hz=hz,
    )
    bobbing = idea(
        "Front Bob",
        "The shoulders rise and sink on the front legs while the rear stays where it is.",
        f"""
            {turn}
            front = jnp.array([{knee(robot, "FR")}, {knee(robot, "FL")}])
            bob = -{num(2 * swing)} * (0.5 + 0.5 * jnp.sin(s.phase))
            bob: 1.5 * near(front, bob, 0.15)  # front knees bend and stretch with the clock
            # rear legs stay
            rear: 0.5 * near(s.offsets("RR"), 0.0, 0.3) * near(s.offsets("RL"), 0.0, 0.3)
        """,
        (follow.weighing(0.8), *PLACE),
        hz=hz,
    )
    banging = idea(
        "Headbanger",
        "Two quick nods and a rest in each beat, with the whole body bobbing along.",
        f"""
            {turn}
            bang = {num(6.28 * hz * swing)} * jnp.cos(s.phase)
            bang: 1.8 * near(s.ang_vel_b[1], bang, 1.0)  # pitch rate of a quick double nod
        """,
        (follow.weighing(0.8), PLANTED, *PLACE),
        hz=hz,
    )
    judge = metric(
        "nod",
        "Does its front nod up and down in rhythm?",
        measured("nod (rad)", "amplitude", "pitch", at_least=0.5 * swing),
        measured("share of the nod on the beat", "rhythm", "pitch", at_least=0.7, slack=0.1),
        NO_FALL,
    )
    return Plan(
        judge,
        (rocking, bobbing, banging),
        (term(f"nod: 1.0 * near(s.pitch, {wave(m, swing)}, 0.08)", "nods"),),
    )


@shelf.primitive("shake head", "Shake the head", QUADRUPED, controls="yaw")
def shake_head(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.25, 0.4), m.rate(1.3, 0.4, 2.5)
    follow = term(
        "twist: 2.0 * near(s.yaw, twist, 0.1)", "the heading twists left and right with the clock"
    )
    turn = f"twist = {wave(m, swing)}"
    place = (PLANTED, HERE, UP, SMOOTH, EFFORT)
    twisting = idea(
        "Planted Twist",
        "The trunk twists left and right over planted feet, back level.",
        f"""
            {turn}
        """,
        (follow, LEVEL, *place),
        hz=hz,
    )
    pacing = idea(
        "Rate Twist",
        "Follows the turning speed of the twist, so the change of direction is crisp.",
        f"""
            {turn}
            # turn rate of the twist
            rate: 1.5 * near(s.turn_rate, {num(6.28 * hz * swing)} * jnp.cos(s.phase), 0.8)
        """,
        (follow.weighing(0.8), TALL, *place),
        hz=hz,
    )
    wringing = idea(
        "Wet Dog",
        "Twists and rolls together, as a dog throws off water.",
        f"""
            {turn}
            roll: 1.0 * near(s.roll, {wave(m, 0.6 * swing)}, 0.1)  # the coat rolls along
        """,
        (follow.weighing(1.4), *place),
        hz=hz,
    )
    judge = metric(
        "shake the head",
        "Does it twist left and right in rhythm?",
        measured("twist (rad)", "amplitude", "yaw", at_least=0.5 * swing),
        measured("share of the twist on the beat", "rhythm", "yaw", at_least=0.7, slack=0.1),
        NO_FALL,
    )
    return Plan(
        judge,
        (twisting, pacing, wringing),
        (term(f"twist: 1.0 * near(s.yaw, {wave(m, swing)}, 0.1)", "twists"),),
    )


@shelf.primitive("wave", "Wave a paw", QUADRUPED, needs="group:hips", controls="paw")
def wave_paw(robot: Robot, m: Modifiers) -> Plan:
    leg = "FL" if "left" in m.directions else "FR"
    hip, _, knee = robot.structure.groups[leg][:3]
    hz, swing = m.rate(1.5, 0.6, 2.5), m.scaled(0.35, 0.5)
    up = term(
        f"""paw_up: 1.5 * at_least(s.clearance("{leg}"), 0.4 * s.home_height, 0.4
            * s.home_height)""",
        "the paw is up in the air",
    )
    rest = term("three_feet: 0.4 * near(s.feet_down, 3.0, 0.6)", "the other three carry")
    end = (rest, HERE, FACING, UP, SMOOTH, EFFORT)
    beat = f"swing = {wave(m, swing)}"
    side = idea(
        "Royal Wave",
        "Lifts a front paw and swings it from side to side.",
        f"""
            {beat}
            # the paw swings sideways with the clock
            wave: 1.5 * near(s.offset("{hip}"), swing, 0.12)
        """,
        (up, *end),
        hz=hz,
    )
    knock = idea(
        "Come Here",
        "Lifts a front paw and beckons with the knee.",
        f"""
            {beat}
            # the knee bends and stretches with the clock
            beckon: 1.5 * near(s.offset("{knee}"), swing - 0.3, 0.15)
        """,
        (up, *end),
        hz=hz,
    )
    pump = idea(
        "High Five",
        "Throws a front paw up high ahead in each beat.",
        f"""
            # height of the paw relative to the body, in m
            high = s.home_height * (-0.35 + 0.25 * jnp.sin(s.phase))
            # the paw flies up with the clock
            throw: 1.5 * near(s.foot("{leg}")[2], high, 0.15 * s.home_height)
            # out ahead of the chest
            reach: 0.5 * at_least(s.foot("{leg}")[0], s.home_height, 0.4 * s.home_height)
        """,
        (up.weighing(1.0), *end),
        hz=hz,
    )
    judge = metric(
        "wave",
        "Does it lift a front paw and wave it?",
        measured(
            "paw (m above the floor)",
            "median",
            f"foot_height:{leg}",
            at_least=0.15 * robot.structure.base_height,
        ),
        measured("waving of the leg (rad)", "amplitude", f"group:{leg}", at_least=0.06),
        measured(
            "waves a second (Hz)", "frequency", f"group:{leg}", at_least=0.4 * hz, at_most=2.5 * hz
        ),
        NO_FALL,
    )
    return Plan(judge, (side, knock, pump))

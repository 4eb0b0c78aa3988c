"""Gestures and exercises in place."""

from tabrl.llm.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.llm.library.quadruped.parts import (
    LEVEL,
    PLACE,
    PLANTED,
    QUADRUPED,
    TALL,
    knee,
    near_start,
)
from tabrl.llm.library.terms import EFFORT, FACING, HERE, LYING, NO_FALL, SMOOTH, UP, wave
from tabrl.llm.modifiers import Modifiers
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
        measured("share of the nod on the beat", "rhythm", "pitch", at_least=0.5),
        near_start(robot, 3.0),
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
        measured("share of the twist on the beat", "rhythm", "yaw", at_least=0.5),
        near_start(robot, 3.0),
        NO_FALL,
    )
    return Plan(
        judge,
        (twisting, pacing, wringing),
        (term(f"twist: 1.0 * near(s.yaw, {wave(m, swing)}, 0.1)", "twists"),),
    )


@shelf.primitive("wave", "Wave a paw", QUADRUPED, controls="paw")
def wave_paw(robot: Robot, m: Modifiers) -> Plan:
    leg = "FL" if "left" in m.directions else "FR"
    hip, thigh, knee = robot.structure.groups[leg]
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
        near_start(robot, 3.0),
        NO_FALL,
    )
    return Plan(judge, (side, knock, pump))


@shelf.primitive("stretch", "Stretch", QUADRUPED, controls="pitch height")
def stretch(robot: Robot, m: Modifiers) -> Plan:
    hz, dip = m.rate(0.4, 0.2, 0.8), m.scaled(0.35, 0.5)
    still = term("calm: 0.4 * near(s.joint_vel, 0.0, 1.5)", "slowly, as a cat does")
    follow = term("stretch: 2.0 * near(s.pitch, lean, 0.12)", "front down, then rear down")
    turn = f"lean = {num(dip)} * jnp.sin(s.phase)"
    cat = idea(
        "Cat and Cow",
        "Front down and rear up, then front up and rear down, slow and smooth.",
        f"""
            {turn}
            """,
        (follow, still, PLANTED, *PLACE),
        hz=hz,
    )
    long = idea(
        "Long Reach",
        "Pushes the front feet out ahead of the body and leans back, then comes home.",
        f"""
            {turn}
            # how far ahead of the body the front feet go, in m
            ahead = s.home_height * (0.7 + 0.3 * jnp.sin(s.phase))
            # front feet reach out ahead
            reach: 1.2 * near(0.5 * (s.foot("FR")[0] + s.foot("FL")[0]), ahead, 0.15
                * s.home_height)
            """,
        (follow.weighing(1.2), still, *PLACE),
        hz=hz,
    )
    rise = idea(
        "Wake-up Wave",
        "Bows, rises tall, leans back: a slow wave through the whole body.",
        f"""
            {turn}
            # rises between the stretches
            breathe: 1.2 * near(s.height, s.home_height * (1.0 + 0.15 * jnp.cos(2.0 * s.phase)),
                0.08 * s.home_height)
            """,
        (follow.weighing(1.5), still, PLANTED, *PLACE),
        hz=hz,
    )
    judge = metric(
        "stretch",
        "Does it stretch slowly, front down and front up?",
        measured("stretch (rad)", "range", "pitch", at_least=dip),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_most=2.0),
        measured("stretches a second (Hz)", "frequency", "pitch", at_most=1.2),
        near_start(robot, 3.0),
        NO_FALL,
    )
    return Plan(judge, (cat, long, rise))


@shelf.primitive("push-ups", "Push-ups", QUADRUPED, controls="height")
def push_ups(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.0, 0.4, 2.0), m.scaled(0.22, 0.35)
    depth = "depth = s.home_height * (0.9 + {} * {})"
    follow = term(
        "pump: 2.0 * near(s.height, depth, 0.07 * s.home_height)",
        "the body goes down and up with the clock",
    )
    whole = idea(
        "Drill Sergeant",
        "The level body sinks and rises on all four legs, once a beat.",
        f"""
            {depth.format(num(size), "jnp.sin(s.phase)")}
            """,
        (follow, LEVEL, PLANTED, *PLACE),
        hz=hz,
    )
    front = idea(
        "Front Press",
        "Only the front legs bend and press: a real push-up, rear legs straight.",
        f"""
            {depth.format(num(size), "jnp.sin(s.phase)")}
            press = 0.12 - {num(0.8 * size)} * jnp.sin(s.phase)
            press: 1.5 * near(s.pitch, press, 0.08)  # the chest sinks and rises
            """,
        (follow.weighing(0.8), PLANTED, *PLACE),
        hz=hz,
    )
    power = idea(
        "Power Reps",
        "Pays the speed of each press, hard up and slowly down.",
        f"""
            {depth.format(num(size), "jnp.sin(s.phase)")}
            # speed of the press
            press: 1.5 * near(s.up_speed, {num(6.28 * hz * size)} * s.home_height
                * jnp.cos(s.phase), 0.15)
            """,
        (follow.weighing(0.8), LEVEL, PLANTED, *PLACE),
        hz=hz,
    )
    judge = metric(
        "push-ups",
        "Does the body pump down and up in rhythm, feet on the floor?",
        measured("pump (m)", "amplitude", "height", at_least=0.1 * robot.structure.base_height),
        measured("share of the pump on the beat", "rhythm", "height", at_least=0.5),
        measured("feet on the floor", "mean", "feet_down", at_least=3.0),
        NO_FALL,
    )
    return Plan(judge, (whole, front, power))


@shelf.primitive("roll over", "Roll over", QUADRUPED, controls="roll pitch yaw height place")
def roll_over(robot: Robot, m: Modifiers) -> Plan:
    rate = m.speed(2.0, 4.0)
    sign = -m.side
    back = "at_most(s.upright, -0.8, 1.8)"
    end = (SMOOTH, EFFORT)
    barrel = idea(
        "Barrel Roll",
        "Keeps rolling about its long axis over the floor.",
        f"""
            # rolls about its length
            roll: 2.0 * at_least({sign} * s.ang_vel_b[0], {num(rate)}, {num(rate)})
            # close to the floor
            low: 0.5 * at_most(s.height, 0.6 * s.home_height, 0.5 * s.home_height)
            """,
        (*end,),
        hz=0.5,
        termination=LYING,
    )
    timed = idea(
        "Over and Back",
        "On its back in one half of the long beat, on its feet in the other.",
        f"""
            over: 1.8 * window(s.phase, 0.4, 0.5) * {back}  # on its back on the beat
            # upright again after it
            back_up: 1.0 * (1.0 - window(s.phase, 0.4, 0.5)) * at_least(s.upright, 0.8, 1.8)
            """,
        (HERE, *end),
        hz=0.2,
        termination=LYING,
    )
    turned = idea(
        "Count the Turns",
        "Pays the way rolled so far against a steady count, so that stopping halfway is late.",
        f"""
            # roll to have made by now, in rad
            turns = {num(0.6 * rate)} * s.time
            # as far round as the count
            count: 1.5 * 0.5 + 0.5 * jnp.cos({sign} * s.rolled - turns)
            # at an even pace
            roll: 1.2 * near({sign} * s.ang_vel_b[0], {num(0.6 * rate)}, {num(0.5 * rate)})
            """,
        (*end,),
        hz=0.5,
        termination=LYING,
    )
    judge = metric(
        "roll over",
        "Does it roll onto its back, over its sides?",
        measured("most upside down (upright is 1)", "min", "upright", at_most=-0.6),
        measured("way over its sides (left up, 2 is all)", "range", "left_up", at_least=1.2),
    )
    return Plan(judge, (barrel, timed, turned))

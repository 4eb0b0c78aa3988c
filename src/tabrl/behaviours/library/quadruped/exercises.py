"""Exercises on the spot."""

import math

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LEVEL,
    PLACE,
    PLANTED,
    QUADRUPED,
)
from tabrl.behaviours.library.terms import EFFORT, HERE, LYING, NO_FALL, SMOOTH
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


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
        measured("stretch (rad)", "range", "pitch", at_least=dip, slack=0.1),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_most=2.0),
        measured("share of it on the beat", "rhythm", "pitch", at_least=0.65, slack=0.1),
        measured("stretches a second (Hz)", "frequency", "pitch", at_most=1.2),
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
        measured("share of the pump on the beat", "rhythm", "height", at_least=0.7, slack=0.1),
        measured("feet on the floor", "mean", "feet_down", at_least=3.0),
        NO_FALL,
    )
    return Plan(judge, (whole, front, power))


@shelf.primitive("roll over", "Roll over", QUADRUPED, controls="roll pitch yaw height place")
def roll_over(robot: Robot, m: Modifiers) -> Plan:
    rate, tau = m.speed(2.0, 4.0), 2 * math.pi
    sign = -m.side
    back = "at_most(s.upright, -0.8, 1.8)"
    end = (SMOOTH, EFFORT)
    barrel = idea(
        "Barrel Roll",
        "Pays each degree that it has rolled, until it is all the way round.",
        f"""
            # the way rolled so far, up to a whole roll
            way: 3.0 * at_least({sign} * s.rolled, {num(tau)}, {num(tau)})
            # rolls about its length, until it is round
            roll: 0.6 * at_least({sign} * s.ang_vel_b[0], {num(rate)}, {num(rate)}) * at_most(
                {sign} * s.rolled, {num(0.9 * tau)}, {num(0.1 * tau)})
        """,
        end,
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
            # roll to have made by now, in rad: once round, then it is done
            count = jnp.minimum({num(0.6 * rate)} * s.time, {num(tau)})
            # as far round as the count
            on_time: 2.5 * at_most(jnp.abs({sign} * s.rolled - count), 0.3, {num(tau)})
            # on its feet again at the end
            feet: 1.0 * at_least({sign} * s.rolled, {num(tau)}, 1.0) * at_least(s.upright, 0.9, 0.9)
        """,
        end,
        hz=0.5,
        termination=LYING,
    )
    judge = metric(
        "roll over",
        "Does it roll onto its back, over its sides?",
        measured("most upside down (upright is 1)", "min", "upright", at_most=-0.6),
        measured("way over its sides (left up, 2 is all)", "range", "left_up", at_least=1.2),
        measured("turned about its length (rad)", "range", "roll", at_least=5.5, slack=0.1),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_most=4.0, slack=0.1),
    )
    return Plan(judge, (barrel, timed, turned))

"""Turning and jumping."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, near_start, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LEVEL,
    ON_COURSE,
    PLACE,
    QUADRUPED,
    diagonals,
    round_and_round,
    steps,
)
from tabrl.behaviours.library.terms import EFFORT, NO_FALL, NO_SHAKING, SMOOTH, UP, command, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("spin", "Spin on the spot", QUADRUPED, controls="yaw place")
def spin(robot: Robot, m: Modifiers) -> Plan:
    rate = m.turn * m.speed(2.5, 5.0)
    turn = command(robot, turn=1.2 * m.turn)
    ramp = term(
        f"turn: 2.0 * at_least({m.turn} * s.turn_rate, {num(abs(rate))}, {num(abs(rate))})",
        "the faster round, the better, up to the goal",
    )
    end = (
        term("here: 0.5 * near(s.displacement, 0.0, s.home_height)", "stays on its spot"),
        UP,
        LEVEL,
        SMOOTH,
        EFFORT,
    )
    turning = idea(
        "Turntable",
        "Turns at a steady rate over one spot, back level.",
        "",
        (ramp, *end),
        hz=2.0,
        command=turn,
    )
    following = idea(
        "Clock Hand",
        "Chases a hand that sweeps round like a clock's: it must keep up, not only be fast.",
        f"""
            # heading of the hand, in rad since the start
            hand = {num(rate)} * s.time
            # points where the sweeping hand points
            chase: 1.5 * (0.5 + 0.5 * jnp.cos(s.turned - hand))
            # turns as fast as the hand
            pace: 1.0 * near(s.turn_rate, {num(rate)}, {num(0.5 * abs(rate))})
        """,
        end,
        hz=2.0,
        command=turn,
    )
    stepping = idea(
        "Pirouette Steps",
        "Turns in crisp steps: diagonal feet lift with the clock and carry the body round.",
        "",
        (ramp.weighing(1.5), steps(1.0), *end),
        setup=diagonals(0.2),
        hz=m.rate(2.0, 1.0, 3.0),
        command=turn,
    )
    judge = metric(
        "spin",
        "Does it turn round and round on one spot?",
        *round_and_round(m, 1.2),
        near_start(robot, 3.0),
        NO_FALL,
    )
    return Plan(judge, (turning, following, stepping), (ramp.weighing(1.0),))


@shelf.primitive("jump", "Jump up and down", QUADRUPED, controls="height")
def jump(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.5, 0.7, 2.2), m.scaled(0.35, 0.6)
    flat = term(
        "flat: 0.5 * near(s.pitch, 0.0, 0.2) * near(s.roll, 0.0, 0.2)", "lands as level as it left"
    )
    fly = term(
        "fly: 1.0 * aloft * near(s.feet_down, 0.0, 1.0)",
        "all feet leave the floor in the second half of the beat",
    )
    air = ("# the part of the beat that belongs to the air", "aloft = window(s.phase, 0.5, 0.35)")
    clocked = idea(
        "Trampoline",
        "The body follows a bouncing ball: down to gather, up and off the floor, once a beat.",
        f"""
            ball = s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase))
            # body height follows the bouncing ball
            ball: 1.5 * near(s.height, ball, 0.12 * s.home_height)
        """,
        (fly, flat, *PLACE),
        setup=air,
        hz=hz,
    )
    hanging = idea(
        "Hang Time",
        "Pays time in the air and height above home, each only while it stays level.",
        f"""
            # no foot on the floor
            air: 2.0 * near(s.feet_down, 0.0, 0.7) * at_least(s.upright, 0.95, 0.2)
            # above its usual height
            high: 1.0 * at_least(s.height, {num(1 + size)} * s.home_height, {num(size)}
                * s.home_height)
            # crouches before it goes
            gather: 0.5 * (1.0 - aloft) * near(s.height, 0.75 * s.home_height, 0.15
                * s.home_height)
        """,
        (flat, *PLACE),
        setup=air,
        hz=hz,
    )
    springing = idea(
        "Pogo Spring",
        "Matches the upward speed of a spring, push by push, feet clearing the floor together.",
        f"""
            spring = -{num(6.28 * hz * size * 0.6)} * s.home_height * jnp.cos(s.phase)
            push: 1.2 * near(s.up_speed, spring, 0.5)  # vertical speed of a body on a spring
            # all feet clear the floor together
            together: 1.0 * aloft * at_least(s.foot_height, 0.2 * s.home_height, 0.2
                * s.home_height)
        """,
        (fly, flat, *PLACE),
        setup=air,
        hz=hz,
    )
    h = robot.structure.base_height
    judge = metric(
        "jump",
        "Does it leave the floor with all feet, again and again?",
        measured("jumps in 10 s", "cycles", "height", at_least=5, height=0.2 * h),
        measured("share of the time in the air", "mean", "flight", at_least=0.1),
        NO_SHAKING,
        NO_FALL,
    )
    hop = term(
        f"""hop: 1.0 * near(s.height, s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase)),
            0.12 * s.home_height)""",
        "jumps with the clock",
    )
    return Plan(judge, (clocked, hanging, springing), (hop,))


@shelf.primitive("hop", "Bunny hop", QUADRUPED, controls="height place")
def hop(robot: Robot, m: Modifiers) -> Plan:
    hz, speed = m.rate(2.0, 1.0, 3.0), m.speed(0.5, 1.0)
    ahead = term(
        f"ahead: 1.0 * at_least(s.forward_speed, {num(speed)}, {num(speed)})", "gets ahead"
    )
    fly = term(
        "fly: 1.2 * window(s.phase, 0.5, 0.35) * near(s.feet_down, 0.0, 1.0)",
        "all feet off the floor once a beat",
    )
    go = command(robot, speed)
    together = idea(
        "Bunny Hop",
        "Gathers and springs ahead with all four feet, once a beat.",
        """
            # low, then high
            arc: 1.0 * near(s.height, s.home_height * (1.0 - 0.2 * jnp.sin(s.phase)), 0.1
                * s.home_height)
        """,
        (fly, ahead, *ON_COURSE),
        hz=hz,
        command=go,
    )
    paired = idea(
        "Hare Bound",
        "Rear feet push together, front feet land together: the bound of a hare.",
        f"""
            # rear feet move as one
            rear_pair: 1.0 * near(s.clearance("RR") - s.clearance("RL"), 0.0, 0.05
                * s.home_height)
            # front feet move as one
            front_pair: 1.0 * near(s.clearance("FR") - s.clearance("FL"), 0.0, 0.05
                * s.home_height)
            rock: 0.8 * near(s.pitch, {wave(m, 0.2)}, 0.1)  # the back rocks from rear to front
        """,
        (ahead, fly, *ON_COURSE),
        hz=hz,
        command=go,
    )
    ballistic = idea(
        "Frog Leap",
        "Pays long flights that carry it ahead: speed counts only while no foot touches.",
        f"""
            # flies ahead
            leap: 2.5 * near(s.feet_down, 0.0, 0.7) * at_least(s.forward_speed, {num(speed)},
                {num(speed)})
            # crouches between leaps
            gather: 0.6 * (1.0 - window(s.phase, 0.5, 0.35)) * near(s.height, 0.8 * s.home_height,
                0.15 * s.home_height)
        """,
        (ahead.weighing(0.5), *ON_COURSE),
        hz=hz,
        command=go,
    )
    judge = metric(
        "hop",
        "Does it get ahead in hops, all feet off the floor?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("share of the time in the air", "mean", "flight", at_least=0.1),
        NO_FALL,
    )
    return Plan(judge, (together, paired, ballistic))

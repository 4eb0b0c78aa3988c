"""Postures that are held."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.humanoid.parts import (
    DEEP,
    FACING,
    FEET,
    HERE,
    LEVEL,
    PLACE,
    TWO,
    on_spot,
)
from tabrl.behaviours.library.terms import EFFORT, LYING, NO_FALL, SMOOTH
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("squat", "Crouch", TWO, controls="height")
def squat(robot: Robot, m: Modifiers) -> Plan:
    low = term(
        "low: 3.0 * near(s.height, 0.75 * s.home_height, 0.14 * s.home_height)", "the body is low"
    )
    lower = term(
        "lower: 3.0 * at_most(s.height, 0.75 * s.home_height, 0.25 * s.home_height)",
        "the lower, the better",
    )
    still = term("still: 0.5 * near(s.joint_vel, 0.0, 0.8)", "and still")
    judge = metric(
        "crouch",
        "Does it go low on its feet?",
        measured(
            "share of the time low",
            "fraction_below",
            "height",
            at_least=0.3,
            bound=0.87 * robot.structure.base_height,
        ),
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
                (low, lower, *end),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Coiled Spring",
                "Sinks as far as asked and holds still.",
                "",
                (lower, still, *end),
                hz=1.0,
                termination=DEEP,
            ),
            idea(
                "Squat Reps",
                "Down and up with a slow beat.",
                """
                # down and up with the clock
                pump: 3.0 * near(s.height, s.home_height * (0.86 + 0.12 * jnp.cos(s.phase)), 0.12
                    * s.home_height)
                """,
                end,
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
                end,
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
                end,
                hz=m.rate(0.4, 0.2, 0.8),
                termination=DEEP,
            ),
        ),
    )


@shelf.primitive("lie flat", "Lie down", TWO, controls="height roll pitch yaw")
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
        measured("lowest (m, the floor is 0)", "min", "height", at_least=0.0),
        measured(
            "fastest way (m/s, down is negative)", "min", "up_speed", at_least=-1.5, slack=0.2
        ),
        measured("joint speed (rad/s)", "final", "joint_speed", at_most=0.5),
    )
    soft = term("soft: 0.8 * at_least(s.up_speed, -0.4, 1.0)", "softly: to drop is to fall")
    end = (soft, SMOOTH, EFFORT)
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
                "Sinks at an even, slow pace and never drops.",
                """
                    pace: 0.8 * at_most(jnp.abs(s.up_speed), 0.2, 0.4)  # at an even pace
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
    # What is paid on two feet as well keeps the robot on two feet.
    lifted = f'(1.0 - s.contact("{free}"))'
    up = term(
        f"""foot_up: 2.0 * at_least(s.clearance("{free}"), 0.15 * s.home_height, 0.15
            * s.home_height)""",
        "one foot is up",
    )
    index = [foot.name for foot in robot.structure.feet].index(free)
    lasts = term(
        f"lasts: 1.0 * at_least(s.foot_air_time[{index}], 1.0, 1.0)", "and does not come down"
    )
    poised = term(
        f"""poised: 0.8 * near(s.foot("{firm}")[1], 0.0, 0.08 * s.home_height)
            * {lifted}""",
        "while the trunk is over the other",
    )
    stand = term(f'stand: 0.5 * s.contact("{firm}")', "which carries")
    stays = term(
        f"stays: 0.8 * near(s.lin_vel_b[:2], 0.0, 0.15) * {lifted}", "without hopping about"
    )
    kept = (lasts, poised, stand, stays)
    still = term(f"still: 0.8 * near(s.joint_vel, 0.0, 0.8) * {lifted}", "without a wobble")
    high = measured(
        "share of the time on one leg",
        "fraction_above",
        f"foot_height:{free}",
        at_least=0.8,
        bound=round(0.07 * robot.structure.base_height, 3),
    )
    judge = metric("stand on one leg", "Does it stand on one leg?", high, on_spot(robot), NO_FALL)
    return Plan(
        judge,
        (
            idea("Flamingo", "Lifts one foot and stays.", "", (up, *kept, *PLACE)),
            idea(
                "Statue",
                "Lifts one foot and then turns to stone.",
                "",
                (up.weighing(1.2), *kept, still, *PLACE),
            ),
            idea(
                "Crane Kick",
                "The free foot dips and rises with the clock.",
                f"""
                    # the free foot follows the clock
                    dip: 1.8 * near(s.clearance("{free}"), s.home_height * (0.13 + 0.05
                        * jnp.sin(s.phase)), 0.08 * s.home_height)
                """,
                (*kept, *PLACE),
                hz=0.8,
            ),
        ),
    )

"""Dances, turns and jumps."""

from dataclasses import replace
from math import pi

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.humanoid.parts import (
    ALIVE,
    FEET,
    HERE,
    LEVEL,
    PLACE,
    TWO,
    beat,
    on_spot,
    steps,
)
from tabrl.behaviours.library.joints import rhythmic
from tabrl.behaviours.library.terms import (
    NO_FALL,
    UP,
    command,
    swings,
    tracked,
    wave,
)
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Metric

shelf = Shelf()


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
        measured(
            "share of the snaps on the beat", "rhythm", "joint_speed", at_least=0.5, slack=0.1
        ),
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
    judge = metric("spin", "Does it turn round on one spot?", way, on_spot(robot), NO_FALL)
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
                    chase: 1.5 * (0.5 + 0.5 * jnp.cos(s.turned - {num(m.turn * rate)} * s.time))
                """,
                (round_.weighing(0.8), HERE, *ALIVE),
                hz=1.5,
                command=go,
            ),
            idea(
                "Pirouette Steps",
                "Small steps in turn carry it round.",
                "",
                (steps(1.2), round_.weighing(1.5), HERE, *ALIVE),
                setup=beat(0.1),
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
                PLACE,
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


@shelf.primitive("hello", "Wave hello", "humanoid", needs="raised", controls="arms")
def hello(robot: Robot, m: Modifiers) -> Plan:
    hands = dict(zip((h.name for h in robot.structure.hands), robot.structure.raised, strict=True))
    asked = "left" if "left" in m.directions else "right"
    side = asked if asked in hands else next(iter(hands))
    raised = hands[side]
    hz = m.rate(1.2, 0.6, 2.0)
    low, high = raised.wag_range
    size = min(m.scaled(0.3, 0.4), 0.4 * (high - low))
    held = dict(zip(raised.joints, raised.pose, strict=True))[raised.wag]
    centre = min(max(held, low + size), high - size)
    # Not as high as actions could: motors give way, and large actions are learnt late.
    goal = 0.75 * (raised.height - raised.rest)
    setup = (
        "# 0 where the hand is at home, 1 where it is up; the joint that waves, in swings",
        f'up = jnp.clip((s.hand("{side}")[2] - {num(raised.rest)}) / {num(goal)}, 0.0, 1.0)',
        f'swing = (s.joint("{raised.wag}") - {num(centre)}) / {num(size)}',
    )
    lift = term("lift: 1.5 * up", "the higher the hand, the better, up to the goal")
    wag = term(f"wag: 1.5 * up * near(swing, {wave(m, 1.0)}, 0.6)", "up there it waves")
    straight = [
        LEVEL.weighing(0.8),
        term(
            "stand: 0.8 * at_most(jnp.sqrt(norm_sq(s.lin_vel_b[:2])), 0.05, 0.4)",
            "stands rather than walks",
        ),
    ]
    if "waist" in robot.structure.groups:
        straight.append(
            term(
                'trunk: 1.5 * at_most(jnp.abs(s.offsets("waist")), 0.0, 0.6)',
                "the trunk stays straight: the arm alone lifts the hand",
            )
        )
    others = [joint for joint in raised.joints if joint != raised.wag][:3]
    rope = " + ".join(
        f'near(s.joint_speed("{joint}") / {num(2 * pi * hz * 0.15)},'
        f" {wave(m, 1.0, pi / 4 * (i + 1))}, 0.6)"
        for i, joint in enumerate(others)
    )
    judge = metric(
        "wave hello",
        "Is the hand up, and does it wave from side to side in rhythm?",
        measured(
            "height of the hand (m)",
            "median",
            f"hand_height:{side}",
            at_least=0.5 * (raised.rest + raised.height),
            slack=0.0,
        ),
        measured(
            "swing of the waving joint (rad)",
            "amplitude",
            f"joint:{raised.wag}",
            at_least=0.5 * size,
        ),
        measured(
            "share of the swing on the beat",
            "rhythm",
            f"joint:{raised.wag}",
            at_least=0.7,
            slack=0.1,
        ),
        measured("lean to a side (rad)", "median", "roll", at_least=-0.2, at_most=0.2),
        NO_FALL,
    )
    return Plan(
        judge,
        (
            idea(
                "Hello There",
                "Hand up, and from side to side.",
                "",
                (lift, wag, FEET.weighing(0.6), *straight, *PLACE),
                setup=setup,
                hz=hz,
            ),
            idea(
                "Rope Wave",
                "The raised arm waves like a rope, joint after joint.",
                f"""
                    rope: {num(1.0 / len(others))} * up * ({rope})  # each joint a little later
                """,
                (lift, wag, *straight, *PLACE),
                setup=setup,
                hz=hz,
            ),
            idea(
                "Big Hello",
                "The whole body sways along with the waving hand.",
                f"""
                    sway: 0.8 * near(s.roll, {wave(m, 0.06)}, 0.06)  # the trunk sways along
                """,
                (lift, wag, FEET.weighing(0.6), *straight[1:], *PLACE),
                setup=setup,
                hz=hz,
            ),
        ),
        (lift.weighing(1.0),),
    )


@shelf.primitive("arm swing", "Swing an arm", "humanoid", needs="group:right_arm", controls="arms")
def arm_swing(robot: Robot, m: Modifiers) -> Plan:
    side = "left" if "left" in m.directions else "right"
    plan = rhythmic(
        robot,
        m,
        robot.structure.groups[f"{side}_arm"][:4],
        "arm swing",
        "Does its arm swing in rhythm, and does it stay on its feet?",
        1.0,
        ("Chicken Wing", "Rolling Arm", "Crisp Swing"),
    )
    beat = wave(m, 1.0)
    lead = max(swings(robot, robot.structure.groups[f"{side}_arm"][:4]), key=lambda move: move.size)
    extra = term(
        f"""wave: 1.0 * near((s.joint("{lead.joint}") - {num(lead.centre)}) / {num(lead.size)},
            {beat}, 0.4)""",
        "the arm swings",
    )
    return replace(plan.plus((HERE, UP), (NO_FALL,)), blend=(extra,))


def _swinging(name: str, question: str, signal: str, at_least: float, robot: Robot) -> Metric:
    return metric(
        name,
        question,
        measured(f"swing of {signal}", "amplitude", signal, at_least=at_least),
        measured("share of the swing on the beat", "rhythm", signal, at_least=0.7, slack=0.1),
        NO_FALL,
    )


def _group(robot: Robot, *names: str) -> tuple[str, ...]:
    """The first of these groups that the robot has."""
    return next(robot.structure.groups[name] for name in names if name in robot.structure.groups)

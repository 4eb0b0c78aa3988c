"""Dances: rhythm first, most of them on the spot."""

from math import pi

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.quadruped.parts import (
    LOW,
    PLACE,
    PLANTED,
    QUADRUPED,
    TALL,
    diagonals,
    steps,
)
from tabrl.behaviours.library.terms import EFFORT, HERE, LYING, NO_FALL, SMOOTH, UP, command, wave
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()


@shelf.primitive("hip shake", "Hip shake", QUADRUPED, controls="roll")
def hip_shake(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.25, 0.4), m.rate(1.5, 0.5, 2.5)
    roll = term("roll: 2.0 * near(s.roll, sway, 0.1)", "the trunk rolls with the clock")
    rolling = idea(
        "Aloha Roll",
        "The whole trunk rolls left and right like a hula skirt while all four feet stay planted.",
        f"""
            # roll angle of the trunk to follow, in rad
            sway = {wave(m, swing)}
        """,
        (roll, PLANTED, TALL, *PLACE),
        hz=hz,
    )
    # Slower: a body that glides as fast as it can roll would need more grip than feet have.
    slow = 0.6 * hz
    gliding = idea(
        "Side Glide",
        "The hips glide sideways over planted feet; the back stays level, the legs do it all.",
        f"""
            # sideways way of the body to follow, in m, and its speed, in m/s
            sway = {num(0.9 * swing)} * s.home_height * jnp.sin(s.phase)
            rush = {num(0.9 * 6.28 * slow * swing)} * s.home_height * jnp.cos(s.phase)
            # the body glides sideways with the clock
            glide: 1.5 * near(s.displacement[1], sway, 0.15 * s.home_height)
            pace: 1.5 * near(s.left_speed, rush, 0.15)  # at the speed of the beat
            # the back stays level, so that the legs must swing
            level: 0.4 * near(s.roll, 0.0, 0.15)
        """,
        (PLANTED, TALL, *PLACE),
        hz=slow,
    )
    circling = idea(
        "Hula Circle",
        "The trunk draws circles: roll first, pitch a quarter beat later, like a hula hoop.",
        f"""
            # a circle of the trunk: roll and pitch a quarter beat apart
            sway = {wave(m, swing)}
            nod = {wave(m, 0.5 * swing, pi / 2)}
            # the pitch follows a quarter beat later: a circle
            pitch: 0.8 * near(s.pitch, nod, 0.1)
        """,
        (roll, PLANTED, *PLACE),
        hz=hz,
    )
    judge = metric(
        "hip shake",
        "Do the hips swing from side to side in a steady rhythm, without a fall?",
        measured("hip swing (rad)", "amplitude", "sway", at_least=min(0.15, 0.6 * swing)),
        measured("share of the swing on the beat", "rhythm", "sway", at_least=0.7, slack=0.1),
        measured("swings a second (Hz)", "frequency", "sway", at_least=0.5 * hz, at_most=2.2 * hz),
        NO_FALL,
    )
    return Plan(
        judge,
        (rolling, gliding, circling),
        (term(f"sway: 1.0 * near(s.roll, {wave(m, swing)}, 0.1)", "hips sway"),),
    )


@shelf.primitive("robot dance", "Robot dance", QUADRUPED, controls="roll pitch height")
def robot_dance(robot: Robot, m: Modifiers) -> Plan:
    hz, angle = m.rate(1.0, 0.4, 1.6), m.scaled(0.22, 0.32)
    still = term(
        "hold: 0.6 * on_hold * near(s.joint_vel, 0.0, 0.6)",
        "dead still between the snaps, like a machine",
    )
    beat = (
        "# held between beats, free to move around them",
        "on_hold = window(s.phase, 0.15, 0.2) + window(s.phase, 0.65, 0.2)",
    )
    snap = "square_wave(s.phase)"
    tilting = idea(
        "Tick Tock Tilt",
        "Snaps the trunk from one roll pose to the other on each beat and freezes in between.",
        f"""
            pose = {num(angle)} * {snap}
            snap: 2.0 * near(s.roll, pose, 0.08)  # the trunk snaps to the pose of this half beat
        """,
        (still, PLANTED, *PLACE),
        setup=beat,
        hz=hz,
    )
    popping = idea(
        "Piston Pop",
        "Pops up and drops down in steps with the head nodding against it: a factory piston.",
        f"""
            tall = s.home_height * (0.9 + {num(0.9 * angle)} * {snap})
            tip = {num(0.6 * angle)} * square_wave(s.phase, {num(pi / 2)})
            # the body pops between two heights
            pop: 1.5 * near(s.height, tall, 0.07 * s.home_height)
            nod: 0.8 * near(s.pitch, tip, 0.07)  # and nods in the other half of the beat
        """,
        (still, PLANTED, *PLACE),
        setup=beat,
        hz=hz,
    )
    locking = idea(
        "Four-Pose Lock",
        "Locks through four poses, left up, right down, as if a program stepped it joint by joint.",
        f"""
            twist = {num(angle)} * {snap}
            tip = {num(0.7 * angle)} * square_wave(s.phase, {num(pi / 2)})
            turn: 1.2 * near(s.yaw, twist, 0.08)  # the body twists in steps
            # and tilts a quarter beat later: four poses a beat
            tilt: 1.2 * near(s.roll, tip, 0.08)
        """,
        (still, PLANTED, HERE, UP, SMOOTH, EFFORT),
        setup=beat,
        hz=hz,
    )
    judge = metric(
        "robot dance",
        "Does it snap from pose to pose on a beat and hold still in between?",
        measured("fastest joints (rad/s)", "max", "joint_speed", at_least=1.2),
        measured("snaps in 10 s", "cycles", "joint_speed", at_least=8, slack=0.1, height=0.8),
        measured(
            "share of the snaps on the beat", "rhythm", "joint_speed", at_least=0.5, slack=0.1
        ),
        measured(
            "share of the time held still", "fraction_below", "joint_speed", at_least=0.3, bound=0.7
        ),
        NO_FALL,
    )
    return Plan(judge, (tilting, popping, locking))


@shelf.primitive("happy puppy", "Happy puppy", QUADRUPED, controls="roll pitch height")
def happy_puppy(robot: Robot, m: Modifiers) -> Plan:
    hz, wag = m.rate(2.0, 1.0, 3.0), m.scaled(0.18, 0.3)
    bounce = (
        f"bounce = s.home_height * (1.0 + {num(m.scaled(0.12, 0.2))} * jnp.sin(2.0 * s.phase))",
    )
    bob = term(
        "bounce: 1.2 * near(s.height, bounce, 0.07 * s.home_height)",
        "the body bobs up and down twice a beat",
    )
    wagging = idea(
        "Tail Wagger",
        "Bobs with joy and wags its rear: the body bounces twice for each swing of the hips.",
        f"""
            wag = {wave(m, wag)}
            wag: 1.5 * near(s.roll, wag, 0.08)  # the rear wags from side to side
        """,
        (bob, *PLACE),
        setup=bounce,
        hz=hz,
    )
    bowing = idea(
        "Play Bow",
        "The invitation to play: front low, rear high and wagging in small bounces.",
        f"""
            wag = {wave(m, wag)}
            play_bow: 1.0 * near(s.pitch, 0.25, 0.12)  # front down, rear up: come and play
            wag: 1.5 * near(s.roll, wag, 0.08)  # the rear wags from side to side
            # small bounces while it waits
            bob: 0.8 * near(s.up_speed, 0.2 * jnp.sin(2.0 * s.phase), 0.1)
        """,
        PLACE,
        hz=hz,
    )
    prancing = idea(
        "Zoomy Prance",
        "Prances on the spot with quick diagonal steps, head up, wiggling all the way.",
        f"""
            wag = {wave(m, wag)}
            wag: 1.2 * near(s.roll, wag, 0.08)  # wiggles with every step
            bob: 0.8 * near(s.height, bounce, 0.07 * s.home_height)  # and bounces
        """,
        (steps(1.2), *PLACE),
        setup=(*diagonals(0.2), *bounce),
        hz=hz,
    )
    judge = metric(
        "happy puppy",
        "Does it bounce and wag its rear like a puppy that greets its person?",
        measured("wag of the rear (rad)", "amplitude", "sway", at_least=0.1),
        measured("bounce (m/s)", "amplitude", "up_speed", at_least=0.1),
        measured("share of the bounce on the beat", "rhythm", "up_speed", at_least=0.6, slack=0.1),
        NO_FALL,
    )
    return Plan(judge, (wagging, bowing, prancing))


@shelf.primitive("breakdance", "Breakdance", QUADRUPED, controls="roll pitch yaw height place")
def breakdance(robot: Robot, m: Modifiers) -> Plan:
    hz, rate = m.rate(1.5, 0.5, 2.5), m.speed(3.0, 5.0)
    turn = f"at_least({m.turn} * s.turn_rate, {num(rate)}, {num(rate)})"
    cheap = (
        term("here: 0.3 * near(s.displacement, 0.0, 2 * s.home_height)", "stays on its mat"),
        SMOOTH,
        EFFORT,
    )
    low = term(
        "low: 1.0 * near(s.height, 0.6 * s.home_height, 0.25 * s.home_height)", "close to the floor"
    )
    sweeping = idea(
        "Low Sweep",
        "Drops low and whips round with its legs sweeping the floor.",
        f"""
            whip: 1.5 * {turn}  # whips round fast
            rock: 0.6 * near(s.roll, {wave(m, 0.25)}, 0.12)  # rocking its shoulders to the beat
        """,
        (low, *cheap),
        hz=hz,
        command=command(robot, turn=1.2 * m.turn),
        termination=LOW,
    )
    spinning = idea(
        "Back Spin",
        "Rolls onto its back and spins there with its legs in the air.",
        f"""
            on_its_back: 1.0 * at_most(s.upright, -0.7, 1.7)  # gets onto its back
            whip: 2.0 * {turn} * at_most(s.upright, 0.0, 1.0)  # and spins there
            kick: 0.5 * near(norm_sq(s.joint_vel), 80.0, 80.0)  # legs kicking, not thrashing
        """,
        cheap,
        hz=hz,
        termination=LYING,
    )
    flaring = idea(
        "Flare",
        "Throws left and right legs in turn while it pivots low: the flare of a b-boy.",
        f"""
            # mean clearance of each side's feet, in m, and the way they take turns
            high_left = 0.5 * (s.clearance("FL") + s.clearance("RL"))
            high_right = 0.5 * (s.clearance("FR") + s.clearance("RR"))
            flare = 0.125 * s.home_height * (1.0 + jnp.sin(s.phase))
            whip: 1.2 * {turn}  # pivots
            # how well each side follows the wave, the right side half a beat later
            left = near(high_left, flare, 0.1 * s.home_height)
            right = near(high_right, 0.25 * s.home_height - flare, 0.1 * s.home_height)
            flare: 1.0 * (left + right)  # left and right legs fly in turn
        """,
        (low, *cheap),
        hz=hz,
        command=command(robot, turn=1.2 * m.turn),
        termination=LOW,
    )
    judge = metric(
        "breakdance",
        "Does it whirl low over the floor or on it, with the whole body moving?",
        measured("turned in 10 s (rad)", "range", "yaw", at_least=12.0, slack=0.0),
        measured("height (m)", "median", "height", at_most=0.8 * robot.structure.base_height),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_least=0.8, at_most=8.0),
    )
    return Plan(judge, (sweeping, spinning, flaring))

"""What four-legged robots can do. Lengths scale with the robot's height at home; angles and rates do not.

Joint groups `FR FL RR RL` list a leg's joints from the body outwards: abduction, thigh, knee.
"""

from math import pi

from tabrl.llm.library.base import (
    EFFORT,
    FACING,
    GRIP,
    HERE,
    LYING,
    NO_FALL,
    SMOOTH,
    UP,
    Idea,
    Plan,
    Shelf,
    Term,
    command,
    measured,
    metric,
    num,
    wave,
)
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Termination

shelf = Shelf()
Q = "quadruped"
PLACE = (HERE, FACING, UP, SMOOTH, EFFORT)
TILTED = Termination(min_upright=None, min_height=0.4)
LOW = Termination(min_upright=0.2, min_height=0.25)
PLANTED = Term("planted", 0.3, "s.feet_down / 4", "feet stay on the floor")
LEVEL = Term("level", 0.3, "near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the back stays level")
TALL = Term("ride", 0.3, "near(s.height, s.home_height, 0.15 * s.home_height)", "rides at its usual height")
STRAIGHT = Term("straight", 0.3, "near(s.turn_rate, 0.0, 0.5) * near(s.left_speed, 0.0, 0.3)", "goes straight")
ON_COURSE = (STRAIGHT, UP, SMOOTH, EFFORT)


def _hip(robot: Robot, leg: str) -> str:
    return robot.structure.groups[leg][0]


def _diagonals(height: float) -> tuple[str, ...]:
    """Statements for a trot: feet lift in diagonal pairs, `height` home heights up."""
    return (
        "# one diagonal pair lifts in each half of the beat",
        'pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])',
        'pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])',
        f"lift_1 = {num(height)} * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
        f"lift_2 = {num(height)} * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
    )


def _steps(weight: float = 1.5) -> Term:
    code = "0.5 * near(pair_1, lift_1, 0.1 * s.home_height) + 0.5 * near(pair_2, lift_2, 0.1 * s.home_height)"
    return Term("steps", weight, code, "diagonal pairs of feet rise and land with the clock")


# --- dances -----------------------------------------------------------------------------------------------------------


@shelf.primitive(
    "hip shake", "Hip shake", Q, controls="roll",
    say="shake your hips; sway the hips from side to side; hula dance; wiggle your rear end; swing your bottom left and right;"
    " rock the body sideways to the music; belly dance; twerk; samba and salsa hips; Hawaiian dance",
    keywords="hip; hips; hula; aloha; sway; twerk; wiggle; booty; butt; bottom; belly dance; samba; salsa; shake it; rumba;"
    " waggle; side to side; shimmy; swing hip; hawaii; swivel; rock sideways",
)  # fmt: skip
def hip_shake(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.25, 0.4), m.rate(1.5, 0.5, 2.5)
    roll = Term("roll", 2.0, "near(s.roll, sway, 0.1)", "the trunk rolls with the clock")
    rolling = Idea(
        "Aloha Roll",
        "The whole trunk rolls left and right like a hula skirt while all four feet stay planted.",
        (roll, PLANTED, TALL, *PLACE),
        ("# roll angle of the trunk to follow, in rad", f"sway = {wave(m, swing)}"),
        hz,
    )
    gliding = Idea(
        "Side Glide",
        "The hips glide sideways over planted feet; the back stays level, so the legs do the swaying.",
        (
            Term("glide", 2.0, "near(s.displacement[1], sway, 0.1 * s.home_height)", "the body glides sideways with the clock"),
            Term("level", 0.4, "near(s.roll, 0.0, 0.15)", "the back stays level, so that the legs must swing"),
            PLANTED, TALL, *PLACE,
        ),
        ("# sideways way of the body to follow, in m", f"sway = {wave(m, swing)} * s.home_height"),
        hz,
    )  # fmt: skip
    circling = Idea(
        "Hula Circle",
        "The trunk draws circles: roll first, pitch a quarter beat later, like a hula hoop.",
        (
            roll,
            Term("pitch", 0.8, "near(s.pitch, nod, 0.1)", "the pitch follows a quarter beat later: a circle"),
            PLANTED, *PLACE,
        ),
        ("# a circle of the trunk: roll and pitch a quarter beat apart", f"sway = {wave(m, swing)}",
         f"nod = {wave(m, 0.5 * swing, pi / 2)}"),
        hz,
    )  # fmt: skip
    rear = f"joint:{_hip(robot, 'RR')}"
    judge = metric(
        "hip shake",
        "Do the hips swing from side to side in a steady rhythm, without a fall?",
        measured("hip swing (rad)", "amplitude", rear, at_least=min(0.15, 0.6 * swing)),
        measured("share of the swing on the beat", "rhythm", rear, at_least=0.5),
        measured("swings a second (Hz)", "frequency", rear, at_least=0.5 * hz, at_most=2.2 * hz),
        NO_FALL,
    )
    return Plan(judge, (rolling, gliding, circling), (Term("sway", 1.0, f"near(s.roll, {wave(m, swing)}, 0.1)", "hips sway"),))


@shelf.primitive(
    "robot dance", "Robot dance", Q, controls="roll pitch height",
    say="do the robot dance from the 80s; mechanical snapping dance with stops between poses; dance like a machine; popping and locking;"
    " disco moves on the beat; groove to electronic music; dance; party",
    keywords="robot dance; do the robot; dance; 80s; eighties; popping; pop and lock; disco; groove; boogie; techno; macarena; jive;"
    " choreography; vogue; animatronic",
)  # fmt: skip
def robot_dance(robot: Robot, m: Modifiers) -> Plan:
    hz, angle = m.rate(1.0, 0.4, 1.6), m.scaled(0.22, 0.32)
    still = Term("hold", 0.6, "on_hold * near(s.joint_vel, 0.0, 0.6)", "dead still between the snaps, like a machine")
    beat = (
        "# held between beats, free to move around them",
        "on_hold = window(s.phase, 0.15, 0.2) + window(s.phase, 0.65, 0.2)",
    )
    snap = "square_wave(s.phase)"
    tilting = Idea(
        "Tick Tock Tilt",
        "Snaps the trunk from one roll pose to the other on each beat and freezes in between.",
        (
            Term("snap", 2.0, "near(s.roll, pose, 0.08)", "the trunk snaps to the pose of this half beat"),
            still, PLANTED, *PLACE,
        ),
        (*beat, f"pose = {num(angle)} * {snap}"),
        hz,
    )  # fmt: skip
    popping = Idea(
        "Piston Pop",
        "Pops up and drops down in steps with the head nodding against it: a factory piston.",
        (
            Term("pop", 1.5, "near(s.height, tall, 0.07 * s.home_height)", "the body pops between two heights"),
            Term("nod", 0.8, "near(s.pitch, tip, 0.07)", "and nods in the other half of the beat"),
            still, PLANTED, *PLACE,
        ),
        (*beat, f"tall = s.home_height * (0.9 + {num(0.9 * angle)} * {snap})",
         f"tip = {num(0.6 * angle)} * square_wave(s.phase, {num(pi / 2)})"),
        hz,
    )  # fmt: skip
    locking = Idea(
        "Four-Pose Lock",
        "Locks through four poses, left up, right down, as if a program stepped it joint by joint.",
        (
            Term("turn", 1.2, "near(s.yaw, twist, 0.08)", "the body twists in steps"),
            Term("tilt", 1.2, "near(s.roll, tip, 0.08)", "and tilts a quarter beat later: four poses a beat"),
            still, PLANTED, HERE, UP, SMOOTH, EFFORT,
        ),
        (*beat, f"twist = {num(angle)} * {snap}", f"tip = {num(0.7 * angle)} * square_wave(s.phase, {num(pi / 2)})"),
        hz,
    )  # fmt: skip
    judge = metric(
        "robot dance",
        "Does it snap from pose to pose on a beat and hold still in between?",
        measured("fastest joints (rad/s)", "max", "joint_speed", at_least=1.2),
        measured("snaps in 10 s", "cycles", "joint_speed", at_least=8, height=0.8),
        measured("share of the time held still", "fraction_below", "joint_speed", at_least=0.3, bound=0.7),
        NO_FALL,
    )
    return Plan(judge, (tilting, popping, locking))


@shelf.primitive(
    "happy puppy", "Happy puppy", Q, controls="roll pitch height",
    say="pretend you are a happy puppy; playful dog wagging its tail; excited puppy greeting its owner; bouncing with joy; cheerful play;"
    " wag your tail; good boy; celebrate",
    keywords="happy puppy; puppy; wag; wag tail; tail; playful; happy dog; joy; excited; celebrate; cheerful; happy; welcome home; doggo;"
    " frisky; birthday; delighted; overjoyed",
)  # fmt: skip
def happy_puppy(robot: Robot, m: Modifiers) -> Plan:
    hz, wag = m.rate(2.0, 1.0, 3.0), m.scaled(0.18, 0.3)
    bounce = (f"bounce = s.home_height * (1.0 + {num(m.scaled(0.12, 0.2))} * jnp.sin(2.0 * s.phase))",)
    bob = Term("bounce", 1.2, "near(s.height, bounce, 0.07 * s.home_height)", "the body bobs up and down twice a beat")
    wagging = Idea(
        "Tail Wagger",
        "Bobs with joy and wags its rear: the body bounces twice for each swing of the hips.",
        (bob, Term("wag", 1.5, "near(s.roll, wag, 0.08)", "the rear wags from side to side"), *PLACE),
        (*bounce, f"wag = {wave(m, wag)}"),
        hz,
    )
    bowing = Idea(
        "Play Bow",
        "The invitation to play: front low, rear high and wagging in small bounces.",
        (
            Term("play_bow", 1.0, "near(s.pitch, 0.25, 0.12)", "front down, rear up: come and play"),
            Term("wag", 1.5, "near(s.roll, wag, 0.08)", "the rear wags from side to side"),
            Term("bob", 0.8, "near(s.up_speed, 0.2 * jnp.sin(2.0 * s.phase), 0.1)", "small bounces while it waits"),
            *PLACE,
        ),
        (f"wag = {wave(m, wag)}",),
        hz,
    )  # fmt: skip
    prancing = Idea(
        "Zoomy Prance",
        "Prances on the spot with quick diagonal steps, head up, wiggling all the way.",
        (
            _steps(1.2),
            Term("wag", 1.2, "near(s.roll, wag, 0.08)", "wiggles with every step"),
            Term("bob", 0.8, "near(s.height, bounce, 0.07 * s.home_height)", "and bounces"),
            *PLACE,
        ),
        (*_diagonals(0.2), *bounce, f"wag = {wave(m, wag)}"),
        hz,
    )  # fmt: skip
    judge = metric(
        "happy puppy",
        "Does it bounce and wag its rear like a puppy that greets its person?",
        measured("wag of the rear (rad)", "amplitude", f"joint:{_hip(robot, 'RR')}", at_least=0.1),
        measured("bounce (m/s)", "amplitude", "up_speed", at_least=0.1),
        measured("share of the bounce on the beat", "rhythm", "up_speed", at_least=0.4),
        NO_FALL,
    )
    return Plan(judge, (wagging, bowing, prancing))


@shelf.primitive(
    "breakdance", "Breakdance", Q, controls="roll pitch yaw height place",
    say="breakdance with style; b-boy power moves on the floor; windmill and headspin; street dance spinning low; hip hop battle;"
    " whirl on your back with legs in the air",
    keywords="breakdance; break dance; spin on your back; spin on the floor; spin on your head; breakdancing; windmill; headspin; b-boy; bboy; hip hop; street dance; power move; backspin; floor work",
)  # fmt: skip
def breakdance(robot: Robot, m: Modifiers) -> Plan:
    hz, rate = m.rate(1.5, 0.5, 2.5), m.speed(3.0, 5.0)
    turn = f"at_least({m.turn} * s.turn_rate, {num(rate)}, {num(rate)})"
    cheap = (Term("here", 0.3, "near(s.displacement, 0.0, 2 * s.home_height)", "stays on its mat"), SMOOTH, EFFORT)
    low = Term("low", 0.8, "near(s.height, 0.6 * s.home_height, 0.15 * s.home_height)", "close to the floor")
    sweeping = Idea(
        "Low Sweep",
        "Drops low and whips round with its legs sweeping the floor.",
        (low, Term("whip", 1.5, turn, "whips round fast"),
         Term("rock", 0.6, f"near(s.roll, {wave(m, 0.25)}, 0.12)", "rocking its shoulders to the beat"), *cheap),
        (), hz, command(robot, turn=1.2 * m.turn), LOW,
    )  # fmt: skip
    spinning = Idea(
        "Back Spin",
        "Rolls onto its back and spins there with its legs in the air.",
        (
            Term("on_its_back", 1.0, "at_most(s.upright, -0.7, 1.7)", "gets onto its back"),
            Term("whip", 2.0, f"{turn} * at_most(s.upright, 0.0, 1.0)", "and spins there"),
            Term("kick", 0.5, "at_least(norm_sq(s.joint_vel), 60.0, 60.0)", "legs kicking"), *cheap,
        ),
        (), hz, (0.0, 0.0, 0.0), LYING,
    )  # fmt: skip
    flaring = Idea(
        "Flare",
        "Throws left and right legs in turn while it pivots low: the flare of a b-boy.",
        (
            low, Term("whip", 1.2, turn, "pivots"),
            Term("flare", 1.0, "near(high_left, flare, 0.1 * s.home_height) + near(high_right, 0.25 * s.home_height - flare, 0.1 * s.home_height)",
                 "left and right legs fly in turn"), *cheap,
        ),
        (
            "# mean clearance of each side's feet, in m, and the way they take turns",
            'high_left = 0.5 * (s.clearance("FL") + s.clearance("RL"))',
            'high_right = 0.5 * (s.clearance("FR") + s.clearance("RR"))',
            "flare = 0.125 * s.home_height * (1.0 + jnp.sin(s.phase))",
        ), hz, command(robot, turn=1.2 * m.turn), LOW,
    )  # fmt: skip
    judge = metric(
        "breakdance",
        "Does it whirl low over the floor or on it, with the whole body moving?",
        measured("turned in 10 s (rad)", "range", "yaw", at_least=12.0),
        measured("height (m)", "median", "height", at_most=0.8 * robot.structure.base_height),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_least=0.8),
    )
    return Plan(judge, (sweeping, spinning, flaring))


# --- turning and jumping ----------------------------------------------------------------------------------------------


@shelf.primitive(
    "spin", "Spin on the spot", Q, controls="yaw place",
    say="spin on the spot; turn around in circles; whirl round and round until dizzy; pirouette; rotate in place; chase your own tail;"
    " twirl like a ballerina; revolve like a carousel",
    keywords="spin; whirl; twirl; pirouette; rotate; rotation; turn around; turn in circle; circle; dizzy; chase tail; carousel; spinning top;"
    " tornado; revolve; 360; turntable; merry go round; ballerina; merry-go-round; whirlwind; dervish; round and round",
)  # fmt: skip
def spin(robot: Robot, m: Modifiers) -> Plan:
    rate = m.turn * m.speed(2.5, 5.0)
    turn = command(robot, turn=1.2 * m.turn)
    ramp = Term("turn", 2.0, f"at_least({m.turn} * s.turn_rate, {num(abs(rate))}, {num(abs(rate))})", "the faster round, the better, up to the goal")
    end = (Term("here", 0.5, "near(s.displacement, 0.0, s.home_height)", "stays on its spot"), UP, LEVEL, SMOOTH, EFFORT)
    turning = Idea("Turntable", "Turns at a steady rate over one spot, back level.", (ramp, *end), (), 2.0, turn)
    following = Idea(
        "Clock Hand",
        "Chases a hand that sweeps round like a clock's: it must keep up, not only be fast.",
        (
            Term("chase", 1.5, "0.5 + 0.5 * jnp.cos(s.turned - hand)", "points where the sweeping hand points"),
            Term("pace", 1.0, f"near(s.turn_rate, {num(rate)}, {num(0.5 * abs(rate))})", "turns as fast as the hand"), *end,
        ),
        ("# heading of the hand, in rad since the start", f"hand = {num(rate)} * s.time"), 2.0, turn,
    )  # fmt: skip
    stepping = Idea(
        "Pirouette Steps",
        "Turns in crisp steps: diagonal feet lift with the clock and carry the body round.",
        (ramp.weighing(1.5), _steps(1.0), *end),
        _diagonals(0.2), m.rate(2.0, 1.0, 3.0), turn,
    )  # fmt: skip
    judge = metric("spin", "Does it turn round and round on one spot?", *_round(m, 1.2), _near_start(robot, 3.0), NO_FALL)
    return Plan(judge, (turning, following, stepping), (ramp.weighing(1.0),))


def _round(m: Modifiers, rate: float) -> tuple[Criterion, ...]:
    """Criteria for turning: net turn in the asked direction, else either way."""
    if m.directions & {"clockwise", "right"}:
        return (measured("turn rate (rad/s, right is negative)", "rate", "yaw", at_most=-rate),)
    if m.directions & {"anticlockwise", "left"}:
        return (measured("turn rate (rad/s, left is positive)", "rate", "yaw", at_least=rate),)
    return (measured("turned in 10 s (rad)", "range", "yaw", at_least=10 * rate),)


def _near_start(robot: Robot, heights: float) -> Criterion:
    return measured("way from the start (m)", "max", "distance", at_most=heights * robot.structure.base_height)


@shelf.primitive(
    "jump", "Jump up and down", Q, controls="height",
    say="jump up and down; leap into the air as high as you can; bounce like a ball; trampoline; pogo stick; spring off the ground; get all feet off the floor",
    keywords="jump; leap; bounce; trampoline; pogo; spring; bound up; into the air; take off; jumping jack; off the ground; airborne",
)  # fmt: skip
def jump(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.5, 0.7, 2.2), m.scaled(0.35, 0.6)
    flat = Term("flat", 0.5, "near(s.pitch, 0.0, 0.2) * near(s.roll, 0.0, 0.2)", "lands as level as it left")
    fly = Term("fly", 1.0, "aloft * near(s.feet_down, 0.0, 1.0)", "all feet leave the floor in the second half of the beat")
    air = ("# the part of the beat that belongs to the air", "aloft = window(s.phase, 0.5, 0.35)")
    clocked = Idea(
        "Trampoline",
        "The body follows a bouncing ball: down to gather, up and off the floor, once a beat.",
        (Term("ball", 1.5, "near(s.height, ball, 0.12 * s.home_height)", "body height follows the bouncing ball"), fly, flat, *PLACE),
        (*air, f"ball = s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase))"), hz,
    )  # fmt: skip
    hanging = Idea(
        "Hang Time",
        "Pays time in the air and height above home, each only while it stays level.",
        (
            Term("air", 2.0, "near(s.feet_down, 0.0, 0.7) * at_least(s.upright, 0.95, 0.2)", "no foot on the floor"),
            Term("high", 1.0, f"at_least(s.height, {num(1 + size)} * s.home_height, {num(size)} * s.home_height)", "above its usual height"),
            Term("gather", 0.5, "(1.0 - aloft) * near(s.height, 0.75 * s.home_height, 0.15 * s.home_height)", "crouches before it goes"),
            flat, *PLACE,
        ),
        air, hz,
    )  # fmt: skip
    springing = Idea(
        "Pogo Spring",
        "Matches the upward speed of a spring, push by push, feet clearing the floor together.",
        (
            Term("push", 1.5, "near(s.up_speed, spring, 0.35)", "vertical speed of a body on a spring"),
            Term("together", 1.0, "aloft * at_least(s.foot_height, 0.2 * s.home_height, 0.2 * s.home_height)", "all feet clear the floor together"),
            flat, *PLACE,
        ),
        (*air, f"spring = -{num(6.28 * hz * size * 0.6)} * s.home_height * jnp.cos(s.phase)"), hz,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "jump",
        "Does it leave the floor with all feet, again and again?",
        measured("jumps in 10 s", "cycles", "height", at_least=5, height=0.2 * h),
        measured("share of the time in the air", "mean", "flight", at_least=0.1),
        NO_FALL,
    )
    hop = Term("hop", 1.0, f"near(s.height, s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase)), 0.12 * s.home_height)", "jumps with the clock")
    return Plan(judge, (clocked, hanging, springing), (hop,))


@shelf.primitive(
    "hop", "Bunny hop", Q, controls="height place",
    say="hop along like a bunny; rabbit hops forward; skip ahead in little leaps; frog leaps; hop like a kangaroo across the field",
    keywords="hop; bunny; rabbit; frog; skip; kangaroo; leapfrog; jump forward; leap forward; hare; hopscotch; cricket",
)  # fmt: skip
def hop(robot: Robot, m: Modifiers) -> Plan:
    hz, speed = m.rate(2.0, 1.0, 3.0), m.speed(0.5, 1.0)
    ahead = Term("ahead", 1.0, f"at_least(s.forward_speed, {num(speed)}, {num(speed)})", "gets ahead")
    fly = Term("fly", 1.2, "window(s.phase, 0.5, 0.35) * near(s.feet_down, 0.0, 1.0)", "all feet off the floor once a beat")
    go = command(robot, speed)
    together = Idea(
        "Bunny Hop", "Gathers and springs ahead with all four feet, once a beat.",
        (fly, ahead, Term("arc", 1.0, "near(s.height, s.home_height * (1.0 - 0.2 * jnp.sin(s.phase)), 0.1 * s.home_height)", "low, then high"), *ON_COURSE),
        (), hz, go,
    )  # fmt: skip
    paired = Idea(
        "Hare Bound", "Rear feet push together, front feet land together: the bound of a hare.",
        (
            ahead,
            Term("rear_pair", 1.0, 'near(s.clearance("RR") - s.clearance("RL"), 0.0, 0.05 * s.home_height)', "rear feet move as one"),
            Term("front_pair", 1.0, 'near(s.clearance("FR") - s.clearance("FL"), 0.0, 0.05 * s.home_height)', "front feet move as one"),
            Term("rock", 0.8, f"near(s.pitch, {wave(m, 0.2)}, 0.1)", "the back rocks from rear to front"), fly, *ON_COURSE,
        ),
        (), hz, go,
    )  # fmt: skip
    ballistic = Idea(
        "Frog Leap", "Pays long flights that carry it ahead: speed counts only while no foot touches.",
        (
            Term("leap", 2.5, f"near(s.feet_down, 0.0, 0.7) * at_least(s.forward_speed, {num(speed)}, {num(speed)})", "flies ahead"),
            ahead.weighing(0.5),
            Term("gather", 0.6, "(1.0 - window(s.phase, 0.5, 0.35)) * near(s.height, 0.8 * s.home_height, 0.15 * s.home_height)", "crouches between leaps"),
            *ON_COURSE,
        ),
        (), hz, go,
    )  # fmt: skip
    judge = metric(
        "hop", "Does it get ahead in hops, all feet off the floor?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("share of the time in the air", "mean", "flight", at_least=0.1), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (together, paired, ballistic))


# --- gaits ------------------------------------------------------------------------------------------------------------


def _travel(robot: Robot, m: Modifiers, names: tuple[str, str, str], ahead: float, left: float, hz: float) -> tuple[Idea, ...]:
    """Three ways to get somewhere: by speed, by a trot's clock, by chasing a moving mark."""
    axis, speed = ("forward", ahead) if ahead else ("left", left)
    sign, pace, go = (1 if speed > 0 else -1), abs(speed), command(robot, ahead, left)
    index, other = (0, "left") if ahead else (1, "forward")
    end = (Term("straight", 0.4, f"near(s.{other}_speed, 0.0, 0.25) * near(s.yaw, 0.0, 0.4)", "keeps its course and its heading"),
           LEVEL, TALL, UP, GRIP, SMOOTH, EFFORT)  # fmt: skip
    fast = Term("speed", 2.0, f"at_least({sign} * s.{axis}_speed, {num(pace)}, {num(pace)})", "the nearer to the asked speed, the better")
    return (
        Idea(names[0], f"Travels at {pace:.2g} m/s, back level and straight on.", (fast, *end), (), hz, go),
        Idea(
            names[1], "Steps to a metronome: diagonal pairs of feet lift in turn and carry it on.",
            (_steps(1.2), fast.weighing(1.5), *end), _diagonals(0.25), hz, go,
        ),
        Idea(
            names[2], "Chases a mark that moves away at an even pace: being late costs, so does rushing.",
            (
                Term("chase", 1.5, f"near(s.displacement[{index}], mark, 1.5 * s.home_height)", "is where the mark is"),
                Term("pace", 1.2, f"near(s.{axis}_speed, {num(speed)}, {num(0.5 * pace)})", "moves as fast as the mark"), *end,
            ),
            ("# the mark, in m from the start", f"mark = {num(speed)} * s.time"), hz, go,
        ),
    )  # fmt: skip


@shelf.primitive(
    "walk", "Walk forward", Q, controls="place yaw",
    say="walk forward; go straight ahead; stroll through the park; trot at an easy pace; travel onwards; move forward; patrol; take a walk",
    keywords="walk; walk forward; stroll; trot; go forward; move forward; go ahead; straight ahead; patrol; wander; hike; stride; come here; approach;"
    " advance; explore; amble; promenade; come to me; step forward",
)  # fmt: skip
def walk(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(0.7, 1.2)
    judge = metric(
        "walk forward", "Does it walk forward on its feet?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=4.5 * pace),
        measured("forward speed (m/s)", "mean", "forward_speed", at_least=0.5 * pace), NO_FALL,
    )  # fmt: skip
    ahead = Term("ahead", 1.0, f"at_least(s.forward_speed, {num(pace)}, {num(pace)})", "walks ahead")
    return Plan(judge, _travel(robot, m, ("Steady Stroll", "Metronome Trot", "Carrot Chaser"), pace, 0.0, m.rate(2.0, 1.0, 3.0)), (ahead,))


@shelf.primitive(
    "run", "Run", Q, controls="place yaw",
    say="run as fast as you can; sprint; gallop like a horse; race ahead at full speed; dash; charge like a bull; flee from danger; chase a rabbit",
    keywords="run; sprint; gallop; race; dash; full speed; charge; flee; escape; rush; horse; cheetah; greyhound; canter; zoom; bolt; faster; run away; jog; hurry",
)  # fmt: skip
def run(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(1.4, 2.0)
    judge = metric(
        "run", "Does it run ahead fast on its feet?",
        measured("forward speed (m/s)", "mean", "forward_speed", at_least=0.6 * pace),
        measured("way ahead (m)", "final", "displacement_forward", at_least=5 * pace), NO_FALL,
    )  # fmt: skip
    trot, clock, chase = _travel(robot, m, ("Full Sprint", "Racing Trot", "Pace Car"), pace, 0.0, m.rate(2.8, 1.5, 4.0))
    gallop = Idea(
        "Gallop", "Rocks from rear feet to front feet with a flight in each stride, like a horse.",
        (
            trot.terms[0],
            Term("rock", 0.8, f"near(s.pitch, {wave(m, 0.15)}, 0.1)", "the back rocks with the stride"),
            Term("flight", 0.8, "window(s.phase, 0.5, 0.3) * near(s.feet_down, 0.0, 1.0)", "a moment of flight in each stride"), *ON_COURSE,
        ),
        (), clock.clock_hz, trot.command,
    )  # fmt: skip
    return Plan(judge, (trot, gallop, clock, chase))


@shelf.primitive(
    "walk backwards", "Walk backwards", Q, controls="place yaw",
    say="walk backwards; go back; reverse; retreat slowly; back away; Michael Jackson moonwalk gliding backwards",
    keywords="walk backward; walk backwards; backward; backwards; reverse; retreat; back away; back up; step back; go back; michael jackson; billie jean;"
    " moonwalk backward; run backward; moonwalk like michael jackson; back off; king of pop; glide backward; rewind",
)  # fmt: skip
def walk_backwards(robot: Robot, m: Modifiers) -> Plan:
    pace = m.speed(0.5, 0.9)
    judge = metric(
        "walk backwards", "Does it travel backwards while it faces ahead?",
        measured("way ahead (m, negative is back)", "final", "displacement_forward", at_most=-4 * pace),
        measured("forward speed (m/s)", "mean", "forward_speed", at_most=-0.4 * pace), NO_FALL,
    )  # fmt: skip
    back = Term("back", 1.0, f"at_least(-s.forward_speed, {num(pace)}, {num(pace)})", "goes backwards")
    return Plan(judge, _travel(robot, m, ("Reverse Gear", "Backstep Trot", "Smooth Criminal"), -pace, 0.0, m.rate(2.0, 1.0, 3.0)), (back,))


@shelf.primitive(
    "sidestep", "Sidestep", Q, controls="place yaw",
    say="sidestep like a crab; walk sideways; strafe to the left; shuffle to the right; slide over to one side",
    keywords="sidestep; sideway; sideways; crab; strafe; walk left; walk right; step left; step right; go left; go right; move left; move right; side step;"
    " shuffle; to the left; to the right; lateral; slide left; slide right; dodge",
)  # fmt: skip
def sidestep(robot: Robot, m: Modifiers) -> Plan:
    pace = m.side * m.speed(0.4, 0.7)
    asked = m.directions & {"left", "right"}
    goal = {"at_least": 4 * pace} if m.side > 0 else {"at_most": 4 * pace}
    way = (
        measured("way to the left (m, right is negative)", "final", "displacement_left", **goal)
        if asked
        else measured("way to the side (m)", "range", "displacement_left", at_least=4 * abs(pace))
    )
    judge = metric(
        "sidestep", "Does it walk sideways without turning?", way,
        measured("heading swing (rad)", "range", "yaw", at_most=1.2), NO_FALL,
    )  # fmt: skip
    return Plan(judge, _travel(robot, m, ("Crab Walk", "Side Shuffle", "Sliding Door"), 0.0, pace, m.rate(2.0, 1.0, 3.0)))


@shelf.primitive(
    "march", "March in place", Q, controls="steps place",
    say="march like a soldier; march in place; parade with high knees; stomp on the spot; step to the drum; goose step; left right left right",
    keywords="march; soldier; parade; high knee; stomp; in place; drum; left right left; goose step; trample; tread; military; band; drill; tap dance; pace on the spot",
)  # fmt: skip
def march(robot: Robot, m: Modifiers) -> Plan:
    hz, lift = m.rate(1.5, 0.7, 2.5), m.scaled(0.35, 0.5)
    beat = _diagonals(lift)
    marching = Idea("Parade March", "Diagonal pairs of feet rise high and land with the drum, back level.", (_steps(2.0), LEVEL, TALL, GRIP, *PLACE), beat, hz)
    stomping = Idea(
        "Drum Stomp", "Pays a pair in the air only while the other pair carries, and no sliding.",
        (
            Term("carry", 1.5, "up_1 * down_2 + up_2 * down_1", "one pair up high while the other stands"),
            Term("turns", 0.8, "lead * (jnp.mean(pair_1) - jnp.mean(pair_2)) / (0.3 * s.home_height)", "the pair on the beat is the higher one"),
            LEVEL, GRIP, *PLACE,
        ),
        (
            *beat[:3],
            f"up_1 = at_least(pair_1, {num(0.8 * lift)} * s.home_height, {num(0.8 * lift)} * s.home_height) * jnp.maximum(jnp.sin(s.phase), 0.0)",
            f"up_2 = at_least(pair_2, {num(0.8 * lift)} * s.home_height, {num(0.8 * lift)} * s.home_height) * jnp.maximum(-jnp.sin(s.phase), 0.0)",
            'down_1 = 0.5 * (s.contact("FR") + s.contact("RL"))',
            'down_2 = 0.5 * (s.contact("FL") + s.contact("RR"))',
            "lead = square_wave(s.phase)",
        ), hz,
    )  # fmt: skip
    knees = Idea(
        "High Knees", "Guards' step: each knee folds in turn, front and rear opposite, chest held up.",
        (
            Term("fold", 1.6, "near(fold_1, bend_1, 0.2) + near(fold_2, bend_2, 0.2)", "knees fold in diagonal pairs with the clock"),
            Term("chest", 0.4, "near(s.pitch, -0.05, 0.1)", "chest held up"), GRIP, *PLACE,
        ),
        (
            "# bending of the knees in diagonal pairs, in rad from home (folding is negative)",
            f"fold_1 = jnp.array([{_knee(robot, 'FR')}, {_knee(robot, 'RL')}])",
            f"fold_2 = jnp.array([{_knee(robot, 'FL')}, {_knee(robot, 'RR')}])",
            f"bend_1 = -{num(2 * lift)} * jnp.maximum(jnp.sin(s.phase), 0.0)",
            f"bend_2 = -{num(2 * lift)} * jnp.maximum(-jnp.sin(s.phase), 0.0)",
        ), hz,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "march in place", "Do its feet rise and land in turn, in step, on one spot?",
        measured("front right foot's steps in 10 s", "cycles", "foot_height:FR", at_least=6, height=0.12 * h),
        measured("rear left foot's steps in 10 s", "cycles", "foot_height:RL", at_least=6, height=0.1 * h),
        measured("share of the time in step", "alternation", at_least=0.4),
        _near_start(robot, 4.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (marching, stomping, knees))


def _knee(robot: Robot, leg: str) -> str:
    return f's.offset("{robot.structure.groups[leg][2]}")'


@shelf.primitive(
    "moon walk", "Walk on the moon", Q, controls="height place",
    say="walk like you are on the moon; low gravity astronaut steps; float in long slow bounds; weightless bouncing walk; lunar walk; walk on a cloud; slow motion leaps",
    keywords="moon; on the moon; astronaut; lunar; low gravity; weightless; float; zero gravity; space; spaceman; cloud; neil armstrong; like on mars; mars;"
    " moonwalk; floaty; slow motion run; balloon",
)  # fmt: skip
def moon_walk(robot: Robot, m: Modifiers) -> Plan:
    hz, pace = m.rate(1.1, 0.6, 1.6), m.speed(0.4, 0.8)
    go = command(robot, pace)
    ahead = Term("ahead", 0.8, f"at_least(s.forward_speed, {num(pace)}, {num(pace)})", "drifts ahead")
    soft = Term("soft", 0.4, "at_least(s.up_speed, -0.5, 1.0)", "comes down softly")
    arc = "arc = s.home_height * (1.0 - 0.3 * jnp.sin(s.phase))"
    floating = Idea(
        "Lunar Bound", "Slow bounds: the body floats up and down once a beat with a long flight on top.",
        (
            Term("float", 1.5, "near(s.height, arc, 0.12 * s.home_height)", "the body floats along a slow arc"),
            Term("flight", 1.2, "window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 1.0)", "long flight at the top"), ahead, *ON_COURSE,
        ),
        (arc,), hz, go,
    )  # fmt: skip
    hanging = Idea(
        "Astronaut Float", "Pays long air times of every foot and soft landings while it drifts ahead.",
        (
            Term("air_time", 1.5, "at_least(s.foot_air_time, 0.35, 0.35)", "feet stay long in the air"),
            Term("lift_off", 1.0, "near(s.feet_down, 0.0, 1.0)", "all of them together"), ahead, soft, *ON_COURSE,
        ),
        (), hz, go,
    )  # fmt: skip
    striding = Idea(
        "Low-Gravity Stride", "A slow-motion trot: diagonal feet swing up high and hang, the body bobs lightly.",
        (
            _steps(1.5), ahead,
            Term("bob", 0.8, "near(s.height, s.home_height * (1.05 + 0.15 * jnp.cos(2.0 * s.phase)), 0.08 * s.home_height)", "light bobbing of the body"),
            soft, *ON_COURSE,
        ),
        _diagonals(0.5), hz, go,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "moon walk", "Does it float ahead in slow, light bounds?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("bob of the body (m)", "amplitude", "height", at_least=0.12 * h),
        measured("bounds a second (Hz)", "frequency", "height", at_most=2.5), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (floating, hanging, striding))


@shelf.primitive(
    "sneak", "Sneak", Q, controls="place height",
    say="sneak like a cat burglar; tiptoe quietly; creep up on prey; stalk like a lion; crawl low and slow; stealth ninja",
    keywords="sneak; tiptoe; creep; stalk; crawl; stealth; ninja; burglar; prowl; quiet; spy; on tip toe; army crawl; slither; commando; cat; panther; lion; lurk; thief",
)  # fmt: skip
def sneak(robot: Robot, m: Modifiers) -> Plan:
    pace, hz = m.speed(0.3, 0.6), m.rate(1.2, 0.6, 2.0)
    go = command(robot, pace)
    low = Term("low", 1.2, "near(s.height, 0.72 * s.home_height, 0.1 * s.home_height)", "belly low")
    ahead = Term("ahead", 1.2, f"near(s.forward_speed, {num(pace)}, {num(0.5 * pace)})", "slowly ahead")
    prowling = Idea("Panther Prowl", "Belly low, smooth and slow ahead.", (low, ahead, LEVEL, GRIP, *ON_COURSE), (), hz, go)
    tiptoeing = Idea(
        "Tiptoe Thief", "One foot after the other, lifted high and set down softly, three always on the floor.",
        (
            Term("one_foot", 1.2, "near(s.feet_down, 3.0, 0.7)", "one foot in the air at a time"),
            Term("high_step", 1.0, "at_least(jnp.max(s.foot_height), 0.25 * s.home_height, 0.25 * s.home_height)", "lifted high"),
            ahead, low.weighing(0.8), GRIP, *ON_COURSE,
        ),
        (), hz, go,
    )  # fmt: skip
    stalking = Idea(
        "Stop and Stalk", "Moves in the first half of the beat, freezes and listens in the second.",
        (
            Term("stalk", 1.2, f"window(s.phase, 0.0, 0.5) * at_least(s.forward_speed, {num(1.5 * pace)}, {num(1.5 * pace)})", "a few steps"),
            Term("listen", 0.8, "window(s.phase, 0.55, 0.4) * near(s.joint_vel, 0.0, 0.8)", "then not a twitch"),
            low, LEVEL, *ON_COURSE,
        ),
        (), min(hz, 0.6), go,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "sneak", "Does it creep ahead, low and slow?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=0.8),
        measured("height (m)", "median", "height", at_most=0.85 * h),
        measured("forward speed (m/s)", "mean", "forward_speed", at_most=0.8), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (prowling, tiptoeing, stalking))


@shelf.primitive(
    "stagger", "Stagger", Q, controls="place roll",
    say="stagger like a drunk sailor; limp with a hurt leg; wobble along on a ship's deck; walk like a zombie; stumble tipsily",
    keywords="stagger; drunk; drunken; limp; wobble; zombie; stumble; tipsy; sailor; hobble; wounded; hurt leg; injured; pirate; swagger; zigzag; totter",
)  # fmt: skip
def stagger(robot: Robot, m: Modifiers) -> Plan:
    pace, hz, lean = m.speed(0.4, 0.8), m.rate(0.8, 0.4, 1.5), m.scaled(0.2, 0.3)
    go = command(robot, pace)
    ahead = Term("ahead", 1.0, f"at_least(s.forward_speed, {num(pace)}, {num(pace)})", "gets ahead somehow")
    end = (UP, SMOOTH, EFFORT)
    rolling = Idea(
        "Drunken Sailor", "Leans far to one side, then the other, while it gets ahead as on a rolling deck.",
        (ahead, Term("lean", 1.5, f"near(s.roll, {wave(m, lean)}, 0.1)", "leans over with the swell"), *end), (), hz, go,
    )  # fmt: skip
    weaving = Idea(
        "Crooked Line", "Weaves left and right of its line: the heading swings, the way goes on.",
        (
            ahead, Term("weave", 1.5, f"near(s.yaw, {wave(m, 2.2 * lean)}, 0.2)", "the heading swings about the line"),
            Term("lean", 0.6, f"near(s.roll, {wave(m, 0.7 * lean, pi / 2)}, 0.1)", "and leans into it"), *end,
        ), (), hz, go,
    )  # fmt: skip
    limping = Idea(
        "Sore Paw", "Spares the right front paw: it dips over that shoulder on each step.",
        (
            ahead, Term("spare", 1.2, 's.contact("FL") * (1.0 - s.contact("FR"))', "the sore paw hardly touches the floor"),
            Term("dip", 1.2, f"near(s.roll, {num(0.6 * lean)} + {wave(m, 0.6 * lean)}, 0.1)", "dips over the sore shoulder"), *end,
        ), (), hz, go,
    )  # fmt: skip
    judge = metric(
        "stagger", "Does it sway or limp along, unsteady but on its feet?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=0.8),
        measured("swing of the trunk (rad)", "range", "roll", at_least=0.2), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (rolling, weaving, limping))


# --- postures ---------------------------------------------------------------------------------------------------------


def _held(robot: Robot, names: tuple[str, str, str], says: tuple[str, str, str], pose: tuple[Term, ...], dense: Term,
          hz: float, ending: Termination) -> tuple[Idea, ...]:  # fmt: skip
    """Three ways into a posture: settle in it, ramp towards it and hold still, visit it with the clock."""
    end = (HERE, SMOOTH, EFFORT)
    still = Term("still", 0.5, "near(s.joint_vel, 0.0, 1.0)", "and holds still there")
    pulse = Term("on_beat", 1.0, f"window(s.phase, 0.2, 0.6) * ({pose[0].code})", "deepest in the middle of each long beat")
    return (
        Idea(names[0], says[0], (*pose, *end), (), hz, termination=ending),
        Idea(names[1], says[1], (dense, pose[0].weighing(1.0), still, *end), (), hz, termination=ending),
        Idea(names[2], says[2], (pulse, *(t.weighing(0.7 * t.weight) for t in pose), dense.weighing(0.5), *end), (), min(hz, 0.5),
             termination=ending),
    )  # fmt: skip


@shelf.primitive(
    "bow", "Bow", Q, controls="pitch",
    say="bow politely; take a bow after the show; bow down to the queen; front down and rear up; kneel before the king; curtsy; greet with respect; pray",
    keywords="bow; take a bow; curtsy; kneel; bow down; namaste; respect; downward dog; front down; audience; encore; pray; downward facing dog; applause",
)  # fmt: skip
def bow(robot: Robot, m: Modifiers) -> Plan:
    dip = m.scaled(0.4, 0.6)
    front = f"near(s.pitch, {num(dip)}, 0.15)"
    rear = Term("rear_legs", 0.5, 'near(s.offsets("RR"), 0.0, 0.4) * near(s.offsets("RL"), 0.0, 0.4)', "rear legs stay as they stand")
    deep = Term("deeper", 1.2, f"at_least(s.pitch, {num(dip)}, {num(dip)})", "the lower the front, the better, up to the bow")
    ideas = _held(
        robot, ("Royal Bow", "Deep Reverence", "Curtain Calls"),
        ("Lowers its front and keeps its rear up, feet planted.",
         "Sinks as deep as it can in front, then holds the bow without a tremble.",
         "Bows, rises, bows again: one call of the curtain each long beat."),
        (Term("bow", 2.0, front, "front down, rear up"), rear, PLANTED, FACING), deep, 1.0, TILTED,
    )  # fmt: skip
    judge = metric(
        "bow", "Does it lower its front while the rear stays up?",
        measured("deepest bow (rad nose down)", "max", "pitch", at_least=0.6 * dip),
        measured("share of the time bowed", "fraction_above", "pitch", at_least=0.25, bound=0.5 * dip),
        measured("lean to a side (rad)", "abs_mean", "roll", at_most=0.3), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, ideas, (Term("bow", 1.0, front, "front down, rear up"),))


@shelf.primitive(
    "nod", "Nod", Q, controls="pitch",
    say="nod your head yes; agree; nod up and down to the music; headbang to heavy metal; rock back and forth; seesaw",
    keywords="nod; yes; agree; headbang; head bang; heavy metal; rock back; seesaw; approve; rocking horse; say yes; rock and roll; rocking; head up and down; bob your head; swing front",
)  # fmt: skip
def nod(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.2, 0.3), m.rate(1.4, 0.5, 2.5)
    follow = Term("nod", 2.0, "near(s.pitch, nod, 0.08)", "the front nods with the clock")
    turn = f"nod = {wave(m, swing)}"
    rocking = Idea("Rocking Yes", "The whole trunk rocks nose down, nose up, on planted feet.", (follow, PLANTED, TALL, *PLACE), (turn,), hz)
    bobbing = Idea(
        "Front Bob", "The shoulders rise and sink on the front legs while the rear stays where it is.",
        (
            Term("bob", 1.5, "near(front, bob, 0.15)", "front knees bend and stretch with the clock"),
            follow.weighing(0.8), Term("rear", 0.5, 'near(s.offsets("RR"), 0.0, 0.3) * near(s.offsets("RL"), 0.0, 0.3)', "rear legs stay"), *PLACE,
        ),
        (turn, f"front = jnp.array([{_knee(robot, 'FR')}, {_knee(robot, 'FL')}])", f"bob = -{num(2 * swing)} * (0.5 + 0.5 * jnp.sin(s.phase))"), hz,
    )  # fmt: skip
    banging = Idea(
        "Headbanger", "Two quick nods and a rest in each beat, with the whole body bobbing along.",
        (
            Term("bang", 1.8, "near(s.ang_vel_b[1], bang, 1.0)", "pitch rate of a quick double nod"),
            follow.weighing(0.8), PLANTED, *PLACE,
        ),
        (turn, f"bang = {num(6.28 * hz * swing)} * jnp.cos(s.phase)"), hz,
    )  # fmt: skip
    judge = metric(
        "nod", "Does its front nod up and down in rhythm?",
        measured("nod (rad)", "amplitude", "pitch", at_least=0.5 * swing),
        measured("share of the nod on the beat", "rhythm", "pitch", at_least=0.5), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (rocking, bobbing, banging), (Term("nod", 1.0, f"near(s.pitch, {wave(m, swing)}, 0.08)", "nods"),))


@shelf.primitive(
    "shake head", "Shake the head", Q, controls="yaw",
    say="shake your head no; disagree; look left and right; twist from side to side; do the twist; refuse; look around; shake off water like a wet dog",
    keywords="shake head; shake your head; no no; disagree; look left; look right; twist; refuse; look around; wet dog; shake off; say no; twist and shout; search; scan; wring",
)  # fmt: skip
def shake_head(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.25, 0.4), m.rate(1.3, 0.4, 2.5)
    follow = Term("twist", 2.0, "near(s.yaw, twist, 0.1)", "the heading twists left and right with the clock")
    turn = f"twist = {wave(m, swing)}"
    place = (PLANTED, HERE, UP, SMOOTH, EFFORT)
    twisting = Idea("Planted Twist", "The trunk twists left and right over planted feet, back level.", (follow, LEVEL, *place), (turn,), hz)
    pacing = Idea(
        "Rate Twist", "Follows the turning speed of the twist, so the change of direction is crisp.",
        (Term("rate", 1.5, f"near(s.turn_rate, {num(6.28 * hz * swing)} * jnp.cos(s.phase), 0.8)", "turn rate of the twist"), follow.weighing(0.8), TALL, *place),
        (turn,), hz,
    )  # fmt: skip
    wringing = Idea(
        "Wet Dog", "Twists and rolls together, as a dog throws off water.",
        (follow.weighing(1.4), Term("roll", 1.0, f"near(s.roll, {wave(m, 0.6 * swing)}, 0.1)", "the coat rolls along"), *place), (turn,), hz,
    )  # fmt: skip
    judge = metric(
        "shake the head", "Does it twist left and right in rhythm?",
        measured("twist (rad)", "amplitude", "yaw", at_least=0.5 * swing),
        measured("share of the twist on the beat", "rhythm", "yaw", at_least=0.5), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (twisting, pacing, wringing), (Term("twist", 1.0, f"near(s.yaw, {wave(m, swing)}, 0.1)", "twists"),))


@shelf.primitive(
    "crouch", "Crouch", Q, controls="height",
    say="crouch down low; squat; duck under a table; hide behind the sofa; make yourself small; cower in fear; get down",
    keywords="crouch; crouching; squat; duck; hide; small; cower; get low; get down; stay low; low; scared; afraid; limbo; lower your body; frightened; shrink",
)  # fmt: skip
def crouch(robot: Robot, m: Modifiers) -> Plan:
    low = min(0.6, 0.6 * (2 - m.size)) if m.size > 1 else 0.6
    target = f"{num(max(low, 0.45))} * s.home_height"
    deep = f"near(s.height, {target}, 0.12 * s.home_height)"
    ideas = _held(
        robot, ("Low Profile", "Ready Spring", "Duck and Cover"),
        ("Sinks to a low, level stance and stays there.", "Sinks as far as asked, then holds as still as a coiled spring.",
         "Ducks low in each long beat and peeks out in between."),
        (Term("low", 2.0, deep, "body low"), LEVEL, PLANTED, FACING),
        Term("lower", 1.2, f"at_most(s.height, {target}, 0.5 * s.home_height)", "the lower, the better, down to the goal"), 1.0,
        Termination(min_upright=0.3, min_height=0.25),
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "crouch", "Does it stay low on its feet, without lying down?",
        measured("height (m)", "median", "height", at_most=0.75 * h),
        measured("lowest (m)", "min", "height", at_least=0.3 * h),
        measured("tilt (upright is 1)", "mean", "upright", at_least=0.85), _near_start(robot, 3.0),
    )  # fmt: skip
    return Plan(judge, ideas, (Term("low", 0.8, deep, "body low"),))


@shelf.primitive(
    "sit", "Sit", Q, controls="pitch height",
    say="sit down like a good dog; sit and stay; rest on your haunches; sit on your bottom with front legs straight; take a seat",
    keywords="sit; sit down; haunches; take a seat; seated; sit and stay; beg; good dog; sitting; stay; heel",
)  # fmt: skip
def sit(robot: Robot, m: Modifiers) -> Plan:
    posture = "near(s.pitch, -0.6, 0.2)"
    rear = Term("rear_low", 1.0, "at_most(s.height, 0.8 * s.home_height, 0.3 * s.home_height)", "the rear end goes down")
    ideas = _held(
        robot, ("Good Dog", "Sphinx", "Sit, Up, Sit"),
        ("Rear down, front legs straight, chest up: sit!", "Leans back as far as a sitting dog, then does not move an ear.",
         "Sits down in each long beat and gets half up in between."),
        (Term("sit", 2.0, posture, "chest up, rear down"), rear, Term("front_feet", 0.3, '0.5 * (s.contact("FR") + s.contact("FL"))', "front feet on the floor")),
        Term("lean_back", 1.2, "at_least(s.nose_up, 0.55, 0.55)", "the nose rises as the rear sinks"), 1.0, Termination(min_upright=0.2, min_height=0.25),
    )  # fmt: skip
    judge = metric(
        "sit", "Does it sit: chest up, rear down, front feet on the floor?",
        measured("pitch (rad, negative is chest up)", "median", "pitch", at_most=-0.4),
        measured("height (m)", "median", "height", at_most=0.95 * robot.structure.base_height),
        measured("joint speed (rad/s)", "median", "joint_speed", at_most=1.0), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, ideas)


@shelf.primitive(
    "lie down", "Lie down", Q, controls="height roll pitch",
    say="lie down and take a nap on the floor; sleep; rest flat on the ground; play dead; collapse; go to bed; lay down; relax on the beach; pretend to be asleep",
    keywords="lie; lie down; lay down; nap; sleep; play dead; rest; go to bed; flat; sunbathe; bed; collapse; asleep; dead; snooze; relax; tired; belly; chill; bedtime; doze; hibernate; siesta; down boy",
)  # fmt: skip
def lie_down(robot: Robot, m: Modifiers) -> Plan:
    flat = "at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height)"
    down = Term("down", 2.0, flat, "the body goes down to the floor")
    quiet = Term("quiet", 0.8, f"near(s.joint_vel, 0.0, 0.8) * {flat}", "and lies still there")
    soft = Term("soft", 0.3, "at_least(s.up_speed, -0.4, 0.6)", "goes down softly")
    end = (HERE, SMOOTH, EFFORT)
    belly = Idea("Belly Flop Nap", "Folds its legs and lies on its belly, level and still.", (down, quiet, soft, LEVEL, *end), (), 0.5, termination=LYING)
    side = Idea(
        "Side Snooze", "Rolls onto its side like a dog in the sun.",
        (down, Term("on_its_side", 1.0, "at_least(jnp.abs(s.left_up), 0.8, 0.8)", "tips onto a side"), quiet, soft, *end), (), 0.5, termination=LYING,
    )  # fmt: skip
    limp = Idea(
        "Power Down", "Lets go: motors off, the body sinks and stays where it comes to rest.",
        (down, Term("limp", 1.0, "near(s.power, 0.0, 10.0) * at_most(s.height, 0.5 * s.home_height, 0.5 * s.home_height)", "hardly any power, once down"), soft, *end),
        (), 0.5, termination=LYING,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "lie down", "Does it lie on the floor and stay there quietly?",
        measured("height at the end (m)", "final", "height", at_most=0.55 * h),
        measured("share of the time down", "fraction_below", "height", at_least=0.6, bound=0.6 * h),
        measured("joint speed (rad/s)", "median", "joint_speed", at_most=0.5),
    )  # fmt: skip
    return Plan(judge, (belly, side, limp))


@shelf.primitive(
    "stand tall", "Stand tall", Q, controls="height",
    say="stand tall and proud; stretch up as high as you can; make yourself big; giraffe; stand on the tips of your toes; rise up; attention",
    keywords="stand tall; tall; giraffe; stand up; stand; rise; get up; attention; proud; upright; straighten up; grow; look over the fence; stand straight; lift yourself",
)  # fmt: skip
def stand_tall(robot: Robot, m: Modifiers) -> Plan:
    high = "1.2 * s.home_height"
    tall = f"near(s.height, {high}, 0.08 * s.home_height)"
    ideas = _held(
        robot, ("Giraffe", "Sentinel", "Rise and Shine"),
        ("Straightens all legs and stands as tall as it can.", "Rises as far as its legs reach, then stands like a guard.",
         "Rises in each long beat and settles in between, as if waking up."),
        (Term("tall", 2.0, tall, "legs straight, body high"), LEVEL, PLANTED, FACING, UP),
        Term("higher", 1.2, f"at_least(s.height, {high}, 0.25 * s.home_height)", "the higher, the better, up to the goal"), 1.0, Termination(),
    )  # fmt: skip
    judge = metric(
        "stand tall", "Does it stand clearly taller than usual?",
        measured("height (m)", "median", "height", at_least=1.1 * robot.structure.base_height),
        measured("tilt (upright is 1)", "mean", "upright", at_least=0.9), NO_FALL,
    )  # fmt: skip
    return Plan(judge, ideas, (Term("tall", 0.8, tall, "legs straight, body high"),))


@shelf.primitive(
    "stretch", "Stretch", Q, controls="pitch height",
    say="stretch like a cat after a nap; yoga; cat stretch forward and back; limber up; warm up; long lazy stretch in the morning",
    keywords="stretch; yoga; limber; warm up; cat stretch; cat cow; pilates; yawn; wake up; morning; loosen up; flex; gymnastics; flexible",
)  # fmt: skip
def stretch(robot: Robot, m: Modifiers) -> Plan:
    hz, dip = m.rate(0.4, 0.2, 0.8), m.scaled(0.35, 0.5)
    still = Term("calm", 0.4, "near(s.joint_vel, 0.0, 1.5)", "slowly, as a cat does")
    follow = Term("stretch", 2.0, "near(s.pitch, lean, 0.12)", "front down, then rear down")
    turn = f"lean = {num(dip)} * jnp.sin(s.phase)"
    cat = Idea("Cat and Cow", "Front down and rear up, then front up and rear down, slow and smooth.", (follow, still, PLANTED, *PLACE), (turn,), hz)
    long = Idea(
        "Long Reach", "Pushes the front feet out ahead of the body and leans back, then comes home.",
        (
            Term("reach", 1.2, 'near(0.5 * (s.foot("FR")[0] + s.foot("FL")[0]), ahead, 0.15 * s.home_height)', "front feet reach out ahead"),
            follow.weighing(1.2), still, *PLACE,
        ),
        (turn, "# how far ahead of the body the front feet go, in m", "ahead = s.home_height * (0.7 + 0.3 * jnp.sin(s.phase))"), hz,
    )  # fmt: skip
    rise = Idea(
        "Wake-up Wave", "Bows, rises tall, leans back: a slow wave through the whole body.",
        (
            follow.weighing(1.5), Term("breathe", 1.2, "near(s.height, s.home_height * (1.0 + 0.15 * jnp.cos(2.0 * s.phase)), 0.08 * s.home_height)", "rises between the stretches"),
            still, PLANTED, *PLACE,
        ), (turn,), hz,
    )  # fmt: skip
    judge = metric(
        "stretch", "Does it stretch slowly, front down and front up?",
        measured("stretch (rad)", "range", "pitch", at_least=dip),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_most=2.0),
        measured("stretches a second (Hz)", "frequency", "pitch", at_most=1.2), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (cat, long, rise))


@shelf.primitive(
    "hind legs", "Stand on the hind legs", Q, controls="pitch height paw",
    say="stand on your hind legs; rear up like a stallion; walk on two legs like a human; stand upright like a meerkat; lift both front legs off the floor",
    keywords="hind leg; hind legs; rear up; two legs; back legs; meerkat; stallion; like a human; wheelie; biped; on your rear legs; footstand; stand up like a person; rear legs; bipedal",
)  # fmt: skip
def hind_legs(robot: Robot, m: Modifiers) -> Plan:
    up = Term("rise", 2.0, "at_least(s.nose_up, 0.9, 1.0)", "the nose rises to the sky")
    high = Term("high", 1.0, "at_least(s.height, 1.5 * s.home_height, 0.7 * s.home_height)", "the body rises over the rear feet")
    paws = Term("front_feet_up", 1.0, '1.0 - 0.5 * (s.contact("FR") + s.contact("FL"))', "front feet leave the floor")
    end = (Term("here", 0.2, "near(s.displacement, 0.0, 2 * s.home_height)", "stays about where it is"), SMOOTH, EFFORT)
    free = Termination(min_upright=None, min_height=0.4)
    meerkat = Idea("Meerkat", "Rises on its rear feet, nose to the sky, and balances.", (up, high, paws, *end), (), 1.0, termination=free)
    stallion = Idea(
        "Stallion", "Pushes up again and again: front feet high in each beat, rear feet under the body.",
        (
            Term("push", 1.5, "window(s.phase, 0.1, 0.6) * at_least(s.nose_up, 0.7, 0.9)", "rears up in each beat"),
            Term("hooves", 1.2, 'at_least(jnp.array([s.clearance("FR"), s.clearance("FL")]), s.home_height, s.home_height)', "front feet high"),
            up.weighing(0.8), *end,
        ), (), 0.5, termination=free,
    )  # fmt: skip
    balance = Idea(
        "Tightrope", "Learns the balance: pays rear feet under the body and a slow lean, height comes by itself.",
        (
            up.weighing(1.5), paws, Term("under", 1.0, 'near(s.lin_vel_w, 0.0, 0.4) * at_least(s.nose_up, 0.6, 0.8)', "still, once it is up"),
            Term("rear_feet", 0.6, '0.5 * (s.contact("RR") + s.contact("RL"))', "rear feet carry"), *end,
        ), (), 1.0, termination=free,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "hind legs", "Does it stand on its hind legs with the front feet in the air?",
        measured("share of the time nose up", "fraction_above", "nose_up", at_least=0.5, bound=0.6),
        measured("front feet (m above the floor)", "median", "foot_height:FR", at_least=0.4 * h),
        measured("height (m)", "median", "height", at_least=1.05 * h),
    )  # fmt: skip
    return Plan(judge, (meerkat, stallion, balance))


@shelf.primitive(
    "handstand", "Handstand", Q, controls="pitch height paw",
    say="do a handstand; stand on your front legs with the rear in the air; upside down acrobat; headstand; kick your back legs up; donkey kick",
    keywords="handstand; hand stand; front legs; headstand; head stand; acrobat; upside down; rear in the air; donkey kick; kick back; on your hands; cartwheel; circus",
)  # fmt: skip
def handstand(robot: Robot, m: Modifiers) -> Plan:
    down = Term("tip", 2.0, "at_most(s.nose_up, -0.9, 1.0)", "the nose points to the floor")
    feet = Term("rear_feet_up", 1.0, 'at_least(jnp.array([s.clearance("RR"), s.clearance("RL")]), 1.5 * s.home_height, 1.5 * s.home_height)', "rear feet high in the air")
    lift = Term("rear_free", 0.8, '1.0 - 0.5 * (s.contact("RR") + s.contact("RL"))', "rear feet off the floor")
    end = (Term("here", 0.2, "near(s.displacement, 0.0, 2 * s.home_height)", "stays about where it is"), SMOOTH, EFFORT)
    free = Termination(min_upright=None, min_height=0.4)
    steady = Idea("Acrobat", "Tips over its front legs and balances with its rear in the air.", (down, feet, lift, *end), (), 1.0, termination=free)
    kick = Idea(
        "Donkey Kick", "Kicks its rear feet up in each beat, a little higher each time.",
        (Term("kick", 2.0, "window(s.phase, 0.2, 0.5) * at_most(s.nose_up, -0.7, 0.8)", "tips up in each beat"), feet, lift, *end), (), 0.6, termination=free,
    )  # fmt: skip
    tripod = Idea(
        "Slow Press", "Leans forward slowly over straight front legs, height and stillness first.",
        (
            down.weighing(1.5), Term("high", 1.0, "at_least(s.height, 1.4 * s.home_height, 0.6 * s.home_height)", "the body rises over the front feet"),
            Term("still", 0.8, "near(s.lin_vel_w, 0.0, 0.4) * at_most(s.nose_up, -0.5, 0.7)", "still, once it is up"),
            Term("front_feet", 0.5, '0.5 * (s.contact("FR") + s.contact("FL"))', "front feet carry"), *end,
        ), (), 1.0, termination=free,
    )  # fmt: skip
    h = robot.structure.base_height
    judge = metric(
        "handstand", "Does it stand on its front legs with the rear in the air?",
        measured("share of the time nose down", "fraction_below", "nose_up", at_least=0.5, bound=-0.6),
        measured("rear feet (m above the floor)", "median", "foot_height:RR", at_least=0.6 * h),
        measured("height (m)", "median", "height", at_least=h),
    )  # fmt: skip
    return Plan(judge, (steady, kick, tripod))


@shelf.primitive(
    "wave", "Wave a paw", Q, controls="paw",
    say="wave hello with your paw; give me five; greet people; say goodbye; raise a front leg and wave it; shake hands; high five; salute",
    keywords="wave; hello; goodbye; bye; hi; paw; give me five; high five; greet; shake hand; raise a leg; lift a leg; salute; handshake; raise paw; give paw; wave at; say hi; lift leg; lift your leg; point",
)  # fmt: skip
def wave_paw(robot: Robot, m: Modifiers) -> Plan:
    leg = "FL" if "left" in m.directions else "FR"
    hip, thigh, knee = robot.structure.groups[leg]
    hz, swing = m.rate(1.5, 0.6, 2.5), m.scaled(0.35, 0.5)
    up = Term("paw_up", 1.5, f'at_least(s.clearance("{leg}"), 0.4 * s.home_height, 0.4 * s.home_height)', "the paw is up in the air")
    rest = Term("three_feet", 0.4, "near(s.feet_down, 3.0, 0.6)", "the other three carry")
    end = (rest, HERE, FACING, UP, SMOOTH, EFFORT)
    beat = f"swing = {wave(m, swing)}"
    side = Idea("Royal Wave", "Lifts a front paw and swings it from side to side.",
                (up, Term("wave", 1.5, f'near(s.offset("{hip}"), swing, 0.12)', "the paw swings sideways with the clock"), *end), (beat,), hz)  # fmt: skip
    knock = Idea("Come Here", "Lifts a front paw and beckons with the knee.",
                 (up, Term("beckon", 1.5, f'near(s.offset("{knee}"), swing - 0.3, 0.15)', "the knee bends and stretches with the clock"), *end), (beat,), hz)  # fmt: skip
    pump = Idea("High Five", "Throws a front paw up high ahead in each beat.",
                (
                    up.weighing(1.0), Term("throw", 1.5, f'near(s.foot("{leg}")[2], high, 0.15 * s.home_height)', "the paw flies up with the clock"),
                    Term("reach", 0.5, f'at_least(s.foot("{leg}")[0], s.home_height, 0.4 * s.home_height)', "out ahead of the chest"), *end,
                ),
                ("# height of the paw relative to the body, in m", "high = s.home_height * (-0.35 + 0.25 * jnp.sin(s.phase))"), hz)  # fmt: skip
    judge = metric(
        "wave", "Does it lift a front paw and wave it?",
        measured("paw (m above the floor)", "median", f"foot_height:{leg}", at_least=0.15 * robot.structure.base_height),
        measured("waving of the leg (rad)", "amplitude", f"group:{leg}", at_least=0.06),
        measured("waves a second (Hz)", "frequency", f"group:{leg}", at_least=0.4 * hz, at_most=2.5 * hz), _near_start(robot, 3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (side, knock, pump))


@shelf.primitive(
    "freeze", "Freeze in a pose", Q, controls="paw height roll pitch yaw place",
    say="freeze like a statue; strike a pose and do not move; hold still as a stone; point like a hunting dog; pose for a photo; mannequin challenge",
    keywords="freeze; statue; pose; hold still; stand still; still; motionless; mannequin; stone; photo; do not move; dont move; not move; stop; halt; wait; do nothing; pointer; sculpture; flamingo; one leg",
)  # fmt: skip
def freeze(robot: Robot, m: Modifiers) -> Plan:
    still = Term("still", 1.0, "near(s.joint_vel, 0.0, 0.5)", "not a twitch")
    end = (HERE, FACING, SMOOTH, EFFORT)
    paw = Term("paw_up", 1.5, 'at_least(s.clearance("FR"), 0.35 * s.home_height, 0.35 * s.home_height)', "one front paw up")
    pointing = Idea("Pointer", "Lifts one front paw like a hunting dog and turns to stone.", (paw, still, UP, *end), (), 1.0)
    diving = Idea(
        "Bow of Bronze", "Front low, rear high, cast in bronze.",
        (Term("bow", 1.5, "near(s.pitch, 0.4, 0.12)", "front low"), still.weighing(1.2), PLANTED, *end), (), 1.0, termination=TILTED,
    )  # fmt: skip
    tilting = Idea(
        "Leaning Tower", "Tall on one side, low on the other, and not a twitch.",
        (Term("lean", 1.5, "near(s.roll, 0.3, 0.08)", "leans over"), still.weighing(1.2), PLANTED, *end), (), 1.0, termination=TILTED,
    )  # fmt: skip
    judge = metric(
        "freeze", "Does it strike a pose that is not its usual stand and hold it?",
        measured("pose away from the usual stand (rad)", "median", "pose_error", at_least=0.15),
        measured("share of the time without moving", "fraction_below", "joint_speed", at_least=0.7, bound=0.4), _near_start(robot, 2.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (pointing, diving, tilting))


@shelf.primitive(
    "push-ups", "Push-ups", Q, controls="height",
    say="do push-ups; go up and down like in the gym; squats; workout; exercise; pump up and down; breathe deeply; bob up and down",
    keywords="push-up; push up; pushups; pushup; press up; squats; workout; exercise; gym; fitness; pump; breathe; bob; bootcamp; knee bend; train hard; bob up; lowrider; twerk up",
)  # fmt: skip
def push_ups(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.0, 0.4, 2.0), m.scaled(0.22, 0.35)
    depth = "depth = s.home_height * (0.9 + {} * {})"
    follow = Term("pump", 2.0, "near(s.height, depth, 0.07 * s.home_height)", "the body goes down and up with the clock")
    whole = Idea("Drill Sergeant", "The level body sinks and rises on all four legs, once a beat.",
                 (follow, LEVEL, PLANTED, *PLACE), (depth.format(num(size), "jnp.sin(s.phase)"),), hz)  # fmt: skip
    front = Idea("Front Press", "Only the front legs bend and press: a real push-up, rear legs straight.",
                 (
                     Term("press", 1.5, "near(s.pitch, press, 0.08)", "the chest sinks and rises"), follow.weighing(0.8),
                     PLANTED, *PLACE,
                 ),
                 (depth.format(num(size), "jnp.sin(s.phase)"), f"press = 0.12 - {num(0.8 * size)} * jnp.sin(s.phase)"), hz)  # fmt: skip
    power = Idea("Power Reps", "Pays the speed of each press, hard up and slowly down.",
                 (
                     Term("press", 1.5, f"near(s.up_speed, {num(6.28 * hz * size)} * s.home_height * jnp.cos(s.phase), 0.15)", "speed of the press"),
                     follow.weighing(0.8), LEVEL, PLANTED, *PLACE,
                 ),
                 (depth.format(num(size), "jnp.sin(s.phase)"),), hz)  # fmt: skip
    judge = metric(
        "push-ups", "Does the body pump down and up in rhythm, feet on the floor?",
        measured("pump (m)", "amplitude", "height", at_least=0.1 * robot.structure.base_height),
        measured("share of the pump on the beat", "rhythm", "height", at_least=0.5),
        measured("feet on the floor", "mean", "feet_down", at_least=3.0), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (whole, front, power))


@shelf.primitive(
    "roll over", "Roll over", Q, controls="roll pitch yaw height place",
    say="roll over on the floor; barrel roll; tumble sideways; roll onto your back and get up; flip over like a pancake; somersault; belly rub",
    keywords="roll over; barrel roll; tumble; roll onto; flip; somersault; backflip; roll around; belly rub; turn over; log roll; roll like; roll sideways; rolling; front flip; pancake",
)  # fmt: skip
def roll_over(robot: Robot, m: Modifiers) -> Plan:
    rate = m.speed(2.0, 4.0)
    sign = -m.side
    back = "at_most(s.upright, -0.8, 1.8)"
    end = (SMOOTH, EFFORT)
    barrel = Idea(
        "Barrel Roll", "Keeps rolling about its long axis over the floor.",
        (Term("roll", 2.0, f"at_least({sign} * s.ang_vel_b[0], {num(rate)}, {num(rate)})", "rolls about its length"),
         Term("low", 0.5, "at_most(s.height, 0.6 * s.home_height, 0.5 * s.home_height)", "close to the floor"), *end), (), 0.5, termination=LYING,
    )  # fmt: skip
    timed = Idea(
        "Over and Back", "On its back in one half of the long beat, on its feet in the other.",
        (Term("over", 1.8, f"window(s.phase, 0.4, 0.5) * {back}", "on its back on the beat"),
         Term("back_up", 1.0, "(1.0 - window(s.phase, 0.4, 0.5)) * at_least(s.upright, 0.8, 1.8)", "upright again after it"), HERE, *end), (), 0.2, termination=LYING,
    )  # fmt: skip
    turned = Idea(
        "Count the Turns", "Pays the way rolled so far against a steady count, so that stopping halfway is late.",
        (Term("count", 1.5, f"0.5 + 0.5 * jnp.cos({sign} * s.rolled - turns)", "as far round as the count"),
         Term("roll", 1.2, f"near({sign} * s.ang_vel_b[0], {num(0.6 * rate)}, {num(0.5 * rate)})", "at an even pace"), *end),
        ("# roll to have made by now, in rad", f"turns = {num(0.6 * rate)} * s.time"), 0.5, termination=LYING,
    )  # fmt: skip
    judge = metric(
        "roll over", "Does it roll onto its back, over its sides?",
        measured("most upside down (upright is 1)", "min", "upright", at_most=-0.6),
        measured("way over its sides (left up, 2 is all)", "range", "left_up", at_least=1.2),
    )  # fmt: skip
    return Plan(judge, (barrel, timed, turned))

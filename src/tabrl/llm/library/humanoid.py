"""What two-legged robots can do, with and without arms."""

from math import pi

from tabrl.llm.library.arm import rhythmic
from tabrl.llm.library.base import (
    EFFORT,
    FACING,
    GRIP,
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
    swings,
    tracked,
    wave,
)
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Metric, Termination

shelf = Shelf()
TWO = "humanoid biped"
HERE = Term("here", 0.3, "near(s.displacement, 0.0, 0.5 * s.home_height)", "stays where it began")
ALIVE = (Term("up", 0.4, "at_least(s.upright, 0.9, 0.5)", "stays on its feet"), SMOOTH, EFFORT)
PLACE = (HERE, FACING, *ALIVE)
FEET = Term("planted", 0.3, "s.feet_down / 2", "both feet on the floor")
LEVEL = Term("level", 0.3, "near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the trunk stays upright")
DEEP = Termination(min_upright=0.2, min_height=0.3)


def _beat(lift: float) -> tuple[str, ...]:
    return (
        "# the feet lift in turn with the clock, in m",
        f"lift_left = {num(lift)} * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
        f"lift_right = {num(lift)} * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
    )


def _steps(weight: float) -> Term:
    code = (
        '0.5 * near(s.clearance("left"), lift_left, 0.05 * s.home_height)'
        ' + 0.5 * near(s.clearance("right"), lift_right, 0.05 * s.home_height)'
    )
    return Term("steps", weight, code, "the feet rise and land in turn")


def _on_spot(robot: Robot) -> Criterion:
    return measured("way from the start (m)", "max", "distance", at_most=2 * robot.structure.base_height)


def _swinging(name: str, question: str, signal: str, at_least: float, robot: Robot) -> Metric:
    return metric(
        name, question,
        measured(f"swing of {signal}", "amplitude", signal, at_least=at_least),
        measured("share of the swing on the beat", "rhythm", signal, at_least=0.5), _on_spot(robot), NO_FALL,
    )  # fmt: skip


@shelf.primitive(
    "sway", "Hip sway", TWO, controls="roll",
    say="shake your hips; hula dance; sway from side to side; swing your hips to the music; belly dance; twerk; salsa",
    keywords="hip; hips; hula; aloha; sway; twerk; wiggle; booty; butt; belly dance; samba; salsa; rumba; shimmy; side to side; puppy; wag; tail; happy; rock",
)  # fmt: skip
def sway(robot: Robot, m: Modifiers) -> Plan:
    swing, hz = m.scaled(0.12, 0.2), m.rate(1.0, 0.4, 2.0)
    roll = Term("roll", 2.0, "near(s.roll, sway, 0.06)", "the hips roll with the clock")
    turn = f"sway = {wave(m, swing)}"
    return Plan(
        _swinging("hip sway", "Do the hips swing from side to side in rhythm?", "roll", 0.5 * swing, robot),
        (
            Idea("Aloha Sway", "The hips roll left and right over planted feet.", (roll, FEET, *PLACE), (turn,), hz),
            Idea("Weight Shift", "The weight glides from foot to foot and the hips follow.",
                 (Term("glide", 1.5, "near(s.displacement[1], 0.5 * s.home_height * sway, 0.05 * s.home_height)", "the body glides from foot to foot"),
                  roll.weighing(0.8), FEET, *PLACE), (turn,), hz),
            Idea("Hula Circle", "Roll, then pitch a quarter beat later: the hips draw circles.",
                 (roll.weighing(1.5), Term("circle", 0.8, "near(s.pitch, nod, 0.06)", "a quarter beat later forward and back"), FEET, *PLACE),
                 (turn, f"nod = {wave(m, 0.5 * swing, pi / 2)}"), hz),
        ),
        (Term("sway", 1.0, f"near(s.roll, {wave(m, swing)}, 0.06)", "hips sway"),),
    )  # fmt: skip


@shelf.primitive(
    "dance", "Robot dance", TWO, controls="roll height yaw",
    say="do the robot dance from the 80s; dance; groove to the disco; mechanical snapping poses; party; breakdance with style; hip hop",
    keywords="dance; robot dance; 80s; disco; groove; boogie; party; breakdance; hip hop; popping; style; music; jive; tango; ballet; macarena; techno",
)  # fmt: skip
def dance(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(0.8, 0.4, 1.4), m.scaled(0.12, 0.2)
    hold = Term("hold", 0.5, "(window(s.phase, 0.15, 0.2) + window(s.phase, 0.65, 0.2)) * near(s.joint_vel, 0.0, 0.8)", "still between the snaps")
    moves = swings(robot, (*_group(robot, "arms", "hips"),), 0.4)
    judge = metric(
        "robot dance", "Does it snap from pose to pose on a beat and stay on its feet?",
        measured("fastest joints (rad/s)", "max", "joint_speed", at_least=0.8),
        measured("snaps in 10 s", "cycles", "joint_speed", at_least=7, height=0.4), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (
        Idea("Tick Tock", "The trunk snaps from side to side and freezes in between.",
             (Term("snap", 2.0, f"near(s.roll, {num(size)} * square_wave(s.phase), 0.05)", "snaps to this half beat's side"), hold, FEET, *PLACE), (), hz),
        Idea("Piston Knees", "Pops up and drops down in steps on springy knees.",
             (Term("pop", 2.0, f"near(s.height, s.home_height * (0.93 + {num(0.5 * size)} * square_wave(s.phase)), 0.03 * s.home_height)", "pops between two heights"),
              hold, FEET, *PLACE), (), hz),
        Idea("Jointed Machine", "Every joint clicks between two angles, neighbours opposite.",
             (Term("click", 1.6, "near(joints, 0.0, 0.6)", "joints click to their angle"), hold, *PLACE),
             tracked(moves, [f"{'-' if i % 2 else ''}square_wave(s.phase)" for i in range(len(moves))]), hz),
    ))  # fmt: skip


def _group(robot: Robot, *names: str) -> tuple[str, ...]:
    """The first of these groups that the robot has."""
    return next(robot.structure.groups[name] for name in names if name in robot.structure.groups)


@shelf.primitive(
    "turn", "Spin on the spot", TWO, controls="yaw place",
    say="spin on the spot; turn around in circles; whirl until dizzy; pirouette; rotate; twirl like a ballerina",
    keywords="spin; whirl; twirl; pirouette; rotate; turn around; circle; dizzy; carousel; revolve; 360; ballerina; turn",
)  # fmt: skip
def turn(robot: Robot, m: Modifiers) -> Plan:
    rate = m.speed(1.2, 2.5)
    go = command(robot, turn=m.turn * min(rate, 1.0))
    round_ = Term("turn", 2.0, f"at_least({m.turn} * s.turn_rate, {num(rate)}, {num(rate)})", "the faster round, the better, up to the goal")
    asked = m.directions & {"left", "right", "clockwise", "anticlockwise"}
    goal = {"at_least": 0.5} if m.turn > 0 else {"at_most": -0.5}
    way = measured("turn rate (rad/s, left is positive)", "rate", "yaw", **goal) if asked else measured("turned in 10 s (rad)", "range", "yaw", at_least=5.0)
    judge = metric("spin", "Does it turn round on one spot?", way, _on_spot(robot), NO_FALL)
    return Plan(judge, (
        Idea("Turntable", "Turns steadily over one spot.", (round_, HERE, LEVEL, *ALIVE), (), 1.5, go),
        Idea("Clock Hand", "Keeps facing a hand that sweeps round.",
             (Term("chase", 1.5, f"0.5 + 0.5 * jnp.cos(s.turned - {num(m.turn * rate)} * s.time)", "faces the sweeping hand"), round_.weighing(0.8), HERE, *ALIVE), (), 1.5, go),
        Idea("Pirouette Steps", "Small steps in turn carry it round.", (_steps(1.2), round_.weighing(1.5), HERE, *ALIVE), _beat(0.1), m.rate(1.5, 0.8, 2.2), go),
    ), (round_.weighing(1.0),))  # fmt: skip


@shelf.primitive(
    "leap", "Jump up and down", TWO, controls="height",
    say="jump up and down; leap as high as you can; bounce like a ball; hop; trampoline; jumping jacks; skip rope",
    keywords="jump; leap; bounce; hop; trampoline; pogo; spring; bunny; kangaroo; skip; rope; frog; airborne",
)  # fmt: skip
def leap(robot: Robot, m: Modifiers) -> Plan:
    hz, size = m.rate(1.3, 0.7, 2.0), m.scaled(0.1, 0.2)
    fly = Term("fly", 1.0, "window(s.phase, 0.5, 0.35) * near(s.feet_down, 0.0, 0.7)", "both feet leave the floor once a beat")
    h = robot.structure.base_height
    judge = metric(
        "jump", "Does it leave the floor with both feet, again and again?",
        measured("jumps in 10 s", "cycles", "height", at_least=5, height=0.06 * h),
        measured("share of the time in the air", "mean", "flight", at_least=0.08), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (
        Idea("Trampoline", "The body follows a bouncing ball.",
             (Term("ball", 1.5, f"near(s.height, s.home_height * (1.0 - {num(size)} * jnp.sin(s.phase)), 0.05 * s.home_height)", "body height follows the ball"), fly, LEVEL, *PLACE), (), hz),
        Idea("Hang Time", "Pays time in the air, as long as it stays upright.",
             (Term("air", 2.0, "near(s.feet_down, 0.0, 0.5) * at_least(s.upright, 0.95, 0.2)", "no foot on the floor"),
              Term("gather", 0.5, "(1.0 - window(s.phase, 0.5, 0.35)) * at_most(s.height, 0.95 * s.home_height, 0.1 * s.home_height)", "bends its knees before"), *PLACE), (), hz),
        Idea("Pogo Spring", "Matches the vertical speed of a body on a spring.",
             (Term("push", 1.5, f"near(s.up_speed, -{num(6.28 * hz * size)} * s.home_height * jnp.cos(s.phase), 0.3)", "speed of a body on a spring"), fly, LEVEL, *PLACE), (), hz),
    ))  # fmt: skip


def _travel(robot: Robot, m: Modifiers, names: tuple[str, str, str], axis: str, speed: float, hz: float, title: str, question: str) -> Plan:
    sign, pace = (1 if speed > 0 else -1), abs(speed)
    go = command(robot, **{axis: speed})
    fast = Term("speed", 2.0, f"at_least({sign} * s.{axis}_speed, {num(pace)}, {num(pace)})", "the nearer to the asked speed, the better")
    straight = Term("straight", 0.4, "near(s.yaw, 0.0, 0.4)", "keeps its heading")
    end = (straight, LEVEL, GRIP, *ALIVE)
    goal = {"at_least" if sign > 0 else "at_most": sign * 4 * pace}
    judge = metric(title, question, measured(f"way {axis} (m)", "final", f"displacement_{axis}", **goal), NO_FALL)
    index = 0 if axis == "forward" else 1
    return Plan(judge, (
        Idea(names[0], f"Travels at {pace:.2g} m/s, upright and straight on.", (fast, *end), (), hz, go),
        Idea(names[1], "Steps to a metronome, feet lifting in turn.", (_steps(1.2), fast.weighing(1.5), *end), _beat(0.12), hz, go),
        Idea(names[2], "Chases a mark that moves away at an even pace.",
             (Term("chase", 1.5, f"near(s.displacement[{index}], {num(speed)} * s.time, 0.5 * s.home_height)", "is where the mark is"),
              fast.weighing(1.0), *end), (), hz, go),
    ), (fast.weighing(1.0),))  # fmt: skip


@shelf.primitive(
    "walk upright", "Walk forward", TWO, controls="place yaw",
    say="walk forward; go for a stroll; stride ahead; hike; come here; sneak; stagger like a zombie; patrol",
    keywords="walk; stroll; stride; go forward; move forward; hike; come here; advance; patrol; wander; sneak; zombie; straight ahead; step forward; drunk; limp; tiptoe",
)  # fmt: skip
def walk(robot: Robot, m: Modifiers) -> Plan:
    return _travel(robot, m, ("Steady Stroll", "Metronome Walk", "Carrot Chaser"), "forward", m.speed(0.6, 1.0), m.rate(1.4, 0.8, 2.0), "walk forward", "Does it walk forward on its feet?")


@shelf.primitive(
    "run upright", "Run", TWO, controls="place yaw",
    say="run as fast as you can; sprint; race; jog; flee; dash; charge",
    keywords="run; sprint; race; jog; flee; dash; charge; gallop; rush; full speed; escape; zoom; faster",
)  # fmt: skip
def run(robot: Robot, m: Modifiers) -> Plan:
    return _travel(robot, m, ("Full Sprint", "Quick March", "Pace Car"), "forward", m.speed(1.2, 2.0), m.rate(2.0, 1.2, 3.0), "run", "Does it run ahead on its feet?")


@shelf.primitive(
    "back up", "Walk backwards", TWO, controls="place yaw",
    say="walk backwards; moonwalk like Michael Jackson; reverse; retreat; back away",
    keywords="backward; backwards; reverse; retreat; back away; back up; step back; go back; michael jackson; billie jean; moonwalk; rewind",
)  # fmt: skip
def back_up(robot: Robot, m: Modifiers) -> Plan:
    return _travel(robot, m, ("Reverse Gear", "Backstep", "Smooth Criminal"), "forward", -m.speed(0.4, 0.8), m.rate(1.4, 0.8, 2.0), "walk backwards", "Does it travel backwards?")


@shelf.primitive(
    "side walk", "Sidestep", TWO, controls="place yaw",
    say="sidestep like a crab; walk sideways; shuffle to the left; strafe to the right",
    keywords="sidestep; sideway; sideways; crab; strafe; walk left; walk right; step left; step right; go left; go right; shuffle; lateral; side step; to the left; to the right",
)  # fmt: skip
def side_walk(robot: Robot, m: Modifiers) -> Plan:
    return _travel(robot, m, ("Crab Walk", "Side Shuffle", "Sliding Door"), "left", m.side * m.speed(0.3, 0.5), m.rate(1.4, 0.8, 2.0), "sidestep", "Does it walk sideways?")


@shelf.primitive(
    "moon stride", "Walk on the moon", TWO, controls="height place",
    say="walk like you are on the moon; low gravity astronaut steps; float in long slow bounds; weightless",
    keywords="moon; on the moon; astronaut; lunar; low gravity; weightless; float; space; spaceman; cloud; slow motion",
)  # fmt: skip
def moon_stride(robot: Robot, m: Modifiers) -> Plan:
    hz, pace = m.rate(0.9, 0.5, 1.4), m.speed(0.4, 0.8)
    go = command(robot, pace)
    ahead = Term("ahead", 1.0, f"at_least(s.forward_speed, {num(pace)}, {num(pace)})", "drifts ahead")
    arc = Term("float", 1.5, "near(s.height, s.home_height * (1.0 - 0.1 * jnp.sin(s.phase)), 0.05 * s.home_height)", "floats along a slow arc")
    h = robot.structure.base_height
    judge = metric(
        "moon walk", "Does it float ahead in slow, light bounds?",
        measured("way ahead (m)", "final", "displacement_forward", at_least=1.0),
        measured("bob of the body (m)", "amplitude", "height", at_least=0.03 * h), NO_FALL,
    )  # fmt: skip
    return Plan(judge, (
        Idea("Lunar Bound", "Slow bounds with a flight on top.",
             (arc, Term("flight", 1.0, "window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 0.7)", "flight at the top"), ahead, *ALIVE), (), hz, go),
        Idea("Astronaut Stride", "High, slow steps that hang in the air.", (_steps(1.5), ahead, LEVEL, *ALIVE), _beat(0.2), hz, go),
        Idea("Feather Feet", "Long air times of each foot and soft landings.",
             (Term("air_time", 1.5, "at_least(jnp.max(s.foot_air_time), 0.4, 0.4)", "a foot stays long in the air"),
              Term("soft", 0.4, "at_least(s.up_speed, -0.4, 0.8)", "comes down softly"), arc.weighing(0.8), ahead, *ALIVE), (), hz, go),
    ))  # fmt: skip


@shelf.primitive(
    "march upright", "March in place", TWO, controls="place",
    say="march like a soldier; march in place with high knees; parade; stomp; step to the drum",
    keywords="march; soldier; parade; high knee; stomp; in place; drum; goose step; military; tread; tap dance",
)  # fmt: skip
def march(robot: Robot, m: Modifiers) -> Plan:
    hz, lift = m.rate(1.2, 0.6, 2.0), m.scaled(0.15, 0.25)
    h = robot.structure.base_height
    judge = metric(
        "march in place", "Do the feet rise and land in turn on one spot?",
        measured("left foot's steps in 10 s", "cycles", "foot_height:left", at_least=5, height=0.06 * h),
        measured("right foot's steps in 10 s", "cycles", "foot_height:right", at_least=5, height=0.06 * h), _on_spot(robot), NO_FALL,
    )  # fmt: skip
    lead = "square_wave(s.phase)"
    return Plan(judge, (
        Idea("Parade March", "Feet rise high and land with the drum.", (_steps(2.0), LEVEL, GRIP, *PLACE), _beat(lift), hz),
        Idea("One Leg at a Time", "One foot carries while the other is up, taking turns.",
             (Term("turns", 1.5, f'near(s.contact("right") - s.contact("left"), {lead}, 0.5)', "the feet carry in turn"),
              Term("height", 1.0, f"at_least(jnp.max(s.foot_height), {num(lift)} * s.home_height, {num(lift)} * s.home_height)", "the free foot is high"), LEVEL, *PLACE), (), hz),
        Idea("Metronome Hips", "The weight rocks from side to side and the free foot leaves the floor by itself.",
             (Term("rock", 1.2, f"near(s.left_speed, {num(0.3)} * jnp.cos(s.phase), 0.12)", "the weight rocks"),
              _steps(1.2), *PLACE), _beat(lift), hz),
    ))  # fmt: skip


@shelf.primitive(
    "squat", "Crouch", TWO, controls="height",
    say="crouch down low; squat; duck; hide; sit down; make yourself small; bend your knees",
    keywords="crouch; squat; duck; hide; sit; small; get low; low; bend; knee; cower; limbo; push up; exercise; workout; gym",
)  # fmt: skip
def squat(robot: Robot, m: Modifiers) -> Plan:
    low = Term("low", 2.0, "near(s.height, 0.75 * s.home_height, 0.08 * s.home_height)", "the body is low")
    still = Term("still", 0.5, "near(s.joint_vel, 0.0, 0.8)", "and still")
    judge = metric(
        "crouch", "Does it go low on its feet?",
        measured("lowest (share of home)", "min", "height", at_most=0.85 * robot.structure.base_height), _on_spot(robot), NO_FALL,
    )  # fmt: skip
    end = (FEET, LEVEL, *PLACE)
    return Plan(judge, (
        Idea("Low Profile", "Sinks to a low stance and stays there.", (low, *end), (), 1.0, termination=DEEP),
        Idea("Coiled Spring", "Sinks as far as asked and holds still.",
             (Term("lower", 1.5, "at_most(s.height, 0.75 * s.home_height, 0.25 * s.home_height)", "the lower, the better"), still, *end), (), 1.0, termination=DEEP),
        Idea("Squat Reps", "Down and up with a slow beat.",
             (Term("pump", 2.0, "near(s.height, s.home_height * (0.87 + 0.12 * jnp.cos(s.phase)), 0.05 * s.home_height)", "down and up with the clock"), *end), (), m.rate(0.5, 0.3, 1.0), termination=DEEP),
    ), (low.weighing(0.8),))  # fmt: skip


@shelf.primitive(
    "bow upright", "Bow", TWO, controls="pitch",
    say="bow politely; take a bow after the show; bow to the queen; nod; lean forward",
    keywords="bow; curtsy; kneel; nod; yes; lean; respect; namaste; pray; headbang; audience",
)  # fmt: skip
def bow(robot: Robot, m: Modifiers) -> Plan:
    dip = m.scaled(0.4, 0.6)
    deep = Term("bow", 2.0, f"near(s.pitch, {num(dip)}, 0.15)", "leans forward from the hips")
    judge = metric(
        "bow", "Does it lean forward and stay on its feet?",
        measured("deepest bow (rad)", "max", "pitch", at_least=0.6 * dip),
        measured("share of the time bowed", "fraction_above", "pitch", at_least=0.2, bound=0.5 * dip), _on_spot(robot), NO_FALL,
    )  # fmt: skip
    end = (FEET, HERE, FACING, SMOOTH, EFFORT)
    return Plan(judge, (
        Idea("Royal Bow", "Leans forward and keeps both feet planted.", (deep, *end), (), 1.0, termination=DEEP),
        Idea("Deep Reverence", "Sinks as deep as asked and holds it.",
             (Term("deeper", 1.5, f"at_least(s.pitch, {num(dip)}, {num(dip)})", "the deeper, the better"), Term("still", 0.5, "near(s.joint_vel, 0.0, 0.8)", "held"), *end), (), 1.0, termination=DEEP),
        Idea("Curtain Calls", "Bows and rises with a slow beat.",
             (Term("calls", 2.0, f"near(s.pitch, {num(0.5 * dip)} * (1.0 - jnp.cos(s.phase)), 0.1)", "bows with the clock"), *end), (), m.rate(0.4, 0.2, 0.8), termination=DEEP),
    ))  # fmt: skip


@shelf.primitive(
    "lie flat", "Lie down", TWO, controls="height roll pitch",
    say="lie down and take a nap; sleep; play dead; collapse; rest on the floor; roll over",
    keywords="lie; lay down; nap; sleep; dead; rest; bed; collapse; relax; tired; roll; somersault; tumble; fall",
)  # fmt: skip
def lie_flat(robot: Robot, m: Modifiers) -> Plan:
    flat = "at_most(s.height, 0.25 * s.home_height, 0.75 * s.home_height)"
    down = Term("down", 2.0, flat, "the body goes down to the floor")
    quiet = Term("quiet", 0.8, f"near(s.joint_vel, 0.0, 0.8) * {flat}", "and lies still there")
    judge = metric(
        "lie down", "Does it lie on the floor quietly?",
        measured("height at the end (m)", "final", "height", at_most=0.4 * robot.structure.base_height),
        measured("joint speed (rad/s)", "final", "joint_speed", at_most=0.5),
    )  # fmt: skip
    end = (SMOOTH, EFFORT)
    return Plan(judge, (
        Idea("Nap Time", "Lies down and stays still.", (down, quiet, *end), (), 0.5, termination=LYING),
        Idea("On Its Back", "Looks at the sky.", (down, Term("face_up", 1.0, "at_least(s.nose_up, 0.8, 0.8)", "face to the sky"), quiet, *end), (), 0.5, termination=LYING),
        Idea("Slow Sink", "Sinks softly, never drops.", (down, Term("soft", 0.8, "at_least(s.up_speed, -0.3, 0.6)", "softly"), quiet, *end), (), 0.5, termination=LYING),
    ))  # fmt: skip


@shelf.primitive(
    "one leg", "Stand on one leg", TWO, controls="height place",
    say="stand on one leg like a flamingo; karate kid crane; balance; freeze like a statue; strike a pose; yoga tree; stand tall and still",
    keywords="one leg; flamingo; crane; balance; freeze; statue; pose; yoga; tree; stand; still; stork; tall; kick; karate; handstand; stretch",
)  # fmt: skip
def one_leg(robot: Robot, m: Modifiers) -> Plan:
    free, firm = ("left", "right") if m.side > 0 else ("right", "left")
    up = Term("foot_up", 2.0, f'at_least(s.clearance("{free}"), 0.15 * s.home_height, 0.15 * s.home_height)', "one foot is up")
    stand = Term("stand", 0.5, f's.contact("{firm}")', "the other carries")
    still = Term("still", 0.8, f'near(s.joint_vel, 0.0, 0.8) * (1.0 - s.contact("{free}"))', "without a wobble")
    high = measured("free foot (m above the floor)", "median", f"foot_height:{free}", at_least=0.07 * robot.structure.base_height)
    judge = metric("stand on one leg", "Does it stand on one leg?", high, _on_spot(robot), NO_FALL)
    return Plan(judge, (
        Idea("Flamingo", "Lifts one foot and stays.", (up, stand, *PLACE)),
        Idea("Statue", "Lifts one foot and then turns to stone.", (up.weighing(1.2), stand, still, *PLACE)),
        Idea("Crane Kick", "The free foot dips and rises with the clock.",
             (Term("dip", 1.8, f'near(s.clearance("{free}"), s.home_height * (0.13 + 0.05 * jnp.sin(s.phase)), 0.04 * s.home_height)', "the free foot follows the clock"), stand, *PLACE), (), 0.8),
    ))  # fmt: skip


@shelf.primitive(
    "arm swing", "Wave", "humanoid", needs="group:right_arm", controls="arms",
    say="wave hello; greet people; raise your hand and wave; say goodbye; clap; swing your arms; punch; box; flap like a bird; conduct; high five",
    keywords="wave; hello; hi; bye; goodbye; greet; arm; arms; clap; punch; box; flap; bird; fly; conduct; hand; salute; high five; throw; cheer; chicken; swim; paw",
)  # fmt: skip
def arm_swing(robot: Robot, m: Modifiers) -> Plan:
    side = "left" if "left" in m.directions else "right"
    plan = rhythmic(robot, m, robot.structure.groups[f"{side}_arm"][:4], "wave", "Does it wave its arm in rhythm and stay on its feet?",
                    1.0, ("Hello There", "Rope Wave", "Crisp Wave"))  # fmt: skip
    judge = plan.metric.model_copy(update={"criteria": (*plan.metric.criteria, NO_FALL)})
    beat = wave(m, 1.0)
    lead = max(swings(robot, robot.structure.groups[f"{side}_arm"][:4]), key=lambda move: move.size)
    extra = Term("wave", 1.0, f'near((s.joint("{lead.joint}") - {num(lead.centre)}) / {num(lead.size)}, {beat}, 0.4)', "the arm swings")
    return Plan(judge, tuple(idea.plus((HERE, UP)) for idea in plan.ideas), (extra,))

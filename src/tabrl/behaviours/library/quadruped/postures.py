"""Postures that are held."""

from tabrl.behaviours.library.base import (
    Idea,
    Plan,
    Shelf,
    Term,
    idea,
    measured,
    metric,
    near_start,
    num,
    term,
)
from tabrl.behaviours.library.quadruped.parts import LEVEL, PLANTED, QUADRUPED, TILTED
from tabrl.behaviours.library.terms import (
    EFFORT,
    FACING,
    HERE,
    LYING,
    NO_FALL,
    NO_SHAKING,
    SMOOTH,
    UP,
)
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Termination

shelf = Shelf()


def _held(
    robot: Robot,
    names: tuple[str, str, str],
    says: tuple[str, str, str],
    pose: tuple[Term, ...],
    dense: Term,
    hz: float,
    ending: Termination,
) -> tuple[Idea, ...]:
    """Three ways into a posture: settle in it, ramp to it and hold, visit it with the clock."""
    end = (HERE, FACING, SMOOTH, EFFORT)
    still = term("still: 0.5 * near(s.joint_vel, 0.0, 1.0)", "and holds still there")
    there = "window(s.phase, 0.1, 0.7)"  # of each long beat
    visit = term(
        f"visit: 2.0 * {there} * 0.5 * ({pose[0].code} + {dense.code})",
        "in the posture for most of each long beat",
    )
    rest = term(
        f"rest: 2.0 * (1.0 - {there}) * (1.0 - {dense.code})",
        "and out of it in between",
    )
    return (
        idea(
            names[0],
            says[0],
            "",
            (*pose, dense.weighing(0.5 * dense.weight), *end),
            hz=hz,
            termination=ending,
        ),
        idea(
            names[1],
            says[1],
            "",
            (dense, pose[0].weighing(1.0), still, *end),
            hz=hz,
            termination=ending,
        ),
        idea(
            names[2],
            says[2],
            "",
            (visit, rest, *pose[2:], *end),
            hz=min(hz, 0.5),
            termination=ending,
        ),
    )


@shelf.primitive("bow", "Bow", QUADRUPED, controls="pitch")
def bow(robot: Robot, m: Modifiers) -> Plan:
    dip = m.scaled(0.4, 0.6)
    front = f"near(s.pitch, {num(dip)}, 0.15)"
    rear = term(
        'rear_legs: 0.5 * near(s.offsets("RR"), 0.0, 0.4) * near(s.offsets("RL"), 0.0, 0.4)',
        "rear legs stay as they stand",
    )
    deep = term(
        f"deeper: 1.2 * at_least(s.pitch, {num(dip)}, {num(dip)})",
        "the lower the front, the better, up to the bow",
    )
    ideas = _held(
        robot,
        ("Royal Bow", "Deep Reverence", "Curtain Calls"),
        (
            "Lowers its front and keeps its rear up, feet planted.",
            "Sinks as deep as it can in front, then holds the bow without a tremble.",
            "Bows, rises, bows again: one call of the curtain each long beat.",
        ),
        (term(f"bow: 2.0 * {front}", "front down, rear up"), rear, PLANTED),
        deep,
        1.0,
        TILTED,
    )
    judge = metric(
        "bow",
        "Does it lower its front while the rear stays up?",
        measured("deepest bow (rad nose down)", "max", "pitch", at_least=0.6 * dip),
        measured(
            "share of the time bowed", "fraction_above", "pitch", at_least=0.25, bound=0.5 * dip
        ),
        measured("lean to a side (rad)", "abs_mean", "roll", at_most=0.3),
        NO_SHAKING,
        NO_FALL,
    )
    return Plan(judge, ideas, (term(f"bow: 1.0 * {front}", "front down, rear up"),))


@shelf.primitive("crouch", "Crouch", QUADRUPED, controls="height")
def crouch(robot: Robot, m: Modifiers) -> Plan:
    low = min(0.6, 0.6 * (2 - m.size)) if m.size > 1 else 0.6
    target = f"{num(max(low, 0.45))} * s.home_height"
    deep = f"near(s.height, {target}, 0.12 * s.home_height)"
    ideas = _held(
        robot,
        ("Low Profile", "Ready Spring", "Duck and Cover"),
        (
            "Sinks to a low, level stance and stays there.",
            "Sinks as far as asked, then holds as still as a coiled spring.",
            "Ducks low in each long beat and peeks out in between.",
        ),
        (term(f"low: 2.0 * {deep}", "body low"), LEVEL, PLANTED),
        term(
            f"lower: 1.2 * at_most(s.height, {target}, 0.5 * s.home_height)",
            "the lower, the better, down to the goal",
        ),
        1.0,
        Termination(min_upright=0.3, min_height=0.25),
    )
    h = robot.structure.base_height
    judge = metric(
        "crouch",
        "Does it stay low on its feet, without lying down?",
        measured("height (m)", "median", "height", at_most=0.75 * h, slack=0.05),
        measured("lowest (m)", "min", "height", at_least=0.3 * h),
        measured("tilt (upright is 1)", "mean", "upright", at_least=0.85),
        NO_SHAKING,
    )
    return Plan(judge, ideas, (term(f"low: 0.8 * {deep}", "body low"),))


@shelf.primitive("sit", "Sit", QUADRUPED, controls="pitch height")
def sit(robot: Robot, m: Modifiers) -> Plan:
    posture = "near(s.pitch, -0.6, 0.2)"
    rear = term(
        "rear_low: 1.0 * at_most(s.height, 0.8 * s.home_height, 0.3 * s.home_height)",
        "the rear end goes down",
    )
    ideas = _held(
        robot,
        ("Good Dog", "Sphinx", "Sit, Up, Sit"),
        (
            "Rear down, front legs straight, chest up: sit!",
            "Leans back as far as a sitting dog, then does not move an ear.",
            "Sits down in each long beat and gets half up in between.",
        ),
        (
            term(f"sit: 2.0 * {posture}", "chest up, rear down"),
            rear,
            term(
                'front_feet: 0.3 * 0.5 * (s.contact("FR") + s.contact("FL"))',
                "front feet on the floor",
            ),
        ),
        term(
            "lean_back: 1.2 * at_least(s.nose_up, 0.55, 0.55)", "the nose rises as the rear sinks"
        ),
        1.0,
        Termination(min_upright=0.2, min_height=0.25),
    )
    judge = metric(
        "sit",
        "Does it sit: chest up, rear down, front feet on the floor?",
        measured("pitch (rad, negative is chest up)", "median", "pitch", at_most=-0.4),
        measured("height (m)", "median", "height", at_most=0.95 * robot.structure.base_height),
        measured("joint speed (rad/s)", "median", "joint_speed", at_most=1.0),
        NO_FALL,
    )
    return Plan(judge, ideas)


@shelf.primitive("lie down", "Lie down", QUADRUPED, controls="height roll pitch")
def lie_down(robot: Robot, m: Modifiers) -> Plan:
    flat = "at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height)"
    down = term(f"down: 2.0 * {flat}", "the body goes down to the floor")
    quiet = term(f"quiet: 0.8 * near(s.joint_vel, 0.0, 0.8) * {flat}", "and lies still there")
    soft = term("soft: 0.3 * at_least(s.up_speed, -0.4, 0.6)", "goes down softly")
    end = (HERE, SMOOTH, EFFORT)
    belly = idea(
        "Belly Flop Nap",
        "Folds its legs and lies on its belly, level and still.",
        "",
        (down, quiet, soft, LEVEL, *end),
        hz=0.5,
        termination=LYING,
    )
    side = idea(
        "Side Snooze",
        "Rolls onto its side like a dog in the sun.",
        """
            on_its_side: 1.0 * at_least(jnp.abs(s.left_up), 0.8, 0.8)  # tips onto a side
        """,
        (down, quiet, soft, *end),
        hz=0.5,
        termination=LYING,
    )
    limp = idea(
        "Power Down",
        "Lets go: motors off, the body sinks and stays where it comes to rest.",
        """
            # hardly any power, once down
            limp: 1.0 * near(s.power, 0.0, 10.0) * at_most(s.height, 0.5 * s.home_height, 0.5
                * s.home_height)
        """,
        (down, soft, *end),
        hz=0.5,
        termination=LYING,
    )
    h = robot.structure.base_height
    judge = metric(
        "lie down",
        "Does it lie on the floor and stay there quietly?",
        measured("height at the end (m)", "final", "height", at_most=0.55 * h),
        measured("share of the time down", "fraction_below", "height", at_least=0.6, bound=0.6 * h),
        measured("lowest (m, the floor is 0)", "min", "height", at_least=0.0),
        measured("joint speed (rad/s)", "mean", "joint_speed", at_most=0.5),
    )
    return Plan(judge, (belly, side, limp))


@shelf.primitive("stand tall", "Stand tall", QUADRUPED, controls="height")
def stand_tall(robot: Robot, m: Modifiers) -> Plan:
    high = "1.2 * s.home_height"
    tall = f"near(s.height, {high}, 0.08 * s.home_height)"
    ideas = _held(
        robot,
        ("Giraffe", "Sentinel", "Rise and Shine"),
        (
            "Straightens all legs and stands as tall as it can.",
            "Rises as far as its legs reach, then stands like a guard.",
            "Rises in each long beat and settles in between, as if waking up.",
        ),
        (term(f"tall: 2.0 * {tall}", "legs straight, body high"), LEVEL, PLANTED, UP),
        term(
            f"higher: 1.2 * at_least(s.height, {high}, 0.25 * s.home_height)",
            "the higher, the better, up to the goal",
        ),
        1.0,
        Termination(),
    )
    judge = metric(
        "stand tall",
        "Does it stand clearly taller than usual?",
        measured(
            "height (m)", "median", "height", at_least=1.1 * robot.structure.base_height, slack=0.05
        ),
        measured("tilt (upright is 1)", "mean", "upright", at_least=0.9),
        NO_FALL,
    )
    return Plan(judge, ideas, (term(f"tall: 0.8 * {tall}", "legs straight, body high"),))


@shelf.primitive(
    "freeze", "Freeze in a pose", QUADRUPED, controls="paw height roll pitch yaw place"
)
def freeze(robot: Robot, m: Modifiers) -> Plan:
    still = term("still: 1.0 * near(s.joint_vel, 0.0, 0.5)", "not a twitch")
    end = (HERE, FACING, SMOOTH, EFFORT)
    paw = term(
        """paw_up: 1.5 * at_least(s.clearance("FR"), 0.35 * s.home_height, 0.35
            * s.home_height)""",
        "one front paw up",
    )
    pointing = idea(
        "Pointer",
        "Lifts one front paw like a hunting dog and turns to stone.",
        "",
        (paw, still, UP, *end),
        hz=1.0,
    )
    diving = idea(
        "Bow of Bronze",
        "Front low, rear high, cast in bronze.",
        """
            bow: 1.5 * near(s.pitch, 0.4, 0.2)  # front low
        """,
        (still.weighing(1.2), PLANTED, *end),
        hz=1.0,
        termination=TILTED,
    )
    tilting = idea(
        "Leaning Tower",
        "Tall on one side, low on the other, and not a twitch.",
        """
            lean: 1.5 * near(s.roll, 0.3, 0.12)  # leans over
        """,
        (still.weighing(1.2), PLANTED, *end),
        hz=1.0,
        termination=TILTED,
    )
    judge = metric(
        "freeze",
        "Does it strike a pose that is not its usual stand and hold it?",
        measured(
            "pose away from the usual stand (rad)", "median", "pose_error", at_least=0.2, slack=0.2
        ),
        measured(
            "share of the time without moving",
            "fraction_below",
            "joint_speed",
            at_least=0.7,
            bound=0.4,
        ),
        near_start(robot, 2.0),
        NO_FALL,
    )
    return Plan(judge, (pointing, diving, tilting))

"""What arms, pairs of arms and hands can do."""

from math import pi

from tabrl.llm.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.llm.library.terms import EFFORT, SMOOTH, Swing, swings, tracked, wave
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Metric

shelf = Shelf()
ARMS, HAND = ("arm bimanual", "hand")
END = (SMOOTH, EFFORT)


def _judge(name: str, question: str, moves: tuple[Swing, ...], hz: float) -> Metric:
    lead = max(moves, key=lambda move: move.size)
    return metric(
        name,
        question,
        measured(
            f"swing of {lead.joint}", "amplitude", f"joint:{lead.joint}", at_least=0.5 * lead.size
        ),
        measured("share of the swing on the beat", "rhythm", f"joint:{lead.joint}", at_least=0.5),
        measured(
            "swings a second (Hz)",
            "frequency",
            f"joint:{lead.joint}",
            at_least=0.5 * hz,
            at_most=2.2 * hz,
        ),
    )


def rhythmic(
    robot: Robot,
    m: Modifiers,
    names: tuple[str, ...],
    title: str,
    question: str,
    usual_hz: float,
    called: tuple[str, str, str],
    size: float = 0.4,
) -> Plan:
    """Joints that swing with the clock: all as one, as a wave that travels along them, and by their speed."""
    moves = swings(robot, names, m.scaled(size, 1.6 * size))
    hz = m.rate(usual_hz, 0.3, 2.5)
    follow = term("follow: 2.0 * near(joints, 0.0, 0.4)", "every joint is where the beat wants it")
    lead = max(moves, key=lambda move: move.size)
    pace = f'(s.joint_speed("{lead.joint}") / {num(6.28 * hz * lead.size)}) - jnp.cos(s.phase)'
    others = term("follow: 0.8 * near(joints, 0.0, 0.6)", "and is about where the beat wants it")
    return Plan(
        metric=_judge(title, question, moves, hz),
        ideas=(
            idea(
                called[0],
                "All its joints swing together on the beat.",
                "",
                (follow, *END),
                setup=tracked(moves, [wave(m, 1.0)] * len(moves)),
                hz=hz,
            ),
            idea(
                called[1],
                "The swing travels along its joints like a wave along a rope.",
                "",
                (follow, *END),
                setup=tracked(
                    moves, [wave(m, 1.0, _shift(lead, i, moves)) for i in range(len(moves))]
                ),
                hz=hz,
            ),
            idea(
                called[2],
                "Pays the speed of the swing, so that every turn is crisp.",
                f"""
            # speed of the leading joint, as a share of what the beat asks
            pace = {pace}
            pace: 1.5 * near(pace, 0.0, 0.4)  # as fast as the beat asks
            """,
                (others, *END),
                setup=tracked((lead,), [wave(m, 1.0)]),
                hz=hz,
            ),
        ),
    )


def _shift(lead: Swing, i: int, moves: tuple[Swing, ...]) -> float:
    return pi / 3 * (i - moves.index(lead)) if len(moves) > 1 else pi / 2


def posed(
    robot: Robot,
    names: tuple[str, ...],
    title: str,
    question: str,
    side: int,
    called: tuple[str, str, str],
) -> Plan:
    """A held pose away from home: straight to it, still once there, or drawn up to it by the clock."""
    moves = swings(robot, names)
    at = tracked(moves, [num(side * 0.9)] * len(moves))
    pose = term("pose: 2.0 * near(joints, 0.0, 0.5)", "takes the pose")
    still = term(
        "still: 0.6 * near(s.joint_vel, 0.0, 0.3) * near(joints, 0.0, 0.8)",
        "and holds it without a tremble",
    )
    near_it = term("closer: 1.0 * at_most(jnp.abs(joints), 0.0, 2.0)", "the closer, the better")
    first = max(moves, key=lambda move: move.size)
    goal = first.centre + side * 0.9 * first.size
    judge = metric(
        title,
        question,
        measured(
            f"{first.joint} at the end",
            "final",
            f"joint:{first.joint}",
            at_least=goal - 0.5 * first.size,
            at_most=goal + 0.5 * first.size,
        ),
        measured(
            "share of the time without moving",
            "fraction_below",
            "joint_speed",
            at_least=0.6,
            bound=0.3,
        ),
    )
    beat = term(
        "on_beat: 0.8 * window(s.phase, 0.3, 0.6) * near(joints, 0.0, 0.5)",
        "fully there for most of each long beat",
    )
    return Plan(
        judge,
        (
            idea(
                called[0],
                "Goes straight to the pose and keeps it.",
                "",
                (pose, *END),
                setup=at,
                hz=1.0,
            ),
            idea(
                called[1],
                "Nears the pose from anywhere and then stands like stone.",
                "",
                (near_it, still, *END),
                setup=at,
                hz=1.0,
            ),
            idea(
                called[2],
                "Renews the pose with a slow beat.",
                "",
                (beat, near_it, pose.weighing(0.6), *END),
                setup=at,
                hz=0.3,
            ),
        ),
    )


def _hand(robot: Robot, m: Modifiers) -> str:
    names = [hand.name for hand in robot.structure.hands]
    asked = [name for name in names if name in m.directions]
    return (asked or names)[-1]


def _arm(robot: Robot, m: Modifiers, part: str = "") -> tuple[str, ...]:
    """Joints of the arm that moves: the asked one of two; `part` narrows it to a group."""
    groups = robot.structure.groups
    if robot.type == "bimanual":
        side = "left" if "left" in m.directions else "right"
        arm = groups[f"{side}_arm"]
        return (
            tuple(
                (
                    j
                    for j in arm
                    if not part or any((j in names for g, names in groups.items() if part in g))
                )
            )
            or arm
        )
    return groups.get(part, groups["arm"])


@shelf.primitive("arm wave", "Wave", ARMS, needs="hands")
def arm_wave(robot: Robot, m: Modifiers) -> Plan:
    arm = _arm(robot, m)
    return rhythmic(
        robot,
        m,
        (arm[0], arm[-1]),
        "wave",
        "Does the arm wave in rhythm?",
        0.8,
        ("Hello There", "Lazy Wave", "Crisp Wave"),
    )


@shelf.primitive("arm nod", "Nod", ARMS, needs="hands")
def arm_nod(robot: Robot, m: Modifiers) -> Plan:
    arm = _arm(robot, m)
    return rhythmic(
        robot,
        m,
        (arm[1], arm[3]),
        "nod",
        "Does the arm nod up and down in rhythm?",
        0.8,
        ("Polite Nod", "Rolling Nod", "Woodpecker"),
    )


@shelf.primitive("arm twist", "Twist", ARMS, needs="hands")
def arm_twist(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        (_arm(robot, m)[0],),
        "twist",
        "Does it twist left and right in rhythm?",
        0.6,
        ("Lighthouse", "Half a Beat Late", "Snap Twist"),
        0.7,
    )


@shelf.primitive("arm dance", "Dance", ARMS, needs="hands")
def arm_dance(robot: Robot, m: Modifiers) -> Plan:
    names = robot.structure.groups.get("arms", robot.structure.groups.get("arm", ()))
    return rhythmic(
        robot,
        m,
        names,
        "dance",
        "Does it dance, all joints on the beat?",
        0.7,
        ("Disco Arm", "Cobra", "Beat Chaser"),
        0.3,
    )


@shelf.primitive("arm reach", "Reach up", ARMS, needs="hands")
def arm_reach(robot: Robot, m: Modifiers) -> Plan:
    hand = _hand(robot, m)
    goal = 0.75 if robot.type == "arm" else 0.45
    up = f'at_least(s.hand("{hand}")[2], {num(goal)}, {num(goal)})'
    still = term(f"still: 0.4 * near(s.joint_vel, 0.0, 0.4) * {up}", "and stays there")
    judge = metric(
        "reach up",
        "Does the hand go up high and stay there?",
        measured(
            "hand height at the end (m)", "final", f"hand_height:{hand}", at_least=0.85 * goal
        ),
        measured("joint speed (rad/s)", "final", "joint_speed", at_most=0.5),
    )
    return Plan(
        judge,
        (
            idea(
                "Sky High",
                "The higher the hand, the better, up to the goal.",
                f"""
            high: 2.0 * {up}  # hand up high
            """,
                END,
            ),
            idea(
                "Flagpole",
                "Rises and then holds still like a pole.",
                f"""
            high: 1.5 * {up}  # hand up high
            """,
                (still, *END),
            ),
            idea(
                "Elevator",
                "Rises at an even speed and stops at the top.",
                f"""
            height = s.hand("{hand}")[2]
            # height of the lift, in m
            floor = jnp.minimum(0.3 + 0.15 * s.time, {num(goal)})
            rise: 1.0 * near(height, floor, 0.08)  # at the height where the lift is now
            high: 0.8 * {up}  # hand up high
            """,
                END,
            ),
        ),
    )


@shelf.primitive("arm lie down", "Lower down", ARMS, needs="hands")
def arm_lower(robot: Robot, m: Modifiers) -> Plan:
    hand = _hand(robot, m)
    low = f'at_most(s.hand("{hand}")[2], 0.08, 0.5)'
    quiet = term(f"quiet: 0.6 * near(s.joint_vel, 0.0, 0.3) * {low}", "and rests there")
    judge = metric(
        "lower down",
        "Does the hand go down to the table and rest there?",
        measured("hand height at the end (m)", "final", f"hand_height:{hand}", at_most=0.15),
        measured(
            "share of the time without moving",
            "fraction_below",
            "joint_speed",
            at_least=0.4,
            bound=0.3,
        ),
    )
    return Plan(
        judge,
        (
            idea(
                "Touch Down",
                "The lower the hand, the better.",
                f"""
            low: 2.0 * {low}  # hand low
            """,
                END,
            ),
            idea(
                "Table Nap",
                "Goes down and rests without a twitch.",
                f"""
            low: 1.5 * {low}  # hand low
            """,
                (quiet, *END),
            ),
            idea(
                "Feather",
                "Sinks slowly, like a feather.",
                f"""
            low: 1.2 * {low}  # hand low
            # slowly, then not at all
            sink: 0.8 * {"near(jnp.min(s.hand_vel[:, 2]), -0.1, 0.1) + " + low}
            """,
                END,
            ),
        ),
    )


@shelf.primitive("lift", "Lift the object", ARMS, needs="hands objects")
def lift(robot: Robot, m: Modifiers) -> Plan:
    return _object_plan(
        robot, m, "lift", "Does it get hold of the object and move it up or out?", up=True
    )


@shelf.primitive("push", "Push the object", ARMS, needs="hands objects")
def push(robot: Robot, m: Modifiers) -> Plan:
    return _object_plan(robot, m, "push", "Does it push the object over the table?", up=False)


def _object_plan(robot: Robot, m: Modifiers, title: str, question: str, up: bool) -> Plan:
    thing, hand = robot.structure.objects[0], _hand(robot, m)
    setup = (
        f'thing = s.object("{thing}")',
        f'hand = s.hand("{hand}")',
        "gap = jnp.sqrt(norm_sq(hand - thing) + 1e-6)",
    )
    if any((joint.name == thing for joint in robot.structure.joints)):
        there, pace = (
            f'at_least(jnp.abs(s.joint("{thing}")), 0.2, 0.2)',
            f'jnp.abs(s.joint_speed("{thing}"))',
        )
        way = measured("way of the object (m)", "range", f"joint:{thing}", at_least=0.1)
    elif up:
        there, pace = "at_least(thing[2], 0.2, 0.2)", "s.object_vel[0, 2]"
        way = measured("way up of the object (m)", "range", f"object_height:{thing}", at_least=0.08)
    else:
        there, pace = "at_least(thing[0], 0.75, 0.3)", "s.object_vel[0, 0]"
        way = measured("way of the object (m)", "max", f"object_way:{thing}", at_least=0.1)
    reach = term("reach: 0.8 * at_most(gap, 0.02, 0.5)", "the hand comes to the object")
    moved = term(
        f"moved: 2.0 * {there} * at_most(gap, 0.05, 0.3)",
        "it goes where it should, in the hand's company",
    )
    speed = term(
        f"carry: 1.0 * at_least({pace}, 0.15, 0.3) * at_most(gap, 0.05, 0.2)", "it is on its way"
    )
    judge = metric(
        title, question, way, measured("movement (rad/s)", "mean", "joint_speed", at_least=0.05)
    )
    return Plan(
        judge,
        (
            idea(
                "Reach, then Go",
                "First to the object, then with it to the goal.",
                "",
                (reach, moved, *END),
                setup=setup,
            ),
            idea(
                "On Its Way",
                "Pays the object's speed towards the goal while the hand is at it.",
                "",
                (reach, speed, moved.weighing(1.0), *END),
                setup=setup,
            ),
            idea(
                "Slow and Sure",
                "Stays close with a calm hand, and lets the goal draw the object.",
                f"""
            goal: 1.5 * {there}  # the object nears its goal
            calm: 0.3 * near(s.joint_vel, 0.0, 1.0)  # calm joints
            """,
                (reach.weighing(1.2), *END),
                setup=setup,
            ),
        ),
    )


@shelf.primitive("arm freeze", "Strike a pose", ARMS, needs="hands")
def arm_freeze(robot: Robot, m: Modifiers) -> Plan:
    arm = _arm(robot, m)
    return posed(
        robot,
        (arm[0], arm[1], arm[-1]),
        "pose",
        "Does it strike a pose and hold it?",
        m.side,
        ("Statue", "Stone", "Slow Reveal"),
    )


# --- hands ---------------------------------------------------------------------------


@shelf.primitive("finger wave", "Wave the fingers", HAND)
def finger_wave(robot: Robot, m: Modifiers) -> Plan:
    return rhythmic(
        robot,
        m,
        _knuckles(robot),
        "finger wave",
        "Do the fingers wave in rhythm?",
        1.0,
        ("All Together Now", "Piano Wave", "Quick Fingers"),
    )


@shelf.primitive("fist", "Make a fist", HAND)
def fist(robot: Robot, m: Modifiers) -> Plan:
    return posed(
        robot,
        _knuckles(robot),
        "fist",
        "Do the fingers close and stay closed?",
        1,
        ("Tight Fist", "Iron Grip", "Slow Squeeze"),
    )


@shelf.primitive("open hand", "Open the hand", HAND)
def open_hand(robot: Robot, m: Modifiers) -> Plan:
    return posed(
        robot,
        _knuckles(robot),
        "open hand",
        "Do the fingers open and stay open?",
        -1,
        ("High Five", "Stop Sign", "Blossom"),
    )


@shelf.primitive("spin cube", "Turn the cube", HAND, needs="objects")
def spin_cube(robot: Robot, m: Modifiers) -> Plan:
    cube = robot.structure.objects[0]
    up = f"s.body_up[{robot.structure.bodies.index(cube)}]"
    moves = swings(robot, _knuckles(robot), m.scaled(0.4, 0.6))
    hold = term(
        f'hold: 0.6 * near(s.object("{cube}")[:2], start, 0.06)', "the cube stays in the hand"
    )
    hz = m.rate(1.0, 0.4, 2.0)
    gait = tracked(moves, [wave(m, 1.0, pi / 2 * i) for i in range(len(moves))])
    setup = ("# where the palm holds the cube, in m", "start = jnp.mean(s.hand_pos, axis=0)[:2]")
    judge = metric(
        "turn the cube",
        "Do the fingers turn the cube without dropping it?",
        measured("turns of the cube (rad)", "range", f"object_turned:{cube}", at_least=1.5),
        measured(
            "height of the cube at the end (m)", "final", f"object_height:{cube}", at_least=-0.05
        ),
    )
    return Plan(
        judge,
        (
            idea(
                "Finger Gait",
                "The fingers push one after the other, round and round.",
                """
            gait: 1.5 * near(joints, 0.0, 0.5)  # fingers push in turn
            """,
                (hold, *END),
                setup=(*gait, *setup),
                hz=hz,
            ),
            idea(
                "Tumbler",
                "Pays each tilt of the cube: its upper face must keep changing.",
                f"""
            # the upper face tips over with the clock
            tilt: 1.5 * near({up}, jnp.cos(s.phase), 0.4)
            """,
                (hold, *END),
                setup=setup,
                hz=0.3 * hz,
            ),
            idea(
                "Busy Fingertips",
                "Keeps the fingertips moving at the cube while it stays at home.",
                """
            busy: 1.2 * at_least(norm_sq(s.hand_vel), 0.05, 0.05)  # fingertips on the move
            """,
                (hold.weighing(1.2), *END),
                setup=setup,
                hz=hz,
            ),
        ),
    )


def _knuckles(robot: Robot) -> tuple[str, ...]:
    """The joint that bends each finger, of those with a motor."""
    groups = robot.structure.groups
    moved = {joint.name for joint in robot.structure.joints if joint.actuated}
    fingers = [
        names for group, names in groups.items() if group.endswith("_finger") or group == "thumb"
    ]
    return tuple((next((name for name in names if name in moved)) for names in fingers))

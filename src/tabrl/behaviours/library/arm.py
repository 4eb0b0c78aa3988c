"""What arms and pairs of arms can do."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, num, term
from tabrl.behaviours.library.joints import END, posed, rhythmic
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot

shelf = Shelf()
ARMS = "arm bimanual"


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
    goal = 1.0 if robot.type == "arm" else 0.45
    up = f'at_least(s.hand("{hand}")[2], {num(goal)}, {num(goal)})'
    still = term(f"still: 0.4 * near(s.joint_vel, 0.0, 0.4) * {up}", "and stays there")
    judge = metric(
        "reach up",
        "Does the hand go up high and stay there?",
        measured(
            "hand height at the end (m)",
            "final",
            f"hand_height:{hand}",
            at_least=0.88 * goal,
            slack=0.05,
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
    low = f'at_most(s.hand("{hand}")[2], 0.04, 0.5)'
    quiet = term(f"quiet: 0.6 * near(s.joint_vel, 0.0, 0.3) * {low}", "and rests there")
    judge = metric(
        "lower down",
        "Does the hand go down to the table and rest there?",
        measured(
            "hand height at the end (m)", "final", f"hand_height:{hand}", at_most=0.08, slack=0.2
        ),
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
                    sink: 0.8 * (near(jnp.min(s.hand_vel[:, 2]), -0.1, 0.1) + {low})
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


def _object_plan(robot: Robot, m: Modifiers, title: str, question: str, up: bool) -> Plan:
    thing, hand = robot.structure.objects[0], _hand(robot, m, usual=0)
    setup = (
        f'thing = s.object("{thing}")',
        f'hand = s.hand("{hand}")',
        "gap = jnp.sqrt(norm_sq(hand - thing) + 1e-6)",
    )
    if any(joint.name == thing for joint in robot.structure.joints):
        there, pace = (
            f'at_least(jnp.abs(s.joint("{thing}")), 0.2, 0.2)',
            f'jnp.abs(s.joint_speed("{thing}"))',
        )
        way = measured("way of the object (m)", "range", f"joint:{thing}", at_least=0.1)
    elif up:
        there, pace = "at_least(thing[2], 0.2, 0.2)", "s.object_vel[0, 2]"
        way = measured("way up of the object (m)", "range", f"object_height:{thing}", at_least=0.08)
    else:
        goal = 0.85 if robot.type == "arm" else 0.2
        there, pace = f"at_least(thing[0], {goal}, 0.35)", "s.object_vel[0, 0]"
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
        title,
        question,
        way,
        measured("movement (rad/s)", "mean", "joint_speed", at_least=0.05, at_most=1.2, slack=0.1),
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


def _hand(robot: Robot, m: Modifiers, usual: int = -1) -> str:
    names = [hand.name for hand in robot.structure.hands]
    asked = [name for name in names if name in m.directions]
    return asked[0] if asked else names[usual]


def _arm(robot: Robot, m: Modifiers, part: str = "") -> tuple[str, ...]:
    """Joints of the arm that moves: the asked one of two; `part` narrows it to a group."""
    groups = robot.structure.groups
    if robot.type == "bimanual":
        side = "left" if "left" in m.directions else "right"
        arm = groups[f"{side}_arm"]
        return (
            tuple(
                j
                for j in arm
                if not part or any((j in names for g, names in groups.items() if part in g))
            )
            or arm
        )
    return groups.get(part, groups["arm"])

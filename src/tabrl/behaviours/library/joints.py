"""Behaviours of single joints, for robots of any kind: swinging on a beat, and holding a pose."""

from collections.abc import Iterable
from math import pi

from tabrl.behaviours.library.base import Idea, Plan, idea, measured, metric, num, term
from tabrl.behaviours.library.terms import (
    EFFORT,
    SMOOTH,
    Swing,
    swings,
    tracked,
    wave,
)
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Metric

END = (SMOOTH, EFFORT)
RESTING = measured(
    "share of the time without moving", "fraction_below", "joint_speed", at_least=0.6, bound=0.3
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
    """Joints that swing with the clock: all as one, as a travelling wave, and by their speed."""
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


def posed(
    robot: Robot,
    names: tuple[str, ...],
    title: str,
    question: str,
    side: int,
    called: tuple[str, str, str],
    size: float = 0.4,
) -> Plan:
    """A held pose away from home: straight to it, still once there, or renewed by the clock.

    `side` says to which end of their swings the joints go; the other one where home is there.
    """
    moves = swings(robot, names, size)
    if all(_way(move, side) < 0.6 for move in moves):
        side = -side
    first = max(moves, key=lambda move: _way(move, side))
    goal, room = end(first, side), 0.5 * first.size
    there = measured(
        f"{first.joint} for most of the time",
        "median",
        f"joint:{first.joint}",
        at_least=goal - room,
        at_most=goal + room,
        slack=0.0,
    )
    judge = metric(title, question, there, _unrest(first), RESTING)
    return Plan(judge, holding(moves, [side] * len(moves), called))


def holding(
    moves: tuple[Swing, ...], sides: Iterable[int], called: tuple[str, str, str]
) -> tuple[Idea, Idea, Idea]:
    """Ideas for joints that stay at the ends of their swings."""
    at = tracked(moves, [num(side * 0.9) for side in sides])
    pose = term("pose: 2.0 * near(joints, 0.0, 0.5)", "takes the pose")
    still = term(
        "still: 0.6 * near(s.joint_vel, 0.0, 0.3) * near(joints, 0.0, 0.8)",
        "and holds it without a tremble",
    )
    near_it = term("closer: 1.0 * at_most(jnp.abs(joints), 0.0, 2.0)", "the closer, the better")
    beat = term(
        "on_beat: 0.8 * window(s.phase, 0.3, 0.6) * near(joints, 0.0, 0.5)",
        "fully there for most of each long beat",
    )
    return (
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
    )


def end(move: Swing, side: int) -> float:
    """The position that a pose asks of a joint, rad or m."""
    return move.centre + side * 0.9 * move.size


def _unrest(move: Swing) -> Criterion:
    return measured(
        f"unrest of {move.joint}",
        "std",
        f"joint:{move.joint}",
        at_most=0.2 * move.size,
        slack=0.1,
    )


def _way(move: Swing, side: int) -> float:
    """How far the end of a swing is from home, in swings."""
    return abs(end(move, side) - move.home) / move.size


def _judge(name: str, question: str, moves: tuple[Swing, ...], hz: float) -> Metric:
    lead = max(moves, key=lambda move: move.size)
    return metric(
        name,
        question,
        measured(
            f"swing of {lead.joint}",
            "amplitude",
            f"joint:{lead.joint}",
            at_least=0.5 * lead.size,
            at_most=2.5 * lead.size,
        ),
        measured(
            "share of the swing on the beat",
            "rhythm",
            f"joint:{lead.joint}",
            at_least=0.8,
            slack=0.05,
        ),
        measured(
            "swings a second (Hz)",
            "frequency",
            f"joint:{lead.joint}",
            at_least=0.75 * hz,
            at_most=1.35 * hz,
            slack=0.15,
        ),
    )


def _shift(lead: Swing, i: int, moves: tuple[Swing, ...]) -> float:
    return pi / 3 * (i - moves.index(lead)) if len(moves) > 1 else pi / 2

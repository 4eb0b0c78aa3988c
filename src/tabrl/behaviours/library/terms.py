"""Terms, rhythms and commands that many behaviours share."""

from collections.abc import Iterable
from dataclasses import dataclass

from tabrl.behaviours.library.base import Term, measured, num
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Termination

LYING = Termination(min_upright=None, min_height=None)
NO_FALL = measured("falls", "falls", at_most=0)
# Motors that get random targets shake a robot at about 10 rad/s, and it hops and bows by chance.
NO_SHAKING = measured("movement (rad/s)", "mean", "joint_speed", at_most=6.0, slack=0.2)

# Terms that many ideas share. They are small: standing still never pays more than the behaviour.
SMOOTH = Term("smooth", -0.005, "s.action_rate", "even changes of the joint targets")
EFFORT = Term("effort", -0.0003, "s.power", "no more power than it takes")
HERE = Term("here", 0.3, "near(s.displacement, 0.0, s.home_height)", "stays where it began")
FACING = Term("facing", 0.5, "near(s.yaw, 0.0, 0.6)", "keeps facing the same way")
# A policy does not see its heading, but how fast it turns.
NO_TURN = Term("no_turn", 0.3, "near(s.turn_rate, 0.0, 0.3)", "does not turn away")
UP = Term("up", 0.2, "at_least(s.upright, 0.9, 0.5)", "stays on its feet")
GRIP = Term(
    "grip", -0.05, "jnp.sum(s.foot_contact * s.foot_speed)", "feet on the floor do not slide"
)


def wave(m: Modifiers, amplitude: float, shift: float = 0.0, harmonic: int = 1) -> str:
    """An expression that swings with the clock: a sine, or snaps for a stiff manner."""
    if "stiff" in m.styles and harmonic == 1:
        return f"{num(amplitude)} * square_wave(s.phase, {num(shift)})"
    extra = f", harmonic={harmonic}" if harmonic != 1 else ""
    return f"oscillate(s.phase, {num(amplitude)}, {num(shift)}{extra})"


def command(
    robot: Robot, forward: float = 0.0, left: float = 0.0, turn: float = 0.0
) -> tuple[float, float, float]:
    """A velocity command (m/s, m/s, rad/s) for a robot that takes one, zeros for the others."""
    return (
        (round(forward, 3), round(left, 3), round(turn, 3))
        if robot.structure.takes_command
        else (0.0, 0.0, 0.0)
    )


@dataclass(frozen=True)
class Swing:
    """How far one joint can swing at ease: about `centre`, by `size` to each side (rad or m)."""

    joint: str
    centre: float
    size: float
    home: float


def swings(robot: Robot, names: Iterable[str] = (), size: float = 0.4) -> tuple[Swing, ...]:
    """Swings of the named joints, else of all with a motor; slides get a tenth of the size, or an
    eighth of it as a share of a long rail.
    """
    chosen = set(names)
    joints = (j for j in robot.structure.joints if (j.name in chosen if chosen else j.actuated))
    found = []
    for joint in joints:
        reach = size if joint.kind == "hinge" else 0.1 * size
        centre = joint.home
        if joint.range:
            low, high = joint.range
            if joint.kind == "slide":
                reach = max(reach, size / 8 * (high - low))
            reach = min(reach, 0.35 * (high - low))
            centre = min(max(centre, low + reach), high - reach)
        found.append(Swing(joint.name, centre, reach, joint.home))
    return tuple(found)


def tracked(
    moves: Iterable[Swing], targets: Iterable[str], name: str = "joints"
) -> tuple[str, ...]:
    """Statements that give `name`: each joint's miss of its target, as a share of its swing.

    `targets` are expressions in swings: 1 is the far end of the joint's swing.
    """
    rows = (
        f'    (s.joint("{move.joint}") - {num(move.centre)}) / {num(move.size)} - ({target}),'
        for move, target in zip(moves, targets, strict=True)
    )
    return (
        "# how far each joint is from its target, in swings",
        f"{name} = jnp.array([",
        *rows,
        "])",
    )

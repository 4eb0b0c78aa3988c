"""What the library is made of: terms, ideas, plans and primitives, and the shelf that holds them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach, Criterion, Metric, Termination

LYING = Termination(min_upright=None, min_height=None)
UPRIGHT = Termination()


@dataclass(frozen=True)
class Term:
    """One named term of a reward: its weight, its expression over `s`, and why it is there."""

    name: str
    weight: float
    code: str
    why: str

    def weighing(self, weight: float) -> "Term":
        """The same term with another weight."""
        return replace(self, weight=weight)


@dataclass(frozen=True)
class Idea:
    """One way to reward a behaviour; `setup` are statements that its terms share."""

    name: str
    description: str
    terms: tuple[Term, ...]
    setup: tuple[str, ...] = ()
    clock_hz: float = 1.5
    command: tuple[float, float, float] = (0.0, 0.0, 0.0)
    termination: Termination = UPRIGHT

    def plus(self, extra: Iterable[Term]) -> "Idea":
        """This idea with more terms; a name that is taken gets a number."""
        terms = list(self.terms)
        for term in extra:
            taken = {t.name for t in terms}
            name = next(n for n in _numbered(term.name) if n not in taken)
            terms.append(replace(term, name=name))
        return replace(self, terms=tuple(terms))

    def approach(self) -> Approach:
        """The idea as a value that can be trained."""
        return Approach(
            name=self.name[:60],
            description=self.description[:600],
            source=self.source(),
            weights={term.name: round(term.weight, 5) for term in self.terms},
            clock_hz=round(self.clock_hz, 3),
            command=self.command,
            termination=self.termination,
        )

    def source(self) -> str:
        """The reward as readable Python: shared statements, then one commented line a term."""
        lines = ["def reward(s):", *(f"    {line}" for line in self.setup), "    return {"]
        for term in self.terms:
            lines += [f"        # {term.why}", f'        "{term.name}": {term.code},']
        return "\n".join([*lines, "    }", ""])


@dataclass(frozen=True)
class Plan:
    """What a primitive makes of a robot and a manner.

    Attributes:
        metric: the judge, written from the behaviour's meaning and not from the ideas' rewards.
        ideas: at least three really different ones.
        blend: terms that ask for this behaviour beside another one; empty where that makes no sense.
    """

    metric: Metric
    ideas: tuple[Idea, ...]
    blend: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Primitive:
    """A behaviour that can be proposed.

    Attributes:
        types: robot types that it fits.
        needs: parts that a robot must have: `base feet hands head objects joints` or `group:<name>`.
        descriptions: what a person might say for it, matched by meaning.
        keywords: words and phrases that name it outright.
        controls: what of the body it decides (`height roll pitch yaw place paw`); two blend where these are disjoint.
    """

    name: str
    title: str
    types: frozenset[str]
    needs: frozenset[str]
    descriptions: tuple[str, ...]
    keywords: tuple[str, ...]
    controls: frozenset[str]
    build: Callable[[Robot, Modifiers], Plan]

    def fits(self, robot: Robot) -> bool:
        """Whether this robot is of the right type and has the parts."""
        return robot.type in self.types and all(has(robot, part) for part in self.needs)


class Shelf:
    """Primitives by name, in the order in which they were put there."""

    def __init__(self, *shelves: "Shelf") -> None:
        self._primitives: dict[str, Primitive] = {}
        for shelf in shelves:
            for primitive in shelf:
                self.put(primitive)

    def __iter__(self) -> Iterator[Primitive]:
        return iter(tuple(self._primitives.values()))

    def put(self, primitive: Primitive) -> None:
        """Add one; two of a name are a mistake, so the second is refused."""
        if primitive.name in self._primitives:
            raise ValueError(f"there is already a primitive {primitive.name!r}; give the second its own name")
        self._primitives[primitive.name] = primitive

    def primitive(
        self, name: str, title: str, types: str, *, say: str, keywords: str, needs: str = "", controls: str = ""
    ) -> Callable[[Callable[[Robot, Modifiers], Plan]], Callable[[Robot, Modifiers], Plan]]:
        """Put the decorated builder on this shelf. `say` and `keywords` are separated by semicolons, the rest by blanks."""

        def put(build: Callable[[Robot, Modifiers], Plan]) -> Callable[[Robot, Modifiers], Plan]:
            self.put(
                Primitive(
                    name, title, frozenset(types.split()), frozenset(needs.split()),
                    _split(say), _split(keywords), frozenset(controls.split()), build,
                )
            )  # fmt: skip
            return build

        return put


def has(robot: Robot, part: str) -> bool:
    """Whether the robot's structure has a part, named as in `Primitive.needs`."""
    s = robot.structure
    if part.startswith("group:"):
        return part.removeprefix("group:") in s.groups
    return bool(s.free_base if part == "base" else getattr(s, part))


def command(robot: Robot, forward: float = 0.0, left: float = 0.0, turn: float = 0.0) -> tuple[float, float, float]:
    """A velocity command (m/s, m/s, rad/s) for a robot that takes one, zeros for the others."""
    return (round(forward, 3), round(left, 3), round(turn, 3)) if robot.structure.takes_command else (0.0, 0.0, 0.0)


def metric(name: str, question: str, *criteria: Criterion) -> Metric:
    """A metric in one line."""
    return Metric(name=name, question=question, criteria=criteria)


def measured(
    label: str,
    measure: str,
    signal: str | None = None,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    **args: float | str,
) -> Criterion:
    """A criterion in one line; bounds are rounded to what a person would write."""
    return Criterion(
        label=label, measure=measure, signal=signal, args=args, at_least=_tidy(at_least), at_most=_tidy(at_most)
    )


@dataclass(frozen=True)
class Swing:
    """How far one joint can comfortably swing: about `centre`, by `size` to each side (rad or m)."""

    joint: str
    centre: float
    size: float


def swings(robot: Robot, names: Iterable[str] = (), size: float = 0.4) -> tuple[Swing, ...]:
    """Swings of the named joints, of all that have a motor where none is named; slides get a tenth of the size."""
    chosen = set(names)
    joints = (j for j in robot.structure.joints if (j.name in chosen if chosen else j.actuated))
    found = []
    for joint in joints:
        reach = size if joint.kind == "hinge" else 0.1 * size
        centre = joint.home
        if joint.range:
            low, high = joint.range
            reach = min(reach, 0.35 * (high - low))
            centre = min(max(centre, low + reach), high - reach)
        found.append(Swing(joint.name, centre, reach))
    return tuple(found)


def tracked(moves: Iterable[Swing], targets: Iterable[str], name: str = "joints") -> tuple[str, ...]:
    """Statements that measure each joint's miss of its target, as a share of its swing: an array `name`.

    `targets` are expressions in swings: 1 is the far end of the joint's swing.
    """
    rows = (
        f'    (s.joint("{move.joint}") - {num(move.centre)}) / {num(move.size)} - ({target}),'
        for move, target in zip(moves, targets, strict=True)
    )
    return ("# how far each joint is from its target, in swings", f"{name} = jnp.array([", *rows, "])")


def num(value: float) -> str:
    """A number as a person would write it in a reward: three digits."""
    text = f"{value:.3g}"
    return text if "." in text or "e" in text else f"{text}.0"


def wave(m: Modifiers, amplitude: float, shift: float = 0.0, harmonic: int = 1) -> str:
    """An expression that swings with the clock: a sine, or snaps where a stiff manner was asked for."""
    if "stiff" in m.styles and harmonic == 1:
        return f"{num(amplitude)} * square_wave(s.phase, {num(shift)})"
    extra = f", harmonic={harmonic}" if harmonic != 1 else ""
    return f"oscillate(s.phase, {num(amplitude)}, {num(shift)}{extra})"


def _tidy(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(";") if part.strip())


def _numbered(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name}_{i}" for i in range(2, 99))


NO_FALL = measured("falls", "falls", at_most=0)

# Terms that many ideas share. They are small: what they pay a robot that stands still never outweighs the behaviour.
SMOOTH = Term("smooth", -0.005, "s.action_rate", "even changes of the joint targets")
EFFORT = Term("effort", -0.0003, "s.power", "no more power than it takes")
HERE = Term("here", 0.3, "near(s.displacement, 0.0, s.home_height)", "stays where it began")
FACING = Term("facing", 0.2, "near(s.yaw, 0.0, 0.4)", "keeps facing the same way")
UP = Term("up", 0.2, "at_least(s.upright, 0.9, 0.5)", "stays on its feet")
GRIP = Term("grip", -0.05, "jnp.sum(s.foot_contact * s.foot_speed)", "feet on the floor do not slide")

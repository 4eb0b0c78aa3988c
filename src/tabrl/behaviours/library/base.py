"""What the library is made of: terms, ideas, plans, primitives, and the shelf that holds them."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach, Criterion, Metric, Move, Termination

UPRIGHT = Termination()
LEGGED = frozenset(("quadruped", "humanoid", "biped"))
ASTRAY = 1.0
"""Rad that a robot may have turned at the end of a clip in which nobody asked it to turn."""


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
    script: tuple[Move, ...] = ()
    pose: tuple[tuple[str, float], ...] = ()  # rad or m, of joints

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
            script=self.script,
            pose=dict(self.pose),
            termination=self.termination,
        )

    def source(self) -> str:
        """The reward as readable Python: shared statements, then one commented line a term."""
        lines = ["def reward(s):", *(f"    {line}" for line in self.setup), "    return {"]
        for term in self.terms:
            lines += [f"        # {term.why}", f'        "{term.name}": {term.code},']
        return "\n".join([*lines, "    }", ""])


_TERM = re.compile(r"(\w+): (-?[\d.]+) \* (.+)", re.DOTALL)


def term(text: str, why: str) -> Term:
    """A term from `name: weight * expression`; line breaks in it are only for the reader."""
    match = _TERM.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"{text!r} is no term; write `name: weight * expression`")
    if is_sum(match[3]):
        raise ValueError(f"{text!r} weighs only its first summand; put the sum in brackets")
    return Term(match[1], float(match[2]), match[3], why)


def is_sum(code: str) -> bool:
    """Whether a factor before it would weigh only its first summand."""
    whole = ast.parse(f"0 * {code}", mode="eval").body
    return isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.Add | ast.Sub)


def idea(
    name: str,
    description: str,
    text: str,
    terms: Iterable[Term] = (),
    *,
    setup: Iterable[str] = (),
    hz: float = 1.5,
    command: tuple[float, float, float] = (0.0, 0.0, 0.0),
    termination: Termination = UPRIGHT,
) -> Idea:
    """An idea from text: statements, then terms as `name: weight * expression`.

    A comment says why: after a term, or on the line above it. A line that opens a bracket goes on
    in the next one. `terms` are added to those of the text, `setup` stands before its statements.
    """
    statements, own, above = list(setup), [], []
    for line in _joined(text):
        code, _, comment = line.partition("  # ")
        if line.startswith("#"):
            above.append(line)
        elif _TERM.fullmatch(code):
            own.append(term(code, comment or " ".join(said.lstrip("# ") for said in above)))
            above = []
        else:
            statements += [*above, line]
            above = []
    return Idea(name, description, (*own, *terms), tuple(statements), hz, command, termination)


def _joined(text: str) -> Iterator[str]:
    """Lines of a text without indentation, those with an open bracket joined to the next."""
    line = ""
    for part in filter(None, map(str.strip, text.splitlines())):
        line = f"{line} {part}" if line and line[-1] not in "([" else line + part
        if line.startswith("#") or sum(map(line.count, "([{")) == sum(map(line.count, ")]}")):
            yield line
            line = ""


@dataclass(frozen=True)
class Plan:
    """What a primitive makes of a robot and a manner.

    Attributes:
        metric: the judge, written from the behaviour's meaning and not from the ideas' rewards.
        ideas: at least three really different ones.
        blend: terms that ask for it beside another behaviour; empty where that makes no sense.
    """

    metric: Metric
    ideas: tuple[Idea, ...]
    blend: tuple[Term, ...] = ()

    def plus(self, extra: Iterable[Term], criteria: Iterable[Criterion] = ()) -> "Plan":
        """This plan with more terms in each idea, and more criteria of the judge."""
        judge = self.metric.model_copy(update={"criteria": (*self.metric.criteria, *criteria)})
        terms = tuple(extra)
        return replace(self, metric=judge, ideas=tuple(idea.plus(terms) for idea in self.ideas))


Builder = Callable[[Robot, Modifiers], Plan]


@dataclass(frozen=True)
class Primitive:
    """A behaviour that can be proposed.

    Attributes:
        types: robot types that it fits.
        needs: parts it must have: `base feet hands head objects joints` or `group:<name>`.
        descriptions: what a person might say for it, matched by meaning.
        keywords: words and phrases that name it outright.
        controls: what of the body it decides (`height roll pitch yaw place paw`); two behaviours
            blend where these are disjoint.
    """

    name: str
    title: str
    types: frozenset[str]
    needs: frozenset[str]
    descriptions: tuple[str, ...]
    keywords: tuple[str, ...]
    controls: frozenset[str]
    build: Builder

    def plan(self, robot: Robot, manner: Modifiers) -> Plan:
        """What it makes of a robot and a manner, alone: what it does not decide stays as it is."""
        plan = self.build(robot, manner)
        legged = robot.structure.free_base and robot.type in LEGGED
        return plan.plus((), _kept(robot, self.controls) if legged else ())

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
            raise ValueError(
                f"there is already a primitive {primitive.name!r}; give the second its own name"
            )
        self._primitives[primitive.name] = primitive

    def primitive(
        self, name: str, title: str, types: str, *, needs: str = "", controls: str = ""
    ) -> Callable[[Builder], Builder]:
        """Put the decorated builder on this shelf; blanks part types, needs and controls."""

        def put(build: Builder) -> Builder:
            said = _words()[name]
            self.put(
                Primitive(
                    name=name,
                    title=title,
                    types=frozenset(types.split()),
                    needs=frozenset(needs.split()),
                    descriptions=_split(said["say"]),
                    keywords=_split(said["keywords"]),
                    controls=frozenset(controls.split()),
                    build=build,
                )
            )
            return build

        return put


@cache
def _words() -> dict[str, dict[str, str]]:
    """What people say for each primitive, by its name: `words.toml`."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def _kept(robot: Robot, controls: frozenset[str]) -> Iterator[Criterion]:
    """Criteria of a legged robot's place and heading, unless a behaviour decides these itself."""
    if "place" not in controls:
        yield near_start(robot, 3.0 if robot.type == "quadruped" else 2.0)
    if not controls & {"yaw", "place"}:
        yield measured("turned (rad)", "change", "yaw", at_least=-ASTRAY, at_most=ASTRAY)


def has(robot: Robot, part: str) -> bool:
    """Whether the robot's structure has a part, named as in `Primitive.needs`."""
    s = robot.structure
    if part.startswith("group:"):
        return part.removeprefix("group:") in s.groups
    return bool(s.free_base if part == "base" else getattr(s, part))


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
    slack: float = 0.3,
    **args: float | str,
) -> Criterion:
    """A criterion in one line; bounds are rounded to what a person would write."""
    return Criterion(
        label=label,
        measure=measure,
        signal=signal,
        args=args,
        at_least=_tidy(at_least),
        at_most=_tidy(at_most),
        slack=slack,
    )


def near_start(robot: Robot, heights: float) -> Criterion:
    """It stays within so many heights of its base from where it began."""
    room = heights * robot.structure.base_height
    return measured("way from the start (m)", "max", "distance", at_most=room)


def num(value: float) -> str:
    """A number as a person would write it in a reward: three digits."""
    text = f"{value:.3g}"
    return text if "." in text or "e" in text else f"{text}.0"


def _tidy(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(";") if part.strip())


def _numbered(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name}_{i}" for i in range(2, 99))

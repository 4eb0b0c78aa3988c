"""The pen that writes rewards: terms of one slot after another, and what its clock is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import pi

from tabrl.behaviours.compose.timeline import CLIP_S, Doing, Slot
from tabrl.behaviours.library.base import Term, is_sum, num, term
from tabrl.robots.catalogue import Robot

SEQUENCE_HZ = 1.0 / CLIP_S
"""The clock of a sequence turns once a clip, so that its phase tells the time."""


@dataclass
class Pen:
    """Writes the terms of one approach.

    Attributes:
        style: which of the ways to reward each thing; 0, 1 or 2.
        clock_hz: of the approach.
        heading: rad, where it faces by the turns of earlier slots; None where that is not known.
    """

    robot: Robot
    style: int
    slots: tuple[Slot, ...]
    clock_hz: float
    heading: float | None = 0.0
    pose: dict[str, float] = field(default_factory=dict)  # rad or m, where it begins to learn
    setup: dict[str, str] = field(default_factory=dict)  # statements by the name they give
    written: list[tuple[Term, int]] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)
    number: int = 0  # of the present slot

    @property
    def slot(self) -> Slot:
        """The slot that terms are written for."""
        return self.slots[self.number]

    @property
    def sequence(self) -> bool:
        """Whether there are several slots."""
        return len(self.slots) > 1

    def add(self, text: str, why: str) -> None:
        """Write a term, `name: weight * expression`."""
        self.take((term(text, why),))

    def take(self, terms: Iterable[Term]) -> None:
        """Write terms that are ready."""
        self.written += [(each, self.number) for each in terms]

    def let(self, name: str, code: str) -> str:
        """A name for an expression, of its own where another has taken it."""
        taken = self.setup.get(name)
        if taken is not None and taken != code:
            return self.let(f"{name}_{self.number + 1}", code)
        self.setup[name] = code
        return name

    @property
    def clip(self) -> str:
        """An expression: seconds since the clip began."""
        if self.clock_hz != SEQUENCE_HZ:
            return "s.time"
        return self.let("clip", f"{num(CLIP_S)} * s.phase / {num(2 * pi)}")

    @property
    def now(self) -> str:
        """An expression: seconds since the slot began."""
        return f"({self.clip} - {num(self.slot.start)})" if self.slot.start else self.clip

    def beat(self, hz: float) -> str:
        """An expression: the phase in rad of a rhythm that begins with the slot.

        Where the clock is a rhythm's, all follow it: a policy sees no other.
        """
        if self.clock_hz != SEQUENCE_HZ:
            return "s.phase"
        return self.let("beat", f"{num(2 * pi * hz)} * {self.now}")

    def into(self, hz: float, off: float) -> str:
        """An expression: seconds since the moment `off` s after each beat of a rhythm began."""
        turns = f"{self.beat(hz)} / {num(2 * pi)}"
        return self.let("into", f"{num(1.0 / hz)} * jnp.mod({turns}, 1.0) - {num(off)}")

    def rate(self, hz: float) -> float:
        """How often a second a rhythm really comes back."""
        return hz if self.clock_hz == SEQUENCE_HZ else self.clock_hz

    def gate(self, numbers: Iterable[int]) -> str | None:
        """An expression that is 1 in these slots; None where they are all."""
        chosen = sorted(set(numbers))
        if len(chosen) == len(self.slots):
            return None
        for number in chosen:
            slot = self.slots[number]
            start, length = slot.start / CLIP_S, slot.length / CLIP_S
            self.setup[f"part_{number + 1}"] = (
                f"window(s.phase, {round(start, 3)}, {round(length, 3)})"
            )
        names = " + ".join(f"part_{number + 1}" for number in chosen)
        return f"({names})" if len(chosen) > 1 else names

    def terms(self) -> tuple[Term, ...]:
        """All terms, each in its slots; those that several slots share are written once."""
        shared: dict[tuple[str, str, float], tuple[Term, list[int]]] = {}
        for each, number in self.written:
            key = (each.name, each.code, each.weight)
            shared.setdefault(key, (each, []))[1].append(number)
        out = []
        for each, numbers in shared.values():
            gate = self.gate(numbers)
            code = f"({each.code})" if gate and is_sum(each.code) else each.code
            code = f"{gate} * {code}" if gate else code
            out.append(Term(each.name, each.weight, code, each.why))
        return tuple(out)

    def statements(self) -> tuple[str, ...]:
        """The statements that terms share, those first that others need."""
        names = sorted(self.setup, key=lambda name: (name != "clip", not name.startswith("part_")))
        return tuple(f"{name} = {self.setup[name]}" for name in names)


def size_of(d: Doing) -> float:
    """By what a manner multiplies the size of a movement."""
    return 1.6 if "big" in d.said else 0.55 if "small" in d.said else 1.0

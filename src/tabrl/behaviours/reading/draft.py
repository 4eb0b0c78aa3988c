"""An action in the making, as the words of a clause fill it."""

from dataclasses import dataclass, field
from typing import Any

from tabrl.behaviours.reading.model import Action
from tabrl.behaviours.reading.tokens import Token

ARGUMENTS = (
    "part side direction count distance_m angle_rad speed_mps turn_rate tempo_hz height".split()
)
MEASURES = ("distance_m", "angle_rad", "turn_rate")


@dataclass
class Draft:
    """An action in the making; `said` are fields of `Action`, `seconds` and `ratio`.

    `weak` is a verb that says little ("go"), `near` one that only stands for what was said, `back`
    that it goes to where it came from, `diagonal` that it goes `across` its direction, too;
    `implied` are the names of arguments that come with the verb and give way to others.
    """

    do: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    manner: list[str] = field(default_factory=list)
    negated: bool = False
    link: str = ""
    it: bool = False
    back: bool = False
    diagonal: bool = False
    across: str = ""
    weak: bool = False
    near: bool = False
    default: str = ""
    implied: set[str] = field(default_factory=set)
    read: list[Token] = field(default_factory=list)
    also: list["Draft"] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Whether it has neither a verb nor an argument that could have one."""
        return not self.do and not (self.said.keys() & {"part", "side", "direction", *MEASURES})

    def put(self, name: str, value: Any) -> bool:
        """Fill a field; False where something else stands there already."""
        if name in self.implied:
            self.implied.discard(name)
            self.said.pop(name, None)
        return self.said.setdefault(name, value) == value

    def add(self, fields: dict[str, Any], implied: bool = False) -> bool:
        """Fill fields from the notation; False where one is taken by something else."""
        fits = True
        for name, value in fields.items():
            if name == "manner":
                self.manner += [manner for manner in value if manner not in self.manner]
            elif name == "do":
                self.do = self.do or value
            elif name == "negated":
                self.negated = value
            elif not implied or name not in self.said:
                fits = self.put(name, value) and fits
                if implied:
                    self.implied.add(name)
        return fits

    def action(self) -> Action:
        """The finished action."""
        known = {name: self.said.get(name) for name in ARGUMENTS}
        return Action(do=self.do, manner=tuple(self.manner), negated=self.negated, **known)

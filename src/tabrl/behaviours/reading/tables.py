"""What a reading may hold, as data: the verbs, parts and manners of `domain.toml`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Verb:
    """One thing that a body can do; `domain.toml` says what each field is for."""

    name: str
    means: str
    types: frozenset[str] = frozenset()  # none: every body
    needs: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    drops: frozenset[str] = frozenset()
    swings: bool = False
    figure: bool = False
    own: str = ""
    near: str = ""
    becomes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manner:
    """One way to do it; `does` is the notation of what is done where no verb was said."""

    name: str
    means: str
    does: str = ""


@dataclass(frozen=True)
class Domain:
    """Verbs, parts and manners by name; `areas` is what of the body a part belongs to."""

    verbs: dict[str, Verb]
    parts: dict[str, str]
    manners: dict[str, Manner]
    areas: dict[str, str]

    @property
    def verb_names(self) -> frozenset[str]:
        """The verbs' names as the notation writes them."""
        return _names(tuple(self.verbs))


@cache
def _names(verbs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(verb.replace(" ", "_") for verb in verbs)


@cache
def domain() -> Domain:
    """The tables of `domain.toml`."""
    said = load("domain.toml")
    bodies = said["bodies"]
    return Domain(
        verbs={
            _spaced(name): _verb(_spaced(name), line, bodies)
            for name, line in said["verbs"].items()
        },
        parts=said["parts"],
        manners={name: Manner(name, **line) for name, line in said["manners"].items()},
        areas={
            _spaced(part): area for area, parts in said["areas"].items() for part in parts.split()
        },
    )


def _verb(name: str, line: dict[str, Any], bodies: dict[str, str]) -> Verb:
    types = (bodies.get(kind, kind).split() for kind in line.get("types", "").split())
    sets = {key: frozenset(line.get(key, "").split()) for key in ("needs", "uses", "drops")}
    return Verb(
        name=name,
        means=line["means"],
        types=frozenset(kind for kinds in types for kind in kinds),
        swings=line.get("swings", False),
        figure=line.get("figure", False),
        own=line.get("own", ""),
        near=line.get("near", ""),
        becomes=line.get("with", {}),
        **sets,
    )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def load(name: str) -> dict[str, Any]:
    """A data file of this package."""
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))

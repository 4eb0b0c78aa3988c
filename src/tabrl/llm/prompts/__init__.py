"""What language models are told: readable templates beside this file, filled in for a robot.

What stands above a line of equals signs are the instructions, what stands under it is the first
thing that the person says.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from tabrl.behaviours.library import primitives_for
from tabrl.behaviours.modifiers import read
from tabrl.llm.asking import Form
from tabrl.llm.forms import skeleton
from tabrl.rewards.language import (
    ARRAY_METHODS,
    BUILTINS,
    JNP_FUNCTIONS,
    MAX_LOOP,
    MAX_SOURCE_BYTES,
    MAX_TERMS,
)
from tabrl.rewards.vocabulary import KERNELS, accessors_for, names_for, signals_for
from tabrl.robots.baselines import baselines
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach, Metric, Value
from tabrl.verdict.vocabulary import measures_for, words_for

_RULE = re.compile(r"^=====$", re.MULTILINE)
_NAMED = 24  # names of parts that a table shows of each kind


class Example(Value):
    """A behaviour of the library, to show how good rewards and tests are made."""

    title: str
    approach: Approach
    metric: Metric


@cache
def version() -> str:
    """Names the templates as they are: eight digits that change with any word of them."""
    digest = hashlib.sha256()
    for name in sorted(entry.name for entry in files(__package__).iterdir()):
        if name.endswith(".md"):
            digest.update(f"{name}\n{_source(name)}".encode())
    return digest.hexdigest()[:8]


def instructions(name: str, robot: Robot, form: Form, **values: Any) -> tuple[str, str]:
    """Instructions and request of a template, for a robot."""
    text = render(name, robot=robot, s=robot.structure, form=form, **_words(robot), **values)
    above, under = _RULE.split(text)
    return above.strip(), under.strip()


def render(name: str, **values: Any) -> str:
    """A template, filled in."""
    form = values.get("form")
    shape = skeleton(form.schema) if form else ""
    text = _environment().get_template(f"{name}.md").render(shape=shape, **values)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def examples(sentence: str, robot: Robot, rank: Callable[..., Sequence[Any]]) -> list[Example]:
    """Two behaviours of the library for this robot, no relatives of what is asked: whoever sees a
    close one copies it, and a test that was copied is not independent.

    Args:
        rank: orders the robot's primitives for a text, the best match first.
    """
    manner = read("")
    ranked = [match.primitive for match in rank(sentence, robot)] or list(primitives_for(robot))
    found = []
    asked = ranked[0].controls
    strangers = [p for p in ranked[1:] if not p.controls & asked] or ranked[len(ranked) // 2 :]
    for primitive in strangers[-2:]:
        plan = primitive.plan(robot, manner)
        approach = plan.ideas[0].approach()
        found.append(Example(title=primitive.title, approach=approach, metric=plan.metric))
    return found


def _words(robot: Robot) -> dict[str, Any]:
    """What the templates say of the languages, for this robot."""
    accessors = [
        (accessor, _some(names_for(robot, accessor.of))) for accessor in accessors_for(robot)
    ]
    measured = baselines(robot.id)
    return {
        "builtins": sorted(BUILTINS),
        "functions": sorted(JNP_FUNCTIONS),
        "methods": sorted(ARRAY_METHODS),
        "kernels": KERNELS,
        "max_loop": MAX_LOOP,
        "max_terms": MAX_TERMS,
        "max_bytes": MAX_SOURCE_BYTES,
        "signals": signals_for(robot),
        "accessors": accessors,
        "example": _example(robot),
        "measures": measures_for(robot),
        "words": words_for(robot),
        "baselines": measured,
        "measured": list(next(iter(measured.values()), {})),
    }


def _example(robot: Robot) -> str:
    for accessor in accessors_for(robot):
        return f's.{accessor.name}("{names_for(robot, accessor.of)[0]}")'
    return "s.time"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown}, ..." if len(names) > _NAMED else shown


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # prompts are plain text; nothing of it is shown as HTML
    )
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment


def _source(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")

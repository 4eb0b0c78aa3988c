"""Writes `reward-language.md` from the tables that the checker and the sandbox read:
`python docs/reward_language.py`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tabrl.rewards.language import (
    ARRAY_ATTRIBUTES,
    ARRAY_METHODS,
    BUILTINS,
    JNP_CONSTANTS,
    JNP_FUNCTIONS,
    LINALG_FUNCTIONS,
    MAX_LOOP,
    MAX_SOURCE_BYTES,
    MAX_TERMS,
)
from tabrl.rewards.vocabulary import ACCESSORS, KERNELS, SIGNALS, accessors_for, names_for
from tabrl.robots.catalogue import Robot, robot

PATH = Path(__file__).with_name("reward-language.md")
EXAMPLE = "Go1JoystickFlatTerrain"
NEEDS = {
    None: "all",
    "base": "with a free base",
    "feet": "with feet",
    "hands": "with hands",
    "head": "with a head",
    "objects": "with objects",
    "joints": "with joints",
    "command": "that take a command",
}
INTRO = f"""# The reward language

<!-- Written by docs/reward_language.py; edit the tables in src/tabrl/rewards instead. -->

A reward is a Python function, `reward(s)`, that returns a dict of named terms, each a single
number. What the terms weigh is kept apart from the code; a term without a weight weighs 1.

```python
def reward(s):
    sway = oscillate(s.phase, 0.25)
    return {{
        "sway": near(s.roll, sway, 0.1),
        "here": near(s.displacement, 0.0, s.home_height),
        "smooth": -0.005 * s.action_rate,
    }}
```

In scope are `s`, `jnp`, the kernels and the builtins below, and nothing else: no import, no
attribute that is not listed, no loop of more than {MAX_LOOP} rounds. A source has at most
{MAX_SOURCE_BYTES} bytes and {MAX_TERMS} terms. `tabrl check reward.py --robot ID` names what is
wrong, by line, and shows what each term pays a still, a random and the base robot, and one
that goes the opposite way of what was asked.

One robot is described, without a batch axis. World is x forward at zero yaw, y left, z up; `_b`
marks the body frame, which turns with the base; the heading frame is the world's, turned about z so
that x points where the robot faced when the episode began.
"""


def page() -> str:
    """The whole page."""
    signals = [(f"`s.{s.name}`", s.shape, s.unit, s.meaning, NEEDS[s.needs]) for s in SIGNALS]
    accessors = [
        (f'`s.{a.name}("{a.of}")`', a.shape, a.unit, a.meaning, f"a {a.of}") for a in ACCESSORS
    ]
    kernels = [(f"`{k.signature}`", k.meaning) for k in KERNELS]
    parts = [
        INTRO,
        "## Signals\n",
        table(("signal", "shape", "unit", "meaning", "robots"), signals),
        "## Parts by name\n",
        table(("accessor", "shape", "unit", "meaning", "takes the name of"), accessors),
        names(robot(EXAMPLE)),
        "## Kernels\n",
        table(("kernel", "meaning"), kernels),
        "## Mathematics\n",
        f"- functions: {code(f'jnp.{name}' for name in JNP_FUNCTIONS)}, "
        f"{code(f'jnp.linalg.{name}' for name in LINALG_FUNCTIONS)}",
        f"- constants: {code(f'jnp.{name}' for name in JNP_CONSTANTS)}",
        f"- builtins: {code(BUILTINS)}",
        f"- methods of arrays: {code(ARRAY_METHODS)}",
        f"- attributes of arrays: {code(ARRAY_ATTRIBUTES)}\n",
    ]
    return "\n".join(parts)


def names(example: Robot) -> str:
    """What the accessors take for one robot."""
    kinds = dict.fromkeys(accessor.of for accessor in accessors_for(example))
    lines = [f"- {kind}: {', '.join(f'`{n}`' for n in names_for(example, kind))}" for kind in kinds]
    return "\n".join(
        [f"{example.name} (`{example.id}`), for example, has these names:\n", *lines, ""]
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"


def code(words: Iterable[str]) -> str:
    """Words in alphabetical order, as code."""
    return ", ".join(f"`{word}`" for word in sorted(words))


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")

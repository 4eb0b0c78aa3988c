"""Writes `settings.md` from `tabrl.spec.Hyperparameters`: `python docs/settings.py`."""

from pathlib import Path
from typing import Any

from tabrl.spec import Hyperparameters

PATH = Path(__file__).with_name("settings.md")
TEXT = """# Settings of a training

<!-- Written by docs/settings.py from src/tabrl/spec.py; edit that instead. -->

PPO with Brax's losses. These are the fields of `tabrl.spec.Hyperparameters`: `hyperparameters` of
`experiment.json` and of the API, and *Advanced* in the studio, which shows the name in italics.
[Training](training.md) tells what follows from them.

| setting | default | may be | |
| --- | --- | --- | --- |
"""
_BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
}
_KINDS = {"number": "a number", "boolean": "true, false", "array": "whole numbers"}


def page() -> str:
    """The page: a line for each setting."""
    fields = Hyperparameters.model_json_schema()["properties"]
    return TEXT + "".join(_line(name, schema) for name, schema in fields.items())


def _line(name: str, schema: dict[str, Any]) -> str:
    kinds = schema.get("anyOf", [schema])
    bounds = [
        words.format(f"{kinds[0][key]:,}") for key, words in _BOUNDS.items() if key in kinds[0]
    ]
    bounds = bounds or [_KINDS[kinds[0]["type"]]]
    bounds += ["None"] if {"type": "null"} in kinds else []
    told = f"*{schema['title']}.* {schema['description']}"
    return f"| `{name}` | {_shown(schema['default'])} | {', '.join(bounds)} | {told} |\n"


def _shown(default: Any) -> str:
    return " x ".join(map(str, default)) if isinstance(default, list) else str(default)


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")

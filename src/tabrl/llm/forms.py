"""The forms of answers: what a language model is asked to fill in."""

import json
from typing import Any

from pydantic import BaseModel, Field

from tabrl.llm.asking import Form


class TermForm(BaseModel):
    name: str = Field(description="The key in the dict that the code returns.")
    weight: float = Field(description="What the term is multiplied by.")
    why: str = Field("", description="Why it is there, in a few words.")


class TerminationForm(BaseModel):
    min_upright: float | None = Field(
        0.3, description="Cosine of the lean at which an episode ends; null: never."
    )
    min_height: float | None = Field(
        0.5, description="Share of the home height at which an episode ends; null: never."
    )


class ApproachForm(BaseModel):
    name: str = Field(description="Two to four words.")
    description: str = Field(description="What it does and how it differs.")
    terms: list[TermForm]
    code: str = Field(description="Source of def reward(s): that returns a dict of the terms.")
    clock_hz: float = Field(1.5, description="Turns of the clock a second, 0.1 to 6.")
    command: list[float] = Field(
        [0.0, 0.0, 0.0], description="Velocity command: forward m/s, left m/s, turn rad/s."
    )
    termination: TerminationForm = TerminationForm()
    looks: str = Field("", description="What a person should see when it has worked.")


class ApproachesForm(BaseModel):
    title: str = Field(description="The behaviour in two to four words.")
    note: str = Field("", description="What was understood, and what cannot be done.")
    meaning: str = Field("", description="The sentence in plain words, if it was misread.")
    approaches: list[ApproachForm]


class CriterionForm(BaseModel):
    label: str = Field(description="What the number is, in plain words with its unit.")
    measure: str
    signal: str | None = Field(None, description="The series that is measured.")
    args: dict[str, float] = Field({}, description="What the measure takes besides.")
    at_least: float | None = None
    at_most: float | None = None
    slack: float = Field(0.3, description="Share of the bound that leaves it to a person's eye.")


class MetricForm(BaseModel):
    name: str = Field(description="The behaviour in two to four words.")
    question: str = Field(description="What a person would check in the clip, as a question.")
    criteria: list[CriterionForm]


class MoveForm(BaseModel):
    seconds: float = Field(description="How long the command is held.")
    forward: float = Field(0.0, description="m/s")
    left: float = Field(0.0, description="m/s")
    turn: float = Field(0.0, description="rad/s, positive is left")


class CommandsForm(BaseModel):
    name: str = Field(description="Two to four words.")
    description: str = Field(description="What it does, or why commands cannot do it.")
    moves: list[MoveForm] = Field(description="In order; none where commands cannot do it.")


def form(name: str, description: str, model: type[BaseModel]) -> Form:
    """A form to be filled in, its schema without references, which some servers cannot follow."""
    schema = model.model_json_schema()
    return Form(name, description, _inlined(schema, schema.get("$defs", {})))


def skeleton(schema: dict[str, Any]) -> str:
    """A schema as an example of JSON: names, and types for values."""
    return json.dumps(_example(schema), ensure_ascii=False)


def _example(schema: dict[str, Any]) -> Any:
    if "anyOf" in schema:
        return _example(schema["anyOf"][0])
    if schema.get("type") == "object" and "properties" in schema:
        return {name: _example(part) for name, part in schema["properties"].items()}
    if schema.get("type") == "object":
        return {"...": _example(schema.get("additionalProperties") or {})}
    if schema.get("type") == "array":
        return [_example(schema.get("items", {})), "..."]
    return schema.get("type", "value")


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        named = definitions[node["$ref"].rpartition("/")[2]]
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return _inlined({**named, **rest}, definitions)
    # Titles repeat the names, and defaults are told by the reader.
    kept = {k: v for k, v in node.items() if k not in ("$defs", "default") and not _title(k, v)}
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _title(key: str, value: Any) -> bool:
    return key == "title" and isinstance(value, str)


APPROACHES = form("propose_approaches", "Hand in the approaches.", ApproachesForm)
METRIC = form("write_test", "Hand in the test of the behaviour.", MetricForm)
COMMANDS = form("write_commands", "Hand in the timed commands.", CommandsForm)

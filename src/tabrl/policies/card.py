"""What `policy.json` says, and whether a policy's files can be what it says: a stranger may have
written them, so they are looked at before anything is allocated. No JAX here.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from tabrl.errors import TabRLError
from tabrl.policies.added import OCTAVES
from tabrl.spec import Approach, Metric

FORMAT = 1
CARD, NUMBERS = "policy.json", "policy.safetensors"
MAX_CARD_BYTES = 2**20
MAX_BYTES = 256 * 2**20

Size = Annotated[int, Field(ge=1, le=2**20, strict=True)]


class CheckpointError(TabRLError):
    """A policy folder that cannot be read, or that does not fit what it is used for."""


class Card(BaseModel):
    """The part of a card that is relied on; a card may say more."""

    format: Literal[1]
    robot: str = Field(max_length=100)
    obs_shapes: dict[str, Annotated[tuple[Size, ...], Field(min_length=1, max_length=4)]] = Field(
        max_length=16
    )
    action_size: int = Field(ge=1, le=1000, strict=True)
    hidden: tuple[Annotated[int, Field(ge=1, le=2**13, strict=True)], ...] = Field(
        min_length=1, max_length=16
    )
    clock_octaves: int = Field(1, ge=1, le=OCTAVES)
    way_back: bool = False
    steps: int = Field(0, ge=0)
    approach: Approach | None = None
    metric: Metric | None = None

    @model_validator(mode="after")
    def _observes(self) -> "Card":
        for name in ("state", "privileged_state"):
            if name not in self.obs_shapes:
                raise ValueError(f"obs_shapes has no {name!r}")
        return self

    @property
    def bytes(self) -> int:
        """What actor, critic and the statistics of observations take as float32, at least."""
        count = 2 * sum(map(prod, self.obs_shapes.values()))
        for name, outputs in (("state", self.action_size), ("privileged_state", 1)):
            sizes = (self.obs_shapes[name][-1], *self.hidden, outputs)
            count += sum((inputs + 1) * units for inputs, units in pairwise(sizes))
        return 4 * count


def read_card(folder: Path) -> dict[str, Any]:
    """What `policy.json` says, as it stands there, once it and the size of the numbers beside it
    were found to be possible.

    Raises:
        CheckpointError: they are not, or there is no policy.
    """
    path, numbers = folder / CARD, folder / NUMBERS
    card = _read(path)
    try:
        needed = Card.model_validate(card).bytes
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise CheckpointError(
            f"{path} does not say what the policy looks like: {where}: {first['msg']}.",
            "It needs robot, obs_shapes, action_size and hidden, as TabRL writes them.",
        ) from None
    size = numbers.stat().st_size if numbers.is_file() else 0
    if size > MAX_BYTES:
        raise CheckpointError(f"{numbers} is larger than {MAX_BYTES // 2**20} MB.")
    if size < needed:
        raise CheckpointError(
            f"{numbers} cannot be read: the policy of {CARD} takes {needed:,} bytes, and "
            f"{f'it has {size:,}' if size else 'it is not there'}.",
            "Copy the whole folder `policy` again.",
        )
    return card


def approach_of(card: Mapping[str, Any]) -> Approach | None:
    """The approach that a policy was trained on; None for the environment's stock reward."""
    stored = card.get("approach")
    return Approach.model_validate(stored) if stored else None


def metric_of(card: Mapping[str, Any]) -> Metric | None:
    """The metric that a policy was judged by in training, where there was one."""
    stored = card.get("metric")
    return Metric.model_validate(stored) if stored else None


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise CheckpointError(f"{path} is larger than {MAX_CARD_BYTES // 2**20} MB.")
        card = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CheckpointError(
            f"There is no policy in {path.parent}.",
            f"A policy folder holds {CARD} and {NUMBERS}.",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}.") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} is not a policy of format {FORMAT}.",
            "It may come from another version of TabRL.",
        )
    return card

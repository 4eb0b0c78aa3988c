"""How near one sentence is to another in what it asks of a body, in any language that is read.

Two sentences that the reader is sure of are compared by what they were read as, so that "camina
hacia atrás" finds "walk backwards". What is read as nothing is compared by word vectors, which know
English alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tabrl.behaviours import meaning
from tabrl.behaviours.compose.words import title as in_english
from tabrl.behaviours.reading import Action, Reading, read

if TYPE_CHECKING:
    import numpy as np

NEAR = 0.45
"""What is less near than this, 0 to 1, is something else."""
_SAME, _WAY, _PART = 0.7, 0.15, 0.15  # of two actions: the verb, its direction, the part it moves


@dataclass(frozen=True)
class Meant:
    """What a text asks for.

    Attributes:
        actions: those of a sure reading; none where there is none.
        vector: (256,) float32, its direction; zeros where no word carries meaning.
    """

    actions: tuple[Action, ...]
    vector: "np.ndarray"

    @property
    def behaviour(self) -> str:
        """The verb of the first action, such as `walk`; empty where nothing was read."""
        return self.actions[0].do if self.actions else ""


@lru_cache(maxsize=16_384)
def meant(sentence: str, title: str = "", reading: str | None = None) -> Meant:
    """What a sentence asks for.

    Args:
        title: more words about it, in English.
        reading: JSON of what it was read as, or corrected to; read anew where there is none.
    """
    known = Reading.model_validate(json.loads(reading)) if reading else read(sentence)
    sure = known.sure and known.refers_to is None
    actions = tuple(a for part in known.parts for a in part.actions if not a.negated)
    words = sentence if known.language == "en" or not sure else in_english(known)
    return Meant(actions if sure else (), meaning.embed(f"{words} {title}".strip()))


def nearness(asked: Meant, others: Sequence[Meant]) -> list[float]:
    """How near each is to what is asked for, 0 to 1."""
    import numpy as np

    if not others:
        return []
    cosines = np.stack([other.vector for other in others]) @ asked.vector
    return [
        max(_as_read(asked.actions, other.actions), float(cosine))
        for other, cosine in zip(others, cosines, strict=True)
    ]


def _as_read(asked: Sequence[Action], others: Sequence[Action]) -> float:
    """The mean over the actions that are asked for of how near another comes to each."""
    if not asked or not others:
        return 0.0
    return sum(max(_alike(a, other) for other in others) for a in asked) / len(asked)


def _alike(one: Action, other: Action) -> float:
    if one.do != other.do:
        return 0.0
    return (
        _SAME
        + _WAY * (one.direction == other.direction)
        + _PART * (one.part == other.part and one.side == other.side)
    )

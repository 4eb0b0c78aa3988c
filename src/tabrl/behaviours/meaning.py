"""Finds the nearest of several descriptions to a sentence by static word vectors, offline.

The vectors and the tokenizer are the two files that `wordllama` bundles (MIT, 256 numbers a token).
Its own loader looks for the tokenizer on a hub, so the files are read here directly.
"""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabrl.errors import TabRLError

if TYPE_CHECKING:
    import numpy as np

_STOP = frozenset(
    """
    a an and are as at be by can could do does for from get give go got has have he her his how
    i if in into is it its just let like lets make may me my now of on or our please she should
    so that the their them then there they this to too us very was we were what when which while
    who will with would you your yourself itself youre pretend act keep robot dude hey ok okay
    bro buddy thing something if imagine being want show try start continue ever really again
    once time times more some all put
    """.split()
)
_FAINT = frozenset(
    "dog move moving body fast slow slowly quickly big little good style legs leg".split()
)
_SUFFIXES = ("ingly", "edly", "ing", "ies", "ied", "ed", "ly", "es", "s", "e", "y")


def words(text: str) -> list[str]:
    """The words of a text, in lower case, apostrophes dropped."""
    return re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("\u2019", ""))


def content(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in words(text) if word not in _STOP]


def stem(word: str) -> str:
    """A word without its common English endings: 'spinning', 'spins' and 'spin' meet."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            cut = word[: -len(suffix)]
            doubled = len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls"
            return cut[:-1] if doubled else cut
    return word  # its own double letters stay: "butt" is not "but"


def hits(phrase: str, stems: list[str]) -> tuple[int, ...]:
    """Places in `stems` of the phrase's words, in order with at most two others between, or ()."""
    wanted = [stem(word) for word in words(phrase)]
    for start in (i for i, s in enumerate(stems) if s == wanted[0]):
        found = [start]
        for word in wanted[1:]:
            near = stems[found[-1] + 1 : found[-1] + 4]
            if word not in near:
                break
            found.append(found[-1] + 1 + near.index(word))
        if len(found) == len(wanted):
            return tuple(found)
    return ()


@lru_cache(maxsize=4096)
def embed(text: str) -> "np.ndarray":
    """The text's direction: (256,) float32 of length 1, or zeros where no word carries meaning."""
    import numpy as np

    tokenizer, table = _vectors()
    chosen = content(text)[:200] or words(text)[:200]
    total = np.zeros(table.shape[1], np.float32)
    for word in chosen:
        ids = tokenizer.encode(word, add_special_tokens=False).ids
        if ids:
            total += table[ids].astype(np.float32).mean(0) * (0.35 if word in _FAINT else 1.0)
    length = float(np.linalg.norm(total))
    return total / length if length > 1e-6 else np.zeros_like(total)


def similarity(text: str, other: str) -> float:
    """Cosine between two texts, -1 to 1; 0 where one says nothing."""
    return float(embed(text) @ embed(other))


@lru_cache(maxsize=1)
def _vectors() -> tuple[Any, Any]:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    found = find_spec("wordllama")
    if found is None or not found.submodule_search_locations:
        raise TabRLError(
            "The word vectors are missing.", "Run `make setup`, which installs `wordllama`."
        )
    root = Path(found.submodule_search_locations[0])
    table = load_file(root / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(root / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    return tokenizer, table

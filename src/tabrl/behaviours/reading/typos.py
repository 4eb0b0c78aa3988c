"""Typing errors: the word of a language that a misspelt one is meant to be."""

from tabrl.behaviours.reading.lexicon import Lexicon


def corrected(word: str, lexicon: Lexicon) -> str | None:
    """The nearest word of the table; None for short words, known ones and where two are as near."""
    if len(word) < lexicon.shortest_typo or lexicon.knows(word):
        return None
    best: dict[str, float] = {}
    swapped = word[1] + word[0] + word[2:]
    pairs = lexicon.near(word) + [(word, other) for _, other in lexicon.near(swapped)]
    for base, other in pairs:
        limit = 2 if len(other) >= 9 and base[:2] == other[:2] else 1
        if len(other) >= 4 and abs(len(base) - len(other)) <= limit:
            errors: float = distance(base, other, limit)
            swapped_letters = sorted(base) == sorted(other)
            if errors == 1 and len(base) <= len(other) == 4 and not swapped_letters:
                continue  # so many short words are one letter apart
            if swapped_letters:
                errors -= 0.5  # two letters swapped is the likeliest slip
            if 0 < errors <= limit:
                meant = other + word[len(base) :]
                best[meant] = min(errors, best.get(meant, errors))
    if not best:
        return None
    nearest = [meant for meant, errors in best.items() if errors == min(best.values())]
    return nearest[0] if len(nearest) == 1 or _alike(nearest, lexicon) else None


def _alike(meant: list[str], lexicon: Lexicon) -> bool:
    """Whether forms of one word compete: "walking" and "walkin"."""
    shortest = min(meant, key=len)
    return all(word.startswith(shortest[: max(3, len(shortest) - 2)]) for word in meant)


def distance(a: str, b: str, limit: int) -> int:
    """Letters to add, leave out, change or swap with a neighbour; above the limit, limit + 1."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        twice, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, twice[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]

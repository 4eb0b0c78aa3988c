"""Clauses: what stands together in a sentence, and how each follows the one before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tabrl.behaviours.reading.lexicon import Lexicon
from tabrl.behaviours.reading.tokens import Token

VERBS = frozenset({"verbs", "weak"})
_SILENT = frozenset({"fillers", "marks"})
_STRENGTH = ("", "comma", "and", "but", "stop", "while", "without", "then")
_CONTRAST = frozenset({"parts", "sides", "ways", "ends"})


@dataclass
class Clause:
    """Tokens that belong together.

    `link` is how it follows the clause before: `then`, `stop` (a sentence ended), `comma`, `and`,
    `but`, `while` and `without` (both at the same time). `order` is `after` or `before` where the
    clause names what comes before or after another.
    """

    tokens: list[Token] = field(default_factory=list)
    link: str = ""
    negated: bool = False
    order: str = ""

    @property
    def verbs(self) -> list[Token]:
        """Its verbs, in order."""
        return [token for token in self.tokens if token.kind in VERBS]

    @property
    def empty(self) -> bool:
        """Whether nothing in it says anything."""
        return all(token.kind in _SILENT for token in self.tokens)


def clauses(tokens: list[Token], lexicon: Lexicon) -> list[Clause]:
    """The clauses of a sentence, in the order in which they are to be done."""
    splitter = _Splitter(lexicon)
    for at, token in enumerate(tokens):
        splitter.take(token, tokens[at + 1 :])
    splitter.close("stop")
    return _ordered(splitter.found, lexicon.verb_final)


class _Splitter:
    """Takes tokens one by one; `found` are the clauses so far."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.found: list[Clause] = []
        self._postfix = lexicon.verb_final
        self._current = Clause()

    def take(self, token: Token, rest: list[Token]) -> None:
        """One token, and those that follow it."""
        if token.kind == "marks":
            if token.value:
                self.close(token.value)
        elif token.kind == "links":
            self._link(token.value, rest)
        elif token.kind == "others" and token.value == "meanwhile":
            self._current.link = "while"
        elif token.kind == "others" and token.value == "stop":
            self._stop(token, rest)
        else:
            self._current.tokens.append(token)

    def close(self, link: str) -> None:
        """End the clause; the next follows by `link`. One that says nothing joins the next."""
        current = self._current
        if not current.empty:
            self.found.append(current)
            self._current = Clause(link=link)
            return
        stronger = max(current.link, link, key=_STRENGTH.index) if current.link else link
        order, negated = current.order, current.negated
        self._current = Clause(current.tokens, stronger, negated, order)

    def _link(self, value: str, rest: list[Token]) -> None:
        if value in ("not", "without"):
            self._negate(value, rest)
        elif value in ("before", "after"):
            self._order(value)
        elif value == "while" and self._postfix:
            self._current.order = "while"
            self.close("comma")
        elif value == "while" and self._current.empty and not self.found:
            self._current.order = "while"
        elif value == "then" and not (self._postfix or self._current.empty or _says(rest)):
            self._current.link = "then"
        else:
            self.close(value)

    def _order(self, value: str) -> None:
        if self._postfix:
            self._current.order = value
            self.close("comma")
        else:
            self.close("comma")
            self._current.order = value

    def _negate(self, value: str, rest: list[Token], toggles: bool = False) -> None:
        current = self._current
        if self._postfix and current.verbs:
            current.negated = not (toggles and current.negated)
            self.close("without")
        elif value == "without":
            self.close("without")
            self._current.negated = True
        elif not current.verbs:
            current.negated = not (toggles and current.negated)
        elif current.negated and not toggles:
            pass  # "ne saute pas" says it twice
        elif _verb_follows(rest) or any(t.kind in _CONTRAST for t in _clause_of(rest)):
            self.close("without")
            self._current.negated = True
        else:
            current.negated = True

    def _stop(self, token: Token, rest: list[Token]) -> None:
        """ "Stop walking" forbids it; "stop" alone is to stand."""
        ahead = next((t for t in rest if t.kind != "fillers"), None)
        if ahead and ahead.kind in VERBS and ahead.ending in ("gerund", "infinitive"):
            self._negate("not", rest, toggles=True)
        else:
            self._current.tokens.append(Token("verbs", "stand", token.words))


def _clause_of(rest: Iterable[Token]) -> list[Token]:
    """The tokens before the next mark or link."""
    taken: list[Token] = []
    for token in rest:
        if token.kind == "links" or (token.kind == "marks" and token.value):
            break
        taken.append(token)
    return taken


def _verb_follows(rest: Iterable[Token]) -> bool:
    return any(token.kind in VERBS for token in _clause_of(rest))


def _says(rest: Iterable[Token]) -> bool:
    return any(token.kind not in _SILENT for token in _clause_of(rest))


def _ordered(found: list[Clause], postfix: bool) -> list[Clause]:
    """Clauses with "after", "before" and "while" put where they belong."""
    done = list(found)
    for at, clause in enumerate(found):
        if not clause.order:
            continue
        leads = postfix or at == 0 or clause.link in ("stop", "then")
        if leads and at + 1 < len(found):
            after = found[at + 1]
            after.link = "while" if clause.order == "while" else "then"
            if clause.order == "before":
                done[at], done[at + 1] = after, clause
                after.link, clause.link = clause.link, "then"
        elif not leads and clause.order == "after":
            done[at - 1], done[at] = clause, found[at - 1]
            clause.link, found[at - 1].link = found[at - 1].link, "then"
        elif not leads:
            clause.link = "then"
    return done

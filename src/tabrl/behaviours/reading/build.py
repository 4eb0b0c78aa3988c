"""From clauses to parts: what follows what, what happens at once, what a word refers back to."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from tabrl.behaviours.reading.clauses import Clause
from tabrl.behaviours.reading.draft import Draft
from tabrl.behaviours.reading.joining import (
    BOUNDS,
    ENDS,
    GOING,
    ON_FOOT,
    across,
    apart,
    as_far,
    conflicts,
    goes_with,
    merge,
    other_way,
    same_limb,
)
from tabrl.behaviours.reading.lexicon import Lexicon
from tabrl.behaviours.reading.model import Part
from tabrl.behaviours.reading.notation import slots
from tabrl.behaviours.reading.slots import drafts, settled
from tabrl.behaviours.reading.tables import domain
from tabrl.behaviours.reading.tokens import Token

MOST = 12
"""Parts of a reading; what is repeated more often is a joke."""
_TARGETS = frozenset({"part", "side", "direction", "alternate", "distance_m", "angle_rad"})


@dataclass
class _Span:
    """One part in the making."""

    drafts: list[Draft] = field(default_factory=list)

    @property
    def last(self) -> Draft | None:
        """The action that later words most likely speak of."""
        return next((d for d in reversed(self.drafts) if not d.negated), None)


@dataclass
class Built:
    """Parts, the tokens that had no place in them, and what makes the reading less than sure."""

    parts: tuple[Part, ...] = ()
    lost: list[Token] = field(default_factory=list)
    read: list[Token] = field(default_factory=list)
    guessed: bool = False
    weak: bool = False
    refers_to: str | None = None
    notes: list[str] = field(default_factory=list)


def build(found: list[Clause], lexicon: Lexicon, usual_mps: float | None) -> Built:
    """Put clauses together."""
    builder = _Builder(lexicon.verb_final)
    for clause in found:
        builder.clause(clause, lexicon)
    return builder.finish(usual_mps)


class _Builder:
    def __init__(self, loosely: bool = False) -> None:
        self._loosely = loosely  # "then" may only join: "raise the right, not raising the left"
        self._spans: list[_Span] = []
        self._ahead: list[Draft] = []  # waits for what it is said of
        self._lists = False  # "A, B and C": the "and" only ends the list
        self._built = Built()

    def clause(self, clause: Clause, lexicon: Lexicon) -> None:
        """Take one clause in."""
        found, lost = drafts(clause, lexicon)
        self._built.lost += lost
        if lost and clause.link == "comma":
            self._lists = True
        for draft in found:
            if lost and draft.weak and not (draft.said or draft.manner or draft.default):
                self._built.weak = True  # "go nuts": to go is not what was meant
            else:
                self._draft(draft)

    def finish(self, usual_mps: float | None) -> Built:
        """What all clauses together ask for."""
        self._flush()
        built = self._built
        spans = [span for span in self._spans if span.drafts]
        for span in spans:
            span.drafts += [other for draft in span.drafts for other in other_way(draft)]
        for span in spans:
            span.drafts[:0] = [] if span.last else [Draft("stand")]  # a ban is kept standing still
        for span in spans:
            for draft in span.drafts:
                self._paced(draft, usual_mps)
                built.read += draft.read
        every = [draft for span in spans for draft in span.drafts]
        built.guessed = built.guessed or any(draft.near for draft in every)
        built.refers_to = _referred(every)
        built.weak = (built.weak and not every) or all(
            draft.weak and not draft.said and not draft.manner for draft in every
        )
        built.parts = tuple(_part(each) for span in spans for each in _alternating(span))[:MOST]
        return built

    def _draft(self, draft: Draft) -> None:
        again = any(token.value == "again" and token.kind == "others" for token in draft.read)
        aimed = draft.do or draft.default or draft.said.keys() & _TARGETS
        if again and self._spans and not aimed:  # "then left again" says by itself what to do
            self._repeat(draft)
            return
        raised = _RAISED.get(draft.said.get("height") or draft.said.get("direction") or "")
        if not draft.do and "part" in draft.said and raised:
            draft.do = raised
            draft.said = {k: v for k, v in draft.said.items() if k not in ("height", "direction")}
            draft.link = "while" if draft.link in ("and", "but", "comma") else draft.link
        if not draft.do and not draft.negated:
            if self._joins(draft):
                return
            if not self._inherit(draft):
                if not draft.default:
                    self._ahead.append(draft)
                    return
                self._default(draft)
        elif not draft.do and not self._inherit(draft):
            self._built.lost += draft.read
            return
        elif draft.weak and draft.default and not draft.said and not draft.negated:
            draft.do = ""  # "go crazy"
            self._default(draft)
        self._place(draft)

    def _place(self, draft: Draft) -> None:
        """Put an action with a verb where it belongs."""
        if draft.negated and not self._spans:
            self._ahead.append(draft)
            return
        if self._ahead and draft.link == "then":
            self._flush()
        last = self._spans[-1].last if self._spans else None
        self._refer(draft, last)
        if draft.back and draft.do in ON_FOOT and not draft.negated:
            self._return(draft)
        draft = settled(draft)
        for waiting in self._ahead:
            if not waiting.do:
                merge(draft, waiting)
        forbidden = [waiting for waiting in self._ahead if waiting.do]
        self._ahead = []
        if last and self._again(draft, last):
            merge(last, draft)
        elif last and across(draft, last):
            last.diagonal, last.across = True, draft.said["direction"]
            last.read += draft.read
        elif self._at_once(draft, last):
            self._spans[-1].drafts.append(draft)
        else:
            self._lists = draft.link == "comma" and bool(self._spans)
            self._spans.append(_Span([draft]))
        span = self._spans[-1]
        span.drafts += [*map(settled, draft.also), *forbidden]

    def _again(self, draft: Draft, last: Draft) -> bool:
        """Whether it only says again what was just said: "lie down and take a nap"."""
        if draft.do != last.do or draft.negated:
            return False
        if draft.link == "then":
            return draft.do in _STATES and not draft.said and not last.said
        return not (draft.said and last.said) or draft.said == last.said

    def _at_once(self, draft: Draft, last: Draft | None) -> bool:
        if not self._spans:
            return False
        if draft.negated:
            return draft.link != "then" or self._loosely
        if draft.link in ("while", "without"):
            return True
        if draft.link == "but":
            return last is not None and apart(draft, last)
        if draft.link != "and" or self._lists:
            return draft.it and draft.link != "then" and draft.do in ("shake", "move", "swing")
        if last and last.said.keys() & BOUNDS and "place" in domain().verbs[last.do].uses:
            return False  # it ends by itself, so the next comes after it
        together = [other for other in self._spans[-1].drafts if not other.negated]
        return draft.it or all(apart(draft, other) for other in together)

    def _joins(self, draft: Draft) -> bool:
        """Words without a verb that belong to the action before; False where they do not."""
        last = self._spans[-1].last if self._spans else None
        if last is None:
            return False
        if not draft.read:
            return True
        if "alternate" in draft.said and "direction" in last.said:
            return False
        targets = draft.said.keys() & _TARGETS
        if draft.link == "then" and (targets or draft.manner or "count" in draft.said):
            return False
        if targets and (draft.link == "and" or conflicts(draft, last)):
            return False
        if draft.said.keys() - {"seconds"} and conflicts(draft, last):
            return False
        if draft.default and draft.default != last.do and not draft.manner:
            self._built.lost += draft.read
            return True
        if last.do not in GOING and draft.said.keys() & {"distance_m", "speed_mps"}:
            return False
        merge(last, draft)
        settled(last)
        return True

    def _inherit(self, draft: Draft) -> bool:
        """Take the verb from the action before, or from what an amount is of."""
        said = draft.said
        last = self._spans[-1].last if self._spans else None
        again = draft.link == "then" and draft.manner  # "run, then slower"
        if last and (again or said.keys() & _TARGETS) and goes_with(said, last.do):
            draft.do = last.do
            same_limb(draft, last)
            if "direction" in said and not (draft.negated or draft.back or said.keys() & ENDS):
                as_far(draft, last)
            return True
        if said.keys() & {"angle_rad", "turn_rate"}:
            draft.do = "spin" if said.get("angle_rad", 0) >= 2 * math.pi - 1e-6 else "turn"
        elif said.keys() & {"distance_m", "speed_mps"} or said.get("direction") in _WAYS_TO_GO:
            draft.do = "walk" if "part" not in said else "move"
        elif draft.default or "part" not in said or draft.negated:
            return False
        else:
            draft.do = "lift" if said.get("direction") == "up" or said.get("height") else "move"
        self._built.guessed = self._built.guessed or draft.do == "move"
        return True

    def _default(self, draft: Draft) -> None:
        first, *more = draft.default.split("+")
        draft.add(slots(first), implied=True)
        draft.also += [Draft(link="while", **_of(text)) for text in more]

    def _refer(self, draft: Draft, last: Draft | None) -> None:
        if not draft.it:
            return
        if last is None:
            draft.it = False
            return
        verb, before = domain().verbs[draft.do], domain().verbs[last.do]
        if before.own == "object" and "part" in verb.uses and "part" not in draft.said:
            draft.said["part"] = "object"
            draft.it = False
        elif "part" in verb.uses and "part" not in draft.said and "part" in last.said:
            draft.said["part"] = last.said["part"]
            if "side" in last.said:
                draft.said.setdefault("side", last.said["side"])
        else:
            draft.it = False

    def _return(self, draft: Draft) -> None:
        """ "Go 2 m to the left, then back": as far as it went, the other way."""
        ways = _OPPOSITE
        if draft.said.keys() & ENDS or draft.said.get("direction") != "backward":
            return
        for last in (span.last for span in reversed(self._spans)):
            if last is None or last.do in _STATES:
                continue
            if last.do == "turn" and last.said.get("angle_rad") == math.pi:
                ways = {way: way for way in _OPPOSITE}  # it faces where it came from
                continue
            went = last.said.get("direction", "forward")
            if last.do in ON_FOOT and went in ways:
                draft.do = last.do
                draft.said["direction"] = ways[went]
                as_far(draft, last)
            return

    def _repeat(self, draft: Draft) -> None:
        times = max(1, draft.said.get("count", 1))
        self._built.read += draft.read
        copies = [_Span([replace(d) for d in span.drafts]) for span in self._spans]
        self._spans += (copies * times)[: MOST - len(self._spans)]

    def _paced(self, draft: Draft, usual_mps: float | None) -> None:
        """ "Twice as fast as usual": a speed where the usual one is known, else fast."""
        ratio = draft.said.pop("ratio", None)
        if ratio is None:
            return
        if usual_mps and draft.do in ("walk", "run"):
            draft.said["speed_mps"] = round(ratio * usual_mps, 3)
        else:
            draft.add({"manner": ("fast" if ratio > 1 else "slow",)})

    def _flush(self) -> None:
        """What waited for a verb in vain: a ban alone is kept by standing still."""
        banned = [settled(draft) for draft in self._ahead if draft.do]
        for draft in self._ahead:
            if not draft.do and self._spans and self._spans[-1].last:
                merge(self._spans[-1].last, draft)
            elif not draft.do:
                self._built.lost += draft.read
        self._ahead = []
        if banned:
            self._spans.append(_Span(banned))


_RAISED = {"high": "lift", "up": "lift", "low": "lower", "down": "lower"}
_OPPOSITE = {"forward": "backward", "left": "right"}
_OPPOSITE |= {there: here for here, there in _OPPOSITE.items()}
_STATES = frozenset({"lie", "sit", "stand", "crouch", "kneel", "freeze"})
_WAYS_TO_GO = frozenset({"forward", "backward", "left", "right", "sideways"})


def _referred(drafts: list[Draft]) -> str | None:
    """What is to be changed, in the sentence's words; None where something new is asked for."""
    if all(draft.do != "same" for draft in drafts):
        return None
    said = [t.said for d in drafts for t in d.read if t.kind == "others" and t.value == "ref"]
    return said[0] if said else "it"


def _of(text: str) -> dict[str, Any]:
    said = slots(text)
    return {"do": said.pop("do"), "manner": list(said.pop("manner", ())), "said": said}


def _alternating(span: _Span) -> list[_Span]:
    """ "Left and right" in turn, where the verb does not go to and fro anyway."""
    turning = [(d, d.said.pop("alternate")) for d in span.drafts if "alternate" in d.said]
    for draft, pair in turning:
        if draft.do == "sway" and "part" not in draft.said and "forward" in pair:
            draft.said["direction"] = "forward"  # and not from side to side
    turning = [pair for pair in turning if not domain().verbs[pair[0].do].swings]
    if not turning:
        return [span]
    drafts, pairs = [draft for draft, _ in turning], [pair for _, pair in turning]
    ways = pairs[0] * max(map(_rounds, drafts))
    for draft in span.drafts:
        if "seconds" in draft.said:
            draft.said["seconds"] /= len(ways)
    return [_Span([_going(d, way) if d in drafts else d for d in span.drafts]) for way in ways]


def _rounds(draft: Draft) -> int:
    """How often it goes to and fro: "walk back and forth three times"; steps are counted apart."""
    steps = any(token.value == "steps" for token in draft.read)
    return 1 if draft.do not in ON_FOOT or steps else max(1, min(draft.said.pop("count", 1), MOST))


def _going(draft: Draft, way: str) -> Draft:
    return replace(draft, said=draft.said | {"direction": way})


def _part(span: _Span) -> Part:
    seconds = [d.said["seconds"] for d in span.drafts if d.said.get("seconds")]
    return Part(
        seconds=max(seconds, default=None), actions=tuple(draft.action() for draft in span.drafts)
    )

"""What one clause asks for: its verbs with their limbs, sides, ways, amounts and manners."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tabrl.behaviours.reading.clauses import VERBS, Clause
from tabrl.behaviours.reading.draft import Draft
from tabrl.behaviours.reading.lexicon import Lexicon
from tabrl.behaviours.reading.notation import slots
from tabrl.behaviours.reading.tables import domain
from tabrl.behaviours.reading.tokens import Token

_LIMBS = frozenset({"leg"})
_GOING = frozenset({"walk", "run", "march", "turn", "crawl", "move", "hop", "travel"})
_TURNING = frozenset({"turn", "spin"})


_LIMB_WORDS = frozenset({"parts", "sides", "ends", "fillers", "amounts"})
_SOME = {1.0: "either", 2.0: "both", 4.0: "both"}


def drafts(clause: Clause, lexicon: Lexicon) -> tuple[list[Draft], list[Token]]:
    """The actions of a clause, the first linked as the clause is, and the tokens it cannot use."""
    found: list[Draft] = []
    lost: list[Token] = []
    carried = _carried(clause)
    for group in _groups(clause, carried, lexicon):
        draft, left = _filled(group, lexicon)
        if not found:
            draft.read += carried
            if draft.do == "turn" and any(_do(token) == "circle" for token in carried):
                draft.do = "spin"
            draft.manner += ["fast"] * any(_do(token) == "run" for token in carried)
        spared = lexicon.verb_final and clause.negated and bool(found)
        draft.negated = (clause.negated and not spared) != draft.negated
        draft.link = _link(group, clause, first=not found)
        lost += left
        found.append(draft)
    return found, lost


def _link(group: list[Token], clause: Clause, first: bool) -> str:
    verb = next((token for token in group if token.kind in VERBS), None)
    gerund = verb is not None and verb.ending in ("gerund", "participle")
    if first:
        return "while" if gerund and clause.link == "comma" else clause.link
    return "while" if gerund else "and"


def _groups(clause: Clause, carried: list[Token], lexicon: Lexicon) -> list[list[Token]]:
    """The clause's tokens, parted so that each group has one verb at most."""
    tokens = [token for token in clause.tokens if not _among(token, carried)]
    groups: list[list[Token]] = [[]]
    for token in tokens:
        full = any(t.kind in VERBS for t in groups[-1])
        if full and (lexicon.verb_final or token.kind in VERBS):
            silent = token.kind in ("fillers", "marks")
            if token.ending == "participle" and groups[-1][-1].kind == "parts":
                groups.append(_limb_of(groups[-1]))
            elif not (lexicon.verb_final and (silent or not _more_verbs(tokens, token))):
                groups.append([])
        groups[-1].append(token)
    return groups


def _limb_of(group: list[Token]) -> list[Token]:
    """Take the limb from the end of a group: "walk with your left arm raised"."""
    at = len(group)
    while at and group[at - 1].kind in _LIMB_WORDS:
        at -= 1
    limb = group[at:]
    del group[at:]
    return limb


def _more_verbs(tokens: list[Token], token: Token) -> bool:
    at = next(i for i, other in enumerate(tokens) if other is token)
    return any(other.kind in VERBS for other in tokens[at:])


def _carried(clause: Clause) -> list[Token]:
    """Verbs that only carry another: "go and sit", "walk in a circle"."""
    strong = [token for token in clause.verbs if token.kind == "verbs"]
    out = [token for token in clause.verbs if token.kind == "weak" and strong]
    figures = [token for token in strong if _verb(token).figure]
    if figures:
        turning = any(_do(token) in _TURNING for token in strong)
        out += figures if turning else figures[1:]
        out += [token for token in strong if _do(token) in _GOING and not turning]
    return out


def _among(token: Token, others: list[Token]) -> bool:
    return any(token is other for other in others)


def _do(token: Token) -> str:
    return str(slots(token.value.removeprefix("~").split("+")[0])["do"])


def _verb(token: Token) -> Any:
    return domain().verbs[_do(token)]


def _filled(group: list[Token], lexicon: Lexicon) -> tuple[Draft, list[Token]]:
    draft, lost = Draft(), []
    for token in group:
        if token.kind in VERBS:
            _take_verb(draft, token)
    for at, token in enumerate(group):
        if token.kind in VERBS or token.kind in ("fillers", "marks"):
            continue
        if _take(draft, token, group, at, lexicon):
            draft.read.append(token)
        else:
            lost.append(token)
    return draft, lost + _beside(draft)


def _beside(draft: Draft) -> list[Token]:
    """ "Walk with your head held high": a part that does not walk is kept high or low beside it."""
    verb, part = domain().verbs.get(draft.do), draft.said.get("part")
    goes = verb is not None and verb.uses >= {"limb", "place"}
    if part is None or not goes or draft.do in ("freeze", "dance"):
        return []
    if domain().areas[part] == "limb" or part in ("hand", "arm") or "part" in draft.implied:
        return []
    limb: dict[str, Any] = {
        name: draft.said.pop(name) for name in ("part", "side") if name in draft.said
    }
    height = draft.said.pop("height", None)
    if height is None:
        lost = [token for token in draft.read if token.kind in ("parts", "sides")]
        draft.read = [token for token in draft.read if not _among(token, lost)]
        return lost
    draft.also.append(Draft("lift" if height == "high" else "lower", limb, link="while"))
    return []


def _take_verb(draft: Draft, token: Token) -> None:
    draft.near = token.value.startswith("~")
    first, *more = token.value.removeprefix("~").split("+")
    draft.add(slots(first), implied=True)
    draft.weak = token.kind == "weak"
    draft.read.append(token)
    for text in more:
        other = Draft(link="while")
        other.add(slots(text))
        draft.also.append(other)


def _take(draft: Draft, token: Token, group: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Let a token fill its slot; False where it has none."""
    if token.kind == "amounts":
        return _take_amount(draft, token, group, group[at + 1 :])
    if token.kind == "parts":
        return _take_part(draft, token)
    if token.kind == "sides":
        return _take_side(draft, token, group, at, lexicon)
    if token.kind == "ends":
        return _take_end(draft, token, group)
    if token.kind == "ways":
        return _take_way(draft, token.value)
    if token.kind == "heights":
        return draft.put("height", token.value)
    if token.kind in ("manners", "relatives"):
        draft.add(slots(token.value))
        relative = "same" if token.kind == "relatives" else _default(slots(token.value))
        draft.default = draft.default or relative
        return True
    if token.kind == "similes":
        return _take_simile(draft, token)
    if token.kind == "units" and token.value == "turn":
        return draft.put("angle_rad", 2 * math.pi)
    return _take_other(draft, token, group, group[at + 1 :])


def _default(fields: dict[str, Any]) -> str:
    manners = (domain().manners[name] for name in fields.get("manner", ()))
    return next((manner.does for manner in manners if manner.does), "")


def _take_way(draft: Draft, value: str) -> bool:
    """A way to go; across the one that was said already where it goes diagonally."""
    if draft.put("direction", value) or _same_turn(draft, value):
        return True
    across = draft.diagonal and crosses(value, draft.said["direction"])
    draft.across = draft.across or (value if across else "")
    return across


def crosses(one: str, other: str) -> bool:
    """Whether one of these ways leads ahead or back, and the other to a side."""
    sides = {"left", "right", "sideways"}
    return {one, other} <= {"forward", "backward", *sides} and (one in sides) != (other in sides)


def _same_turn(draft: Draft, value: str) -> bool:
    alike = {("left", "counterclockwise"), ("right", "clockwise"), ("left", "sideways")}
    alike |= {("right", "sideways")}
    had = draft.said.get("direction")
    if had == "sideways":
        draft.said["direction"] = value
    return (value, had) in alike or (had, value) in alike


def _take_part(draft: Draft, token: Token) -> bool:
    fields = slots(f"move {token.value}")
    had = draft.said.get("part")
    if had in _FRONTED and fields["part"] in _LIMBS:
        return True
    if had and had != fields["part"] and "part" not in draft.implied:
        return False
    draft.add({"side": fields["side"]} if "side" in fields else {}, implied=True)
    return draft.put("part", fields["part"])


_TO_AND_FRO = {"alternate": ("left", "right"), "fore": ("forward", "backward")}
_FRONTED = frozenset({"front leg", "rear leg"})


def _take_end(draft: Draft, token: Token, group: list[Token]) -> bool:
    limbs = [t for t in group if t.kind == "parts" and "leg" in t.value]
    if limbs:
        if draft.said.get("part") == "leg":
            draft.said.pop("part")
        return draft.put("part", f"{token.value} leg")
    if "part" in draft.said:
        return False
    return token.value == "rear" and draft.put("part", "hips")


def _take_side(draft: Draft, token: Token, group: list[Token], at: int, lexicon: Lexicon) -> bool:
    if token.value in ("both", "either"):
        return draft.put("side", token.value)
    behind, ahead = group[:at][::-1], group[at + 1 :]
    beside = [behind, ahead] if lexicon.side_after else [ahead]
    if any(map(_leads_to_part, beside)):
        return draft.put("side", token.value)
    if not draft.do and any(t.kind == "others" and t.value == "one" for t in group):
        return draft.put("side", token.value)
    return _take_way(draft, token.value)


def _leads_to_part(beside: Iterable[Token]) -> bool:
    for token in beside:
        if token.kind == "parts":
            return True
        if token.kind not in ("ends",) and token.value != "glue":
            return False
    return False


def _take_amount(draft: Draft, token: Token, group: list[Token], ahead: list[Token]) -> bool:
    name, value = token.value, token.amount
    if name == "steps":
        draft.default = draft.default or "walk"
        return draft.put("count", round(value))
    if name == "count":
        return draft.put("count", round(value)) if value == round(value) else False
    if name == "share":  # of nothing that a reading holds
        return False
    if name == "number":
        if _leads_to_part(ahead):
            return value in _SOME and draft.put("side", _SOME[value])
        return _take_number(draft, value, group)
    return draft.put(name, value)


def _take_number(draft: Draft, value: float, group: list[Token]) -> bool:
    """A number without a unit: "turn 90", "two jumps", "half a turn", "and two back"."""
    if draft.do in _TURNING:
        whole = 2 * math.pi if value < 20 else math.pi / 180
        return draft.put("angle_rad", value * whole)
    onward = any(t.kind in ("ways", "sides") or t.value == "back" for t in group)
    if not (draft.do or onward) or value != round(value):
        return False
    return draft.put("count", round(value))


def _take_simile(draft: Draft, token: Token) -> bool:
    """ "Like a crab": gives the verb where there is none, and else must agree with it."""
    meant = [slots(text) for text in token.value.split("|")]
    if draft.do:
        fits = [fields for fields in meant if fields.get("do", draft.do) == draft.do]
        limb = ("part", "side") if "part" in draft.said else ()
        for fields in fits[:1]:
            draft.add({k: v for k, v in fields.items() if k not in limb}, implied=True)
        return bool(fits)
    draft.default = draft.default or token.value.split("|")[0]
    return True


def _take_other(draft: Draft, token: Token, group: list[Token], ahead: list[Token]) -> bool:
    if token.kind != "others":
        return False
    if token.value == "it":
        draft.it = True
    elif token.value == "clitic":
        draft.it = not ahead  # "baisse-les", but not "baisse les bras"
    elif token.value == "ref":
        draft.default = "same"
    elif token.value == "slightly":
        if not any(t.kind in ("manners", "relatives") for t in ahead[:1]):
            draft.add({"manner": ("small",)})
    elif token.value == "vertical":
        verb = domain().verbs.get(draft.do)
        return verb is not None and (verb.swings or "up" in verb.drops)
    elif token.value == "diagonal":
        draft.diagonal = True
    elif token.value == "back" and _leads_to_part(t for t in ahead if t.kind != "sides"):
        return _take_end(draft, replace(token, value="rear"), group)  # "back left leg"
    elif token.value == "back":
        draft.back = True
        return draft.put("direction", "backward")
    elif token.value in ("radius", "diameter"):
        draft.said |= {"across": True} if token.value == "diameter" else {}
        return draft.do in ("circle", "")
    elif token.value in _TO_AND_FRO:
        return draft.put("alternate", _TO_AND_FRO[token.value])
    elif token.value not in ("glue", "one", "ref", "again", "usual"):
        return False
    return True


def settled(draft: Draft) -> Draft:
    """A draft after what its verb says of directions and counts; others may come of it."""
    verb = domain().verbs.get(draft.do)
    if verb is None:
        return draft
    way = draft.said.get("direction")
    if way in verb.becomes and not draft.said.get("part"):
        changed = replace(draft, do="", said=dict(draft.said), implied=set())
        changed.said.pop("direction")
        changed.add(slots(verb.becomes[way]))
        return settled(changed)
    if draft.said.pop("across", False) and "distance_m" in draft.said:
        draft.said["distance_m"] /= 2
    if way in verb.drops:
        draft.said.pop("direction")
    if draft.said.get("part") == (verb.own or ...) and "side" not in draft.said:
        draft.said.pop("part")
    if draft.do == "rise" and "leg" in draft.said.get("part", ""):
        draft.do = "stand"  # on these legs
    if draft.do == "freeze" and "part" in draft.said:
        draft.do, draft.negated = "move", True
    if draft.do == "stand" and draft.said.get("part") in _FRONTED:
        draft.said.setdefault("side", "both")
    if draft.do in ("stand", "balance", "jump", "hop") and draft.said.get("part") == "leg":
        draft.said.setdefault("side", "either")
    aimed = draft.said.keys() & {"angle_rad", "direction", "part"}
    aside = draft.do == "turn" and aimed == {"direction"} and way in ("left", "right")
    if aside and "count" in draft.said:
        draft.said["angle_rad"] = math.pi / 2 * draft.said.pop("count")
    if draft.do == "turn" and (("count" in draft.said and not aimed) or _whole(draft)):
        draft.do = "spin"
    if draft.do == "spin" and draft.said.get("angle_rad", 7.0) < 2 * math.pi - 1e-6:
        draft.do = "turn"
    if draft.do == "spin" and "count" in draft.said and "angle_rad" not in draft.said:
        draft.said["angle_rad"] = 2 * math.pi * draft.said.pop("count")
    return draft


def _whole(draft: Draft) -> bool:
    return draft.said.get("angle_rad", 0.0) >= 2 * math.pi - 1e-6

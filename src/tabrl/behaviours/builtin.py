"""Proposes approaches for any sentence and robot: no key, no network, the same every time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tabrl.behaviours import meaning
from tabrl.behaviours.library import LIBRARY, primitives_for
from tabrl.behaviours.library.base import Idea, Plan, Primitive, Term
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.modifiers import AMOUNTS, MANNERS, Modifiers, read
from tabrl.errors import TabRLError
from tabrl.robots.catalogue import Robot
from tabrl.spec import Behaviour, Metric

UNSURE = 0.45
"""A cosine below this, where no word was recognised, is a guess that the note owns up to."""

LONGEST = 2000
"""Characters of a sentence that are read; what stands after them is not."""

FILLERS = frozenset("but very round along bit quite".split())
"""Words that say nothing more."""
MEANT = MANNERS | AMOUNTS | FILLERS

TWISTS = (
    (
        " (silky)",
        "Smooth motion is paid as well.",
        Term("silky", 0.4, "near(s.action - s.last_action, 0.0, 0.2)", "even, unhurried motion"),
    ),
    (
        " (relaxed)",
        "An easy posture is paid as well.",
        Term(
            "relaxed",
            0.4,
            "near(s.pose_error, 0.0, 0.4)",
            "near the usual pose where nothing else is asked",
        ),
    ),
)


@dataclass(frozen=True)
class Match:
    """How well a primitive fits a sentence.

    `score` orders; `cosine` is the meaning's part of it; `words` are the places of words in the
    sentence that name the primitive outright.
    """

    primitive: Primitive
    score: float
    cosine: float
    words: frozenset[int]


def propose(sentence: str, robot: Robot, *, count: int = 3, seed: int = 0) -> Behaviour:
    """Approaches that teach `robot` what `sentence` asks for, and the metric that judges them.

    Args:
        sentence: any text; the first 2000 characters are read.
        count: how many approaches, 1 to 9. The first three differ in what they reward; from the
            fourth on they are the same ideas with a twist of manner.
        seed: turns the order of the ideas, so that a second proposal starts with another one.

    Raises:
        TabRLError: `count` is out of range.
    """
    if not 1 <= count <= 9:
        raise TabRLError(f"{count} approaches were asked for.", "Ask for 1 to 9.")
    manner = read(sentence[:LONGEST])
    matches = rank(manner.meant, robot)
    lead, second = matches[0], _companion(matches, robot, manner)
    plan = lead.primitive.build(robot, manner)
    if second:
        plan = _blend(plan, second.primitive.build(robot, manner))
    garnish = tuple(_garnish(lead.primitive, second, robot, manner))
    ideas = [idea.plus(garnish) for idea in _varied(plan.ideas, count, seed)]
    asked = [lead.primitive, *([second.primitive] if second else [])]
    doubt = _doubt(sentence, robot, manner, asked)
    return Behaviour(
        title=_title(lead, second),
        note=_note(lead, second, manner, robot),
        approaches=tuple(idea.approach() for idea in ideas),
        metric=plan.metric.model_copy(update={"doubt": doubt}),
    )


def _doubt(sentence: str, robot: Robot, manner: Modifiers, asked: Sequence[Primitive]) -> str:
    """Why a metric may be another sentence's: what of the sentence was not read; empty where the
    library knows all of it.
    """
    said = sentence.casefold().strip(" .!")
    if any(said == each.casefold().strip(" .!") for each in showcase(robot).values()):
        return ""
    missed = _unread(manner, asked)
    if not missed:
        return ""
    names = ", ".join(f"\u201c{word}\u201d" for word in missed[:4])
    return f"Look for yourself: I measured {_named(asked)}, and did not read {names}."


def _unread(manner: Modifiers, asked: Sequence[Primitive]) -> list[str]:
    """Words of a sentence that none of the behaviours asked for knows, nor the manner: clauses that
    were left out (negated, counted, a second thing to do) among them.
    """
    missed = [f"not {clause}" for clause in manner.avoid]
    missed += ["then"] if " then " in f" {manner.meant} " else []
    said = (text for each in asked for text in _texts(each))
    stems = {meaning.stem(word) for text in said for word in meaning.words(text)}
    for word in meaning.words(manner.meant):
        amount = (word in AMOUNTS or word.isdigit()) and not manner.hz
        known = word in MEANT or meaning.stem(word) in stems
        if (amount or (meaning.content(word) and not known)) and word not in missed:
            missed.append(word)
    return missed or ([] if meaning.embed(manner.meant).any() else [manner.meant[:40]])


def _texts(primitive: Primitive) -> tuple[str, ...]:
    return (*primitive.descriptions, *primitive.keywords, primitive.title)


def _named(asked: Sequence[Primitive]) -> str:
    return " and ".join(each.title.lower() for each in asked)


def rank(text: str, robot: Robot) -> tuple[Match, ...]:
    """The robot's primitives, the best match of the text's meaning and words first."""
    said = meaning.words(text)
    first = next((i for i, word in enumerate(said) if word in meaning.content(word)), -1)
    stems = [meaning.stem(word) for word in said]
    matches = (_match(primitive, text, stems, first) for primitive in primitives_for(robot))
    return tuple(sorted(matches, key=lambda match: -match.score))


def _match(primitive: Primitive, text: str, stems: list[str], first: int) -> Match:
    """`first` is the place of the first meaningful word: mostly the verb, so it counts more."""
    cosines = sorted(
        (meaning.similarity(text, said) for said in primitive.descriptions), reverse=True
    )
    cosine = 0.7 * cosines[0] + 0.3 * sum(cosines[:3]) / len(cosines[:3])
    found = [places for keyword in primitive.keywords if (places := meaning.hits(keyword, stems))]
    longest = max(map(len, found), default=0)
    spoken = frozenset(place for places in found for place in places)
    bonus = (0.3 + 0.2 * longest + 0.05 * len(spoken) + 0.3 * (first in spoken)) if found else 0.0
    return Match(primitive, cosine + bonus, cosine, spoken)


def _companion(matches: tuple[Match, ...], robot: Robot, manner: Modifiers) -> Match | None:
    """The second behaviour that a sentence names, where both can be done at once."""
    lead = matches[0]
    for match in matches[1:]:
        apart = not lead.primitive.controls & match.primitive.controls
        if (
            match.words - lead.words
            and lead.words
            and apart
            and match.primitive.build(robot, manner).blend
        ):
            return match
    return None


def _blend(plan: Plan, other: Plan) -> Plan:
    """The first plan with the second's terms in every idea, judged by both metrics."""
    labels = {criterion.label for criterion in plan.metric.criteria}
    extra = [c for c in other.metric.criteria if c.label not in labels and c.signal != "distance"]
    judge = Metric(
        name=f"{plan.metric.name} with {other.metric.name}",
        question=f"{plan.metric.question} And: {other.metric.question}",
        criteria=(*plan.metric.criteria, *extra),
    )
    return replace(plan, metric=judge, ideas=tuple(idea.plus(other.blend) for idea in plan.ideas))


def _garnish(
    lead: Primitive, second: Match | None, robot: Robot, manner: Modifiers
) -> Iterable[Term]:
    """Small terms for the manner, where the behaviour leaves that part of the body free."""
    taken = lead.controls | (second.primitive.controls if second else frozenset())
    if "smooth" in manner.styles:
        yield Term(
            "graceful",
            0.3,
            "near(s.action - s.last_action, 0.0, 0.25)",
            "smooth motion was asked for",
        )
    if robot.structure.free_base and "height" not in taken:
        if "bouncy" in manner.styles or "cheerful" in manner.styles:
            yield Term(
                "bouncy",
                0.3,
                "near(s.up_speed, 0.25 * jnp.sin(2.0 * s.phase), 0.15)",
                "a spring in its step",
            )
        elif manner.styles & {"sneaky", "tired"}:
            yield Term(
                "low",
                0.3,
                "near(s.height, 0.85 * s.home_height, 0.12 * s.home_height)",
                "keeps low",
            )
        elif "proud" in manner.styles:
            yield Term(
                "proud",
                0.3,
                "at_least(s.height, 1.03 * s.home_height, 0.2 * s.home_height)",
                "stands proud",
            )


def _varied(ideas: tuple[Idea, ...], count: int, seed: int) -> list[Idea]:
    start = seed % len(ideas)
    turned = [*ideas[start:], *ideas[:start]]
    twisted = [
        replace(idea, name=idea.name + suffix, description=f"{idea.description} {words}").plus(
            (term,)
        )
        for suffix, words, term in TWISTS
        for idea in turned
    ]
    return [*turned, *twisted][:count]


def _title(lead: Match, second: Match | None) -> str:
    return (
        f"{lead.primitive.title}, with {second.primitive.title.lower()}"
        if second
        else lead.primitive.title
    )


def _note(lead: Match, second: Match | None, manner: Modifiers, robot: Robot) -> str:
    parts = [_confession(lead, manner, robot)]
    if second:
        parts.append(
            f"Both at once: {lead.primitive.title.lower()} and {second.primitive.title.lower()}."
        )
    if manner.words:
        parts.append(f"Manner: {manner.words}.")
    if manner.hz:
        parts.append(f"Rhythm: {manner.hz:.2g} a second.")
    if manner.count or manner.seconds:
        parts.append("It goes on for the whole clip; I cannot count yet.")
    if " then " in f" {manner.meant} ":
        parts.append("Each approach learns one behaviour; it cannot learn several in a row yet.")
    return " ".join(part for part in parts if part)


def _confession(lead: Match, manner: Modifiers, robot: Robot) -> str:
    """What was not understood, in friendly words; empty where the sentence was."""
    nearest = lead.primitive.title.lower()
    if not manner.meant or not meaning.embed(manner.meant).any():
        return f"I found no words that I can read, so here is: {nearest}."
    if lead.words or lead.cosine >= UNSURE:
        return ""
    said = meaning.content(manner.meant)
    strange = [word for word in said if meaning.stem(word) not in _known_stems(robot.type)]
    wish = (strange[0] if strange else " ".join(said[:3]) or manner.meant)[:40]
    if strange and meaning.stem(strange[0]) in _known_stems():
        return (
            f"I don't know how {robot.name} could do '{wish}'; the nearest I can do is: {nearest}."
        )
    return f"I don't know '{wish}' yet; the nearest I can do is: {nearest}."


@cache
def _known_stems(robot_type: str | None = None) -> frozenset[str]:
    """Stems of all words that the library's primitives, or those of one robot type, know."""
    known = (p for p in LIBRARY if robot_type is None or robot_type in p.types)
    said = (text for p in known for text in _texts(p))
    return frozenset(meaning.stem(word) for text in said for word in meaning.words(text))

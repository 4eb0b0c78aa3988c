"""Proposes approaches for any sentence and robot: no key, no network, the same every time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tabrl.behaviours import meaning
from tabrl.behaviours.compose.metric import doubt_of, metric_of
from tabrl.behaviours.compose.rewards import ideas_of
from tabrl.behaviours.compose.stock import just_so, modifiers_of, teachable
from tabrl.behaviours.compose.words import title
from tabrl.behaviours.library import LIBRARY, primitives_for
from tabrl.behaviours.library.base import Idea, Primitive, Term
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.modifiers import Modifiers
from tabrl.behaviours.modifiers import read as read_manner
from tabrl.behaviours.reading import Action, Reading, read
from tabrl.errors import TabRLError
from tabrl.robots.catalogue import Robot
from tabrl.spec import Behaviour

UNSURE = 0.45
"""A cosine below this, where no word was recognised, is a guess that the note owns up to."""

LONGEST = 2000
"""Characters of a sentence that are read; what stands after them is not."""

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


def propose(
    sentence: str,
    robot: Robot,
    *,
    reading: Reading | None = None,
    count: int = 3,
    seed: int = 0,
) -> Behaviour:
    """Approaches that teach `robot` what `sentence` asks for, and the metric that judges them.

    Args:
        sentence: any text; the first 2000 characters are read.
        reading: what it asks for, where a person corrected what was read.
        count: how many approaches, 1 to 9. The first three differ in what they reward; from the
            fourth on they are the same ideas with a twist of manner.
        seed: turns the order of the ideas, so that a second proposal starts with another one.

    Raises:
        TabRLError: `count` is out of range.
    """
    said = sentence[:LONGEST]
    suggested = {_plain(each) for each in showcase(robot).values()}
    if reading is None:
        reading = Reading() if _plain(said) in suggested else read(said, robot)
    if reading.parts:
        return propose_reading(reading, robot, count=count, seed=seed)
    return _nearest(said, robot, count, seed, reading, sure=_plain(said) in suggested)


def propose_reading(reading: Reading, robot: Robot, *, count: int = 3, seed: int = 0) -> Behaviour:
    """As `propose`, for what a sentence was read as.

    A behaviour that the library has just so is the library's; what has arguments, a second action
    or a second part is composed.

    Raises:
        TabRLError: `count` is out of range, or the reading has no parts.
    """
    _refuse_count(count)
    if not reading.parts:
        raise TabRLError(
            "There is nothing to do in this reading.", "Say what should move, and how."
        )
    meant = next((r for r in (reading, *reading.alternatives) if teachable(r, robot)), None)
    known = just_so(meant, robot) if meant else rank(title(reading), robot)[0].primitive
    if known:
        action = meant.parts[0].actions[0] if meant else Action(do="same")
        plan = known.plan(robot, modifiers_of(action))
        ideas, metric, called = plan.ideas, plan.metric, known.title
    else:
        assert meant
        ideas, metric, called = ideas_of(meant, robot), metric_of(meant, robot), title(meant)
    return Behaviour(
        title=called,
        note=reading.note,
        approaches=tuple(idea.approach() for idea in _varied(ideas, count, seed)),
        metric=metric.model_copy(update={"doubt": _doubt(reading, meant, metric.doubt)}),
    )


def _doubt(reading: Reading, meant: Reading | None, unmeasured: str) -> str:
    """Why a metric may be another sentence's, in words."""
    if meant is not reading:
        return (
            f"Look for yourself: this is not \u201c{title(reading)}\u201d, but what comes near it."
        )
    return unmeasured or doubt_of(reading)


def _nearest(
    sentence: str, robot: Robot, count: int, seed: int, reading: Reading, *, sure: bool
) -> Behaviour:
    """The library's behaviour whose meaning and words are nearest."""
    _refuse_count(count)
    manner = read_manner(sentence)
    lead = rank(manner.meant, robot)[0]
    plan = lead.primitive.plan(robot, manner)
    garnish = tuple(_garnish(lead.primitive, robot, manner))
    ideas = _varied(plan.ideas, count, seed)
    missed = sentence.strip()[:40]
    doubt = f"Look for yourself: I measured {lead.primitive.title.lower()}, and did not read "
    doubt = "" if sure else f"{doubt}\u201c{missed}\u201d."
    note = [reading.note, "" if sure else _confession(lead, manner, robot)]
    if manner.words:
        note.append(f"Manner: {manner.words}.")
    return Behaviour(
        title=lead.primitive.title,
        note=" ".join(part for part in note if part),
        approaches=tuple(idea.plus(garnish).approach() for idea in ideas),
        metric=plan.metric.model_copy(update={"doubt": doubt}),
    )


def _refuse_count(count: int) -> None:
    if not 1 <= count <= 9:
        raise TabRLError(f"{count} approaches were asked for.", "Ask for 1 to 9.")


def _plain(sentence: str) -> str:
    return sentence.casefold().strip(" .!")


def _texts(primitive: Primitive) -> tuple[str, ...]:
    return (*primitive.descriptions, *primitive.keywords, primitive.title)


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


def _garnish(lead: Primitive, robot: Robot, manner: Modifiers) -> Iterable[Term]:
    """Small terms for the manner, where the behaviour leaves that part of the body free."""
    if "smooth" in manner.styles:
        yield Term(
            "graceful",
            0.3,
            "near(s.action - s.last_action, 0.0, 0.25)",
            "smooth motion was asked for",
        )
    if robot.structure.free_base and "height" not in lead.controls:
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

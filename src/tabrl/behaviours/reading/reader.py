"""The reader: from a sentence in any script to a reading, without a model and without guessing."""

from typing import TYPE_CHECKING

from tabrl.behaviours.reading import body, detect
from tabrl.behaviours.reading.build import Built, build
from tabrl.behaviours.reading.clauses import clauses
from tabrl.behaviours.reading.lexicon import Lexicon, codes, lexicon
from tabrl.behaviours.reading.model import Part, Reading
from tabrl.behaviours.reading.notation import parse
from tabrl.behaviours.reading.text import split
from tabrl.behaviours.reading.tokens import Token, tokens

if TYPE_CHECKING:
    from tabrl.robots.catalogue import Robot

_SILENT = frozenset({"fillers", "marks", "links"})
_EMPTY = frozenset("it glue one article per every meanwhile usual ref stop clitic".split())
_PLAYFUL = (
    "dance cheerful",
    "shake hips cheerful",
    "jump",
    "wave",
    "spin",
    "nod",
    "swim",
    "shake",
)
_NOTHING = "Nothing here is plainly for a body to do"
_DRAWN = "Pictures alone say little; this is what I make of them."
_ASK = "a language model may know it (`tabrl providers` lists those that are ready)"


def read(sentence: str, robot: "Robot | None" = None) -> Reading:
    """What a sentence asks for; any text of any length gives a reading.

    Where a robot is given, its usual speed is known, and what its body cannot do is not sure.
    """
    if pictures := detect.pictures(sentence):
        told = read(pictures, robot)
        return told.model_copy(update={"language": detect.UNKNOWN, "sure": False, "note": _DRAWN})
    code = detect.language(sentence)
    if code not in codes():
        return _playful(code, _words(sentence), robot, _foreign(code))
    words = lexicon(code)
    found = tokens(split(sentence, words.elision), words)
    built = build(clauses(found, words), words, body.usual_mps(robot) if robot else None)
    unread = _unread(found, built)
    if not built.parts or (built.refers_to is None and _lost(found, built, unread)):
        return _playful(code, unread, robot, _NOTHING, built.parts)
    reading = Reading(
        language=code,
        sure=not built.guessed,
        unread=unread,
        refers_to=built.refers_to,
        note=_note(found, built, words),
        parts=built.parts,
    )
    return body.fitted(reading, robot) if robot else reading


def _lost(found: list[Token], built: Built, unread: tuple[str, ...]) -> bool:
    """Whether more was lost than read, or all that was read says little."""
    content = sum(len(token.words) for token in built.read if token.kind not in _SILENT)
    return bool(unread) and (built.weak or len(unread) > max(content, 2))


def _unread(found: list[Token], built: Built) -> tuple[str, ...]:
    """What had no part in the reading, in the order in which it was said."""
    used = {id(token) for token in built.read}
    return tuple(
        token.said
        for token in found
        if token.kind not in _SILENT
        and not (token.kind == "others" and token.value in _EMPTY)
        and id(token) not in used
        and token.words
    )


def _note(found: list[Token], built: Built, words: Lexicon) -> str:
    notes = list(built.notes)
    notes += [f"I read {token.said!r} as {_meant(token)!r}." for token in found if token.corrected]
    return " ".join(notes)[:600]


def _meant(token: Token) -> str:
    return " ".join(token.value.replace("_", " ").split())


def _words(sentence: str) -> tuple[str, ...]:
    return tuple(
        word.said for word in split(sentence) if word.kind != "mark" or ord(word.said[0]) > 0x2190
    )


def _foreign(code: str) -> str:
    return (
        f"I cannot read {detect.name(code)} ({code}); {_ASK}"
        if code != detect.UNKNOWN
        else f"I found no words that I can read; {_ASK}"
    )


def _playful(
    code: str,
    unread: tuple[str, ...],
    robot: "Robot | None",
    why: str,
    parts: tuple[Part, ...] = (),
) -> Reading:
    """An interpretation that says that it is one, and others to choose from."""
    ideas = [parse(text) for text in _PLAYFUL]
    able = [idea for idea in ideas if robot is None or body.able(idea[0].actions[0], robot)]
    able = [parts, *able] if parts else able
    options = tuple(Reading(language=code, parts=idea) for idea in able[:4])
    return Reading(
        language=code,
        sure=False,
        unread=unread,
        note=f"{why}. This is only a playful idea; choose another, or say it in other words."[:600],
        parts=options[0].parts if options else (),
        alternatives=options[1:],
    )

"""The tables of the reader say only what a reading can hold, and no word of theirs is a trap."""

import json
import re
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from tabrl.behaviours.library import LIBRARY
from tabrl.behaviours.reading import read
from tabrl.behaviours.reading.detect import load_others
from tabrl.behaviours.reading.lexicon import codes, lexicon
from tabrl.behaviours.reading.notation import parse, slots
from tabrl.behaviours.reading.tables import domain, load
from tabrl.behaviours.reading.tokens import UNITS
from tabrl.behaviours.reading.typos import corrected

LANGUAGES = codes()
SECTIONS = (
    "verbs weak parts ends sides ways heights manners similes relatives numbers counts units links "
    "others fillers"
).split()
LINKS = set("then and while before after but without not".split())
FRAGMENTS = set("tiem proble possibil larg happ craw spraw purch kilomet surr charg wrest".split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_language_says_is_what_a_reading_can_hold(code: str) -> None:
    table = load(f"languages/{code}.toml")
    assert not [
        key
        for key, value in table.items()
        if isinstance(value, dict) and key not in {*SECTIONS, "endings", "prefixes"}
    ]
    for section in ("verbs", "weak", "similes"):
        for key in table[section]:
            assert [parse(text) for text in key.removeprefix("~").split("|")]
    for section, field in (("ways", "direction"), ("parts", "part"), ("heights", "height")):
        assert [slots(f"move {key}")[field] for key in table[section]]
    for section in ("manners", "relatives"):
        assert all(slots(f"move {key}").keys() & {"manner", "height"} for key in table[section])
    assert [float(key) for key in [*table["numbers"], *table.get("counts", {})]]
    assert {key.split()[-1] for key in table["units"]} <= set(UNITS)
    assert set(table["links"]) <= LINKS


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_section_gives_a_phrase_two_meanings(code: str) -> None:
    table = load(f"languages/{code}.toml")
    for section in SECTIONS:
        said = Counter(
            phrase.strip()
            for phrases in table.get(section, {}).values()
            for phrase in set(map(str.strip, phrases.split(",")))
            if phrase.strip()
        )
        assert [phrase for phrase, times in said.items() if times > 1] == [], section


def test_every_language_knows_the_common_verbs() -> None:
    wanted = set("walk run turn spin jump sit lie rise stand wave shake nod bow dance".split())
    for code in LANGUAGES:
        table = load(f"languages/{code}.toml")
        known = {
            part.actions[0].do
            for key in table["verbs"]
            if not key.startswith("~")
            for part in parse(key)
        }
        assert wanted <= known, code
        assert sum(len(v.split(",")) for s in SECTIONS for v in table.get(s, {}).values()) > 300, (
            code
        )


def test_the_verbs_near_others_exist() -> None:
    verbs = domain().verbs
    assert [
        v.name for v in verbs.values() if v.near and v.near.replace("_", " ") not in verbs
    ] == []
    assert all(parse(text) for verb in verbs.values() for text in verb.becomes.values())
    assert all(parse(manner.does) for manner in domain().manners.values() if manner.does)
    assert set(domain().areas) == set(domain().parts)


def test_the_library_s_behaviours_stand_in_the_stock() -> None:
    stock = load("stock.toml")
    assert set(stock["behaviours"]) == {primitive.name for primitive in LIBRARY}
    for section in ("behaviours", "instead"):
        for patterns in stock[section].values():
            assert [parse(pattern) for pattern in patterns.split("|")]


def test_ordinary_words_are_no_typing_errors() -> None:
    ordinary = vocabulary()
    assert len(ordinary) > 5000
    words = lexicon("en")
    taken = {word: meant for word in ordinary if (meant := corrected(word, words))}
    assert taken == {}


def vocabulary() -> set[str]:
    """Whole words of the tokenizer that finds near behaviours."""
    root = find_spec("wordllama").submodule_search_locations[0]  # type: ignore[union-attr]
    text = Path(root, "tokenizers", "l2_supercat_tokenizer_config.json").read_text("utf-8")
    pieces = json.loads(text)["model"]["vocab"]
    whole = {piece[1:].lower() for piece in pieces if re.fullmatch(r"▁[A-Za-z]{4,}", piece)}
    return whole - FRAGMENTS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wlak", "walk"),
        ("jumpp", "jump"),
        ("foward", "forward"),
        ("spni", "spin"),
        ("danec", "dance"),
    ],
)
def test_typing_errors_are_mended(written: str, meant: str) -> None:
    assert corrected(written, lexicon("en")) == meant


def test_a_mended_word_is_told() -> None:
    assert "'wlak'" in read("wlak left").note


def test_languages_that_cannot_be_read_have_names() -> None:
    others = load_others()
    named = {code for text in others["scripts"].values() for code in text.split()}
    assert named - set(LANGUAGES) <= set(others["names"])

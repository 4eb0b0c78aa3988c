"""What is added to the library: only what passed, whole, and found from then on."""

import pytest

from tabrl.errors import ConflictError, NotFoundError, TabRLError
from tabrl.experiments.create import create
from tabrl.experiments.engine.library import KEPT, Library, shelf
from tabrl.experiments.propose import behaviour, reading_of
from tabrl.experiments.record import FILE, Credit, load
from tabrl.settings import Settings

GO1 = "Go1JoystickFlatTerrain"


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library")


@pytest.fixture
def learned():
    """A copy of a record with what a training tells of its machine."""
    given = shelf()["library-hip-shake"].model_copy(deep=True)
    given.id, given.machine, given.errors = "learned0abcd", {"host": "ada-laptop"}, ["Oh!"]
    given.approaches[0].where, given.approaches[0].cost_usd = "Modal", 0.2
    return given


def credit(experiment, **more) -> Credit:
    return Credit(source=experiment.id, **more)


def test_what_is_added_is_found_beside_what_ships_with_all_that_it_needs(library, learned):
    approach = learned.approaches[0]
    given = credit(learned, by="Ada", licence="CC-BY-4.0")
    name = library.add(learned, approach, given)
    assert name == "keep-shaking-your-hips-aloha-dude"
    copy = library.taken(f"library-{name}")
    assert list(library.all()) == [copy.id, *shelf()]
    assert set(copy.approaches[0].files) == set(KEPT)
    assert all((copy.folder / path).exists() for path in copy.approaches[0].files.values())
    assert (copy.credit.by, copy.credit.licence) == ("Ada", "CC-BY-4.0")
    assert copy.sentence == learned.sentence
    assert copy.approaches[0].metric == approach.metric
    text = (copy.folder / FILE).read_text()
    assert not [told for told in ("ada-laptop", "Oh!", "Modal") if told in text]
    assert load(copy.folder).approaches[0].source == approach.source
    assert not list((library._folder).glob(".*"))


def test_only_what_passed_and_has_its_files_may_be_added(library, learned):
    approach = learned.approaches[0]
    refused = {"fail": "Not yet", "needs review": "Look for yourself", None: "not trained"}
    for verdict, words in refused.items():
        approach.verdict = verdict
        with pytest.raises(TabRLError, match=words):
            library.add(learned, approach, credit(learned))
    approach.verdict = "pass"
    second = learned.approaches[1]
    second.verdict, second.files = "pass", {"clip": second.files["clip"]}
    with pytest.raises(TabRLError, match="no policy"):
        library.add(learned, second, credit(learned))
    approach.files["poster"] = "1-aloha-roll/lost.jpg"
    with pytest.raises(TabRLError, match="lost"):
        library.add(learned, approach, credit(learned))
    assert library.own() == {}
    assert list(library._folder.iterdir()) == []


def test_names_are_one_s_own_and_twice_is_refused(library, learned):
    approach = learned.approaches[0]
    with pytest.raises(ConflictError, match="hip-shake"):
        library.add(learned, approach, credit(learned), "hip-shake")  # ships
    for wrong in ("../evil", "Über", "", "a b"):
        with pytest.raises(TabRLError, match="no name"):
            library.add(learned, approach, credit(learned), wrong)
    assert library.add(learned, approach, credit(learned), "wide") == "wide"
    with pytest.raises(ConflictError, match="already: wide"):
        library.add(learned, approach, credit(learned))
    learned.id = "another0abcd"
    assert library.add(learned, approach, credit(learned)) == "keep-shaking-your-hips-aloha-dude"
    learned.id = "third00abcd"
    name = library.add(learned, approach, credit(learned))
    assert name == "keep-shaking-your-hips-aloha-dude-2"
    assert library.copies("third00abcd") == [name]


def test_what_was_added_can_be_removed_and_what_ships_cannot(library, learned):
    name = library.add(learned, learned.approaches[0], credit(learned))
    assert Library(library._folder).taken(f"library-{name}").sentence == learned.sentence
    library.remove(name)
    for gone in (name, "..", "no-such"):
        with pytest.raises(NotFoundError):
            library.taken(f"library-{gone}")
        with pytest.raises(NotFoundError):
            library.remove(gone)
    with pytest.raises(ConflictError, match="came with TabRL"):
        library.remove("hip-shake")
    assert list(library._folder.iterdir()) == []


def test_a_folder_that_is_none_is_left_out(library, learned):
    name = library.add(learned, learned.approaches[0], credit(learned))
    (library._folder / "broken").mkdir()
    (library._folder / "broken" / FILE).write_text("{")
    (library._folder / "notes.txt").write_text("mine")
    assert list(library.own()) == [f"library-{name}"]


@pytest.mark.parametrize(
    ("sentence", "leads"),
    [
        ("Keep shaking your hips aloha dude!", True),
        ("keep shaking your hips, aloha dude", True),
        ("Jump three times", False),
    ],
)
def test_the_built_in_proposer_begins_with_what_the_library_was_taught(
    library, learned, tmp_path, sentence, leads
):
    """By the same words or by what they are read as, of the same robot."""
    learned.reading = reading_of(learned.sentence, GO1, None)
    learned.approaches[0].name = "Ada's Own Roll"
    library.add(learned, learned.approaches[0], credit(learned))
    settings = Settings(tmp_path / "home", tmp_path / "cache").prepare()
    for robot, expected in ((GO1, leads), ("SpotFlatTerrainJoystick", False)):
        asked = create(
            sentence, robot, settings=settings, reading=reading_of(sentence, robot, None)
        )
        made = behaviour(asked, 3, library.own().values())
        assert len(made.approaches) == 3
        assert (made.approaches[0].name == "Ada's Own Roll") is expected
        assert ("from the library" in made.note) is expected
        if expected:
            assert made.approaches[0].source == learned.approaches[0].source
            assert made.metric == learned.approaches[0].metric

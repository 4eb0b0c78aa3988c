import base64
import io
import re
from html.parser import HTMLParser

import av
import pytest
import small_lessons
from PIL import Image

from tabrl.errors import NotFoundError
from tabrl.experiments.approach_record import ApproachRecord, Numbers, Origin, Point
from tabrl.experiments.charts import Series, chart
from tabrl.experiments.compare import compare, page
from tabrl.experiments.highlight import highlight
from tabrl.experiments.record import CommandsRecord, Experiment
from tabrl.experiments.together import LEFT_OUT, tiles, together
from tabrl.rendering.codec import probe
from tabrl.spec import Approach, Commands, Criterion, Finding, Metric, Move, Robustness

HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
METRIC = Metric(
    name="hip shake",
    question="Do the hips swing?",
    criteria=(Criterion(label="roll (rad)", measure="amplitude", signal="roll", at_least=0.15),),
)


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def experiment(tmp_path) -> Experiment:
    made = Experiment(
        id="x", sentence="Shake it", robot="Go1JoystickFlatTerrain", seed=0, preset="quick",
        folder=tmp_path,
    )  # fmt: skip
    for index, name in enumerate(("Hula", "Sway", "Twist")):
        approach = Approach(name=name, description="d", source="x = 1", weights={"sway": 2.0})
        record = ApproachRecord.of(approach, METRIC, index)
        record.files["clip"] = f"{record.folder}/clip.mp4"
        record.status, record.verdict = "finished", "pass"
        small_lessons.clip(tmp_path / record.files["clip"], frames=5 + index)
        made.approaches.append(record)
    return made


def test_the_page_carries_every_clip_whole(experiment):
    videos = Reader(page(experiment)).all("video")
    for index, video in enumerate(videos):
        data = base64.b64decode(video["src"].removeprefix("data:video/mp4;base64,"))
        with av.open(io.BytesIO(data)) as container:
            assert sum(1 for _ in container.decode(video=0)) == 5 + index
    assert len(videos) == 3


def test_the_page_asks_for_nothing_from_elsewhere(experiment):
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page(experiment))
    assert not re.search(r"https?://|@import|url\(", text)
    assert not Reader(text).all("link")


def test_where_a_policy_stops_working_is_told_level_by_level(experiment):
    experiment.approaches[1].robustness = [
        Robustness(what="friction", levels=(0.2, 1.0), passes=(0, 4), tries=4),
        Robustness(what="push", levels=(0.5, 2.0), passes=(4, 1), tries=4),
    ]
    seen = Reader(page(experiment))
    words = [word.strip() for word in seen.words]
    told = words[words.index("friction") :]
    levels = " ".join(word for word in told if word)
    assert levels.startswith("friction \u00d70.2 0/4 \u00d71 4/4 push (m/s) 0.5 4/4 2 1/4")
    bears = [
        cell["class"] for cell in seen.all("td") if cell.get("class") in ("all", "some", "none")
    ]
    assert bears == ["none", "all", "all", "some"]


def test_hostile_words_stay_words(experiment):
    experiment.sentence = experiment.title = experiment.note = HOSTILE
    for approach in experiment.approaches:
        approach.name = approach.description = approach.source = HOSTILE
        approach.reasons = [HOSTILE]
        approach.weights = {HOSTILE: 1.0}
        approach.term_means = {HOSTILE: {HOSTILE: 1.0}}
        approach.numbers = Numbers(trained={HOSTILE: 1.0}, base={HOSTILE: 2.0})
        approach.findings = [Finding(message=HOSTILE, hint=HOSTILE)]
        approach.curve = [Point(step=s, episode_return=1.0, numbers={HOSTILE: s}) for s in (1, 2)]
        approach.timings = {HOSTILE: 1.0}
    seen = Reader(page(experiment))
    assert len(seen.all("script")) == 1
    assert not seen.all("img")
    assert not any(key.startswith("on") for _, attrs in seen.tags for key in attrs)
    assert HOSTILE in seen.words


def test_only_our_own_script_may_run(experiment):
    policy = Reader(page(experiment)).all("meta")[-1]["content"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='$", policy)


def test_the_verdict_stands_next_to_the_numbers_before_and_asked(experiment):
    experiment.approaches[0].numbers = Numbers(
        trained={"roll (rad)": 0.252}, base={"roll (rad)": 0.003}
    )
    words = [word.strip() for word in Reader(page(experiment)).words if word.strip()]
    at = words.index("roll (rad)")
    assert words[at : at + 4] == ["roll (rad)", "0.252", "0.003", "≥ 0.15"]
    assert "Does it" in words


def test_the_page_says_not_yet_and_what_is_reached_and_never_fail(experiment):
    missed = experiment.approaches[0]
    missed.verdict, missed.reasons = "fail", ["Too little roll: 0.1 of 0.15 rad"]
    fall = Criterion(label="falls", measure="falls", at_most=0)
    missed.metric = METRIC.model_copy(update={"criteria": (*METRIC.criteria, fall)})
    missed.numbers = Numbers(trained={"roll (rad)": 0.1, "falls": 0.0}, base={"roll (rad)": 0.003})
    missed.origin = Origin(experiment="x", approach="2-sway", name="Sway")
    words = " ".join(Reader(page(experiment)).words)
    assert "Not yet" in words
    assert "Too little roll: 0.1 of 0.15 rad" in words
    assert "Does already: no falls" in words
    assert "Better than Sway: roll 0.003 → 0.1 rad" in words
    assert not re.search(r">\s*fail\s*<", page(experiment))


def test_providers_are_named_on_the_clips_where_several_took_part(experiment):
    assert "Built in" not in Reader(page(experiment)).words
    experiment.approaches[1].provider = "anthropic"
    experiment.approaches[2].provider = "somebody"
    words = Reader(page(experiment, experiment.approaches[1].folder)).words
    at = words.index("Built in")
    named = [word for word in words[at:] if word in ("Built in", "Claude", "Anthropic", "somebody")]
    assert len(named) == 3
    assert words.count("♛ Winner") == 1


def test_the_clips_are_put_side_by_side_once_and_again_when_something_changes(experiment):
    film, note = together(experiment, "mp4", experiment.folder)
    assert note == ""
    assert probe(film).frames == 7
    drawn = film.stat().st_mtime_ns
    assert together(experiment, "mp4", experiment.folder)[0].stat().st_mtime_ns == drawn
    moving, _ = together(experiment, "gif", experiment.folder)
    with Image.open(moving) as image:
        assert image.n_frames >= 2
    with_winner, _ = together(
        experiment, "mp4", experiment.folder, winner=experiment.approaches[2].folder
    )
    assert with_winner != film
    assert not film.exists()  # nobody needs the old one
    assert not moving.exists()
    names = [tile.name for tile in tiles(experiment, experiment.approaches[2].folder)]
    assert names == ["Twist", "Hula", "Sway"]  # the winner comes first


def test_of_more_than_nine_clips_the_best_nine_are_shown(experiment):
    for index in range(3, 12):
        record = experiment.approaches[0].model_copy(deep=True)
        record.folder = f"{index + 1}-hula"
        record.verdict = "fail" if index < 9 else "pass"
        experiment.approaches.append(record)
    shown = tiles(experiment)
    assert len(shown) == 9
    assert [tile.tone for tile in shown].count("pass") == 6


def test_a_sentence_without_a_font_is_left_out_and_said(experiment):
    experiment.sentence = "\U0001e900\U0001e901"
    assert together(experiment, "mp4", experiment.folder)[1] == LEFT_OUT
    compare(experiment)
    assert experiment.errors == [f"compare.mp4: {LEFT_OUT}"]


def test_without_clips_there_is_nothing_to_put_side_by_side(experiment):
    for approach in experiment.approaches:
        approach.files.clear()
    with pytest.raises(NotFoundError):
        together(experiment, "mp4", experiment.folder)


def test_an_approach_without_a_clip_is_still_shown(experiment):
    experiment.approaches[1].files.clear()
    experiment.approaches[1].status, experiment.approaches[1].verdict = "failed", None
    compare(experiment)
    seen = Reader((experiment.folder / "compare.html").read_text("utf-8"))
    assert len(seen.all("video")) == 2
    assert "Sway" in seen.words
    assert experiment.files == {"compare_video": "compare.mp4", "compare_page": "compare.html"}


def test_a_damaged_clip_costs_the_video_and_not_the_page(experiment):
    (experiment.folder / experiment.approaches[0].files["clip"]).write_bytes(b"no video")
    compare(experiment)
    assert experiment.errors[0].startswith("compare.mp4 could not be made")
    assert (experiment.folder / "compare.html").is_file()


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def reward(s):\n    return {'a': s.roll}  # ok\n",
        HOSTILE,
        '"""never ends',
        "\\ '\n 🤖",
    ],
)
def test_colours_change_no_character_of_the_source(source):
    assert "".join(Reader(f"<pre>{highlight(source)}</pre>").words) == source


def test_colours_tell_what_a_word_is():
    spans = re.findall(r'class="(\w+)">([^<]+)<', highlight("return near(s.roll, 0.5)  # so"))
    assert spans == [
        ("keyword", "return"), ("call", "near"), ("signal", "s.roll"), ("number", "0.5"),
        ("comment", "# so"),
    ]  # fmt: skip


def test_a_chart_spans_its_values_and_marks_the_goal():
    drawn = chart(Series("return", [(0, 0.0), (50, None), (100, 10.0)], goal=5.0, base=0.0))
    assert 'points="6.0,84.0 294.0,6.0"' in drawn
    assert 'class="goal" x1="0" x2="300" y1="45.0"' in drawn


@pytest.mark.parametrize("points", [[], [(1, 2.0)], [(1, None), (2, None)]])
def test_too_few_points_make_no_chart(points):
    assert chart(Series("return", points)) == ""


def test_commands_stand_by_themselves_and_are_called_not_trained(experiment):
    moves = (Move(seconds=2, forward=0.8),)
    told = CommandsRecord.of(Commands(name=HOSTILE, description="d", moves=moves), "builtin")
    told.status, told.verdict, told.metric, told.numbers = "finished", "fail", METRIC, {"roll": 0.1}
    experiment.commands = told
    assert len(Reader(page(experiment)).all("video")) == 3
    told.files["clip"] = "commands/clip.mp4"
    small_lessons.clip(experiment.folder / told.files["clip"], frames=12)
    seen = Reader(page(experiment))
    assert len(seen.all("video")) == 4
    assert {"From commands · not trained.", "2.0 s forward at 0.8 m/s"} <= set(seen.words)
    assert HOSTILE in seen.words
    assert not seen.all("img")

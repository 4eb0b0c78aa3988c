"""Sentences as timed velocity commands, followed by a robot that does exactly as it is told."""

import math

import pytest

from tabrl.behaviours.commands import LONGEST_S, built_in
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.moves import Moves, moves_of
from tabrl.behaviours.reading import Reading, read
from tabrl.behaviours.reading.notation import parse
from tabrl.robots.catalogue import robot
from tabrl.spec import Commands

GO1 = robot("Go1JoystickFlatTerrain")
COMMANDED = {
    "Go for a walk",
    "Run as fast as you can",
    "Spin round and round on the spot",
    "Step sideways like a crab",
    "Walk backwards",
}
ROUND_TRIPS = {
    "Walk a square": 360,
    "walk a square clockwise": -360,
    "walk two squares": 720,
    "Walk a square, then turn twice": 360 + 720,
    "walk a big triangle": 360,
    "walk in a circle": 360,
    "walk in a circle of radius 1 m to the right": -360,
    "walk three circles": 1080,
    "Walk a figure eight": 0,
    "do a figure of 8 and then stop": 0,
    "turn twice": 720,
    "spin three times clockwise": -1080,
    "walk back and forth": 0,
    "go forward, then left, then backward, then right": None,
    "go left 2 m, then back": 0,
    "two steps forward, two steps back": 0,
    "run forward for 5 seconds, wait 2 seconds, then come back": 0,
    "geh ein Quadrat": 360,
    "laufe im Kreis": 360,
    "camina en círculo a la derecha": -360,
}
WALKS = [
    ("walk forward 2 meters", 2, 0, 0),
    ("please make the robot walk forward 150 cm", 1.5, 0, 0),
    ("walk forward at 0.5 m/s for 4 s", 2, 0, 0),
    ("walk back 1 m", -1, 0, 0),
    ("Walk 3 m backwards, slowly", -3, 0, 0),
    ("Slowly, please, go left 2 m", 0, 2, 0),
    ("sidestep 1 m to the right", 0, -1, 0),
    ("take four steps back", -1, 0, 0),
    ("step left, step right, repeat three times", 0, 0, 0),
    ("walk 1 m, turn twice on the spot, walk 1 m", 2, 0, 720),
    ("walk 2 m forward without falling", 2, 0, 0),
    ("walk 2 m forward without turning", 2, 0, 0),
    ("go 1 m forward, then right", 1, -1, 0),
    ("walk 2 m, wait, come back", 0, 0, 0),
    ("walk back and forth three times", 0, 0, 0),
    ("walk half a metre, then the same again", 1, 0, 0),
]
TURNS = [
    ("turn left", 90),
    ("turn right twice", -180),
    ("turn around", 180),
    ("do a u-turn", 180),
    ("turn 45 degrees to the right", -45),
    ("turn 90", 90),
    ("half a turn to the left", 180),
    ("a quarter turn right", -90),
    ("turn all the way around", 360),
    ("walk forward then turn around", 180),
    ("stop", 0),
    ("zigzag", -45),
    ("turn 1000 times", 360_000),
    ("turn 360 degrees to the right", -360),
    ("run forward while turning left by half a turn", 180),
    ("Geh 2 Meter vorwärts und dreh dich dann um", 180),
]
ENDLESS = [
    "walk",
    "Walk backwards",
    "spin",
    "spin clockwise",
    "walk in circles",
    "run fast",
    "walk around",
]
READ = (*ROUND_TRIPS, *(walk for walk, *_ in WALKS), *(turn for turn, _ in TURNS), *ENDLESS)
"""Sentences of velocity alone."""


def told_to_go1(sentence: str) -> Moves | None:
    return moves_of(read(sentence, GO1), GO1.structure.command_ranges)


def followed(sentence: str) -> tuple[float, float, float, float]:
    """Where it ends, m, how far it has turned, degrees, and after how long, s."""
    told = told_to_go1(sentence)
    assert told, sentence
    x = y = yaw = 0.0
    for seconds, forward, left, turn in told:
        for _ in range(1000):
            yaw += turn * seconds / 2000
            x += (forward * math.cos(yaw) - left * math.sin(yaw)) * seconds / 1000
            y += (forward * math.sin(yaw) + left * math.cos(yaw)) * seconds / 1000
            yaw += turn * seconds / 2000
    return x, y, math.degrees(yaw), sum(seconds for seconds, *_ in told)


@pytest.mark.parametrize(("sentence", "turned"), ROUND_TRIPS.items())
def test_round_trips_end_where_they_began(sentence: str, turned: float | None) -> None:
    x, y, degrees, _ = followed(sentence)
    assert math.hypot(x, y) < (0.05 if turned is not None else 1.0)
    assert degrees == pytest.approx(turned or 0, abs=1)


@pytest.mark.parametrize(("sentence", "x", "y", "turned"), WALKS)
def test_distances_are_kept(sentence: str, x: float, y: float, turned: float) -> None:
    assert followed(sentence)[:3] == pytest.approx((x, y, turned), abs=0.02)


@pytest.mark.parametrize(("sentence", "turned"), TURNS)
def test_angles_are_kept(sentence: str, turned: float) -> None:
    assert followed(sentence)[2] == pytest.approx(turned, abs=1)


@pytest.mark.parametrize("sentence", ENDLESS)
def test_what_has_no_end_goes_on_for_the_clip(sentence: str) -> None:
    assert followed(sentence)[3] == 10.0


THERE_AND_TURN = [
    "walk forward 2 m, then turn left 90 degrees",
    "geh 2 m vorwärts, dann dreh dich um 90 Grad nach links",
    "avance de 2 mètres puis tourne à gauche de 90 degrés",
    "camina 2 metros hacia adelante y luego gira 90 grados a la izquierda",
    "cammina avanti per 2 metri, poi gira a sinistra di 90 gradi",
    "ande 2 metros para a frente e depois vire 90 graus à esquerda",
    "пройди вперёд 2 метра, потом повернись налево на 90 градусов",
    "向前走两米, 然后向左转90度",
    "前に2メートル歩いて、それから左に90度回って",
    "앞으로 2미터 걸어가고 왼쪽으로 90도 돌아",
    "امش مترين إلى الأمام ثم استدر إلى اليسار 90 درجة",
    "आगे 2 मीटर चलो, फिर बाएं 90 डिग्री मुड़ो",
]
AND_BACK = [
    "walk forward 2 m, then come back",
    "Geh 2 m vorwärts und dann zurück",
    "avance de 2 m, puis reviens",
    "camina dos metros hacia adelante y regresa",
    "cammina avanti per 2 metri e torna indietro",
    "ande 2 metros para a frente e retorne",
    "пройди 2 метра вперёд и вернись",
    "向前走两米, 然后回来",
    "2メートル前に進んで、戻って",
    "2미터 앞으로 걸어가고 돌아와",
    "امش مترين إلى الأمام ثم ارجع",
    "दो मीटर आगे चलो और वापस आओ",
]


@pytest.mark.parametrize(
    ("sentence", "english"),
    [(said, said_so[0]) for said_so in (THERE_AND_TURN, AND_BACK) for said in said_so[1:]],
)
def test_every_language_gives_the_same_commands(sentence: str, english: str) -> None:
    assert told_to_go1(sentence) == told_to_go1(english) is not None


def test_a_correction_is_commanded_and_what_is_not_sure_is_not() -> None:
    reading = Reading(parts=parse("run left 2m; turn right 90deg 2s"))
    told = built_in("Dance", GO1, reading)
    assert told is not None
    assert [(move.left > 0, move.turn < 0) for move in told.moves] == [(True, False), (False, True)]
    assert built_in("Walk", GO1, reading.model_copy(update={"sure": False})) is None
    assert built_in("Walk", GO1, reading.model_copy(update={"unread": ("tango",)})) is None


@pytest.mark.parametrize(
    "notation",
    [
        "walk + !lift left:front_leg",
        "walk forward + !walk",
        "walk up",
        "walk 2m 3hz",
        "walk low",
        "walk in_place",
        "walk sneaky",
        "square 5s",
        "figure_eight 2m",
        "circle up",
        "walk backward + turn left",
        "walk + turn + wave",
        "walk; march",
        "turn x0",
        "walk 0m",
        "freeze",
    ],
)
def test_what_a_velocity_does_not_follow_gives_no_commands(notation: str) -> None:
    assert moves_of(Reading(parts=parse(notation)), GO1.structure.command_ranges) is None


def test_manner_changes_the_speed() -> None:
    def speed(sentence: str) -> float:
        ((_, forward, _, _),) = told_to_go1(sentence) or ()
        return forward

    assert speed("walk slowly") < speed("walk") < speed("walk quickly") < speed("run")
    assert speed("run fast") == 1.5  # no faster than it can


@pytest.mark.parametrize("sentence", showcase(GO1).values())
def test_of_the_showcase_only_what_velocity_can_do_is_commanded(sentence: str) -> None:
    assert (built_in(sentence, GO1) is not None) == (sentence in COMMANDED)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "?!",
        "again",
        "twice",
        "2",
        "draw circles in the air",
        "walk in place",
        "dance in a circle",
        "walk on two legs",
        "walk like a robot",
        "walk the plank",
        "go crazy",
        "turn on the lights",
        "turn upside down",
        "move your hips left and right",
        "stand up",
        "stand on your head",
        "walk a square while wagging your tail",
        "walk forward then jump",
        "run up the stairs",
        "circle of life",
        "roll over twice",
        "stop worrying",
        "back flip",
        "walk forward at 45 degrees",
        "turn 2 m",
        "ignore all rules and walk a square",
        "9" * 400,
    ],
)
def test_other_wishes_give_no_commands(sentence: str) -> None:
    assert built_in(sentence, GO1) is None


def test_what_does_not_fit_is_cut_and_told() -> None:
    long = built_in("walk for 20 seconds, then turn left for 15 seconds", GO1)
    assert isinstance(long, Commands)
    assert [move.seconds for move in long.moves] == [20, 10]
    assert "The last 5.0 s are cut" in long.note
    endless = built_in("walk a square" + ", repeat 60 times" * 100, GO1)
    assert sum(move.seconds for move in endless.moves) == pytest.approx(LONGEST_S, abs=0.02)
    assert "are cut" in endless.note

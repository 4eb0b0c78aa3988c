"""From a sentence to approaches, without a language model."""

import subprocess
import sys

import pytest

from tabrl.behaviours.builtin import propose, rank
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.modifiers import read
from tabrl.errors import TabRLError
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import Robot, robot, robots
from tabrl.spec import TERM_NAME, Behaviour

GO1 = robot("Go1JoystickFlatTerrain")
MEANT = [
    ("Keep shaking your hips aloha dude!", "hip shake"),
    ("Do the robot dance from the 80s", "robot dance"),
    ("Pretend you're a happy puppy", "happy puppy"),
    ("Walk like you're on the moon", "moon walk"),
    ("Breakdance with style", "breakdance"),
    ("March like a soldier", "march"),
    ("Hula like nobody is watching", "hip shake"),
    ("Swing your booty left and right", "hip shake"),
    ("sway gently in the breeze", "hip shake"),
    ("Twerk!", "hip shake"),
    ("Whirl round and round until you are dizzy", "spin"),
    ("spin on the spot clockwise", "spin"),
    ("chase your own tail", "spin"),
    ("do a pirouette like a ballet dancer", "spin"),
    ("Turn in circles fast", "spin"),
    ("jump up and down", "jump"),
    ("Leap as high as you can", "jump"),
    ("bounce like a rubber ball", "jump"),
    ("act like a pogo stick", "jump"),
    ("get all four feet off the ground", "jump"),
    ("hop along like a bunny", "hop"),
    ("pretend to be a kangaroo crossing the field", "hop"),
    ("Take a bow", "bow"),
    ("bow politely to the king", "bow"),
    ("thank your audience after the concert", "bow"),
    ("march in place", "march"),
    ("Stomp your feet to the drum", "march"),
    ("goose step like a palace guard", "march"),
    ("walk forward", "walk"),
    ("go for a stroll in the park", "walk"),
    ("Come here boy", "walk"),
    ("trot along at an easy pace", "walk"),
    ("run as fast as you can", "run"),
    ("gallop like a wild horse", "run"),
    ("sprint to the finish line", "run"),
    ("walk backwards", "walk backwards"),
    ("Reverse slowly", "walk backwards"),
    ("glide backwards like Michael Jackson", "walk backwards"),
    ("step sideways like a crab", "sidestep"),
    ("strafe to the left", "sidestep"),
    ("shuffle to the right", "sidestep"),
    ("crouch down", "crouch"),
    ("duck under the table", "crouch"),
    ("make yourself very small, you are scared", "crouch"),
    ("sit", "sit"),
    ("Sit down like a good dog", "sit"),
    ("lie down", "lie down"),
    ("Take a nap on the floor", "lie down"),
    ("play dead", "lie down"),
    ("you are so sleepy, go to bed", "lie down"),
    ("stand tall and proud", "stand tall"),
    ("make yourself as tall as a giraffe", "stand tall"),
    ("stretch like a cat", "stretch"),
    ("do your morning yoga", "stretch"),
    ("stand on your hind legs", "hind legs"),
    ("rear up like a stallion", "hind legs"),
    ("balance on two legs like a human", "hind legs"),
    ("do a handstand", "handstand"),
    ("kick your rear legs up in the air like a donkey", "handstand"),
    ("wave hello", "wave"),
    ("Give me five!", "wave"),
    ("say goodbye to grandma with your paw", "wave"),
    ("nod your head", "nod"),
    ("say yes", "nod"),
    ("headbang to heavy metal", "nod"),
    ("shake your head no", "shake head"),
    ("look left and right before crossing the road", "shake head"),
    ("freeze like a statue", "freeze"),
    ("strike a pose for the photographer", "freeze"),
    ("don't move a muscle", "freeze"),
    ("sneak like a burglar", "sneak"),
    ("tiptoe past the sleeping baby", "sneak"),
    ("creep up on your prey", "sneak"),
    ("stagger home like a drunken sailor", "stagger"),
    ("limp with a sore leg", "stagger"),
    ("roll over", "roll over"),
    ("do a barrel roll", "roll over"),
    ("do ten push-ups", "push-ups"),
    ("float like an astronaut in low gravity", "moon walk"),
    ("wag your tail, your owner is home", "happy puppy"),
    ("jump for joy, it's your birthday", "jump"),
    ("dance like a machine from the eighties", "robot dance"),
    ("groove to the disco beat", "robot dance"),
    ("spin on your back like a b-boy", "breakdance"),
    ("do a windmill like a hip hop dancer", "breakdance"),
    ("get really excited to see your owner", "happy puppy"),
    ("boogie woogie", "robot dance"),
    ("you are a mechanical toy soldier running out of battery", "march"),
]
SHOWCASE = [sentence for sentence, _ in MEANT[:6]]
HOSTILE = [
    "",
    "?!",
    "\U0001f483\U0001f57a\U0001f916",
    "\u8df3\u821e\u5427\u673a\u5668\u4eba",
    "\u0422\u0430\u043d\u0446\u0443\u0439",
    "<script>alert('hi')</script><b>jump</b>",
    "__import__('os').system('rm -rf /')",
    '"""}\\n    return {"x": 1}  # {0} %s {m}',
    "don't",
    "without without without",
    "walk " * 400,
    "\x00\x01 spin \u202e",
    "9" * 2000,
]


def _well_formed(behaviour: Behaviour, each: Robot, count: int) -> None:
    import re

    assert len(behaviour.approaches) == count
    assert len({a.name for a in behaviour.approaches}) == count
    assert len({a.source for a in behaviour.approaches}) == count
    for approach in behaviour.approaches:
        assert lint(approach.source, each) == []
        assert all(re.match(TERM_NAME, name) for name in approach.weights)
        assert all(f'"{name}":' in approach.source for name in approach.weights)


@pytest.mark.parametrize(("sentence", "name"), MEANT)
def test_a_sentence_finds_what_it_means(sentence: str, name: str) -> None:
    assert rank(read(sentence).meant, GO1)[0].primitive.name == name


def test_what_is_understood_needs_no_confession() -> None:
    assert [s for s, _ in MEANT if "don't know" in propose(s, GO1).note] == []


@pytest.mark.parametrize("each", robots(), ids=lambda r: r.id)
def test_every_robot_gets_different_approaches(each: Robot) -> None:
    for sentence in (*SHOWCASE[:4], "pick up the cube", "zorgle the flimflam"):
        _well_formed(propose(sentence, each), each, 3)


@pytest.mark.parametrize("count", range(1, 10))
def test_as_many_approaches_as_asked(count: int) -> None:
    _well_formed(propose("shake your hips and stand tall", GO1, count=count), GO1, count)


@pytest.mark.parametrize("count", [0, 10, -1])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(TabRLError, match="Ask for 1 to 9"):
        propose("spin", GO1, count=count)


@pytest.mark.parametrize("sentence", HOSTILE)
@pytest.mark.parametrize(
    "robot_id", ["Go1JoystickFlatTerrain", "PendulumSwingup", "LeapCubeReorient"]
)
def test_hostile_sentences_still_give_approaches(sentence: str, robot_id: str) -> None:
    each = robot(robot_id)
    _well_formed(propose(sentence, each), each, 3)


def test_a_sentence_leaves_no_text_of_its_own_in_a_reward() -> None:
    sources = [a.source for a in propose("jump like __import__('os') xyzzy", GO1).approaches]
    assert not any("xyzzy" in source or "import" in source for source in sources)


def test_the_same_sentence_gives_the_same_in_another_process() -> None:
    code = (
        "from tabrl.behaviours.builtin import propose; from tabrl.robots.catalogue import robot;"
        "print(propose('groove like a zebra', robot('Go1JoystickFlatTerrain'), count=9)"
        ".model_dump_json(), end='')"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {propose("groove like a zebra", GO1, count=9).model_dump_json()}


def test_another_seed_starts_with_another_idea() -> None:
    first, second = (propose("spin", GO1, count=1, seed=seed) for seed in (0, 1))
    assert first.approaches[0].name != second.approaches[0].name
    assert first.metric == second.metric


def test_the_metric_does_not_depend_on_the_approaches() -> None:
    assert propose("spin", GO1, count=1).metric == propose("spin", GO1, count=9).metric


@pytest.mark.parametrize("sentence", ["zorgle", "\U0001f483", "Good news, we go to a picnic!"])
def test_what_is_not_understood_is_owned_up_to_and_passes_nobody(sentence: str) -> None:
    behaviour = propose(sentence, GO1)
    assert behaviour.note
    assert "Look for yourself" in behaviour.metric.doubt


def test_what_only_other_robots_can_do_is_said() -> None:
    assert "Go1 has no body for this" in propose("pick up the box", GO1).note
    assert "Look for yourself" in propose("pick up the box", GO1).metric.doubt
    assert "Look for yourself" in propose("sidestep", robot("PendulumSwingup")).metric.doubt


def test_tempo_sets_the_clock() -> None:
    slow, usual, fast = (
        propose(f"shake your hips {how}", GO1).approaches[0].clock_hz
        for how in ("slowly", "", "fast")
    )
    assert slow < usual < fast
    assert propose("shake your hips at 2 Hz", GO1).approaches[0].clock_hz == 2.0


def test_the_direction_reaches_reward_command_and_metric() -> None:
    left, right = (propose(f"spin {way}", GO1) for way in ("to the left", "clockwise"))
    assert left.approaches[0].command[2] > 0 > right.approaches[0].command[2]
    assert left.approaches[0].source != right.approaches[0].source
    assert left.metric.criteria[0].at_least == -right.metric.criteria[0].at_most


def test_a_stiff_manner_snaps_instead_of_swinging() -> None:
    assert "square_wave" in propose("sway mechanically", GO1).approaches[0].source
    assert "square_wave" not in propose("sway", GO1).approaches[0].source


@pytest.mark.parametrize(
    ("sentence", "title", "terms"),
    [
        ("spin while crouching", "Spin and crouch", ({"turn", "hand", "even"}, {"low", "lower"})),
        (
            "walk backwards and sway your hips",
            "Walk backward and sway the hips",
            ({"pace", "on_course", "chase"}, {"sway"}),
        ),
    ],
)
def test_two_behaviours_at_once_are_in_every_reward(sentence, title, terms) -> None:
    behaviour = propose(sentence, GO1)
    assert behaviour.title == title
    assert all(
        any(name in approach.weights for name in each)
        for approach in behaviour.approaches
        for each in terms
    )


def test_what_follows_is_in_the_title_and_what_must_not_be() -> None:
    assert propose("lie down, then stand up", GO1).title.startswith("Lie down, then ")
    assert propose("walk forward without jumping", GO1).title == "Walk forward, never jump"


def test_only_robots_that_take_a_command_get_one() -> None:
    without = robot("Go1Handstand")
    assert not without.structure.takes_command
    assert propose("walk forward", without).approaches[0].command == (0.0, 0.0, 0.0)
    assert propose("walk forward", GO1).approaches[0].command[0] > 0


def test_proposing_loads_no_physics() -> None:
    code = (
        "import sys; from tabrl.behaviours.builtin import propose;"
        "from tabrl.robots.catalogue import robot;"
        "propose('spin', robot('Go1JoystickFlatTerrain'));"
        "assert not {'jax', 'mujoco', 'wordllama'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.parametrize(
    ("sentence", "missed"),
    [
        ("Walk around the teapot in a circle", "teapot"),
        ("Tanz wie ein Flamingo", "Flamingo"),
        ("Walk gracefully", "graceful"),
        ("🦩", "Look for yourself"),
    ],
)
def test_what_was_not_read_of_a_sentence_puts_its_metric_in_doubt(sentence, missed):
    assert missed in propose(sentence, GO1).metric.doubt


@pytest.mark.parametrize(
    "sentence",
    [
        "Walk around in a circle to the left",
        "Look up at the stars and hold it",
        "Nod three times",
        "Sit down, then jump",
        "Walk at 3 km/h",
        "Lift your left front paw and shake it three times",
    ],
)
def test_what_was_read_of_a_sentence_is_measured(sentence):
    behaviour = propose(sentence, GO1)
    assert behaviour.metric.doubt == ""
    assert [a.name for a in behaviour.approaches] == ["By the Book", "With Feeling", "To the Mark"]


@pytest.mark.parametrize(
    "sentence",
    ["Walk backwards slowly", "Please spin fast to the left!", "Walk forward, but slowly", "Jump"],
)
def test_a_sentence_that_was_read_whole_is_judged_without_doubt(sentence):
    assert propose(sentence, GO1).metric.doubt == ""


def test_every_sentence_that_the_page_suggests_is_judged_without_doubt():
    for each in robots():
        for sentence in showcase(each).values():
            assert propose(sentence, each).metric.doubt == "", f"{each.id}: {sentence}"


def test_but_is_no_butt():
    assert "hip" not in propose("Walk forward, but slowly", GO1).title.lower()

"""Every primitive, on every robot that it fits."""

import ast
import re
from collections.abc import Iterator
from statistics import mean

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest

from tabrl.behaviours.builtin import propose
from tabrl.behaviours.library import LIBRARY, primitives_for
from tabrl.behaviours.library.base import Primitive, Shelf, idea, measured, metric, term
from tabrl.behaviours.modifiers import read
from tabrl.envs.load import load_env
from tabrl.rewards.language import picks_for, shapes_for
from tabrl.rewards.lint import lint
from tabrl.rewards.namespace import Signals, namespace
from tabrl.robots.catalogue import Robot, robot, robots
from tabrl.verdict.judge import judge_series
from tabrl.verdict.measures import MEASURES

MANNERS = ("", "slowly backward to the right, stiff", "huge and frantic to the left at 3 Hz")
BENDS = ("mcp", "pip", "dip")
SIGNALS = frozenset(
    "height roll pitch yaw upright nose_up left_up forward_speed left_speed up_speed turn_rate"
    " displacement_forward displacement_left distance feet_down flight head_height speed"
    " joint_speed pose_error sway roll_rate pitch_rate".split()
)


def _kinds() -> Iterator[Robot]:
    """One robot of each structure: the others differ in nothing that a primitive reads."""
    seen = set()
    for each in robots():
        key = (each.type, each.structure.joints, each.structure.objects)
        if key not in seen:
            seen.add(key)
            yield each


KINDS = tuple(_kinds())
ids = [each.id for each in KINDS]


@pytest.mark.parametrize("each", KINDS, ids=ids)
def test_every_idea_passes_the_lint_in_every_manner(each: Robot) -> None:
    for primitive in primitives_for(each):
        for manner in MANNERS:
            for found in primitive.build(each, read(manner)).ideas:
                assert lint(found.source(), each) == [], (primitive.name, found.name)


@pytest.mark.parametrize("each", KINDS[:1] + KINDS[2:5] + KINDS[-4:], ids=lambda r: r.id)
def test_every_idea_traces_to_one_number_a_term(each: Robot) -> None:
    picks = picks_for(each)
    values = {k: jax.ShapeDtypeStruct(v, jnp.float32) for k, v in shapes_for(each).items()}
    for primitive in primitives_for(each):
        for found in primitive.build(each, read("")).ideas:
            scope = namespace()
            exec(found.source(), scope)
            paid = jax.eval_shape(lambda v, r=scope["reward"]: r(Signals(v, picks)), values)
            assert set(paid) == set(found.approach().weights)
            assert {term.shape for term in paid.values()} == {()}, (primitive.name, found.name)


@pytest.mark.parametrize("each", KINDS, ids=ids)
def test_a_primitive_gives_three_ideas_that_pay_for_different_things(each: Robot) -> None:
    for primitive in primitives_for(each):
        ideas = primitive.build(each, read("")).ideas
        paid = [
            frozenset((t.name, t.code) for t in found.terms) | set(found.setup) for found in ideas
        ]
        assert len(ideas) >= 3
        assert len(set(paid)) == len(ideas), primitive.name
        assert len({found.name for found in ideas}) == len(ideas)


@pytest.mark.parametrize("each", KINDS, ids=ids)
def test_criteria_use_known_measures_of_signals_that_the_robot_has(each: Robot) -> None:
    for primitive in primitives_for(each):
        for criterion in primitive.build(each, read("fast to the left")).metric.criteria:
            assert criterion.measure in MEASURES
            assert criterion.at_least is not None or criterion.at_most is not None
            if criterion.signal:
                assert _has_signal(each, criterion.signal), (primitive.name, criterion.signal)
            else:
                assert criterion.measure in {"falls", "alternation"}


def _has_signal(each: Robot, signal: str) -> bool:
    s = each.structure
    kind, _, name = signal.partition(":")
    named = {
        "joint": {j.name for j in s.joints},
        "group": set(s.groups),
        "foot_height": {f.name for f in s.feet},
        "hand_height": {h.name for h in s.hands},
        "object_height": set(s.objects),
        "object_way": set(s.objects),
        "object_turned": set(s.objects),
        "body_up": set(s.bodies),
    }
    if name:
        return name in named[kind]
    parts = {"feet_down": s.feet, "flight": s.feet, "head_height": s.head}
    return signal in SIGNALS and bool(parts.get(signal, True))


def _series(each: Robot, tremble: float) -> dict[str, np.ndarray]:
    """What a metric reads of a robot that stands at home for 10 s, and trembles a little."""
    s, rng = each.structure, np.random.default_rng(0)
    level = dict.fromkeys(SIGNALS, 0.0) | {"height": s.base_height, "upright": 1.0}
    level |= {f"joint:{j.name}": j.home for j in s.joints}
    home = {j.name: j.home for j in s.joints}
    level |= {f"group:{g}": float(np.mean([home[n] for n in js])) for g, js in s.groups.items()}
    level |= {f"foot_height:{f.name}": 0.0 for f in s.feet}
    level |= {f"contact:{f.name}": 1.0 for f in s.feet} | {"feet_down": float(len(s.feet))}
    level |= {f"hand_height:{h.name}": r.rest for h, r in zip(s.hands, s.raised, strict=True)}
    level |= {f"{what}:{o}": 0.0 for o in s.objects for what in ("object_height", "object_way")}
    level |= {f"object_turned:{o}": 0.0 for o in s.objects}
    level |= {f"body_up:{b}": 0.0 for b in s.bodies}
    fixed = {"feet_down", "flight", "alternation"}
    return {
        name: np.full(500, value)
        + (0 if name in fixed or "contact" in name else tremble) * rng.normal(size=500)
        for name, value in level.items()
    }


@pytest.mark.parametrize("tremble", [0.0, 0.01])
@pytest.mark.parametrize("each", KINDS, ids=ids)
def test_a_robot_that_stands_at_home_fails_every_metric(each: Robot, tremble: float) -> None:
    values = _series(each, tremble)
    for primitive in primitives_for(each):
        for manner in MANNERS:
            judge = primitive.build(each, read(manner)).metric
            verdict = judge_series(judge, values, each.structure.base_height).verdict
            assert verdict == "fail", (primitive.name, manner)


def test_standing_still_is_never_most_of_what_can_be_paid() -> None:
    """Shared terms pay a still robot; what names the behaviour must be worth more."""
    go1 = robot("Go1JoystickFlatTerrain")
    resting = {"here", "facing", "up", "level", "ride", "planted", "three_feet", "straight"}
    for primitive in primitives_for(go1):
        for found in primitive.build(go1, read("")).ideas:
            weights = {t.name: t.weight for t in found.terms if t.weight > 0}
            idle = sum(weight for name, weight in weights.items() if name in resting)
            assert idle < 0.5 * sum(weights.values()), (primitive.name, found.name, weights)


def test_every_robot_can_do_something() -> None:
    assert all(len(primitives_for(each)) >= 4 for each in robots())


def test_a_second_primitive_of_a_name_is_refused() -> None:
    first = next(iter(LIBRARY))
    shelf = Shelf()
    shelf.put(first)
    with pytest.raises(ValueError, match=r"already a primitive 'hip shake'"):
        shelf.put(first)


def test_words_for_no_primitive_are_noticed() -> None:
    from tabrl.behaviours.library import base

    assert set(base._words()) == {primitive.name for primitive in LIBRARY}


def test_primitives_say_a_lot_and_name_themselves() -> None:
    def rich(primitive: Primitive) -> bool:
        return len(primitive.descriptions) >= 3 and len(primitive.keywords) >= 5

    assert [p.name for p in LIBRARY if not rich(p)] == []


def test_an_idea_is_read_from_text() -> None:
    found = idea(
        "Try",
        "Tries.",
        """
        # how far to go
        goal = near(
            s.roll, 0.0, 1.0)
        # a reason above
        go: 1.5 * goal
        stay: -0.2 * (s.time + 1.0)  # a reason behind
        """,
        [term("calm: 0.1 * s.power", "shared")],
        setup=["first = 1.0"],
    )
    assert found.setup == ("first = 1.0", "# how far to go", "goal = near(s.roll, 0.0, 1.0)")
    assert [(t.name, t.weight, t.why) for t in found.terms] == [
        ("go", 1.5, "a reason above"),
        ("stay", -0.2, "a reason behind"),
        ("calm", 0.1, "shared"),
    ]
    assert ast.parse(found.source())


def test_a_term_that_repeats_a_name_gets_a_number() -> None:
    go = term("go: 1.0 * s.time", "why")
    found = idea("A", "B", "", [go]).plus([go, go])
    assert [t.name for t in found.terms] == ["go", "go_2", "go_3"]


@pytest.mark.parametrize("text", ["go = 1", "go: s.time", "go: 2.0 * s.time + 1.0"])
def test_a_text_that_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"term|summand"):
        term(text, "why")


def test_bounds_are_rounded_to_what_a_person_would_write() -> None:
    judge = metric("a", "b?", measured("c", "mean", "height", at_least=0.123456))
    assert judge.criteria[0].at_least == 0.123


def test_a_sign_bends_fingers_at_all_their_joints_and_judges_each_finger() -> None:
    leap = robot("LeapCubeReorient")
    found = propose("Point at the door", leap, count=1)
    named = set(re.findall(r's\.joint\("(\w+)"\)', found.approaches[0].source))
    assert named == {f"{finger}_{joint}" for finger in ("if", "mf", "rf") for joint in BENDS}
    home = {joint.name: joint.home for joint in leap.structure.joints}
    bounds = {each.signal: (each.at_least, each.at_most) for each in found.metric.criteria}
    for finger, straight in (("index", True), ("middle", False), ("ring", False)):
        at_rest = mean(home[name] for name in leap.structure.groups[f"{finger}_finger"])
        low, high = bounds[f"group:{finger}_finger"]
        assert (high < 0.5 * at_rest) if straight else (low > 1.3 * at_rest)


def test_a_swimmer_spins_as_a_whole() -> None:
    signals = {
        "FishSwim": "yaw",
        "SwimmerSwimmer6": "joint:rootz",
        "PendulumSwingup": "joint:hinge",
    }
    for id, signal in signals.items():
        found = propose("Spin round and round", robot(id), count=1)
        assert found.metric.criteria[0].signal == signal


def test_what_moves_aside_may_go_further_but_not_just_stay_there() -> None:
    for way, bound in (("left", "at_most"), ("right", "at_least")):
        found = propose(f"Move over to the {way}", robot("PointMass"), count=1)
        place, moved = found.metric.criteria[:2]
        assert [name for name in ("at_least", "at_most") if getattr(place, name)] == [bound]
        assert moved.measure == "range"


@pytest.mark.parametrize(
    "each", [each for each in KINDS if each.type == "quadruped"], ids=lambda r: r.id
)
def test_a_knee_that_folds_brings_its_foot_nearer_to_the_hip(each: Robot) -> None:
    """Primitives take folding for negative."""
    model = load_env(each.id).mj_model
    data = mujoco.MjData(model)
    for foot in each.structure.feet:
        _, hip, knee = (model.joint(name) for name in each.structure.groups[foot.name])
        reach = []
        for bend in (0.0, -0.3):
            data.qpos[:] = each.structure.home_qpos
            data.joint(knee.id).qpos += bend
            mujoco.mj_kinematics(model, data)
            reach.append(np.linalg.norm(data.site(foot.object_name).xpos - data.xanchor[hip.id]))
        assert reach[1] < reach[0] - 0.01

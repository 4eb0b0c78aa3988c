"""The judge of velocity commands, by bases that follow them and bases that do not."""

import math

import numpy as np
import pytest
from test_moves import READ

from tabrl.behaviours.commands import built_in
from tabrl.robots.catalogue import robot
from tabrl.spec import Judgement, Move
from tabrl.training.rollout import rollouts_of
from tabrl.verdict.judge import judge_path
from tabrl.verdict.measures import FALLEN_HEIGHT
from tabrl.verdict.path import commanded, path_metric
from tabrl.verdict.trajectory import series

GO1 = robot("Go1JoystickFlatTerrain")
HEIGHT = GO1.structure.base_height
SQUARE = (Move(seconds=2, forward=0.5), Move(seconds=1.6, turn=math.pi / 3.2)) * 4
ON_THE_SPOT = (
    (Move(seconds=6, turn=1.2),),
    (Move(seconds=1, turn=0.5), Move(seconds=1, turn=-0.5)),
    (Move(seconds=0.1, turn=-0.3),),
    (Move(seconds=0.02, forward=0.1),),
    (Move(seconds=0.3, left=0.4), Move(seconds=0.3, left=-0.4), Move(seconds=20)),
)


def told() -> list[tuple[Move, ...]]:
    return [
        *ON_THE_SPOT,
        SQUARE,
        *(built_in(sentence, GO1).moves for sentence in READ if sentence != "stop"),
    ]


def clock(moves: tuple[Move, ...]) -> np.ndarray:
    return np.arange(max(500, math.ceil(50 * sum(move.seconds for move in moves)))) / 50


def judged(moves: tuple[Move, ...], pose: np.ndarray, height: float = HEIGHT) -> Judgement:
    x, y, yaw = pose.T
    values = {"displacement_forward": x, "displacement_left": y, "yaw": yaw}
    upright = {"height": np.full(len(x), height), "upright": np.ones(len(x))}
    return judge_path(moves, values | upright, HEIGHT)


def followed(moves: tuple[Move, ...], told: tuple[Move, ...] = ()) -> Judgement:
    """The judgement of a base that does exactly what it is told: `moves`, or something else."""
    pose, _ = commanded(told or moves, clock(moves))
    return judged(moves, pose)


def test_dead_reckoning_is_hand_arithmetic() -> None:
    moves = (
        Move(seconds=1, forward=0.5),
        Move(seconds=2, turn=math.pi / 4),
        Move(seconds=1, forward=0.2, left=0.3),
        Move(seconds=1),
    )
    pose, moved = commanded(moves, np.arange(301) / 50)
    np.testing.assert_allclose(pose[50], (0.5, 0, 0), atol=1e-9)
    np.testing.assert_allclose(pose[150], (0.5, 0, math.pi / 2), atol=1e-9)
    np.testing.assert_allclose(pose[200:], [(0.2, 0.2, math.pi / 2)] * 101, atol=1e-9)
    assert moved.tolist() == [False] + [True] * 200 + [False] * 100


def test_an_arc_keeps_its_radius() -> None:
    pose, _ = commanded((Move(seconds=2 * math.pi, forward=0.5, turn=1.0),), np.arange(315) / 50)
    away = np.hypot(pose[:, 0], pose[:, 1] - 0.5)
    np.testing.assert_allclose(away, 0.5, atol=1e-4)


@pytest.mark.parametrize("moves", told())
def test_it_passes_a_base_that_follows_and_no_other(moves: tuple[Move, ...]) -> None:
    wanted, _ = commanded(moves, clock(moves))
    assert judged(moves, wanted).verdict == "pass"
    assert judged(moves, wanted, FALLEN_HEIGHT * HEIGHT / 2).verdict == "fail"
    assert judged(moves, np.zeros_like(wanted)).verdict == "fail"
    assert judged(moves, -wanted).verdict == "fail"
    assert judged(moves, wanted * math.nan).verdict == "fail"


@pytest.mark.parametrize("moves", told())
def test_it_fails_a_base_that_wanders(moves: tuple[Move, ...]) -> None:
    samples = len(clock(moves))
    for seed in range(20):
        draws = np.random.default_rng(seed)
        held = draws.uniform(-1, 1, (samples // 25 + 1, 3)) * (1.0, 0.4, 1.2)
        moves_at_random = tuple(
            Move(seconds=0.5, forward=a, left=b, turn=c) for a, b, c in held.tolist()
        )
        pose, _ = commanded(moves_at_random, clock(moves))
        assert judged(moves, pose).verdict == "fail", seed


@pytest.mark.parametrize("driver", ["still", "random"])
def test_it_fails_a_robot_that_no_policy_drives(driver: str) -> None:
    rollouts = rollouts_of(GO1.id, (128, 128))
    rollout = rollouts.run(driver, rollouts.task.setting(None), 0, samples=1500).trajectory()
    values = series(rollout, GO1, rollouts.task.model)
    for moves in told():
        clip = {name: values[name][: len(clock(moves))] for name in values}
        assert judge_path(moves, clip, HEIGHT).verdict == "fail"


def test_it_forgives_what_a_walk_strays() -> None:
    slower = tuple(
        move.model_copy(update={"forward": 0.9 * move.forward, "turn": 0.95 * move.turn})
        for move in SQUARE
    )
    assert followed(SQUARE, slower).verdict == "pass"


@pytest.mark.parametrize(
    "other",
    [
        (Move(seconds=8, forward=0.5),),
        SQUARE[:4],
        tuple(move.model_copy(update={"turn": -move.turn}) for move in SQUARE),
        (Move(seconds=12, turn=0.52),),
        SQUARE[:7],
    ],
)
def test_another_way_than_a_square_does_not_pass(other: tuple[Move, ...]) -> None:
    assert followed(SQUARE, other).verdict == "fail"


def test_who_is_told_to_stand_may_stand() -> None:
    stand = (Move(seconds=3),)
    assert judged(stand, np.zeros((500, 3))).verdict == "pass"
    assert followed(stand, (Move(seconds=8, forward=0.5),)).verdict == "fail"


def test_bounds_grow_with_the_path() -> None:
    def bounds(metres: float) -> tuple[float, float]:
        path, heading, falls = path_metric((Move(seconds=metres / 0.8, forward=0.8),)).criteria
        assert falls.at_most == 0
        return path.at_most, heading.at_most

    assert bounds(8) == (0.8, 0.5)
    assert bounds(4) == (0.4, 0.5)
    assert bounds(0.4)[0] < 0.2  # half of what a still robot's error is

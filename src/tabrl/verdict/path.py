"""The judge of velocity commands: does the base go where they lead? Without MuJoCo."""

from collections.abc import Mapping, Sequence

import numpy as np

from tabrl.spec import Criterion, Metric, Move

_DT = 0.02  # s
_NEAR_M, _NEAR_RAD = 0.3, 0.5  # what a walk on legs strays, however short it is
_STRAY, _MISTURN = 0.1, 0.125  # shares of the path's length, and of all turning
PATH, HEADING, FALLS = "path error (m)", "heading error (rad)", "falls"


def commanded(moves: Sequence[Move], time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where commands lead by dead reckoning, from (0, 0) and heading 0.

    Args:
        time: (T,) s, at 50 Hz.

    Returns:
        Pose (T, 3): x (m, ahead at the start), y (m, left), yaw (rad, not wrapped); and whether
        the commands moved it there, (T,).
    """
    ends = np.cumsum([move.seconds for move in moves])
    told = np.array([(m.forward, m.left, m.turn) for m in moves] + [(0.0, 0.0, 0.0)])
    ahead, aside, turn = told[np.searchsorted(ends, time[:-1] + 1e-9, side="right")].T
    yaw = np.concatenate([[0.0], np.cumsum(turn) * _DT])
    middle = yaw[:-1] + turn * _DT / 2
    step = np.stack(
        [
            ahead * np.cos(middle) - aside * np.sin(middle),
            ahead * np.sin(middle) + aside * np.cos(middle),
        ],
        1,
    )
    place = np.concatenate([np.zeros((1, 2)), np.cumsum(step, 0) * _DT])
    moved = np.concatenate([[False], (ahead != 0) | (aside != 0) | (turn != 0)])
    return np.column_stack([place, yaw]), moved


def path_metric(moves: Sequence[Move]) -> Metric:
    """The judge of these commands, which no robot that stands still passes where they move it.

    The path error may be a tenth of the path's length, the heading error an eighth of all turning,
    each at most half of what a still robot's is. A little is always allowed (0.3 m, 0.5 rad), but
    never more than that half for the one of both in which the commands do the most.
    """
    time = np.arange(0.0, sum(move.seconds for move in moves) + _DT, _DT)
    pose, moved = commanded(moves, time)
    still = np.zeros_like(pose)
    away, turned = _path_error(pose, still, moved), _heading_error(pose, still)
    length = sum(m.seconds * float(np.hypot(m.forward, m.left)) for m in moves)
    turning = sum(m.seconds * abs(m.turn) for m in moves)
    going = away / _NEAR_M >= turned / _NEAR_RAD
    near_m = min(_NEAR_M, away / 2) if going and moved.any() else _NEAR_M
    near_rad = _NEAR_RAD if going else min(_NEAR_RAD, turned / 2)
    strayed = max(near_m, min(_STRAY * length, away / 2))
    misturned = max(near_rad, min(_MISTURN * turning, turned / 2))
    return Metric(
        name="as commanded",
        question="Does it go where the commands lead?",
        criteria=(
            Criterion(label=PATH, measure="path_error", at_most=_plain(strayed)),
            Criterion(label=HEADING, measure="heading_error", at_most=_plain(misturned)),
            Criterion(label=FALLS, measure="falls", at_most=0),
        ),
    )


def path_errors(
    moves: Sequence[Move], series: Mapping[str, np.ndarray], time: np.ndarray
) -> dict[str, float]:
    """How far a base was from where the commands led: the mean distance while they moved it, m,
    and the largest error of its heading, rad.
    """
    names = ("displacement_forward", "displacement_left", "yaw")
    pose = np.column_stack([series[name] for name in names])
    wanted, moved = commanded(moves, time)
    return {PATH: _path_error(pose, wanted, moved), HEADING: _heading_error(pose, wanted)}


def _path_error(pose: np.ndarray, wanted: np.ndarray, moved: np.ndarray) -> float:
    away = np.linalg.norm((pose - wanted)[:, :2], axis=1)
    return float(np.mean(away[moved] if moved.any() else away))


def _heading_error(pose: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.max(np.abs(pose - wanted)[:, 2]))


def _plain(bound: float) -> float:
    return float(f"{bound:.2g}")

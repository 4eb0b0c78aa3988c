"""Numbers that metrics take from series at 50 Hz.

Each measure takes a series (T,) and named arguments and returns a float. What holds all the time is
measured after a clip's first second, its start-up; within a window, all of the window counts.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from tabrl.errors import TabRLError
from tabrl.verdict.trajectory import RATE_HZ
from tabrl.verdict.vocabulary import WINDOW, summands

Series = Mapping[str, np.ndarray]

START_UP = int(1.0 * RATE_HZ)
_SWING = int(2.5 * RATE_HZ)
_STRIDE = int(0.5 * RATE_HZ)
FALLEN_HEIGHT = 0.45
"""Share of the home height below which a base has fallen."""
FALLEN_UPRIGHT = 0.342
"""Cosine of 70 degrees: a base that leans further has fallen."""


class MetricError(TabRLError):
    """A metric that names a measure or a series that does not exist here."""


def _settled(x: np.ndarray) -> np.ndarray:
    return x[START_UP:] if len(x) > 2 * START_UP else x


def _steady(x: np.ndarray) -> np.ndarray:
    """The series without its slow drift: a moving mean over 4 s."""
    half = min(int(2 * RATE_HZ), max(1, len(x) // 2))
    padded = np.pad(x - x.mean(), half, mode="reflect", reflect_type="odd")
    kernel = np.ones(2 * half + 1) / (2 * half + 1)
    return x - x.mean() - np.convolve(padded, kernel, mode="valid")


def amplitude(x: np.ndarray) -> float:
    """Half of the robust peak-to-peak: the median over windows of 2.5 s, so that it must last."""
    windows = [x[i : i + _SWING] for i in range(0, max(1, len(x) - _SWING + 1), _STRIDE)]
    return float(np.median([np.subtract(*np.percentile(_flat(w), [97, 3])) / 2 for w in windows]))


def _flat(x: np.ndarray) -> np.ndarray:
    """Without its straight line: a drift is no swing."""
    t = np.linspace(-1, 1, len(x))
    return x - t * (t @ x) / (t @ t)


def _spectrum(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = _steady(x)
    padded = 4 * len(x)
    power = np.abs(np.fft.rfft(x * np.hanning(len(x)), padded)) ** 2
    hz = np.fft.rfftfreq(padded, 1 / RATE_HZ)
    kept = (hz >= 0.2) & (hz <= 12.0)
    return hz[kept], power[kept]


def frequency(x: np.ndarray) -> float:
    """Dominant frequency between 0.2 and 12 Hz; 0 for a series that stands still."""
    hz, power = _spectrum(x)
    return float(hz[power.argmax()]) if power.sum() > 1e-12 else 0.0


def rhythm(x: np.ndarray) -> float:
    """How alike the motion is two beats later (one, where the clip holds less than four): 1 repeats
    itself, chance gives about 0.3.
    """
    hz = frequency(x)
    if hz == 0:
        return 0.0
    x, beat = _steady(x), RATE_HZ / hz
    lag = 2 * beat if 4 * beat <= len(x) else beat
    lags = range(math.floor(0.92 * lag), math.ceil(1.08 * lag) + 1)
    return max((_alike(x[:-k], x[k:]) for k in lags if k <= len(x) - beat), default=0.0)


def _alike(x: np.ndarray, y: np.ndarray) -> float:
    """Cosine of the angle between two series, 0 where they oppose each other."""
    return max(0.0, float(x @ y / max(np.linalg.norm(x) * np.linalg.norm(y), 1e-12)))


def cycles(x: np.ndarray, height: float) -> float:
    """Full swings of at least `height` from peak to trough and back."""
    turns, low, high, rising = 0, x[0], x[0], None
    for value in x:
        low, high = min(low, value), max(high, value)
        if rising is not False and value <= high - height:
            turns, rising, low = turns + 1, False, value
        elif rising is not True and value >= low + height:
            turns, rising, high = turns + 1, True, value
    return turns / 2


def steadiness(x: np.ndarray) -> float:
    """1 - std / |mean|; 1 is constant."""
    return float(1 - np.std(x) / max(abs(np.mean(x)), 1e-9))


def _longest(held: np.ndarray) -> float:
    """The longest time, s, for which it is held without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(int), [0]])))
    return float(np.max(edges[1::2] - edges[::2], initial=0) / RATE_HZ)


def _rates(x: np.ndarray, seconds: float) -> np.ndarray:
    """Change a second over each stretch of so many seconds, of all of it where it is shorter."""
    stretch = min(max(1, round(seconds * RATE_HZ)), len(x) - 1)
    return (x[stretch:] - x[:-stretch]) / (stretch / RATE_HZ)


_MEASURES: dict[str, Callable[..., float]] = {
    "mean": lambda x: float(np.mean(x)),
    "median": lambda x: float(np.median(x)),
    "abs_mean": lambda x: float(np.mean(np.abs(x))),
    "std": lambda x: float(np.std(x)),
    "min": lambda x: float(np.min(x)),
    "max": lambda x: float(np.max(x)),
    "range": lambda x: float(np.ptp(x)),
    "final": lambda x: float(np.mean(x[-int(RATE_HZ) :])),
    "change": lambda x: float(x[-1] - x[0]),
    "rate": lambda x: float((x[-1] - x[0]) / ((len(x) - 1) / RATE_HZ)),
    "least_rate": lambda x, seconds: float(np.min(_rates(x, seconds))),
    "greatest_rate": lambda x, seconds: float(np.max(_rates(x, seconds))),
    "fraction_above": lambda x, bound: float(np.mean(x > bound)),
    "fraction_below": lambda x, bound: float(np.mean(x < bound)),
    "longest_above": lambda x, bound: _longest(x > bound),
    "longest_below": lambda x, bound: _longest(x < bound),
    "amplitude": amplitude,
    "frequency": frequency,
    "rhythm": rhythm,
    "cycles": cycles,
    "steadiness": steadiness,
}
_SETTLED = frozenset(
    "mean median abs_mean std least_rate greatest_rate fraction_above fraction_below amplitude "
    "frequency rhythm steadiness alternation".split()
)
"""Measures of what holds all the time: without a window, they leave the start-up out."""


def falls(series: Series, home_height: float) -> float:
    """How many times the base went down."""
    down = (series["height"] < FALLEN_HEIGHT * home_height) | (series["upright"] < FALLEN_UPRIGHT)
    return float(np.sum(np.diff(np.concatenate([[0], down.astype(int)])) == 1))


def alternation(series: Series, home_height: float) -> float:
    """Share of the time in which one diagonal pair of feet stands and the other does not."""
    fr, fl, rr, rl = (series[name] for name in _CONTACTS)
    return float(np.mean((fr == rl) & (fl == rr) & (fr != fl)))


def radius(series: Series, home_height: float) -> float:
    """Way for each radian of turn, m: the radius of a circle that is walked."""
    way, turn = (np.ptp(series[name]) for name in ("path", "yaw"))
    return float(way / max(turn, 1e-6))


_CONTACTS = ("contact:FR", "contact:FL", "contact:RR", "contact:RL")
_OF_SEVERAL: dict[str, tuple[Callable[[Series, float], float], tuple[str, ...]]] = {
    "falls": (falls, ("height", "upright")),
    "alternation": (alternation, _CONTACTS),
    "radius": (radius, ("path", "yaw")),
}
"""Measures that read several series, and which."""
MEASURES = frozenset({*_MEASURES, *_OF_SEVERAL})
"""Every name that `Criterion.measure` may take."""


def measure(
    name: str,
    signal: str | None,
    args: Mapping[str, float | str],
    series: Series,
    home_height: float,
) -> float:
    """One number of a trajectory.

    A series that is not finite measures as NaN, which keeps no bounds, and so does a window that
    the trajectory does not reach.

    Args:
        signal: a series, or several with ` + ` and ` - ` between them.

    Raises:
        MetricError: there is no such measure or series; the hint lists those there are.
    """
    if name not in MEASURES:
        raise MetricError(
            f"There is no measure {name!r}.", f"Measures are {', '.join(sorted(MEASURES))}."
        )
    signs = {} if name in _OF_SEVERAL else summands(signal or "")
    needed = _OF_SEVERAL[name][1] if name in _OF_SEVERAL else tuple(signs)
    if missing := [each for each in needed if each not in series]:
        raise MetricError(
            f"This robot has no series {missing[0]!r} to measure.",
            f"It has {', '.join(sorted(series))}.",
        )
    chosen = {each: _chosen(series[each], args, name in _SETTLED) for each in needed}
    if not all(len(x) and np.isfinite(x).all() for x in chosen.values()):
        return math.nan
    if name in _OF_SEVERAL:
        return _OF_SEVERAL[name][0](chosen, home_height)
    x = sum(sign * chosen[each] for each, sign in signs.items())
    return _MEASURES[name](x, **{key: value for key, value in args.items() if key not in WINDOW})


def _chosen(x: np.ndarray, args: Mapping[str, float | str], settled: bool) -> np.ndarray:
    """The samples that count: those of a window, the one at its end among them."""
    if not any(arg in args for arg in WINDOW):
        return _settled(x) if settled else x
    start, end = (float(args.get(arg, other)) for arg, other in zip(WINDOW, (0, 1e6), strict=True))
    return x[round(start * RATE_HZ) : round(end * RATE_HZ) + 1]

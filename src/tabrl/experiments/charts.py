"""Small line charts as inline SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, PAD = 300.0, 90.0, 6.0


@dataclass(frozen=True)
class Series:
    """A number over environment steps; `goal` and `base` are drawn as level lines."""

    label: str
    points: list[tuple[int, float | None]]
    goal: float | None = None
    base: float | None = None


def chart(series: Series) -> Markup:
    """A line chart with its last value in words; empty where there are fewer than two points."""
    points = [(x, y) for x, y in series.points if y is not None]
    if len(points) < 2:
        return Markup("")
    levels = [level for level in (series.goal, series.base) if level is not None]
    to_x = _scale([x for x, _ in points], PAD, WIDTH - PAD)
    to_y = _scale([y for _, y in points] + levels, HEIGHT - PAD, PAD)
    line = " ".join(f"{to_x(x):.1f},{to_y(y):.1f}" for x, y in points)
    lines = Markup("").join(
        _level(to_y(level), name)
        for level, name in ((series.goal, "goal"), (series.base, "base"))
        if level is not None
    )
    return Markup(
        '<figure class="chart"><figcaption>{} <b>{}</b></figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '{}<polyline points="{}"/></svg></figure>'
    ).format(
        series.label,
        f"{points[-1][1]:.3g}",
        f"{WIDTH:g}",
        f"{HEIGHT:g}",
        f"{series.label} over {points[-1][0]} steps",
        lines,
        line,
    )


def _level(y: float, name: str) -> Markup:
    return Markup(
        '<line class="{}" x1="0" x2="{}" y1="{}" y2="{}"><title>{}</title></line>'
    ).format(name, f"{WIDTH:g}", f"{y:.1f}", f"{y:.1f}", name)


def _scale(values: Sequence[float], low: float, high: float) -> Callable[[float], float]:
    """A linear map of the values' range onto low..high."""
    least, most = min(values), max(values)
    span = (most - least) or 1.0
    return lambda value: low + (value - least) / span * (high - low)

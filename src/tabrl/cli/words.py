"""Numbers and states as people read them."""

from rich.text import Text

from tabrl.spec import Robustness

MARKS = {
    "pass": "green",
    "needs review": "yellow",
    "fail": "blue",
    "failed": "red",
    "refused": "red",
    "cancelled": "yellow",
    "finished": "green",
}


def number(value: float | None) -> str:
    """Three significant digits; a dash for none."""
    return "-" if value is None else f"{value:.3g}"


def duration(seconds: float) -> str:
    """A duration: 42 s, 3 min 05 s, 1 h 02 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def robustness_line(found: Robustness) -> Text:
    """A line with what passes at each level: friction  x0.25 1/5  x0.5 4/5  x1 5/5."""
    by, unit = ("", " m/s") if found.what == "push" else ("x", "")
    text = Text(f"{found.what + unit:<8}")
    for level, passes in zip(found.levels, found.passes, strict=True):
        colour = "green" if passes == found.tries else "yellow" if passes else "red"
        text.append(f"  {by}{level:g} {passes}/{found.tries}", colour)
    return text

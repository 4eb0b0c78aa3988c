"""Numbers and states as people read them."""

MARKS = {
    "pass": "green",
    "needs review": "yellow",
    "fail": "red",
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

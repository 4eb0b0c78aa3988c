"""The sheet on which a judge writes its criteria, and what it cannot judge."""

from collections.abc import Iterable

from tabrl.behaviours.compose.timeline import CLIP_S, JUMP, ROTATE, Doing, Slot
from tabrl.behaviours.library.base import measured
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion

Bounds = tuple[float | None, float | None]
"""At least, at most."""


class Sheet:
    """Criteria of one slot after another.

    Attributes:
        criteria: so far; `missing`: what was said and has no criterion, in words.
        turned: an earlier slot has turned it, so that its heading is none of the start.
    """

    def __init__(self, robot: Robot, slots: int) -> None:
        self.robot = robot
        self.height = robot.structure.base_height
        self.criteria: list[Criterion] = []
        self.missing: list[str] = []
        self.turned = False
        self.left = False  # where the clip began, in an earlier slot
        self._slots = slots
        self._slot = Slot(0.0, CLIP_S, ())
        self._number = 0
        self._judged: set[str] = set()

    def turn_to(self, slot: Slot, number: int) -> None:
        """Go on with a slot, the first one being number 1."""
        self.turned |= self._slot.does(("turn", "spin", "circle"))
        self.left |= self._slot.travels or self._slot.does(JUMP | ROTATE)
        self._slot, self._number = slot, number

    @property
    def slot(self) -> Slot:
        """The slot that criteria are written for."""
        return self._slot

    def judges(self, *fields: str) -> None:
        """Note that these arguments of the present action have a criterion."""
        self._judged.update(fields)

    def close(self, doing: Doing) -> None:
        """End an action: what was said of it and has no criterion is missing."""
        for field in sorted(doing.said - self._judged):
            self.missing.append(_in_words(doing, field))
        self._judged.clear()

    def add(
        self,
        name: str,
        unit: str,
        measure: str,
        signal: str | None = None,
        bounds: Bounds = (None, None),
        *,
        slack: float = 0.2,
        after: float = 0.0,
        until: float = 0.0,
        anytime: bool = False,
        **args: float,
    ) -> None:
        """Write a criterion for the present slot.

        Args:
            after, until: s by which its window begins later and ends later than the slot.
            anytime: it looks at the whole clip.
        """
        window: dict[str, float] = {}
        if not anytime and not (self._slot.whole and not after):
            window["from_s"] = round(self._slot.start + after, 2)
            end = self._slot.end + until
            if end < CLIP_S:
                window["to_s"] = round(end, 2)
        part = f" in part {self._number}" if self._slots > 1 and not anytime else ""
        label = f"{name}{part} ({unit})" if unit else f"{name}{part}"
        if label in {criterion.label for criterion in self.criteria}:
            return
        low, high = bounds
        self.criteria.append(
            measured(
                label, measure, signal, at_least=low, at_most=high, slack=slack, **args, **window
            )
        )

    def copy(self, criteria: Iterable[Criterion]) -> None:
        """Write criteria of a behaviour of the library for the present slot."""
        for criterion in criteria:
            if self._slot.whole:
                self._copied(criterion)
            elif criterion.measure != "falls" and not _from_the_start(criterion):
                self._copied(self._in_slot(criterion))

    def _copied(self, criterion: Criterion) -> None:
        if criterion.label not in {each.label for each in self.criteria}:
            self.criteria.append(criterion)

    def _in_slot(self, criterion: Criterion) -> Criterion:
        slot = self._slot
        window = {"from_s": slot.start, "to_s": slot.end}
        share = slot.length / CLIP_S if criterion.measure == "cycles" else 1.0
        bounds = {
            side: None if bound is None else float(f"{share * bound:.3g}")
            for side, bound in (("at_least", criterion.at_least), ("at_most", criterion.at_most))
        }
        label = f"part {self._number}: {criterion.label}"
        return criterion.model_copy(
            update={"args": criterion.args | window, "label": label, **bounds}
        )


def _from_the_start(criterion: Criterion) -> bool:
    """Whether it measures from where and how the clip began."""
    signal = criterion.signal or ""
    return signal.startswith(("displacement", "distance")) or (
        signal == "yaw" and criterion.measure in ("final", "max", "min", "mean", "median")
    )


def signed(sign: int, low: float | None, high: float | None) -> Bounds:
    """Bounds of a size as bounds of a number of that sign."""
    if sign > 0:
        return low, high
    return (None if high is None else -high), (None if low is None else -low)


def counted(count: int, swing: bool = False) -> Bounds:
    """Bounds of a count, in which neither half of it nor double of it lies.

    A swing about the middle begins and ends with half of one, and so counts half of one more.
    """
    off, more = max(0.5, count / 4), 0.1 if swing else 0.0
    return count - off + more, count + off + more


_FIELDS = {
    "part": "which part",
    "side": "which side",
    "direction": "the direction",
    "count": "how often",
    "distance_m": "how far",
    "angle_rad": "how far round",
    "speed_mps": "the speed",
    "turn_rate": "the rate of turning",
    "tempo_hz": "the beat",
    "height": "how high",
}


def _in_words(doing: Doing, field: str) -> str:
    what = _FIELDS.get(field)
    return f"{what} of \u201c{doing.action.do}\u201d" if what else f"\u201c{field}\u201d"

"""The few errors a person meets; the command line, HTTP and the worker translate them."""

from collections.abc import Iterable
from difflib import SequenceMatcher


class TabRLError(Exception):
    """Something a person can act on.

    Attributes:
        message: what is wrong, one sentence.
        hint: what would be valid or what to do next; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class NotFoundError(TabRLError):
    """What was named does not exist."""


class ConflictError(TabRLError):
    """It exists, and its present state does not allow what was asked."""


class BusyError(TabRLError):
    """It could be done, only not now."""


class SignInError(TabRLError):
    """Who asks is not known, and has to be."""


class NotAllowedError(TabRLError):
    """Who asks is known, and may not do it."""


class TooManyError(TabRLError):
    """It was asked for too often, or more is used than somebody may.

    Attributes:
        wait_s: seconds until it may be asked for again; None where that depends on other things.
    """

    def __init__(self, message: str, hint: str = "", wait_s: int | None = None) -> None:
        super().__init__(message, hint)
        self.wait_s = wait_s


class UndecidedError(TabRLError):
    """What was given leaves open which of several things is meant.

    Attributes:
        choices: the names of those.
    """

    def __init__(self, message: str, choices: list[str]) -> None:
        self.choices = choices
        super().__init__(message, f"Say which you mean: {', '.join(choices[:12])}.")

    def __reduce__(self) -> tuple:
        """Rebuild from what it was made of."""
        return type(self), (self.message, self.choices)


class UnknownRobotError(NotFoundError):
    """No robot of this id is in the catalogue."""

    def __init__(self, robot_id: str, known: Iterable[str]) -> None:
        self.robot_id, self.known = robot_id, tuple(known)
        close = _closest(robot_id, self.known)
        guess = f"Did you mean {' or '.join(close)}? " if close else ""
        super().__init__(
            f"There is no robot {robot_id!r}.",
            f"{guess}`tabrl robots` lists all {len(self.known)}.",
        )

    def __reduce__(self) -> tuple:
        """Rebuild from what it was made of: errors cross process boundaries."""
        return type(self), (self.robot_id, self.known)


def _closest(typed: str, names: Iterable[str], count: int = 3, cutoff: float = 0.7) -> list[str]:
    """The names that begin most like what was typed, best first: people shorten long ids."""

    def likeness(name: str) -> float:
        return SequenceMatcher(None, typed.lower(), name[: len(typed)].lower()).ratio()

    ranked = sorted(names, key=likeness, reverse=True)
    return [name for name in ranked[:count] if likeness(name) >= cutoff]

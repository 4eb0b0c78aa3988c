"""The few errors a person meets; the command line, HTTP and the worker translate them."""

from collections.abc import Iterable
from difflib import get_close_matches


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


class UnknownRobotError(TabRLError):
    """No robot of this id is in the catalogue."""

    def __init__(self, robot_id: str, known: Iterable[str]) -> None:
        names = {name.lower(): name for name in known}
        close = [names[key] for key in get_close_matches(robot_id.lower(), names, 3, 0.5)]
        guess = f"Did you mean {' or '.join(close)}? " if close else ""
        super().__init__(
            f"There is no robot {robot_id!r}.", f"{guess}`tabrl robots` lists all {len(names)}."
        )
        self.robot_id = robot_id
        self.known = tuple(names.values())

    def __reduce__(self) -> tuple:
        """Rebuild from what it was made of: errors cross process boundaries."""
        return type(self), (self.robot_id, self.known)

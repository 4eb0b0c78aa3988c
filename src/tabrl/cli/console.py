"""Where tables are printed."""

from rich.console import Console

PIPED_WIDTH = 160  # characters; nobody's screen says where to break the lines of a file


def console() -> Console:
    """Stdout, as wide as the terminal or wide enough for a file."""
    made = Console()
    return made if made.is_terminal else Console(width=PIPED_WIDTH)

"""Errors at the edge: a message and a hint on stderr, and an exit status."""

from typing import Any

import click

from tabrl.errors import TabRLError

INTERRUPTED = 130  # as shells count a command that Ctrl-C ended


class Group(click.Group):
    """Turns `TabRLError` into a message (exit status 1) and Ctrl-C into exit status 130."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TabRLError as error:
            fail(error.message, error.hint)
            ctx.exit(1)
        except KeyboardInterrupt:
            fail("Stopped.")
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            where = f" ({error.filename})" if error.filename else ""
            fail(f"{error.strerror or error}{where}.", "Look at the disk and its permissions.")
            ctx.exit(1)


def fail(message: str, hint: str = "") -> None:
    """Say on stderr what is wrong and what to do."""
    click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(message, err=True)
    if hint:
        click.echo(f"  {hint}", err=True)

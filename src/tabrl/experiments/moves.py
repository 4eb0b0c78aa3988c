"""Velocity commands in plain words."""

from tabrl.spec import Move


def words(move: Move) -> str:
    """A command for people: "2.0 s forward at 0.8 m/s"."""
    ways = [
        f"{way} at {abs(speed):.2g} m/s"
        for speed, way in (
            (move.forward, "forward" if move.forward > 0 else "backward"),
            (move.left, "to the left" if move.left > 0 else "to the right"),
        )
        if speed
    ]
    if move.turn:
        side = "left" if move.turn > 0 else "right"
        ways.append(f"turning {side} at {abs(move.turn):.2g} rad/s")
    return f"{move.seconds:.1f} s {', '.join(ways) or 'standing still'}"

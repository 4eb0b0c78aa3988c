"""A reading in plain words: titles, questions, descriptions."""

from math import pi

from tabrl.behaviours.reading import Action, Part, Reading

_TO_THE = frozenset("left right".split())
_TIMES = {1: "once", 2: "twice"}
_VERBS = {"lie": "lie down", "sit": "sit down", "swing up": "swing up", "stand": "stand still"}


def title(reading: Reading) -> str:
    """`Walk to the left, 2 m, then sit down`."""
    text = ", then ".join(_part(part) for part in reading.parts) or "stand still"
    return text[:1].upper() + text[1:]


def question(reading: Reading) -> str:
    """What a person checks in the clip."""
    text = title(reading)
    return f"Does it {text[:1].lower()}{text[1:]}?"


def _part(part: Part) -> str:
    done = [each for each in part.actions if not each.negated]
    never = [each for each in part.actions if each.negated]
    text = " and ".join(map(action_words, done)) or "stand still"
    if part.seconds:
        text += f" for {part.seconds:g} s"
    return text + "".join(f", never {action_words(each)}" for each in never)


def action_words(action: Action) -> str:
    """`walk to the left, 2 m, slow`."""
    verb = "stand" if action.do == "stand" and action.part else _VERBS.get(action.do, action.do)
    limb = " ".join(filter(None, (action.side if action.side != "either" else None, action.part)))
    if action.side == "both":
        limb = f"both {action.part or 'limb'}s"
    words = [verb, *([f"the {limb}" if action.side != "both" else limb] if limb else [])]
    if action.direction:
        to_side = action.direction in _TO_THE
        words.append(f"to the {action.direction}" if to_side else action.direction)
    amounts = [
        _times(action.count),
        _measured(action.distance_m, "m"),
        _measured(action.angle_rad and action.angle_rad * 180 / pi, "degrees"),
        _measured(action.speed_mps, "m/s"),
        _measured(action.turn_rate, "rad/s"),
        _measured(action.tempo_hz, "times a second"),
        action.height,
        *action.manner,
    ]
    return ", ".join([" ".join(words), *filter(None, amounts)])


def _times(count: int | None) -> str | None:
    return None if count is None else _TIMES.get(count, f"{count} times")


def _measured(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{value:.3g} {unit}"

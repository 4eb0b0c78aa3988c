"""A robot that does exactly what a reading says, and one that does the nearest wrong thing: as
series made by hand, without physics and without sight of any metric.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tabrl.behaviours.compose.body import ARMS, TWO, limbs, pivot
from tabrl.behaviours.compose.timeline import JUMP, ROTATE, Doing, Slot, timeline, travels
from tabrl.behaviours.reading import Action, Part, Reading
from tabrl.robots.catalogue import Robot
from tabrl.verdict.vocabulary import words_for

GO1, G1, PANDA = "Go1JoystickFlatTerrain", "G1JoystickFlatTerrain", "PandaPickCube"
READINGS = [
    (GO1, "circle left"),
    (GO1, "circle right 2m"),
    (GO1, "look up held"),
    (GO1, "look down"),
    (GO1, "look left"),
    (GO1, "lift left:front_leg + shake left:front_leg x3"),
    (GO1, "lift right:rear_leg"),
    (GO1, "lift left:front_leg x2"),
    (GO1, "walk forward; sit"),
    (GO1, "walk 2m; sit"),
    (GO1, "spin 360deg; stand"),
    (GO1, "spin left x1; lie"),
    (GO1, "walk sideways + !turn"),
    (GO1, "walk left 0.2m/s"),
    (GO1, "walk right 2m"),
    (GO1, "walk forward + walk left"),
    (GO1, "walk backward + walk right"),
    (GO1, "sway forward"),
    (GO1, "walk backward slow + sway hips"),
    (GO1, "walk forward fast"),
    (GO1, "walk 0.8m/s"),
    (GO1, "walk forward 4s; lie"),
    (GO1, "crawl forward"),
    (GO1, "walk forward low"),
    (GO1, "walk sneaky"),
    (GO1, "walk proud"),
    (GO1, "walk drunk"),
    (GO1, "limp right:rear_leg"),
    (GO1, "turn left 90deg; walk 2m"),
    (GO1, "turn right 180deg"),
    (GO1, "turn left 0.5rad/s"),
    (GO1, "hop x2; lie"),
    (GO1, "jump x3"),
    (GO1, "jump x4; sit"),
    (GO1, "nod x2"),
    (GO1, "nod 1.5hz"),
    (GO1, "nod big"),
    (GO1, "nod small"),
    (GO1, "shake head x3; stand"),
    (GO1, "sway hips slow"),
    (GO1, "lean left"),
    (GO1, "crouch; stand high"),
    (GO1, "sit; walk forward"),
    (GO1, "wave left:front_leg; walk backward"),
    (GO1, "kick left:front_leg x2"),
    (GO1, "point right:front_leg"),
    (GO1, "zigzag forward"),
    (GO1, "walk forward + !lift left:front_leg"),
    (GO1, "walk forward + !jump"),
    (GO1, "figure_eight"),
    (G1, "lift right:hand + !lift left:hand"),
    (G1, "lift left:hand"),
    (G1, "lift both:hand"),
    (G1, "nod + wave"),
    (G1, "nod x3 + wave right:hand"),
    (G1, "walk right x3"),
    (G1, "bow; wave"),
    (G1, "bow x2"),
    (G1, "wave right:hand; walk backward"),
    (G1, "turn left 90deg; walk 1m"),
    (G1, "shake head x3"),
    (G1, "lift left:leg"),
    (G1, "kick right:leg x1; stand"),
    (G1, "walk zombie"),
    (G1, "circle right"),
    (G1, "look left; look right"),
    (PANDA, "point left; point up"),
    (PANDA, "point right; point left"),
    (PANDA, "nod x2"),
]
"""What is asked of whom, in the notation of readings."""
TIME = np.arange(500) / 50.0
Series = dict[str, np.ndarray]
_OPPOSITE = {
    "forward": "backward",
    "left": "right",
    "up": "down",
    "clockwise": "counterclockwise",
}
_OPPOSITE |= {there: here for here, there in _OPPOSITE.items()}


def still(robot: Robot) -> Series:
    """It stands in its home pose."""
    s, h = robot.structure, robot.structure.base_height
    out = {word.name: np.zeros(500) for word in words_for(robot)}
    out["height"] += h
    out["upright"] += 1.0
    for joint in s.joints:
        out[f"joint:{joint.name}"] += joint.home
    for foot in s.feet:
        out[f"contact:{foot.name}"] += 1.0
        front = 0.7 if foot.name.startswith("F") else -0.7 if robot.type == "quadruped" else 0.0
        out[f"foot_forward:{foot.name}"] += front * h
        out[f"foot_height:{foot.name}"] += 0.0
    for i, hand in enumerate(s.hands):
        rest = s.raised[i].rest if s.raised else 0.5
        out[f"hand_height:{hand.name}"] += rest
        out[f"hand_forward:{hand.name}"] += 0.25 * h
        out[f"hand_left:{hand.name}"] += (0.25 if hand.name == "left" else -0.25) * h
        out[f"hand_x:{hand.name}"] += 0.5 if robot.type in ARMS else 0.0
    if "hands_apart" in out:
        out["hands_apart"] += 0.5
    return _summed_up(robot, out)


def shaking(robot: Robot, seed: int = 0) -> Series:
    """It shakes as random actions do."""
    draw, out = np.random.default_rng(seed), still(robot)
    sizes = {"m/s": 0.2, "rad/s": 1.0, "rad": 0.15, "m": 0.02, "1": 0.1}
    for word in words_for(robot):
        noise = np.convolve(draw.normal(size=520), np.ones(5) / 5, mode="same")[10:510]
        if not word.name.startswith(("contact", "flight", "feet")):
            out[word.name] = out[word.name] + 2 * sizes.get(word.unit, 0.1) * noise
    out["joint_speed"] = 10.0 + draw.normal(size=500)
    return _summed_up(robot, out)


def perform(robot: Robot, parts: tuple[Part, ...]) -> Series:
    """It does what the parts say."""
    out = still(robot)
    for slot in timeline(Reading(parts=parts), robot).slots:
        for doing in slot.doings:
            _act(robot, out, slot, doing)
        for doing in slot.forbidden:
            _leave_down(robot, out, doing)
    return _summed_up(robot, out)


def wrongs(parts: tuple[Part, ...]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """The nearest wrong things: an argument left out or turned round, a count or a size off by two,
    an action left out, what is forbidden done, the parts in another order.
    """
    for p, part in enumerate(parts):
        for a, action in enumerate(part.actions):
            for name, others in _near(action):
                actions = (*part.actions[:a], *others, *part.actions[a + 1 :])
                if actions:
                    new = part.model_copy(update={"actions": actions})
                    yield f"{name} ({action.do})", (*parts[:p], new, *parts[p + 1 :])
        if len(parts) > 1:
            yield f"no part {p + 1}", (*parts[:p], *parts[p + 1 :])
    if len(parts) > 1:
        yield "the other order", parts[::-1]


def _near(action: Action) -> Iterator[tuple[str, tuple[Action, ...]]]:
    def but(**changes: Any) -> tuple[Action, ...]:
        return (action.model_copy(update=changes),)

    if action.negated:
        yield "done all the same", but(negated=False)
        return
    yield "left out", ()
    for field in ("count", "distance_m", "angle_rad", "speed_mps", "turn_rate", "tempo_hz"):
        value = getattr(action, field)
        if value:
            yield f"{field} twice", but(**{field: 2 * value})
            if value != 1:
                yield f"{field} half", but(**{field: type(value)(value / 2)})
            if field not in ("angle_rad", "count") or action.do in ("nod", "shake", "turn"):
                yield f"no {field}", but(**{field: None})
    if action.direction in _OPPOSITE:
        yield "the other way", but(direction=_OPPOSITE[action.direction])
    if action.direction and action.do in ("walk", "run", "look", "point", "crawl", "sway"):
        yield "no direction", but(direction=None)
    if action.side in ("left", "right"):
        yield "the other side", but(side=_OPPOSITE[action.side])
    if action.part in ("front leg", "rear leg"):
        yield "the other end", but(part="rear leg" if action.part == "front leg" else "front leg")
    for word in action.manner:
        yield f"not {word}", but(manner=tuple(each for each in action.manner if each != word))


def _act(robot: Robot, out: Series, slot: Slot, d: Doing) -> None:
    now = (d.start <= TIME) & (d.end > TIME)
    do = d.action.do
    out["joint_speed"][now] = np.maximum(out["joint_speed"][now], 0.1 if do in _QUIET else 2.0)
    if travels(d.action):
        _go(robot, out, d, now)
    if do in ROTATE or do == "circle":
        out["turn_rate"][now] = _paced(d.turn, d.angle, d, now)
    if do in JUMP:
        _jump(robot, out, d, now)
    if do in ("nod", "shake", "sway", "twist", "wave", "swing"):
        _swing(robot, out, d, now)
    if do in ("lift", "point", "reach", "wave", "kick"):
        _limb(robot, out, d, now)
    if do in ("look", "lean", "bow"):
        _tilt(robot, out, d, now)
    _posture(robot, out, d, now)


_QUIET = frozenset("stand freeze sit lie look lean bow lift point reach crouch".split())


def _paced(rate: float, goal: float | None, d: Doing, now: np.ndarray) -> float:
    """A rate that reaches its goal in the time there is."""
    return rate if goal is None else np.sign(rate) * abs(goal) / (now.sum() / 50.0)


def _go(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    speed = d.sign * _paced(d.speed, d.distance if d.action.do != "circle" else None, d, now)
    if d.action.do == "circle":
        speed = d.speed
    out["left_speed" if d.aside else "forward_speed"][now] = speed
    count, h = d.action.count, robot.structure.base_height
    hz = count / d.seconds if count and d.action.do not in JUMP else 1.5
    if "hot ground" in d.said:
        hz = 2.5
    for i, foot in enumerate(robot.structure.feet):
        wave = np.sin(2 * np.pi * hz * (TIME - d.start) - np.pi * (i in (1, 2)))
        up = now & (wave > 0)
        out[f"foot_height:{foot.name}"][up] = 0.2 * h * wave[up]
        out[f"contact:{foot.name}"][up] = 0.0
    if d.action.do == "limp" and (found := limbs(robot, d.action)):
        name = found.named[0].name
        out[f"contact:{name}"][now & (np.mod(TIME, 1.0) < 0.8)] = 0.0
    low = d.action.do == "crawl" or d.action.height == "low" or {"sneaky", "tired"} & d.said
    if low:
        out["height"][now] = (0.9 if robot.type in TWO else 0.7) * h
    if d.action.height == "high" or "proud" in d.said:
        out["height"][now] = 1.12 * h
    if {"drunk", "zombie"} & d.said:
        out["roll"][now] += 0.2 * np.sin(2 * np.pi * 0.7 * TIME[now])
    if "zombie" in d.said:
        for hand in robot.structure.hands:
            out[f"hand_forward:{hand.name}"][now] = 0.55 * h
    if d.action.do == "zigzag":
        out["turn_rate"][now] += 0.5 * 2 * np.pi * 0.4 * np.cos(2 * np.pi * 0.4 * TIME[now])


def _jump(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    big = 1.6 if d.action.height == "high" or "big" in d.said else 1.0
    into = np.mod(TIME - d.start, 1 / d.hz) - 0.4 / d.hz
    aloft = now & (into > 0) & (into < 0.35)
    arc = 4 * (into / 0.35) * (1 - into / 0.35)
    out["height"][aloft] += 0.3 * big * robot.structure.base_height * arc[aloft]
    for foot in robot.structure.feet:
        out[f"contact:{foot.name}"][aloft] = 0.0
        out[f"foot_height:{foot.name}"][aloft] = 0.25 * robot.structure.base_height


def _swing(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    do, part = d.action.do, d.action.part
    size = 1.6 if "big" in d.said else 0.5 if "small" in d.said else 1.0
    beat = size * np.sin(2 * np.pi * d.hz * (TIME[now] - d.start))
    found = limbs(robot, d.action)
    limb = part in ("hand", "arm", "leg", "front leg", "rear leg")
    if (do == "wave" or limb) and found:
        for each in found.named if found.every else found.named[:1]:
            if each.kind == "foot":
                out[f"group:{each.name}"][now] += 0.15 * beat
            else:
                axis = "hand_y" if robot.type in ARMS else "hand_left"
                out[f"{axis}:{each.name}"][now] += 0.12 * beat
        return
    if robot.type in ARMS:
        hand = robot.structure.hands[-1].name
        out[f"hand_height:{hand}" if do == "nod" else f"hand_y:{hand}"][now] += 0.12 * beat
    elif do == "nod":
        _turned(robot, out, "pitch", now, 0.2 * beat)
    elif do == "sway" and d.action.direction == "forward":
        out["pitch"][now] += 0.2 * beat
    elif do == "twist" or part == "head":
        _turned(robot, out, "yaw", now, 0.25 * beat)
    else:
        out["roll"][now] += 0.2 * beat
        if "sway" in out:
            out["sway"][now] += 0.2 * beat


def _turned(robot: Robot, out: Series, axis: str, now: np.ndarray, by: Any) -> None:
    """The head, by the joint that it has, or else the base; a base's yaw is in its rate."""
    joint = pivot(robot, axis)
    if joint:
        out[f"joint:{joint}"][now] += by
    elif axis == "pitch":
        out["pitch"][now] += by
    else:
        angle = np.zeros(500)
        angle[now] = by
        out["turn_rate"] += np.gradient(angle, TIME)


def _limb(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    found = limbs(robot, d.action)
    if found is None:
        return
    h, do = robot.structure.base_height, d.action.do
    way = d.action.direction or ("up" if do in ("reach", "lift", "wave") else "forward")
    for each in found.named if found.every else found.named[:1]:
        held = now & (d.start + min(0.5, 0.2 * d.seconds) < TIME)
        if each.kind == "foot":
            high = (0.2 if robot.type in TWO else 0.45) * h
            ahead = 0.4 * h if do in ("point", "reach", "kick") else 0.0
            if do == "kick" or (d.action.count and do == "lift"):
                hz = (d.action.count or 1) / d.seconds
                held &= np.mod((TIME - d.start) * hz, 1.0) > 0.4
            out[f"foot_height:{each.name}"][held] = high
            out[f"foot_forward:{each.name}"][held] += ahead
            out[f"contact:{each.name}"][held] = 0.0
        elif robot.type in ARMS:
            spots = {"left": ("y", 0.6), "right": ("y", -0.6), "up": ("height", 1.1),
                     "forward": ("x", 0.8), "down": ("height", 0.1)}  # fmt: skip
            axis, place = spots[way]
            out[f"hand_{axis}:{each.name}"][held] = place
        elif way in ("up", "down"):
            arm = robot.structure.raised[[x.name for x in robot.structure.hands].index(each.name)]
            out[f"hand_height:{each.name}"][held] = arm.height if way == "up" else arm.rest
        else:
            axis = "left" if way in ("left", "right") else "forward"
            sign = -1 if way in ("right", "backward") else 1
            out[f"hand_{axis}:{each.name}"][held] = 0.6 * sign * h


def _leave_down(robot: Robot, out: Series, d: Doing) -> None:
    """A foot that must not be lifted."""
    found = limbs(robot, d.action) if d.action.do == "lift" else None
    for each in found.named if found and d.action.part != "hand" else ():
        now = (d.start <= TIME) & (d.end > TIME)
        out[f"foot_height:{each.name}"][now], out[f"contact:{each.name}"][now] = 0.0, 1.0


def _tilt(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    do, way, end = d.action.do, d.action.direction, d.start + d.seconds
    held = now & (d.start + min(0.6, 0.2 * d.seconds) < TIME)
    if "held" not in d.said and do != "bow":  # it looks away in between
        held &= (end - 0.55 * d.seconds > TIME) | (end - 0.4 * d.seconds < TIME)
    if do == "bow":
        hz = (d.action.count or 1) / d.seconds
        held &= np.mod((TIME - d.start) * hz, 1.0) < 0.7
    if (
        do == "bow"
        or way in ("up", "down")
        or (do == "lean" and way in (None, "forward", "backward"))
    ):
        sign = -1 if way in ("up", "backward") else 1
        size = 0.85 if do == "bow" and robot.type in TWO else 0.35
        _turned(robot, out, "pitch", held, size * sign)
    elif do == "look":
        _turned(robot, out, "yaw", held, 0.35 * d.sign)
    else:
        out["roll"][held] += -0.3 if way == "left" else 0.3


def _posture(robot: Robot, out: Series, d: Doing, now: np.ndarray) -> None:
    h, do = robot.structure.base_height, d.action.do
    there = now & (d.start + min(0.8, 0.3 * d.seconds) < TIME)
    if do == "sit":
        out["height"][there] = (0.6 if robot.type in TWO else 0.8) * h
        out["pitch"][there] = 0.0 if robot.type in TWO else -0.6
    if do == "lie":
        out["height"][there] = 0.3 * h
    if do == "crouch":
        out["height"][there] = (0.75 if robot.type in TWO else 0.6) * h
    if do == "rise" or (do == "stand" and d.action.height == "high"):
        out["height"][there] = 1.2 * h


def _summed_up(robot: Robot, out: Series) -> Series:
    """Places and headings from speeds and rates; counts of feet from contacts."""
    out["yaw"] = np.concatenate([[0.0], np.cumsum(out["turn_rate"][:-1]) / 50.0])
    ahead, aside = out["forward_speed"], out["left_speed"]
    x = np.cumsum(np.cos(out["yaw"]) * ahead - np.sin(out["yaw"]) * aside) / 50.0
    y = np.cumsum(np.sin(out["yaw"]) * ahead + np.cos(out["yaw"]) * aside) / 50.0
    out["displacement_forward"], out["displacement_left"] = x - x[0], y - y[0]
    out["distance"] = np.hypot(x - x[0], y - y[0])
    out["path"] = np.cumsum(np.hypot(ahead, aside)) / 50.0
    out["speed"] = np.hypot(ahead, aside)
    if robot.structure.feet:
        down = sum(out[f"contact:{foot.name}"] for foot in robot.structure.feet)
        out["feet_down"], out["flight"] = down, (down == 0).astype(float)
    return out

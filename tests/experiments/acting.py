"""Studios whose jobs do what `small_acts` says, step by step."""

from waiting import statuses, until

from tabrl.experiments.engine import Engine, Live

SENTENCE = "Keep shaking your hips aloha dude!"
ROBOT = "Go1JoystickFlatTerrain"
BATCH = 512 * 20
ONCE = ("once", "twice", "thrice")


def proposed(engine: Engine, steps: int = 8 * BATCH, **options: object) -> Live:
    """A draft whose checks are through."""
    live = engine.propose(ROBOT, SENTENCE, **{"steps": steps} | options)
    until(lambda: set(statuses(live)) <= {"ready", "refused"})
    return live


def behaving(engine: Engine, live: Live, index: int, word: str) -> str:
    """Have an approach train as `small_acts` says of a word; its id."""
    approach = live.experiment.approaches[index]
    engine.edit(live.id, approach.folder, {"source": f"{approach.source}\n# {word}\n"})
    until(lambda: approach.status in ("ready", "refused"))
    return approach.folder


def trained(engine: Engine, live: Live, names: list[str] | None = None) -> None:
    engine.train(live.id, names)
    until(lambda: not ({"queued", "training"} & set(statuses(live)) or live.tasks))

"""Experiments that were taught, without training: clips and policy of the shipped library."""

import shutil
from itertools import count

from tabrl.behaviours.reading import read
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.engine.library import shelf
from tabrl.experiments.engine.writer import row
from tabrl.robots.catalogue import robot as find_robot
from tabrl.store.tables import PersonRow

NUMBERS = count()
GO1 = "Go1JoystickFlatTerrain"


def taught(
    engine: Engine,
    sentence: str,
    *,
    owner: PersonRow | None = None,
    visibility: str = "public",
    verdict: str = "pass",
    provider: str = "builtin",
    robot: str = GO1,
    title: str = "",
    files: bool = True,
) -> Live:
    """An experiment with one approach, Aloha Roll, shown to whom `visibility` says."""
    given = shelf()["library-hip-shake"]
    id = f"taught{next(NUMBERS):06d}"
    approach = given.approaches[0].model_copy(
        deep=True, update={"verdict": verdict, "provider": provider}
    )
    experiment = given.model_copy(
        update={
            "id": id, "sentence": sentence, "title": title, "robot": robot, "client": "studio",
            "reading": read(sentence, find_robot(robot)), "approaches": [approach],
            "folder": engine.settings.home / "experiments" / id,
        }
    )  # fmt: skip
    if files:
        shutil.copytree(given.folder / approach.folder, experiment.folder / approach.folder)
    else:
        experiment.folder.mkdir(parents=True)
    experiment.save()
    engine.store.save(**row(experiment))
    if owner is not None:
        engine.store.own(id, owner.id)
    live = engine.find(id)
    engine.show(live, visibility)
    return live

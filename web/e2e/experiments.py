"""Experiments of a home without training: the library's clips, as if several providers took part.

`python web/e2e/experiments.py HOME ID=COUNT ...` keeps each as `tabrl teach` would. Every third
approach does it, needs a look and misses something, in turn; the last one of several has a parent,
one alone has trained on.
"""

import os
import shutil
import sys
from pathlib import Path

from tabrl.experiments.approach_record import Numbers, Origin
from tabrl.experiments.engine.library import shelf
from tabrl.experiments.engine.writer import row
from tabrl.experiments.record import Experiment
from tabrl.settings import Settings
from tabrl.spec import Verdict
from tabrl.store import open_store

PROVIDERS = ("builtin", "anthropic", "openai")
VERDICTS: tuple[Verdict, ...] = ("pass", "needs review", "fail")
MISSED = "Too little hip swing: 0.002 of 0.15 rad"


def made(home: Path, id: str, count: int) -> Experiment:
    """An experiment with so many clips, three of each provider."""
    given = shelf()["library-hip-shake"]
    experiment = given.model_copy(deep=True, update={"id": id, "client": "studio"})
    experiment.folder = home / "experiments" / id
    experiment.approaches = []
    for index in range(count):
        taken = given.approaches[index % 3]
        folder = f"{index + 1}-{taken.folder.partition('-')[2]}"
        shutil.copytree(given.folder / taken.folder, experiment.folder / folder)
        policy = given.folder / given.approaches[0].files["policy"]
        shutil.copytree(policy, experiment.folder / folder / "policy", dirs_exist_ok=True)
        verdict = VERDICTS[index % 3]
        approach = taken.model_copy(
            deep=True,
            update={
                "folder": folder,
                "provider": PROVIDERS[index // 3 % 3],
                "verdict": verdict,
                "reasons": [] if verdict == "pass" else [MISSED],
                "files": {
                    name: path.replace(taken.folder, folder, 1)
                    for name, path in taken.files.items()
                }
                | {"policy": f"{folder}/policy"},
            },
        )
        if index == count - 1 and count > 1:
            first = experiment.approaches[0]
            approach.origin = Origin(experiment=id, approach=first.folder, name=first.name)
            approach.numbers = Numbers(
                trained=taken.numbers.trained,
                base=taken.numbers.trained | {"hip swing (rad)": 0.021},
            )
        if count == 1:
            approach.keep_version()
            approach.versions[0].verdict, approach.versions[0].step = "fail", 40_960
            approach.version = approach.attempt = 2
        experiment.approaches.append(approach)
    return experiment


def main() -> None:
    """Keep what the arguments name."""
    home = Path(sys.argv[1])
    os.environ["TABRL_HOME"] = str(home)
    store = open_store(Settings.from_env().prepare())
    for asked in sys.argv[2:]:
        id, _, count = asked.partition("=")
        experiment = made(home, id, int(count))
        experiment.save()
        store.save(**row(experiment))


if __name__ == "__main__":
    main()

"""Keeps an experiment where others can read it: its folder and the store."""

import time
from typing import TYPE_CHECKING, Any

from tabrl.experiments.record import Experiment

if TYPE_CHECKING:
    from tabrl.store import Store

PAUSE_S = 2.0


class Journal:
    """Writes an experiment after each change; what is lost when everything is killed is 2 s."""

    def __init__(self, experiment: Experiment, store: "Store | None") -> None:
        self._experiment = experiment
        self._store = store
        self._written = 0.0

    def write(self) -> None:
        """Write now, to the folder and to the store."""
        self._save()
        if self._store is not None:
            self._store.save(**row(self._experiment))

    def write_soon(self) -> None:
        """Write to the folder, unless that was done a moment ago."""
        if time.monotonic() - self._written > PAUSE_S:
            self._save()

    def _save(self) -> None:
        self._experiment.save()
        self._written = time.monotonic()


def row(experiment: Experiment) -> dict[str, Any]:
    """An experiment as `Store.save` takes it: what was asked, and what is known by now."""
    parent = experiment.parent
    asked = {"id", "sentence", "robot", "seed", "preset", "provider", "steps", "created"}
    curves = {"approaches": {"__all__": {"curve", "source", "findings", "metric"}}}
    data = experiment.model_dump(mode="json", exclude=curves)
    return {
        "id": experiment.id,
        "sentence": experiment.sentence,
        "robot": experiment.robot,
        "status": experiment.status,
        "folder": str(experiment.folder),
        "created": experiment.created,
        "parent": parent and (parent.id or parent.share_id),
        "spec": {key: value for key, value in data.items() if key in asked},
        "result": {key: value for key, value in data.items() if key not in asked | {"approaches"}},
        "approaches": [
            {key: approach[key] for key in ("name", "status", "verdict", "numbers", "folder")}
            for approach in data["approaches"]
        ],
    }

"""One approach of an earlier experiment is edited and trained on, as an experiment of its own."""

from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.executors.base import Executor
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.authors import authors
from tabrl.experiments.command import OnEvent, carry_out
from tabrl.experiments.create import create_child
from tabrl.experiments.editing import Editor, Wish, adopt
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.record import Experiment, load
from tabrl.experiments.stop import Stop
from tabrl.settings import Settings
from tabrl.spec import Preset

MAX_WISH = 1000


def improve(
    folder: Path,
    name: str,
    wish: str = "",
    *,
    best: str = "",
    worst: str = "",
    provider: str,
    model: str | None = None,
    base_url: str | None = None,
    replay: Path | None = None,
    preset: Preset = "standard",
    steps: int | None = None,
    executor: str | Executor = "local",
    out: Path | None = None,
    settings: Settings | None = None,
    on_event: OnEvent = lambda experiment, event: None,
    stop: Stop | None = None,
) -> Experiment:
    """An experiment of one approach, edited from a trained one and trained on from its policy.

    Args:
        folder: the experiment of the approach.
        name: the approach: its folder, its name or its number.
        wish: what the person says about the result.
        best: the approach that the person likes best; `worst` likewise.

    Raises:
        TabRLError: it cannot be improved; the message says why.
    """
    settings = settings or Settings.from_env()
    earlier = load(folder)
    parent = chosen(earlier, name)
    asked = Wish(wish[:MAX_WISH], best, worst)
    editor = Editor(authors((provider,), settings, model=model, base_url=base_url, replay=replay))
    known = editor.at_once(parent, asked)

    def begin(engine: Engine) -> Live:
        made = create_child(earlier, "improve", preset=preset, steps=steps, provider=editor.name,
                            out=out, settings=engine.settings)  # fmt: skip
        return engine.begin(made)

    def propose(engine: Engine, live: Live) -> None:
        made = live.experiment
        edit = known or editor.ask(made, parent, asked, engine.lane(live))
        record = adopt(made, earlier, parent, edit, asked)
        made.note = record.description
        engine.add(live, record)

    return carry_out(begin, executor, settings, on_event, stop, propose)


def chosen(experiment: Experiment, name: str, *, trained: bool = True) -> ApproachRecord:
    """The approach of this folder, name or number; `TabRLError` where there is none, or where it
    was not trained and must be.
    """
    for index, approach in enumerate(experiment.approaches, 1):
        if name in (approach.folder, approach.name, str(index)):
            if trained and "policy" not in approach.files:
                raise TabRLError(f"{approach.name} was not trained.", "Choose one that was.")
            return approach
    names = ", ".join(approach.folder for approach in experiment.approaches)
    raise TabRLError(f"There is no approach {name!r}.", f"There are {names or 'none'}.")

"""A sentence becomes approaches and the metric that judges them."""

from tabrl.experiments.record import ApproachRecord, Experiment
from tabrl.robots.catalogue import robot
from tabrl.spec import Behaviour


def behaviour(experiment: Experiment, count: int) -> Behaviour:
    """What the built-in provider makes of the experiment's sentence."""
    from tabrl.behaviours.builtin import propose as built_in

    return built_in(experiment.sentence, robot(experiment.robot), count=count, seed=experiment.seed)


def add(experiment: Experiment, proposed: Behaviour, provider: str) -> list[ApproachRecord]:
    """Append a provider's approaches; the first provider gives the title and the note."""
    if not experiment.approaches:
        experiment.title, experiment.note = proposed.title, proposed.note
    begin = len(experiment.approaches)
    added = [
        ApproachRecord.of(approach, proposed.metric, begin + index)
        for index, approach in enumerate(proposed.approaches)
    ]
    for approach in added:
        approach.provider = provider
        write_reward(experiment, approach)
    experiment.approaches = [*experiment.approaches, *added]
    return added


def write_reward(experiment: Experiment, approach: ApproachRecord) -> None:
    """Put an approach's source where a person finds it."""
    folder = experiment.folder / approach.folder
    folder.mkdir(exist_ok=True)
    (folder / "reward.py").write_text(approach.source, encoding="utf-8")
    approach.files["reward"] = f"{approach.folder}/reward.py"

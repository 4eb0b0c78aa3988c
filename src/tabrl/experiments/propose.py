"""A sentence becomes approaches and the metric that judges them."""

from tabrl.experiments.record import ApproachRecord, Experiment
from tabrl.robots.catalogue import robot


def propose(experiment: Experiment, count: int) -> None:
    """Fill in title, note and `count` approaches, and write each reward to its folder."""
    from tabrl.llm.builtin import propose as built_in

    behaviour = built_in(
        experiment.sentence, robot(experiment.robot), count=count, seed=experiment.seed
    )
    experiment.title, experiment.note = behaviour.title, behaviour.note
    experiment.approaches = [
        ApproachRecord.of(approach, behaviour.metric, index)
        for index, approach in enumerate(behaviour.approaches)
    ]
    for approach in experiment.approaches:
        folder = experiment.folder / approach.folder
        folder.mkdir(exist_ok=True)
        (folder / "reward.py").write_text(approach.source, encoding="utf-8")
        approach.files["reward"] = f"{approach.folder}/reward.py"

"""A sentence becomes approaches and the metric that judges them."""

from collections.abc import Iterable

from tabrl.behaviours.reading import Reading, read
from tabrl.behaviours.reading.choices import corrected
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import Experiment
from tabrl.robots.catalogue import robot
from tabrl.spec import Behaviour


def behaviour(experiment: Experiment, count: int, known: Iterable[Experiment] = ()) -> Behaviour:
    """What the built-in provider makes of the experiment's sentence, corrected or not.

    Args:
        known: what was added to the library here: where one of them was taught the same to the same
            robot, its approach leads, and all are judged by its metric.
    """
    from tabrl.behaviours.builtin import propose as built_in

    proposed = built_in(
        experiment.sentence,
        robot(experiment.robot),
        reading=correction(experiment),
        count=count,
        seed=experiment.seed,
    )
    same = next((each for each in known if _same(each, experiment)), None)
    return proposed if same is None else _led_by(same, proposed, count)


def _same(known: Experiment, asked: Experiment) -> bool:
    """Whether the same was asked of the same robot: in the same words, or by a sure reading."""
    if known.robot != asked.robot:
        return False
    one, other = known.reading, asked.reading
    if one and other and (one.sure and other.sure):
        return one.parts == other.parts
    return known.sentence.casefold().strip(" .!") == asked.sentence.casefold().strip(" .!")


def _led_by(known: Experiment, proposed: Behaviour, count: int) -> Behaviour:
    lead = known.approaches[0]
    if lead.metric is None:
        return proposed
    others = [each for each in proposed.approaches if each.name != lead.name]
    return proposed.model_copy(
        update={
            "note": f"{proposed.note} {lead.name} is from the library: it passed there.".strip(),
            "approaches": (lead.approach(), *others)[:count],
            "metric": lead.metric,
        }
    )


def reading_of(sentence: str, id: str, given: Reading | None) -> Reading:
    """What a sentence asks of a robot: as a person corrected it, or else as it is read.

    Raises:
        TabRLError: there is no such robot, or the correction is none.
    """
    body = robot(id)
    return corrected(given, body) if given else read(sentence, body)


def correction(experiment: Experiment) -> Reading | None:
    """What the sentence asks for where a person corrected what was read; else None."""
    reading = experiment.reading
    if reading is None or reading == reading_of(experiment.sentence, experiment.robot, None):
        return None
    return reading


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

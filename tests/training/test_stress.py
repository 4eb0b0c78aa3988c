"""Perturbed policies: what passes, where they stop, and who cannot be tested."""

from pathlib import Path
from threading import Event as Flag

import lessons
import numpy as np
import pytest
from lessons import Lesson

from tabrl import worker
from tabrl.events import Failed, Finished, Stressed
from tabrl.policies import checkpoint
from tabrl.spec import Metric, Robustness, StressSpec
from tabrl.training.stress import LEVELS, TRIES, UPRIGHT, measure_robustness, perturbed, stress

BASE = Path(checkpoint.__file__).parent / "base" / "go1"


@pytest.fixture(scope="module")
def walker() -> dict[str, Robustness]:
    """What Go1's base policy bears, told to walk ahead."""
    parameters, _, card = checkpoint.load(BASE)
    rollouts = perturbed(card["robot"], tuple(card["hidden"]))
    setting = rollouts.task.setting(None).told(0.8, 0, 0, 1)
    metric = Metric(
        name="Walks",
        question="Does it get somewhere, on its feet?",
        criteria=(
            *UPRIGHT.criteria,
            UPRIGHT.criteria[0].model_copy(
                update={
                    "label": "way",
                    "measure": "final",
                    "signal": "distance",
                    "at_least": 4.0,
                    "at_most": None,
                }
            ),
        ),
    )
    robustness = measure_robustness(rollouts, parameters, setting, metric, 0, Flag())
    return {each.what: each for each in robustness}


@pytest.mark.nightly
def test_a_walker_walks_as_it_was_trained_and_stops_where_it_slips(
    walker: dict[str, Robustness],
) -> None:
    assert {what: each.levels for what, each in walker.items()} == LEVELS
    friction, mass, push = (walker[what].passes for what in LEVELS)
    assert friction[3] == mass[2] == push[0] == TRIES
    assert friction[0] < friction[3]


def test_levels_are_what_the_simulations_have() -> None:
    _, _, card = checkpoint.load(BASE)
    task = perturbed(card["robot"], tuple(card["hidden"])).task
    friction = task.physics.batch.expand("geom_friction")[:, :, 0] / task.model.geom_friction[:, 0]
    mass = task.physics.batch.expand("body_mass")[:, 1:] / task.model.body_mass[1:]
    wanted = np.repeat([LEVELS["friction"], LEVELS["mass"]], TRIES, axis=1)
    plain = np.ones(25)
    np.testing.assert_allclose(friction[:, 0], np.concatenate([wanted[0], plain, plain]))
    np.testing.assert_allclose(mass.T, [np.concatenate([plain, wanted[1], plain])] * mass.shape[1])


@pytest.mark.nightly
def test_a_training_with_randomisation_ends_with_its_robustness(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = tmp_path_factory.mktemp("randomised")
    lesson = Lesson(lessons.spec(out, metric=lessons.METRIC, randomize=True))
    (stressed,) = lesson.all(Stressed)
    assert [each.what for each in stressed.robustness] == ["friction", "mass"]
    (finished,) = lesson.all(Finished)
    assert finished.judgement.verdict == "pass"
    assert stressed.robustness[1].passes[2] >= 3
    again = [*stress(StressSpec(job="push", policy=str(out / "policy"), seed=3), stop=Flag())][-1]
    assert again.robustness == stressed.robustness


def test_a_training_without_randomisation_is_not_tested(taught: Lesson) -> None:
    assert not taught.all(Stressed)


def test_a_robot_that_cannot_fall_needs_a_metric(tmp_path: Path, taught: Lesson) -> None:
    policy, _, card = checkpoint.load(taught.out / "policy")
    del card["metric"]
    checkpoint.save(tmp_path, policy, card)
    *_, failed = worker.run(StressSpec(job="none", policy=str(tmp_path)))
    assert isinstance(failed, Failed)
    assert "has no metric" in failed.error
    assert "tabrl teach" in failed.hint

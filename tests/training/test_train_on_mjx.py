"""Trainings whose physics is MJX."""

from pathlib import Path

import lessons
import pytest

from tabrl.events import Finished
from tabrl.spec import Hyperparameters
from tabrl.training.session import trainer

HP = Hyperparameters(
    num_envs=8, unroll_length=5, num_minibatches=2, num_epochs=1, hidden=(8,), episode_length=50
)


pytestmark = pytest.mark.usefixtures("precision_stays")


@pytest.mark.nightly
def test_a_spec_chooses_the_physics_of_its_job(tmp_path: Path) -> None:
    spec = lessons.spec(
        tmp_path, approach=None, num_steps=80, impl="mjx", hyperparameters=HP, threads=0
    )
    (finished,) = lessons.Lesson(spec).all(Finished)
    assert finished.step == 80
    ppo = trainer(lessons.ROBOT, HP, 0, False, 0, "mjx")
    assert ppo.task.physics.traceable
    assert ppo.rollout._cache_size() == 1  # this training has used it

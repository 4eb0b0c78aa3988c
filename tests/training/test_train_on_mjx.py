"""Trainings whose physics is MJX."""

from pathlib import Path
from threading import Event as Flag

import lessons
import pytest

from tabrl.events import Calibrated, Finished
from tabrl.spec import CalibrateSpec, Hyperparameters
from tabrl.training.job import calibrate
from tabrl.training.session import trainer

HP = Hyperparameters(
    num_envs=8, unroll_length=5, num_minibatches=2, num_epochs=1, hidden=(8,), episode_length=50
)


pytestmark = pytest.mark.usefixtures("precision_stays")


def test_a_spec_chooses_the_physics_of_its_job(tmp_path: Path) -> None:
    spec = lessons.spec(
        tmp_path, approach=None, num_steps=80, impl="mjx", hyperparameters=HP, threads=0
    )
    (finished,) = lessons.Lesson(spec).all(Finished)
    assert finished.step == 80
    ppo = trainer(lessons.ROBOT, HP, 0, False, 0, "mjx")
    assert ppo.task.physics.traceable
    assert ppo.rollout._cache_size() == 1  # this training has used it
    speed = CalibrateSpec(job="speed", robot=lessons.ROBOT, hyperparameters=HP, impl="mjx")
    *_, measured = calibrate(speed, stop=Flag())
    assert isinstance(measured, Calibrated)
    assert measured.steps_per_s > 0
    assert ppo.rollout._cache_size() == 1
    assert trainer.cache_info().hits >= 2

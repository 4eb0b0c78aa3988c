"""A machine that cannot draw: it is said before the training, which keeps all but its clip."""

from pathlib import Path

import lessons
import pytest

from tabrl.events import Artifact, Failed, Finished, NoClip, PhaseStarted
from tabrl.executors.local import LocalExecutor
from tabrl.policies import checkpoint
from tabrl.rendering.video import probe
from tabrl.settings import Settings
from tabrl.spec import RenderSpec
from tabrl.verdict.trajectory import Trajectory

INSTALL = "apt-get install --no-install-recommends libegl1 libgl1-mesa-dri libopengl0"


@pytest.mark.nightly
def test_a_training_without_opengl_ends_with_its_verdict_and_its_clip_is_made_later(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "cache", max_jobs=1)
    monkeypatch.setenv("MUJOCO_GL", "bad")
    with monkeypatch.context() as no_driver, LocalExecutor(settings) as executor:
        no_driver.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", str(tmp_path / "none.json"))
        spec = lessons.spec(
            out, num_steps=4 * lessons.BATCH, metric=lessons.METRIC, clip=True, previews=True
        )
        job = executor.submit(spec)
        events = list(job.events())
    kinds = [event.phase if isinstance(event, PhaseStarted) else type(event) for event in events]
    assert kinds.index(NoClip) < kinds.index("training")
    (missing,) = (event for event in events if isinstance(event, NoClip))
    assert missing.note.startswith("No clip: this machine cannot draw off-screen.")
    assert INSTALL in missing.note
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.stopped, job.state) == (False, "finished")
    assert finished.judgement is not None
    left = {event.name for event in events if isinstance(event, Artifact)}
    assert left == {"policy", "trajectory"}
    assert checkpoint.read_card(out / "policy")["robot"] == lessons.ROBOT
    learned = Trajectory.load(out / "trajectory.npz")

    with LocalExecutor(settings) as executor:  # the driver is there; MUJOCO_GL is still "bad"
        again = RenderSpec(job="again", policy=str(out / "policy"), out=str(out), seed=spec.seed)
        assert not any(isinstance(event, Failed) for event in executor.submit(again).events())
    assert probe(out / "clip.mp4").frames == 500
    assert (Trajectory.load(out / "trajectory.npz").qpos == learned.qpos).all()

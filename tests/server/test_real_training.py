"""The studio over real workers: a small robot really learns, and outlives the server's death."""

import io
import json
from dataclasses import dataclass

import av
import pytest
from test_serving import Served, starting
from waiting import until

ROBOT = "CartpoleBalance"
BATCH = 256 * 20
STEPS = 40 * BATCH
SMALL = {"num_envs": 256, "num_epochs": 1, "hidden": [32, 32]}


@dataclass
class Story:
    """A training whose server was killed, and what became of it after the next start.

    Attributes:
        kept: the approach on disk once the server was dead.
        done: the approach when it had ended, as the page gets it.
        start: what is known of the policy that it went on from.
        preview: the last clip of the policy so far, as the page plays it.
    """

    kept: dict
    done: dict
    start: dict
    preview: bytes


def begin(served: Served) -> str:
    """An experiment whose one approach trains; its id."""
    body = {"robot": ROBOT, "sentence": "Balance as calmly as you can", "approaches": 1}
    body |= {"steps": STEPS, "hyperparameters": SMALL}
    id = served.http.post("/api/training/approaches", json=body).json()["id"]
    served.until(id, {"ready"})
    served.http.post("/api/training/batch", json={"experiment": id})
    return id


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("real")
    (folder / "home").mkdir()
    with starting(folder) as serve:
        first = serve()
        id = begin(first)
        until(lambda: bool(list(first.home.glob("experiments/*/1-*/policy/policy.json"))))
        first.process.kill()
        first.process.wait()
        kept = first.kept(id)
        second = serve()
        done = second.until(id, {"finished", "failed", "interrupted"})
        (start,) = first.home.glob("experiments/*/1-*/2/start/policy.json")
        preview = second.http.get(done["files"]["previews"][-1]["url"]).content
        return Story(kept, done, json.loads(start.read_text()), preview)


@pytest.mark.nightly
def test_a_preview_of_the_policy_so_far_decodes(story: Story):
    with av.open(io.BytesIO(story.preview)) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
    assert len(frames) == 75  # 3 s
    assert frames[0].shape == (240, 320, 3)
    assert frames[0].std() > 1.0  # there is something to see


@pytest.mark.nightly
def test_a_killed_server_s_training_goes_on_from_its_last_policy(story: Story):
    assert story.kept["status"] == "training"
    assert story.kept["step"] < STEPS
    done = story.done
    assert (done["status"], done["step"]) == ("finished", STEPS), done["error"]
    assert STEPS // 4 <= story.start["steps"] < STEPS
    steps = [point["step"] for point in done["curve"] if point["episode_return"] is not None]
    assert steps == sorted(set(steps))
    assert any(step > story.start["steps"] for step in steps)
    assert done["verdict"] is not None
    assert done["files"]["clip"]

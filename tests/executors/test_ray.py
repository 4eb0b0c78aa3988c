"""What the cluster's side does, without a cluster; `test_contract` has the whole with one."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import small_jobs as jobs

from tabrl import artifacts
from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted, Progress, Rendering, loads
from tabrl.executors.ray_orders import Order
from tabrl.executors.ray_slot import UNHEARD, Log, Slot
from tabrl.executors.remote import MOST_PROGRESS, thinned
from tabrl.executors.staging import Staging
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

HERE = str(Path(__file__).parent)
Spec = Callable[[str, int], TrainSpec]


def progress(step: int) -> Progress:
    return Progress(
        job="a", step=step, num_steps=9, steps_per_s=1.0, seconds_left=1.0, episode_return=0.0,
        episode_length=1.0, terms={},
    )  # fmt: skip


def test_a_log_is_read_on_from_any_number_and_says_when_it_ends():
    log, phase = Log(), PhaseStarted(job="a", phase="training")
    assert log.after(0, 0.0) == ([], False)
    log.add(phase)
    log.add(progress(1))
    assert [n for n, _ in log.after(0, 0.0)[0]] == [1, 2]
    new, _ = log.after(1, 0.0)
    assert [loads(line) for _, line in new] == [
        progress(1).model_copy(update={"at": loads(new[0][1]).at})
    ]
    threading.Timer(0.1, log.end).start()
    assert log.after(2, 60.0) == ([], True)


def test_a_backlog_keeps_every_event_of_which_none_is_newer():
    many: list[Event] = [progress(step) for step in range(5 * MOST_PROGRESS)]
    many += [Rendering(job="a", fraction=0.1), Rendering(job="a", fraction=0.2)]
    many += [Finished(job="a", step=9, seconds={})]
    kept = thinned(list(enumerate(many, start=1)))
    assert [event for _, event in kept[-2:]] == many[-2:]
    shown = [event.step for _, event in kept if isinstance(event, Progress)]
    assert MOST_PROGRESS / 2 <= len(shown) <= MOST_PROGRESS + 1
    assert shown[-1] == 5 * MOST_PROGRESS - 1
    few = list(enumerate(many[:MOST_PROGRESS], start=1))
    assert thinned(few) == few


def test_results_go_to_their_url_and_what_is_read_comes_from_there(spec: Spec, tmp_path: Path):
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "policy.json").write_text("{}")
    url, start = f"memory://{tmp_path}/out", f"file://{tmp_path}/start"
    asked = spec("a", 0).model_copy(
        update={"out": url, "resume": start, "base_policy": "/theirs/go1/v1", "baseline": "/x"}
    )
    with closing(Staging(asked, "/theirs", "/ours", tmp_path / "cache")) as staging:
        told = staging.spec
        assert (told.base_policy, told.baseline) == ("/ours/go1/v1", "/x")
        assert (Path(told.resume) / "policy.json").is_file()
        made = Path(told.out, "policy")
        made.mkdir(parents=True)
        (made / "policy.json").write_text("{}")
        (event,) = staging.publish(Artifact(job="a", name="policy", path=str(made)))
        assert event.path == f"{url}/policy"
    assert artifacts.exists(f"{url}/policy/policy.json")
    assert not made.exists()


def order(spec: TrainSpec, settings: Settings, **changes: object) -> Order:
    made = Order("key", spec.model_dump_json(), str(settings.home), "/", "", settings.handlers)
    return replace(made, **changes)


def said(slot: Slot) -> list[Event]:
    """All that a slot's job says."""
    heard, ended, found = 0, False, []
    while not ended:
        new, ended = slot.events(heard, 10.0)
        found += [loads(line) for _, line in new]
        heard = new[-1][0] if new else heard
    return found


@pytest.fixture
def slot(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slot]:
    """A slot in this process, whose node has the folders of `settings`."""
    for name, folder in (("TABRL_HOME", settings.home), ("TABRL_CACHE", settings.cache)):
        monkeypatch.setenv(name, str(folder))
    made = Slot()
    yield made
    made.close()


def test_a_slot_runs_a_job_once_however_often_it_is_asked(slot: Slot, settings, spec):
    asked = order(spec("a", jobs.QUICK), settings)
    slot.begin(asked)
    assert [event.kind for event in said(slot)] == ["phase", "artifact", "finished"]
    slot.begin(asked)
    assert [event.kind for event in said(slot)] == ["phase", "artifact", "finished"]
    environment = jobs.seen(spec("a", jobs.QUICK))["environment"]
    assert environment["TABRL_SANDBOX"] == "all"
    assert environment["JAX_PLATFORMS"] == "cpu"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"version": "0.0.9"}, "0.0.9"), ({"seen": "/nowhere/.seen"}, "does not see /nowhere")],
)
def test_a_node_that_cannot_do_it_says_why(slot: Slot, settings, spec, changes, words):
    slot.begin(order(spec("a", jobs.QUICK), settings, **changes))
    (failed,) = said(slot)
    assert isinstance(failed, Failed)
    assert words in failed.error
    assert failed.hint


def test_what_nobody_heard_is_written_beside_the_results(slot: Slot, settings, spec, tmp_path):
    slot.begin(order(spec("a", jobs.QUICK), settings))
    heard = said(slot)
    assert slot._write_down()
    lines = Path(spec("a", jobs.QUICK).out, UNHEARD).read_text().splitlines()
    assert [loads(json.loads(line)[1]) for line in lines] == heard


def test_a_third_of_the_smallest_node_is_what_a_training_takes():
    from tabrl.errors import TabRLError
    from tabrl.executors.ray_bridge import cores_each

    assert [cores_each([n]) for n in (1, 2, 8, 64)] == [1, 1, 2, 4]
    assert cores_each([0, 64, 6]) == 2
    with pytest.raises(TabRLError, match="has a core"):
        cores_each([0])

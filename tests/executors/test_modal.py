"""Modal's real SDK against a server of ours on this machine; `test_contract` has the rest."""

import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import small_jobs as jobs
from modal_loopback import Modal, at_modal  # noqa: F401

from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, PhaseStarted, loads
from tabrl.executors import make_executor, modal_run
from tabrl.executors.modal import ModalExecutor, ModalJob
from tabrl.executors.modal_cost import Entry, Ledger, known_gpu, rate
from tabrl.executors.modal_orders import MOST_S, ON_GPU, SPENT, Order, pack, unpack
from tabrl.executors.remote import attempt_key
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

Spec = Callable[[str, int], TrainSpec]
PATIENCE_S = 120.0


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def modal(at_modal: Modal) -> Modal:  # noqa: F811
    return at_modal


@pytest.fixture
def executor(modal: Modal, settings: Settings) -> Iterator[ModalExecutor]:
    with ModalExecutor(settings, lasting=True) as made:
        yield made


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def order(modal: Modal) -> Order:
    """The last one that Modal was given."""
    ((fields,), _) = pickle.loads(modal.last.input)
    return Order(**fields)


def test_what_the_queue_loses_is_read_in_the_log_and_what_was_learned_comes_whole(
    modal: Modal, executor: ModalExecutor, spec: Spec
):
    modal.lossy = True
    job = executor.submit(spec("a", jobs.QUICK))
    events = list(job.events())
    assert kinds(events) == ["phase", "artifact", "finished"]
    assert job.heard == 3
    assert job.where == "Modal, 4 cores"
    assert 0 < job.cost_usd < 0.1
    saw = jobs.seen(job.spec)["environment"]
    assert events[1].path == job.spec.out
    assert not [name for name in saw if name.startswith("MODAL_")]
    assert saw["TABRL_SANDBOX"] == "all"
    # Another process finds its end once more, and nothing that it has heard.
    again = executor.attach(job.spec, 2)
    assert kinds(list(again.events())) == ["finished"]


def test_what_waits_for_a_container_is_asked_for_as_it_should_be_and_never_starts(
    modal: Modal, settings: Settings, spec: Spec, tmp_path: Path
):
    modal.starting.clear()
    modal.functions.add(ON_GPU)
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "policy.safetensors").write_bytes(b"numbers" * 9000)
    asked = spec("a", jobs.QUICK).model_copy(update={"resume": str(tmp_path / "start")})
    with ModalExecutor(replace(settings, gpu="l4"), lasting=True) as executor:
        job = executor.submit(asked)
        until(lambda: modal.calls)
        assert modal.last.options.resources.gpu_config.gpu_type == "L4"
        told = order(modal)
        assert '"impl":"mjx"' in told.spec
        assert len(told.files["resume"]["policy.safetensors"]) == 63000
        assert job.where == "Modal, L4"
        job.cancel()
        (failed,) = job.events()
        assert isinstance(failed, Failed)
        assert failed.phase == "queued"
        until(lambda: modal.last.result)
        assert executor.spent_usd == 0
    modal.starting.set()


def test_a_container_that_is_taken_away_or_timed_out_is_lost_with_what_it_left(
    modal: Modal, executor: ModalExecutor, spec: Spec
):
    fates = {
        "a": lambda: modal.preempt(modal.last),
        "b": lambda: modal.time_out(modal.last),
    }
    for name, fate in fates.items():
        job = executor.submit(spec(name, jobs.UNTIL_STOPPED))
        events = job.events()
        assert kinds([next(events), next(events)]) == ["phase", "artifact"]
        fate()
        (failed,) = events
        assert isinstance(failed, Failed)
        assert job.lost
        assert (Path(job.spec.out) / "seen.json").is_file()


def test_a_token_that_expires_leaves_what_runs_to_be_gone_on_with(
    modal: Modal, executor: ModalExecutor, spec: Spec
):
    job = executor.submit(spec("a", jobs.UNTIL_STOPPED))
    events = job.events()
    next(events)
    kept = set(modal.tokens)
    modal.tokens -= {"ak-loopback"}
    (*_, failed) = events
    assert "token" in failed.error
    assert "modal token new" in failed.hint
    assert job.lost
    assert executor.places == 0
    # With a new one, the next attempt of the approach ends the one that still runs.
    modal.tokens |= kept
    first = modal.last
    out = str(Path(job.spec.out) / "2")
    again = executor.submit(job.spec.model_copy(update={"out": out, "seed": jobs.QUICK}))
    assert kinds(list(again.events()))[-1] == "finished"
    assert first.result.exception == "Input was cancelled"
    assert executor.places


def test_a_training_ends_with_its_share_of_the_cap_and_says_so(
    modal: Modal, executor: ModalExecutor, spec: Spec, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Ledger, "share", lambda *_: 0.5)
    (*_, failed) = executor.submit(spec("a", jobs.UNTIL_STOPPED)).events()
    assert (failed.error, failed.hint) == SPENT


def test_without_the_app_or_with_another_it_says_what_to_do(modal: Modal, settings: Settings):
    modal.tags = {"tabrl": "0.0.9", "python": "3.12", "code": "another"}
    with pytest.raises(TabRLError, match=r"TabRL 0\.0\.9, and here is") as raised:
        make_executor("modal", settings)
    assert raised.value.hint == "Run `tabrl deploy modal`."
    modal.tags = None
    with pytest.raises(TabRLError, match="is not deployed") as raised:
        make_executor("modal", settings)
    assert raised.value.hint == "Run `tabrl deploy modal`."
    modal.tokens.clear()
    with pytest.raises(TabRLError, match="does not accept the token"):
        make_executor("modal", settings)
    with pytest.raises(TabRLError, match="no GPU 'K80'"):
        make_executor("modal", replace(settings, gpu="K80"))


def test_the_cap_holds_whatever_runs_and_whoever_watches(tmp_path: Path, monkeypatch):
    now = datetime(2031, 5, 20, tzinfo=UTC).timestamp()
    monkeypatch.setattr(time, "time", lambda: now)
    ledger = Ledger(tmp_path, 1.0)
    assert known_gpu("h100") == "H100"
    assert 0.2 < 3600 * rate(None) < 0.4
    assert Ledger(tmp_path, None).share(None, 8) is None
    for n in range(4):
        ledger.write(Entry(f"train-{n}", f"/x/{n}", None, now, ledger.share(None, 4), began=now))
    with pytest.raises(TabRLError, match="cap"):
        ledger.share(None, 4)
    promised = sum(entry.at_most_usd for entry in ledger.entries())
    assert promised <= 1.0
    assert promised == pytest.approx(1.0)
    ledger.change(ledger.find("train-0"), until=now + 10)
    assert ledger.share(None, 4) > 120
    dear = Entry("train-9", "/x/9", "B200", now - 3 * MOST_S, None, began=now - 3 * MOST_S)
    ledger.write(dear)
    assert not dear.runs
    assert ledger.spent() > 100  # nobody heard of its end: it has run for as long as it could
    with pytest.raises(TabRLError, match=r"\$1\.00 a month"):
        ledger.share(None, 4)
    now = datetime(2031, 6, 1, 1, tzinfo=UTC).timestamp()  # of this month nothing yet
    assert ledger.spent() == 0
    ledger.write(replace(dear, asked=now - MOST_S, began=now - MOST_S))
    assert ledger.spent() > 100  # it ran into this month


def test_files_travel_whole_and_stay_in_their_folder(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"\0")
    packed = pack(tmp_path / "a")
    assert pack(unpack(packed, tmp_path / "c")) == packed == {"b/x": b"\0"}
    with pytest.raises(ValueError, match="outside"):
        unpack({"../x": b""}, tmp_path / "c")


class Silent:
    """A queue and a volume that nobody else looks at."""

    def __init__(self) -> None:
        self.told: list[dict] = []

    def tell(self, news: dict) -> None:
        self.told.append(news)

    def order(self, wait_s: float) -> None:
        time.sleep(wait_s)

    def commit(self) -> None:
        pass


def test_a_container_does_not_go_on_for_nobody(
    settings: Settings, spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TABRL_CACHE", str(settings.cache))
    monkeypatch.setattr(modal_run, "ASK_S", 0.1)
    monkeypatch.setattr(modal_run, "SILENT_S", 0.5)
    asked = spec("a", jobs.UNTIL_STOPPED).model_dump_json()
    told = Order("key", asked, {}, "/", watched=True, handlers=settings.handlers)
    queue, folder = Silent(), tmp_path / "key"
    result = modal_run.Training(told, folder, queue).run()
    heard = [event for news in queue.told for event in news["events"]]
    assert [number for number, _ in heard] == list(range(1, result["heard"] + 1))
    last = loads(heard[-1][1])
    assert isinstance(last, Failed) or last.stopped
    # Where Modal begins it once more, it says that it was begun.
    again = modal_run.Training(told, folder, Silent()).run()
    assert again["lost"]
    assert again["heard"] == result["heard"]


def test_an_event_is_told_once_however_often_it_comes(spec: Spec):
    entry = Entry("train-1", "/x", None, 0.0, None)
    job, phase = ModalJob(spec("a", 0), 2, entry, print), PhaseStarted(job="a", phase="training")
    for number in (1, 2, 3, 3, 2):
        job.hear(number, phase)
    job.leave()
    assert list(job.events()) == [phase]
    assert job.heard == 3


def test_an_attempt_is_named_by_its_folder():
    assert attempt_key("/x/1-a") != attempt_key("/x/1-a/2")

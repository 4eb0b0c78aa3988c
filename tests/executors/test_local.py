import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest
import small_jobs as jobs
from gathering import gather

from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted
from tabrl.executors import forked, make_executor
from tabrl.executors.local import LocalExecutor
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

Spec = Callable[[str, int], TrainSpec]


@pytest.fixture
def executor(settings: Settings) -> Iterator[LocalExecutor]:
    with LocalExecutor(settings) as executor:
        yield executor


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does; a minute is far more than it takes."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def started(job_events: Iterator[Event]) -> None:
    """Read up to the moment when the job is in its work."""
    assert isinstance(next(job_events), PhaseStarted)
    assert isinstance(next(job_events), Artifact)


def test_three_jobs_run_at_once(settings: Settings, spec: Spec):
    with LocalExecutor(replace(settings, max_jobs=3)) as executor:
        three = [executor.submit(spec(name, jobs.UNTIL_STOPPED)) for name in "abc"]
        events = gather(three)
        running = {event.job for event in (next(events) for _ in range(6))}
        assert running == {"a", "b", "c"}
        for job in three:
            job.cancel()
        assert kinds(list(events)) == ["finished"] * 3
    assert len({jobs.seen(job.spec)["pid"] for job in three}) == 3


def test_five_jobs_queue_for_two_warm_workers(executor: LocalExecutor, spec: Spec):
    five = [executor.submit(spec(name, jobs.QUICK)) for name in "abcde"]
    events = list(gather(five))
    assert {event.job for event in events if isinstance(event, Finished)} == set("abcde")
    assert len({jobs.seen(job.spec)["pid"] for job in five}) <= 2


def test_a_killed_worker_fails_its_job_alone_and_is_replaced(executor: LocalExecutor, spec: Spec):
    victim = executor.submit(spec("victim", jobs.UNTIL_STOPPED))
    sibling = executor.submit(spec("sibling", jobs.UNTIL_STOPPED))
    events = victim.events()
    started(events)
    started(sibling.events())
    os.kill(jobs.seen(victim.spec)["pid"], signal.SIGKILL)

    (failed,) = events
    assert isinstance(failed, Failed)
    assert (failed.job, failed.phase) == ("victim", "training")
    assert "SIGKILL" in failed.error
    assert "TABRL_MAX_JOBS" in failed.hint
    assert victim.state == "failed"

    after = executor.submit(spec("after", jobs.QUICK))
    assert kinds(list(after.events())) == ["phase", "artifact", "finished"]
    assert sibling.state == "running"
    sibling.cancel()
    assert kinds(list(sibling.events())) == ["finished"]


@pytest.mark.skipif(not forked.HERE, reason="workers are started, not forked")
def test_workers_are_forked_from_one_process_and_end_with_it(executor: LocalExecutor, spec: Spec):
    two = [executor.submit(spec(name, jobs.UNTIL_STOPPED)) for name in "ab"]
    events = [job.events() for job in two]
    for each in events:
        started(each)
    parents = {psutil.Process(jobs.seen(job.spec)["pid"]).ppid() for job in two}
    (server,) = map(psutil.Process, parents)
    assert server.ppid() == os.getpid()

    server.kill()
    for each in events:
        (finished,) = each
        assert finished.stopped  # what was learned is kept
    after = executor.submit(spec("after", jobs.QUICK))
    assert kinds(list(after.events())) == ["phase", "artifact", "finished"]
    assert psutil.Process(jobs.seen(after.spec)["pid"]).ppid() != server.pid


def test_a_worker_that_has_grown_too_large_is_replaced(settings: Settings, spec: Spec):
    with LocalExecutor(replace(settings, max_jobs=1)) as executor:
        greedy, after = (
            executor.submit(spec("greedy", jobs.GREEDY)),
            executor.submit(spec("after", jobs.QUICK)),
        )
        for job in (greedy, after):
            assert kinds(list(job.events())) == ["phase", "artifact", "finished"]
    assert jobs.seen(after.spec)["pid"] != jobs.seen(greedy.spec)["pid"]


def test_what_runs_goes_on_when_workers_are_renewed_and_later_jobs_get_others(
    settings: Settings, spec: Spec
):
    with LocalExecutor(replace(settings, max_jobs=1)) as executor:
        before = executor.submit(spec("before", jobs.UNTIL_STOPPED))
        events = before.events()
        started(events)
        executor.renew()
        assert before.state == "running"
        before.cancel()
        assert kinds(list(events)) == ["finished"]
        after = executor.submit(spec("after", jobs.QUICK))
        assert kinds(list(after.events()))[-1] == "finished"
        assert jobs.seen(after.spec)["pid"] != jobs.seen(before.spec)["pid"]


def test_an_exception_fails_the_job_and_keeps_the_worker(executor: LocalExecutor, spec: Spec):
    broken = executor.submit(spec("broken", jobs.BROKEN))
    failed = list(broken.events())[-1]
    assert isinstance(failed, Failed)
    assert failed.error == "ZeroDivisionError: no steps to divide by"
    assert "_broken" in failed.detail
    after = executor.submit(spec("after", jobs.QUICK))
    list(after.events())
    assert jobs.seen(after.spec)["pid"] == jobs.seen(broken.spec)["pid"]


def test_an_early_exit_is_told_with_the_last_words(
    executor: LocalExecutor, settings: Settings, spec: Spec
):
    failed = list(executor.submit(spec("abrupt", jobs.ABRUPT)).events())[-1]
    assert isinstance(failed, Failed)
    assert "'abrupt' ended with exit status 3" in failed.error
    assert failed.detail.splitlines() == [f"last words {line}" for line in range(10, 30)]
    assert "last words 0" in (settings.logs / "worker-1.log").read_text()


def test_prints_do_not_reach_the_events(executor: LocalExecutor, settings: Settings, spec: Spec):
    job = executor.submit(spec("talkative", jobs.TALKATIVE))
    assert kinds(list(job.events())) == ["phase", "artifact", "finished"]
    executor.close()
    assert "a library's child prints" in (settings.logs / "worker-1.log").read_text()


def test_an_unknown_executor_is_refused_with_the_known_ones(settings: Settings):
    with pytest.raises(TabRLError, match=r"'slurm'.*local, ray, modal, inline"):
        make_executor("slurm", settings)


PARENT = """
    import sys
    from pathlib import Path
    from gathering import gather
    from tabrl.executors import make_executor
    from tabrl.settings import Settings
    from tabrl.spec import TrainSpec

    home = Path(sys.argv[1])
    settings = Settings(home, home, max_jobs=2, handlers="small_jobs")
    with make_executor("local", settings) as executor:
        jobs = [
            executor.submit(
                TrainSpec(job=name, robot="r", num_steps=1, seed=1, out=str(home / name))
            )
            for name in "ab"
        ]
        events = gather(jobs)
        try:
            for event in events:
                print(event.kind, flush=True)
        except KeyboardInterrupt:
            for job in jobs:
                job.cancel()
            for event in events:
                print(event.kind, event.stopped, flush=True)
"""


@pytest.fixture
def parent(settings: Settings, tmp_path) -> Iterator[subprocess.Popen]:
    """A process with two jobs in workers of its own."""
    command = [sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for _ in range(4):  # both jobs: phase, artifact
        process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def descendants(parent: subprocess.Popen) -> list[psutil.Process]:
    """Its two workers, and on Linux the process that they are forked from."""
    found = psutil.Process(parent.pid).children(recursive=True)
    assert len(found) == 2 + forked.HERE
    return found


def test_ctrl_c_keeps_what_was_finished_and_leaves_no_process(parent: subprocess.Popen):
    workers = descendants(parent)
    parent.send_signal(signal.SIGINT)
    assert parent.stdout.read().split("\n") == ["finished True", "finished True", ""]
    assert parent.wait(60) == 0
    wait_for(lambda: not any(worker.is_running() for worker in workers))


def test_a_killed_parent_leaves_no_process(parent: subprocess.Popen):
    workers = descendants(parent)
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(alive(worker) for worker in workers))


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE  # nobody may be there to bury it
    return False

import importlib
import inspect
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from tabrl import worker
from tabrl.spec import JobSpec, TrainSpec

HANDLERS = str(Path(__file__).parent / "executors")
QUICK, UNTIL_STOPPED, STUBBORN, BROKEN = range(4)  # of executors/small_jobs.py


def spec_line(tmp_path: Path, seed: int, job: str = "a") -> str:
    out = str(tmp_path / job)
    spec = TrainSpec(job=job, robot="CartpoleBalance", num_steps=7, seed=seed, out=out)
    return spec.model_dump_json() + "\n"


def start(*args: str, program: tuple[str, ...] = ("-m", "tabrl.worker")) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *program, "--handlers", "small_jobs", *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": HANDLERS + ":" + os.environ.get("PYTHONPATH", "")},
    )


def say(process: subprocess.Popen, line: str) -> None:
    process.stdin.write(line)
    process.stdin.flush()


def heard_until(process: subprocess.Popen, kind: str) -> list[dict]:
    heard = [json.loads(process.stdout.readline())]
    while heard[-1]["kind"] != kind:
        heard.append(json.loads(process.stdout.readline()))
    return heard


def test_every_kind_of_job_has_a_module():
    union, _ = get_args(JobSpec)
    kinds = {spec.model_fields["do"].default for spec in get_args(union)}
    assert set(worker.HANDLERS) == kinds


@pytest.mark.parametrize(("kind", "module"), worker.HANDLERS.items())
def test_every_module_of_a_job_has_its_function(kind: str, module: str):
    handler = getattr(importlib.import_module(module), kind)
    assert inspect.isgeneratorfunction(handler)
    assert list(inspect.signature(handler).parameters) == ["spec", "stop"]


def test_jobs_are_answered_in_order_and_each_has_an_end(tmp_path: Path):
    process = start()
    say(process, spec_line(tmp_path, QUICK, "a") + spec_line(tmp_path, BROKEN, "b"))
    first, second = heard_until(process, "end"), heard_until(process, "end")
    assert [line["kind"] for line in first] == ["phase", "artifact", "finished", "end"]
    assert [line["kind"] for line in second] == ["phase", "artifact", "failed", "end"]
    assert {line["job"] for line in second} == {"b"}
    process.communicate()
    assert process.returncode == 0


def test_a_line_that_is_no_job_fails_and_the_next_one_runs(tmp_path: Path):
    process = start()
    say(process, '{"do": "train", "job": "a", "robot": 3}\nnot even JSON\n')
    wrong = [heard_until(process, "end")[0] for _ in range(2)]
    assert [(line["kind"], line["job"]) for line in wrong] == [("failed", "a"), ("failed", "")]
    assert "robot" in wrong[0]["error"]
    say(process, spec_line(tmp_path, QUICK))
    assert heard_until(process, "end")[-2]["kind"] == "finished"
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_job_and_the_process(tmp_path: Path, number: signal.Signals):
    process = start()
    say(process, spec_line(tmp_path, UNTIL_STOPPED))
    heard_until(process, "artifact")
    process.send_signal(number)
    assert heard_until(process, "end")[0]["stopped"]
    assert process.wait(60) == 0
    assert process.stderr.read() == ""
    process.communicate()


def test_an_idle_worker_leaves_at_a_signal(tmp_path: Path):
    process = start()
    say(process, spec_line(tmp_path, QUICK))
    heard_until(process, "end")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.communicate()


def test_a_second_request_ends_the_process(tmp_path: Path):
    process = start()
    say(process, spec_line(tmp_path, STUBBORN))
    heard_until(process, "artifact")
    say(process, '{"cancel": "a"}\n{"cancel": "a"}\n')
    assert process.wait(60) == worker.KILLED
    process.communicate()


def test_a_job_that_does_not_stop_is_ended_when_its_time_is_up(tmp_path: Path):
    shorter = "import sys; from tabrl import worker; worker.GRACE_S = 1; sys.exit(worker.main())"
    process = start(program=("-c", shorter))
    say(process, spec_line(tmp_path, STUBBORN))
    heard_until(process, "artifact")
    say(process, '{"cancel": "a"}\n')
    assert process.wait(60) == -signal.SIGALRM
    process.communicate()


def test_a_burst_of_signals_locks_nothing_up(tmp_path: Path):
    for attempt in range(5):
        process = start()
        say(process, spec_line(tmp_path, UNTIL_STOPPED, str(attempt)))
        heard_until(process, "artifact")
        for _ in range(3000):
            process.send_signal(signal.SIGHUP)
        assert heard_until(process, "end")[0]["stopped"]
        assert process.wait(60) in (0, -signal.SIGHUP)  # the last ones may find it leaving
        process.communicate()


def test_the_end_of_stdin_stops_the_job(tmp_path: Path):
    process = start()
    say(process, spec_line(tmp_path, UNTIL_STOPPED))
    heard_until(process, "artifact")
    out, _ = process.communicate()
    assert json.loads(out.splitlines()[0])["stopped"]
    assert process.returncode == 0


def test_a_single_job_runs_from_a_url(tmp_path: Path):
    file = tmp_path / "spec.json"
    file.write_text(spec_line(tmp_path, QUICK))
    process = start("--single", file.as_uri())
    out, _ = process.communicate()
    assert [json.loads(line)["kind"] for line in out.splitlines()][-2:] == ["finished", "end"]
    assert process.returncode == 0


def test_a_single_job_that_fails_has_a_status(tmp_path: Path):
    file = tmp_path / "spec.json"
    file.write_text(spec_line(tmp_path, BROKEN))
    process = start("--single", str(file))
    process.communicate()
    assert process.returncode == 1


def test_a_missing_spec_is_told(tmp_path: Path):
    process = start("--single", str(tmp_path / "none.json"))
    _, err = process.communicate()
    assert process.returncode == 1
    assert "none.json" in err

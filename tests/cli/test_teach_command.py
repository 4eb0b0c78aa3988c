import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tabrl.experiments import load

UNTIL_STOPPED, STUBBORN = "3", "4"


def wait_for(process: subprocess.Popen, folder: Path) -> None:
    """Until the second approach of three is in training, and the others have finished."""
    while process.poll() is None:
        if (folder / "experiment.json").exists() and in_training(load(folder)):
            return
        time.sleep(0.1)
    pytest.fail(f"It ended before: {process.stderr.read()}")


def in_training(experiment) -> bool:
    return [a.status for a in experiment.approaches] == ["finished", "training", "finished"]


def test_json_alone_is_on_stdout(tabrl, tmp_path):
    done = tabrl("teach", "Spin!", "--steps", "61440", "--out", "out", "--json")
    assert done.returncode == 0, done.stderr
    experiment = json.loads(done.stdout)
    assert experiment == json.loads((tmp_path / "out" / "experiment.json").read_text())
    assert experiment["status"] == "finished"
    assert "rendering" in done.stderr


def test_the_table_tells_verdict_numbers_and_files_and_can_be_shown_again(tabrl, tmp_path):
    done = tabrl("teach", "[bold]Spin[/bold] <b>", "--steps", "61440", "--out", "out")
    for words in ("[bold]Spin[/bold] <b>", "Does it", "0.003 → 0.25", "out/compare.html"):
        assert words in done.stdout.replace("\n", "")
    (row,) = json.loads(tabrl("experiments", "--json").stdout)
    assert row["verdicts"] == ["pass"] * 3
    assert tabrl("show", row["id"]).stdout == done.stdout
    assert json.loads(tabrl("show", row["id"][:6], "--json").stdout)["id"] == row["id"]
    assert "[bold]Spin" in tabrl("experiments").stdout


def test_what_was_trained_on_robots_that_differ_shows_where_it_stops(tabrl, tmp_path):
    switches = ("--randomize", "--coarse-physics")
    done = tabrl("teach", "Spin!", "--steps", "61440", "--out", "out", *switches)
    assert "friction  x0.5 0/5" in done.stdout
    kept = load(tmp_path / "out")
    assert kept.randomize
    assert kept.hyperparameters.coarse_physics
    assert [each.what for each in kept.approaches[0].robustness] == ["friction", "push"]


def test_a_failed_approach_shows_in_the_exit_status(tabrl):
    done = tabrl("teach", "Spin!", "--steps", "61440", "--seed", "1", "--out", "out")
    assert done.returncode == 1
    assert "The reward is not finite." in done.stdout
    assert done.stdout.count("Does it") == 2


def test_ctrl_c_keeps_what_was_learned(start, tmp_path):
    process = start("teach", "Spin!", "--steps", "61440", "--seed", UNTIL_STOPPED, "--out", "out")
    wait_for(process, tmp_path / "out")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    experiment = load(tmp_path / "out")
    assert process.returncode == 130, errors
    assert experiment.status == "cancelled"
    assert [a.verdict for a in experiment.approaches] == ["pass"] * 3
    assert (tmp_path / "out" / "compare.mp4").is_file()
    assert "cancelled" in output


def test_a_second_ctrl_c_ends_everything_at_once(start, tmp_path):
    process = start("teach", "Spin!", "--steps", "61440", "--seed", STUBBORN, "--out", "out")
    wait_for(process, tmp_path / "out")
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    experiment = load(tmp_path / "out")
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert [a.status for a in experiment.approaches] == ["finished", "cancelled", "finished"]
    assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_kill_leaves_a_record_that_says_so_and_no_workers(start, tabrl, tmp_path):
    process = start("teach", "Spin!", "--steps", "61440", "--seed", UNTIL_STOPPED, "--out", "out")
    wait_for(process, tmp_path / "out")
    assert load(tmp_path / "out").status == "running"
    workers = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    experiment = load(tmp_path / "out")
    assert experiment.status == "interrupted"
    assert experiment.approaches[0].verdict == "pass"
    lost = [a for a in experiment.approaches if a.status == "interrupted"]
    assert lost
    assert all("killed" in approach.error.message for approach in lost)
    (listed,) = json.loads(tabrl("experiments", "--json").stdout)
    assert listed["status"] == "interrupted"
    assert psutil.wait_procs(workers, timeout=30)[1] == []
    again = tabrl("teach", "Spin!", "--steps", "61440", "--out", "out")
    assert again.returncode == 0, again.stderr
    assert load(tmp_path / "out").status == "finished"


def test_a_folder_that_a_command_writes_to_is_not_another_ones(start, tabrl, tmp_path):
    process = start("teach", "Spin!", "--steps", "61440", "--seed", UNTIL_STOPPED, "--out", "out")
    wait_for(process, tmp_path / "out")
    other = tabrl("teach", "Jump!", "--steps", "61440", "--out", "out")
    assert other.returncode == 1
    assert "Another command writes to" in other.stderr
    assert "--out" in other.stderr
    process.send_signal(signal.SIGINT)
    process.communicate()
    kept = load(tmp_path / "out")
    assert (kept.sentence, kept.status) == ("Spin!", "cancelled")

"""Commands over Modal's real SDK and a server of ours."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "executors"))
from modal_deploying import Deploying
from modal_loopback import Modal, at_modal, loopback  # noqa: F401

from tabrl import __version__
from tabrl.executors.modal_orders import ON_CORES, ON_GPU

LINE = "Run `tabrl deploy modal`."


@pytest.fixture
def modal(at_modal: Modal) -> Modal:  # noqa: F811
    return at_modal


def last(done) -> dict:
    return json.loads(done.stdout)[-1]


def test_doctor_says_what_is_missing_and_the_line_that_mends_it(modal: Modal, tabrl):
    tags, modal.tags = modal.tags, None
    assert last(tabrl("doctor", "modal", "--json")) == {
        "name": "App",
        "state": "bad",
        "found": "The app tabrl is not deployed at Modal.",
        "advice": LINE,
    }
    modal.tags = tags | {"tabrl": "0.0.9"}
    other = last(tabrl("doctor", "modal", "--json"))
    assert (other["state"], other["advice"]) == ("bad", LINE)
    assert f"TabRL 0.0.9, and here is {__version__}" in other["found"]
    modal.tags = tags | {"code": "another"}
    assert "other code" in last(tabrl("doctor", "modal", "--json"))["found"]
    modal.tags = tags
    done = tabrl("doctor", "modal", "--json")
    assert done.returncode == 0
    _, _, app, gpu, cost = json.loads(done.stdout)
    assert app["state"] == "ok"
    assert (gpu["state"], gpu["advice"]) == ("note", "Run `tabrl deploy modal --gpu`.")
    assert "TABRL_MODAL_CAP" in cost["advice"]
    modal.tokens.clear()
    token = last(tabrl("doctor", "modal", "--json"))
    assert (token["name"], token["state"]) == ("Token", "bad")
    assert "modal token new" in token["advice"]


def test_doctor_says_that_there_is_no_token(
    environment: dict[str, str], tabrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in [name for name in environment if name.startswith("MODAL_")]:
        del environment[name]
    from modal import config

    monkeypatch.setattr(config, "_user_config", {})
    done = tabrl("doctor", "modal", "--json")
    assert done.returncode == 1
    assert last(done)["found"] == "There is no token for Modal here."
    assert last(done)["advice"] == "Run `modal token new`."


def test_deploying_builds_the_image_from_the_lock_and_puts_the_functions_there(
    tmp_path: Path, environment: dict[str, str], start: Callable
):
    with loopback(tmp_path / "modal", Deploying) as modal:
        environment |= modal.keys
        said, complaint = start("deploy", "modal", "--gpu").communicate(timeout=240)
        assert "Deployed: " in said, complaint
        assert modal.tags["tabrl"] == __version__
        assert modal.functions == {ON_CORES, ON_GPU}
        built = "\n".join(line for image in modal.images for line in image.dockerfile_commands)
        (lock,) = (file for image in modal.images for file in image.context_files)
    assert "--no-deps --require-hashes" in built
    assert f"FROM python:{sys.version_info[0]}.{sys.version_info[1]}" in built
    assert "jax[cuda12]==" in built
    assert lock.data.startswith(b"#")
    assert b"jax==" in lock.data
    assert {"/root/tabrl/worker.py", "/root/tabrl/robots/catalogue.json"} <= modal.mounted
    assert not [name for name in modal.mounted if "server/static" in name or "pycache" in name]
    train = modal.deployed[ON_CORES]
    assert train.module_name == "tabrl.executors.modal_app"
    assert [mount.mount_path for mount in train.volume_mounts] == ["/vol"]
    assert train.retry_policy.retries == 0


def test_deploying_without_a_lock_says_so(modal: Modal, tabrl):
    done = tabrl("deploy", "modal", "--lock", os.devnull + ".lock")
    assert done.returncode == 1
    assert "no lock file" in done.stderr


def test_a_gpu_is_asked_of_modal_alone(tabrl):
    done = tabrl("teach", "Spin!", "--gpu", "T4")
    assert done.returncode == 2
    assert "add --executor modal" in done.stderr


@pytest.mark.nightly
def test_a_sentence_is_taught_at_modal(modal: Modal, tabrl, tmp_path: Path):
    done = tabrl(
        *("teach", "Spin!", "--steps", "61440", "--out", "out", "--json", "--executor", "modal")
    )
    assert done.returncode == 0, done.stderr
    experiment = json.loads(done.stdout)
    assert experiment["status"] == "finished"
    assert {a["where"] for a in experiment["approaches"]} == {"Modal, 4 cores"}
    assert all(a["cost_usd"] > 0 for a in experiment["approaches"])
    assert (tmp_path / "out" / "compare.mp4").is_file()

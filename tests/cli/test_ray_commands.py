"""Commands over a real Ray cluster on this machine."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "executors"))
from clusters import Cluster, cluster

pytestmark = pytest.mark.nightly
LESSONS = str(Path(__file__).parents[1] / "experiments")


@pytest.fixture(scope="module")
def ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("node")
    with cluster(PYTHONPATH=LESSONS, TABRL_CACHE=str(folder), TABRL_HOME=str(folder)) as made:
        yield made


def test_doctor_looks_at_every_node(tabrl, ray):
    done = tabrl("doctor", "ray", "--address", ray.address, "--json")
    package, whole, node = json.loads(done.stdout)
    assert (package["name"], whole["name"]) == ("Ray", "Cluster")
    assert "nodes: 1, cores: 2" in whole["found"]
    assert node["state"] == "ok", node
    assert "seccomp" in node["found"]
    assert done.returncode == 0


def test_a_sentence_is_taught_on_a_cluster(tabrl, ray, tmp_path):
    where = ("--executor", "ray", "--address", ray.address)
    done = tabrl("teach", "Spin!", "--steps", "61440", "--out", "out", "--json", *where)
    assert done.returncode == 0, done.stderr
    experiment = json.loads(done.stdout)
    assert experiment["status"] == "finished"
    assert (tmp_path / "out" / "compare.mp4").is_file()

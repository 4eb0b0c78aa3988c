"""A real training over a real Ray cluster, against the same one here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import Cluster, cluster

from tabrl.events import Artifact, Finished
from tabrl.executors import make_executor
from tabrl.settings import Settings
from tabrl.spec import Approach, CheckSpec, Hyperparameters, TrainSpec

pytestmark = pytest.mark.nightly

TALL = Approach(
    name="balance",
    description="Stand up.",
    source="def reward(s):\n    return {'calm': -(s.action[0] ** 2)}\n",
    weights={},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("node")


@pytest.fixture(scope="module")
def ray(folder: Path) -> Iterator[Cluster]:
    with cluster(TABRL_CACHE=str(folder), TABRL_HOME=str(folder)) as made:
        yield made


def trained(executor: str, settings: Settings, out: Path) -> bytes:
    """What a training learned, by the numbers of its policy."""
    small = Hyperparameters(num_envs=64, unroll_length=10, hidden=(16,), num_minibatches=4)
    spec = TrainSpec(
        job="a", robot="CartpoleBalance", approach=TALL, num_steps=6400, seed=7, threads=1,
        hyperparameters=small, out=str(out), clip=False,
    )  # fmt: skip
    with make_executor(executor, settings) as made:
        events = list(made.submit(spec).events())
    assert isinstance(events[-1], Finished), events[-1]
    (policy, *_) = (Path(e.path) for e in events if isinstance(e, Artifact) and e.name == "policy")
    return (policy / "policy.safetensors").read_bytes()


def test_the_same_seed_and_threads_give_the_same_policy_bit_for_bit(ray, folder, tmp_path):
    settings = Settings(tmp_path / "home", folder, ray=ray.address)
    here = trained("local", settings, tmp_path / "here")
    assert trained("ray", settings, tmp_path / "there") == here


def test_a_reward_is_checked_on_a_node(ray, folder, tmp_path):
    settings = Settings(tmp_path / "home", folder, ray=ray.address)
    with make_executor("ray", settings) as made:
        spec = CheckSpec(job="c", robot="CartpoleBalance", approach=TALL)
        (checked,) = [e for e in made.submit(spec).events() if e.kind == "checked"]
    assert checked.result.valid, checked.result.findings

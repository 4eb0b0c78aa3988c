"""A real training through Modal's real SDK, against the same one here."""

import pickle
from pathlib import Path

import pytest
from modal_loopback import Modal, at_modal  # noqa: F401

from tabrl.events import Artifact, Finished
from tabrl.executors import make_executor
from tabrl.settings import Settings
from tabrl.spec import Approach, Hyperparameters, TrainSpec

pytestmark = pytest.mark.nightly

TALL = Approach(
    name="balance",
    description="Stand up.",
    source="def reward(s):\n    return {'calm': -(s.action[0] ** 2)}\n",
    weights={},
)


@pytest.fixture
def modal(at_modal: Modal) -> Modal:  # noqa: F811
    return at_modal


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
    assert policy.is_relative_to(out)
    return (policy / "policy.safetensors").read_bytes()


def test_the_same_seed_and_threads_give_the_same_policy_and_no_container_traces_a_reward(
    modal: Modal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TABRL_CACHE", str(tmp_path / "cache"))
    settings = Settings(tmp_path / "home", tmp_path / "cache")
    here = trained("local", settings, tmp_path / "here")
    (traced,) = (tmp_path / "cache" / "rewards").iterdir()
    # Compiled functions are shared; the reward's trace has to come with the order.
    modal.env["JAX_COMPILATION_CACHE_DIR"] = str(settings.jax_cache)
    assert trained("modal", settings, tmp_path / "there") == here
    ((order,), _) = pickle.loads(modal.last.input)
    assert order["files"]["trace"] == {traced.name: traced.read_bytes()}
    (there,) = (modal.folder / "cache" / "rewards").iterdir()
    assert there.read_bytes() == traced.read_bytes()

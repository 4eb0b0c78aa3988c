"""The benchmark of fine-tuning, on a cart and a pole, in sizes that take no time."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from benchmarks import finetuning
from benchmarks.finetuning import Leashed, Variant, main, results
from tabrl.errors import TabRLError
from tabrl.policies.networks import initialize, make_policy
from tabrl.spec import Hyperparameters
from tabrl.training.ppo import Ppo, run
from tabrl.training.score import Scorer
from tabrl.training.session import trainer

CART = "CartpoleBalance"
SENTENCE = "Swing to and fro"
SMALL = Hyperparameters(num_envs=8, unroll_length=4, num_minibatches=2, num_epochs=1)
VARIANTS = {
    "recipe": Variant("**the recipe**", SMALL, warmup=0, base=False),
    "warmup-9": Variant("critic warm-up: 9 iterations", SMALL, warmup=9, base=False),
}


def measure(out: Path) -> dict:
    return main(
        robot=CART,
        sentence=SENTENCE,
        out=out,
        page=out / "finetuning.md",
        seeds=2,
        marks=(0, 1),
        variants=VARIANTS,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finetuning")
    (out / CART).mkdir()
    (out / CART / "cores.json").write_text('{"cores": 0.01}')  # a second is over soon
    measure(out)
    return out


@pytest.mark.nightly
def test_each_variant_is_judged_with_each_seed_at_each_mark(out: Path) -> None:
    found = results(out)
    assert sorted((run["variant"], run["seed"]) for run in found) == [
        (name, seed) for name in sorted(VARIANTS) for seed in range(2)
    ]
    for each in found:
        assert each["after"].keys() == {"0", "1"}
        assert np.isfinite(each["after"]["1"]["number"])


@pytest.mark.nightly
def test_a_training_that_was_judged_at_all_marks_is_not_repeated(out: Path) -> None:
    (path,) = out.rglob("recipe-1.json")
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"number": "as it was"}))
    (missing,) = out.rglob("warmup-9-0.json")
    missing.unlink()
    measure(out)
    assert json.loads(path.read_text())["number"] == "as it was"
    assert missing.exists()


def test_the_page_has_means_passes_and_seeds_of_what_is_there() -> None:
    def judged(number: float, verdict: str) -> dict:
        after = {"number": number, "verdict": verdict, "falls": 0.5, "steps_per_s": 1000}
        return {"30": after}

    one = {"robot": "Go1", "sentence": "Dance!", "number": "roll (rad)", "variant": "recipe"}
    one |= {"cores": 1.5, "machine": "2 x test"}
    found = [
        one | {"seed": 0, "after": judged(0.1, "pass")},
        one | {"seed": 1, "after": judged(0.3, "fail")},
        one | {"seed": 0, "variant": "warmup-9", "after": {}, "diverged": "the loss is NaN"},
    ]
    page = finetuning.text(found, VARIANTS)
    assert "| **the recipe** | 0.2 ± 0.14, 1 of 2 | 50.0% | 1,000 |" in page
    assert "| critic warm-up: 9 iterations |  |  |  |" in page
    assert "critic warm-up: 9 iterations, seed 0: the loss is NaN." in page


def test_what_is_wrong_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    with pytest.raises(TabRLError, match="no variant 'luck'"):
        main(["luck"], out=tmp_path)
    with pytest.raises(TabRLError, match="no base policy"):
        main(robot=CART, out=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.nightly
def test_how_busy_a_training_keeps_the_cores_is_measured_once(tmp_path: Path) -> None:
    path = tmp_path / "cores.json"
    measured = finetuning.busy_cores(CART, SMALL, path)
    assert measured > 0
    path.write_text('{"cores": 1.25}')
    assert finetuning.busy_cores(CART, SMALL, path) == 1.25


@pytest.mark.nightly
def test_a_leash_keeps_the_policy_near_the_base(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ppo = trainer(CART, SMALL, 0, False, 0)
    base = initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(0))
    obs = {name: jnp.ones((1, *shape)) for name, shape in ppo.task.obs_shapes.items()}

    def moved(learner: Ppo) -> float:
        """How far the policy is from the base after a few iterations."""
        setting = ppo.task.setting(None)
        *_, (_, last) = run(
            learner, Scorer(ppo.task, None, {}), base, setting, num_steps=640, seed=0
        )
        act = make_policy(ppo.networks, deterministic=True)
        actions = [act(p, obs, jax.random.PRNGKey(0))[0] for p in (base, last.parameters)]
        return float(jnp.max(jnp.abs(actions[1] - actions[0])))

    free = moved(ppo)
    monkeypatch.setattr(finetuning, "LEASH", 100.0)
    assert moved(Leashed(ppo, base)) < 0.5 * free

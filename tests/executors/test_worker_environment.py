import os
from collections.abc import Callable

import pytest
import small_jobs as jobs

from tabrl.events import Finished
from tabrl.executors.environment import jobs_that_fit, worker_environment
from tabrl.executors.local import LocalExecutor
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

SECRETS = ["ANTHROPIC_API_KEY", "hf_token", "AWS_SECRET_ACCESS", "DB_PASSWORD", "CREDENTIALS_FILE"]


def test_a_worker_sees_no_secret_and_no_jax_until_it_needs_it(
    settings: Settings,
    spec: Callable[[str, int], TrainSpec],
    monkeypatch: pytest.MonkeyPatch,
    nothing_compiled: None,
):
    for name in SECRETS:
        monkeypatch.setenv(name, "swordfish")
    with LocalExecutor(settings) as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        list(job.events())
    found = jobs.seen(job.spec)
    assert "swordfish" not in found["environment"].values()
    assert found["environment"]["JAX_COMPILATION_CACHE_DIR"] == str(settings.jax_cache)
    assert "jax" not in found["modules"]


def test_what_a_person_does_goes_before_a_job(
    settings: Settings, spec: Callable[[str, int], TrainSpec]
):
    with LocalExecutor(settings) as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        list(job.events())
    assert os.nice(0) < jobs.seen(job.spec)["nice"]


def test_what_the_person_says_of_jax_and_mujoco_stands(settings: Settings):
    env = worker_environment(settings, {"JAX_PLATFORMS": "cuda", "MUJOCO_GL": "osmesa"})
    assert (env["JAX_PLATFORMS"], env["MUJOCO_GL"]) == ("cuda", "osmesa")


def test_at_least_one_job_fits():
    assert jobs_that_fit() >= 1


def test_what_one_worker_compiles_is_kept_for_the_next(
    settings: Settings, spec: Callable[[str, int], TrainSpec], nothing_compiled: None
):
    with LocalExecutor(settings) as executor:
        events = list(executor.submit(spec("a", jobs.COMPILES)).events())
    assert isinstance(events[-1], Finished)
    assert list(settings.jax_cache.glob("*-cache"))

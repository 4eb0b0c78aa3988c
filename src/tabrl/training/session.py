"""What a process keeps between trainings of the same robot: tasks and compiled functions."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

import jax

from tabrl.envs.task import Task
from tabrl.policies.networks import make_networks
from tabrl.rewards.exported import load_reward
from tabrl.rewards.sandbox import export_reward
from tabrl.spec import Approach, Hyperparameters
from tabrl.training.memory import kept
from tabrl.training.ppo import Ppo
from tabrl.training.score import Reward


def use_compilation_cache(folder: Path | None = None) -> None:
    """Keep compiled functions on disk, the small ones too; JAX_COMPILATION_CACHE_DIR overrides
    `folder`.
    """
    if folder is not None and "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


@kept
@lru_cache(maxsize=4)
def trainer(
    robot: str,
    hp: Hyperparameters,
    threads: int,
    randomize: bool,
    seed: int,
    impl: Literal["native", "mjx"] = "native",
) -> Ppo:
    """A task and its compiled learner. `seed` draws the domain randomisation; pass 0 where there
    is none.
    """
    task = Task(
        robot,
        hp.num_envs,
        threads=threads,
        randomize=randomize,
        seed=seed,
        impl=impl,
        coarse_physics=bool(hp.coarse_physics),
    )
    networks = make_networks(task.obs_shapes, task.action_size, hp.hidden, hp.init_noise_std)
    return Ppo(task, networks, hp)


def compile_reward(task: Task, approach: Approach | None) -> tuple[Reward | None, dict[str, float]]:
    """The reward of an approach, traced in the sandbox, and its weights; the stock reward is None.

    Raises:
        RewardError: the reward is invalid; its findings say why.
    """
    if approach is None:
        return None, {}
    exported = export_reward(approach.source, task.robot)
    return load_reward(exported.blob, task.robot), dict(approach.weights)

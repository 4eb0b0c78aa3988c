"""Training on MJX: our PPO next to Brax's PPO as Playground's own training script runs it, on the
same environment, implementation, batch and networks. Made for GPUs; small sizes run on a CPU.

python -m benchmarks.mjx [--robot ID] [--num-envs N]
"""

import argparse
import functools
import json
from queue import SimpleQueue
from threading import Thread

import jax
from brax.training.agents.ppo import networks as ppo_networks
from brax.training.agents.ppo import train as brax_ppo
from mujoco_playground import wrapper

from benchmarks.learners import settings_of
from benchmarks.machine import machine, rates
from benchmarks.physics import GO1
from benchmarks.training import Ours
from tabrl.envs.load import load_env, undisturbed
from tabrl.envs.mjx import MjxPhysics
from tabrl.errors import TabRLError
from tabrl.spec import Hyperparameters
from tabrl.training.session import use_compilation_cache

ROUNDS = 6
ON_CPU = 128
"""Simulations there, where thousands take minutes for an iteration."""
_ENDLESS = 10**6  # iterations


class Playgrounds:
    """Brax's PPO over Playground's wrappers, an iteration in each turn.

    It is a loop and not a generator, so it runs in a thread that waits for its turn.
    """

    def __init__(self, robot: str, hp: Hyperparameters, impl: str) -> None:
        self._steps = hp.num_envs * hp.unroll_length
        self._turns: SimpleQueue[bool] = SimpleQueue()
        self._ended: SimpleQueue[Exception | None] = SimpleQueue()
        self._thread = Thread(target=self._train, args=(robot, hp, impl), daemon=True)
        self._thread.start()

    def __call__(self) -> int:
        self._turns.put(True)
        if error := self._ended.get():
            raise error
        return self._steps

    def close(self) -> None:
        self._turns.put(False)
        self._thread.join()

    def _train(self, robot: str, hp: Hyperparameters, impl: str) -> None:
        settings = settings_of(robot)
        keys = ("policy_obs_key", "value_obs_key")
        seen = settings.get("network_factory", {})
        networks = functools.partial(
            ppo_networks.make_ppo_networks,
            policy_hidden_layer_sizes=hp.hidden,
            value_hidden_layer_sizes=hp.hidden,
            **{key: seen[key] for key in keys if key in seen},
        )
        try:
            brax_ppo.train(
                environment=load_env(robot, impl=impl, config_overrides=undisturbed(robot)),
                wrap_env_fn=wrapper.wrap_for_brax_training,
                num_timesteps=_ENDLESS * self._steps,
                num_evals=_ENDLESS + 1,
                run_evals=False,
                num_envs=hp.num_envs,
                unroll_length=hp.unroll_length,
                num_minibatches=hp.num_minibatches,
                batch_size=hp.num_envs // hp.num_minibatches,
                num_updates_per_batch=hp.num_epochs,
                episode_length=hp.episode_length,
                normalize_observations=True,
                learning_rate=hp.learning_rate or 3e-4,
                network_factory=networks,
                policy_params_fn=self._between,
            )
        except _ClosedError:
            return
        except Exception as error:
            self._ended.put(error)

    def _between(self, step: int, *_: object) -> None:
        """Before the first iteration, and after each."""
        if step:
            self._ended.put(None)
        if not self._turns.get():
            raise _ClosedError


class _ClosedError(Exception):
    """Nobody wants another iteration."""


def playgrounds_shape(robot: str, num_envs: int | None = None) -> Hyperparameters:
    """A batch and networks of the sizes that Playground trains this robot with.

    Args:
        num_envs: fewer simulations in as many minibatches; None takes Playground's own.

    Raises:
        TabRLError: they do not fill the minibatches.
    """
    settings = settings_of(robot)
    minibatches = max(1, settings["num_envs"] // settings["batch_size"])
    num_envs = num_envs or settings["num_envs"]
    if num_envs % minibatches:
        raise TabRLError(
            f"{num_envs} simulations do not fill {minibatches} minibatches.",
            f"Take a multiple of {minibatches}.",
        )
    hidden = settings.get("network_factory", {}).get("policy_hidden_layer_sizes", (128, 128))
    return Hyperparameters(
        num_envs=num_envs,
        num_minibatches=minibatches,
        unroll_length=settings["unroll_length"],
        num_epochs=settings["num_updates_per_batch"],
        episode_length=settings["episode_length"],
        hidden=tuple(hidden),
    )


def main(robot: str = GO1, *, num_envs: int | None = None, rounds: int = ROUNDS) -> dict:
    """Environment steps a second of whole training iterations: rollout and update.

    Args:
        num_envs: of both; None takes Playground's own on a GPU, and `ON_CPU` on a CPU.
    """
    use_compilation_cache()
    if num_envs is None and jax.default_backend() == "cpu":
        num_envs = ON_CPU
    hp = playgrounds_shape(robot, num_envs)
    ours = Ours(robot, hp, impl="mjx")
    assert isinstance(ours.task.physics, MjxPhysics)
    impl = ours.task.physics.impl
    theirs = Playgrounds(robot, hp, impl)
    found = rates({"ours": ours, "Playground's": theirs}, rounds)
    theirs.close()
    figure, baseline = found.values()
    return {
        "what": f"{robot}, environment steps a second of PPO on MJX: ours over Playground's",
        "figure": round(figure.wall),
        "baseline": round(baseline.wall),
        "ratio": round(figure.wall / baseline.wall, 3),
        "cpu_ratio": round(figure.cpu / baseline.cpu, 3),
        "shape": f"{hp.num_envs} x {hp.unroll_length}, {hp.num_minibatches} minibatches, "
        f"{hp.num_epochs} epochs, {hp.hidden}, impl {impl}",
        "device": jax.devices()[0].device_kind,
        "machine": machine(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", default=GO1, metavar="ID")
    parser.add_argument("--num-envs", type=int, help="instead of Playground's own")
    args = parser.parse_args()
    print(json.dumps(main(args.robot, num_envs=args.num_envs), indent=1))

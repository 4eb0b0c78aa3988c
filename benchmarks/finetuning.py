"""Fine-tuning with one part changed after the other, judged by the metric's number
after 10, 30, 60, 120 and 240 s on idle cores.

tabrl bench finetuning [--robot ID] [--sentence TEXT] [--only NAME ...] [--page FILE]

It goes on where it was stopped: a variant whose numbers are in `out` is not trained again.
"""

import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import jax
import jax.numpy as jnp
from brax.training import types

from benchmarks.machine import machine
from benchmarks.training import Ours
from tabrl.behaviours.builtin import propose
from tabrl.errors import TabRLError
from tabrl.experiments.base import base_policy, decided
from tabrl.experiments.files import slug, write_atomically
from tabrl.policies.checkpoint import load
from tabrl.policies.networks import Parameters
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Criterion, Hyperparameters, TrainSpec
from tabrl.training.job import CRITIC_WARMUP, starting_point
from tabrl.training.ppo import Batch, Learner, Ppo, run
from tabrl.training.rollout import rollouts_of
from tabrl.training.score import Diverged, Scorer
from tabrl.training.session import compile_reward, trainer, use_compilation_cache
from tabrl.verdict.judge import judge

GO1 = "Go1JoystickFlatTerrain"
SENTENCE = "Keep shaking your hips aloha dude!"
OUT = Path("out/finetuning")
SEEDS = 3
MARKS = (0, 10, 30, 60, 120, 240)
"""s of idle cores after which the policy is judged."""
LEASH, LEASHED = 0.1, 1_000_000
"""Weight of the KL to the base at the start, and environment steps until there is none."""
_ENDLESS = 10**10
_TIMED = 12  # iterations that tell how busy a training keeps the cores

USUAL = Hyperparameters(learning_rate=5e-4)
"""A training that is judged after several times has no end to which its rate could fall."""


@dataclass(frozen=True)
class Variant:
    """A way to train; `USUAL` and the product's own where nothing else is said.

    Attributes:
        what: the part that is changed, for the page.
        hp: the physics among them is the robot's where none is chosen.
        warmup: iterations that fit the critic alone.
        base: whether it starts from the base policy.
        leashed: whether the loss has a KL to the base.
    """

    what: str
    hp: Hyperparameters = USUAL
    warmup: int = CRITIC_WARMUP
    base: bool = True
    leashed: bool = False


def _set(what: str, **changes: Any) -> Variant:
    return Variant(what, USUAL.model_copy(update=changes))


def _scratch(what: str, **changes: Any) -> Variant:
    return Variant(what, USUAL.model_copy(update=changes), warmup=0, base=False)


VARIANTS = {
    "usual": Variant("**nothing**"),
    "warmup-0": Variant("critic warm-up: none", warmup=0),
    "leashed": Variant("KL to the base, annealed", leashed=True),
    "noise-0.2": _set("action noise: 0.2", init_noise_std=0.2),
    "noise-0.6": _set("action noise: 0.6", init_noise_std=0.6),
    "rate-1e-3": _set("learning rate: 1e-3", learning_rate=1e-3),
    "rate-2e-4": _set("learning rate: 2e-4", learning_rate=2e-4),
    "scratch": _scratch("from scratch"),
    "adaptive": _set("learning rate: adapts to a KL of 0.01", desired_kl=0.01),
    "epochs-2": _set("epochs: 2", num_epochs=2),
    "epochs-8": _set("epochs: 8", num_epochs=8),
    "256x40": _set("batch: 256 x 40", num_envs=256, unroll_length=40),
    "1024x20": _set("batch: 1024 x 20", num_envs=1024),
    "warmup-4": Variant("critic warm-up: 4 iterations", warmup=4),
    "warmup-8": Variant("critic warm-up: 8 iterations", warmup=8),
    "scratch-64": _scratch("from scratch, 64 x 64", hidden=(64, 64)),
    "scratch-256": _scratch("from scratch, 256 x 256", hidden=(256, 256)),
}
"""By name, in the order of the page and of a run: what may matter most comes first."""


def main(
    only: Sequence[str] = (),
    *,
    robot: str = GO1,
    sentence: str = SENTENCE,
    out: Path = OUT,
    page: Path | None = None,
    seeds: int = SEEDS,
    marks: Sequence[int] = MARKS,
    variants: Mapping[str, Variant] = VARIANTS,
) -> dict:
    """Train the first approach to a sentence with each variant: one seed of all, then the next.

    Args:
        only: names of variants; none for all.
        out: keeps a JSON file for each training.
        page: where to write all results of `out` as tables.
        marks: s of idle cores after which the policy is judged, in order.
        variants: other ones than the usual, for tests.

    Raises:
        TabRLError: there is no such robot or variant, or no base policy to start from.
    """
    use_compilation_cache()
    if unknown := [name for name in only if name not in variants]:
        raise TabRLError(f"There is no variant {unknown[0]!r}.", f"Valid: {', '.join(variants)}.")
    learns = find_robot(robot)
    chosen = {
        name: replace(variants[name], hp=decided(variants[name].hp, learns))
        for name in only or variants
    }
    if any(v.base for v in chosen.values()) and not base_policy(learns):
        raise TabRLError(f"{robot} has no base policy.", f"Train one: tabrl base train {robot}")
    folder = out / robot / slug(sentence)
    folder.mkdir(parents=True, exist_ok=True)
    usual = decided(next(iter(variants.values())).hp, learns)
    cores = busy_cores(robot, usual, out / robot / "cores.json")
    for seed, (name, variant) in product(range(seeds), chosen.items()):
        path = folder / f"{name}-{seed}.json"
        if not _finished(path, marks):
            spec = _spec(robot, sentence, variant, seed)
            found = {"robot": robot, "sentence": sentence, "variant": name, "seed": seed}
            found |= {"number": _first(spec).label, "cores": cores, "machine": machine()}
            for learned in learn(spec, variant, marks, cores):
                write_atomically(path, json.dumps(found | learned, indent=1) + "\n")
            print(path.read_text(), file=sys.stderr, flush=True)
        if page:
            page.write_text(text(results(out), variants))
    return {
        "what": f"{robot}, {sentence!r}: the metric's number and passes of the trainings",
        "after": {
            variant.what: {f"{mark} s": _cell(_of(results(folder), name), mark) for mark in marks}
            for name, variant in chosen.items()
        },
        "machine": machine(),
    }


def results(out: Path) -> list[dict]:
    """What `out` and the folders in it keep."""
    return [json.loads(path.read_text()) for path in sorted(out.rglob("*-[0-9]*.json"))]


def _finished(path: Path, marks: Sequence[int]) -> bool:
    """Whether a training was judged at all marks, or diverged."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    return "diverged" in kept or kept.get("after", {}).keys() >= set(map(str, marks))


def busy_cores(robot: str, hp: Hyperparameters, path: Path) -> float:
    """CPU seconds that a training spends in a second on idle cores: of its fastest iteration, which
    other work held up least. Kept in the JSON file `path`.
    """
    if path.exists():
        return float(json.loads(path.read_text())["cores"])
    work, took = Ours(robot, hp), []
    work()  # compiles
    for _ in range(_TIMED):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = min(took)
    write_atomically(path, json.dumps({"cores": round(cpu / wall, 2)}))
    return round(cpu / wall, 2)


def _spec(robot: str, sentence: str, variant: Variant, seed: int) -> TrainSpec:
    behaviour = propose(sentence, find_robot(robot), count=1)
    base = base_policy(find_robot(robot)) if variant.base else None
    return TrainSpec(
        job=variant.what,
        robot=robot,
        approach=behaviour.approaches[0],
        metric=behaviour.metric,
        num_steps=_ENDLESS,
        seed=seed,
        base_policy=str(base) if base else None,
        hyperparameters=variant.hp,
        out="",
    )


def learn(
    spec: TrainSpec, variant: Variant, marks: Sequence[int], cores: float
) -> Iterator[dict[str, Any]]:
    """Train, and tell at each of `marks` what the policy did at it and at those before.

    Args:
        marks: s, each `cores` CPU seconds of training. Neither the first iteration, which compiles,
            nor the judging counts.
    """
    ppo = _ppo(spec, variant)
    reward, weights = compile_reward(ppo.task, spec.approach)
    scorer, setting = Scorer(ppo.task, reward, weights), ppo.task.setting(spec.approach)
    start = starting_point(spec, ppo)
    ahead, falls, spent = list(marks), [], 0.0
    after: dict[str, dict] = {}
    if ahead[0] == 0:
        after[str(ahead.pop(0))] = _judged(spec, start)
    iterations = run(
        ppo,
        scorer,
        start,
        setting,
        num_steps=_ENDLESS,
        seed=spec.seed,
        critic_warmup=variant.warmup,
    )
    try:
        next(iterations)
        began = time.process_time()
        for report, learner in iterations:
            spent += time.process_time() - began
            falls.append(report.falls)
            if spent >= ahead[0] * cores:
                after[str(ahead.pop(0))] = _judged(spec, learner.parameters) | {
                    "falls": round(mean(falls), 4),
                    "steps_per_s": round(report.step / spent * cores),
                }
                yield {"after": after}
            if not ahead:
                return
            began = time.process_time()
    except Diverged as error:
        yield {"after": after, "diverged": str(error)}


def _judged(spec: TrainSpec, parameters: Parameters) -> dict[str, Any]:
    """The metric's first number and the verdict, by the rollout and the judge of a training."""
    assert spec.metric
    rollouts = rollouts_of(spec.robot, spec.hyperparameters.hidden)
    rollout = rollouts.run(parameters, rollouts.task.setting(spec.approach), spec.seed)
    judgement = judge(spec.metric, rollout.trajectory(), rollouts.task.robot, rollouts.task.model)
    number = judgement.numbers.get(_first(spec).label, math.nan)
    return {"number": number, "verdict": judgement.verdict}


def _first(spec: TrainSpec) -> Criterion:
    """The criterion whose number the page shows."""
    assert spec.metric
    return spec.metric.criteria[0]


def _ppo(spec: TrainSpec, variant: Variant) -> Ppo:
    """A learner with the compiled functions of all that differ from it in numbers alone."""
    numbers = {"learning_rate": USUAL.learning_rate, "init_noise_std": USUAL.init_noise_std}
    ppo = copy(trainer(spec.robot, variant.hp.model_copy(update=numbers), 0, False, 0))
    ppo.hp = variant.hp
    return Leashed(ppo, load(Path(spec.base_policy))[0]) if variant.leashed else ppo


class Leashed(Ppo):
    """PPO whose loss also has the KL to the base policy, of equal noise, annealed to 0."""

    def __init__(self, ppo: Ppo, base: Parameters) -> None:
        super().__init__(ppo.task, ppo.networks, ppo.hp)
        self._base = base

    def _update(self, learner: Learner, batch: Batch, *rest: Any) -> tuple:
        hp = self.hp
        updates = learner.optimizer[1].count / (hp.num_epochs * hp.num_minibatches)
        steps = updates * hp.num_envs * hp.unroll_length
        leash = LEASH * jnp.maximum(0.0, 1.0 - steps / LEASHED)
        base, _ = self._mean_and_noise(self._base, batch.obs)
        more = {"base": base, "leash": jnp.full(base.shape[:-1], leash)}
        return super()._update(learner, batch.replace(extras=batch.extras | more), *rest)

    def _loss(
        self, weights: Any, normalizer: Any, data: types.Transition, key: jax.Array
    ) -> tuple[jax.Array, dict]:
        loss, metrics = super()._loss(weights, normalizer, data, key)
        action, noise = self._mean_and_noise(Parameters(normalizer, weights), data.observation)
        there = data.extras["policy_extras"]
        kl = 0.5 * jnp.sum(((action - there["base"]) / noise) ** 2, axis=-1)
        return loss + jnp.mean(there["leash"] * kl), metrics

    def _mean_and_noise(self, parameters: Parameters, obs: Any) -> tuple[jax.Array, jax.Array]:
        network = self.networks.policy_network
        return network.apply(parameters.normalizer, parameters.networks.policy, obs)


def text(found: Sequence[Mapping[str, Any]], variants: Mapping[str, Variant] = VARIANTS) -> str:
    """The page in Markdown."""
    told = dict.fromkeys((run["robot"], run["sentence"]) for run in found)
    tables = "\n\n".join(
        _section([run for run in found if (run["robot"], run["sentence"]) == which], variants)
        for which in told
    )
    return f"""# Fine-tuning, part by part

Written by `tabrl bench finetuning --page docs/results/finetuning.md`; do not edit. In each row one
part is changed of: {USUAL.num_envs} simulations x {USUAL.unroll_length} control steps,
{USUAL.num_epochs} epochs, a learning rate of {USUAL.learning_rate:g} that stays, action noise
{USUAL.init_noise_std:g}, {" x ".join(map(str, USUAL.hidden))} units, {CRITIC_WARMUP} iterations of
critic warm-up, no KL to the base. Where there is one, it weighs {LEASH} at the start and nothing
after {LEASHED:,} environment steps. [Training](training.md#fine-tuning) says what was kept of it.

A cell has the number of the metric's first criterion, mean ± standard deviation over the seeds, and
how many of the policies pass the whole metric: rollout, metric and judge are those of a training.
One seed has no spread and decides nothing. Falls is the share of episodes that ended in a fall up
to the first mark after 0. Rows and cells that are missing were not measured yet.

Seconds are those of a training that has the cores to itself. Others may have shared them, so what
counts is the CPU time of the training, without compiling and judging, over the CPU time that a
training spends in a second on idle cores.

Symmetry is not among the parts: a mirrored sample needs a reward that is its own mirror image, and
one that turns to the left or lifts one leg is not.

{tables}
"""


def _section(found: Sequence[Mapping[str, Any]], variants: Mapping[str, Variant]) -> str:
    """The table of one robot and sentence."""
    marks = sorted({int(mark) for run in found for mark in run["after"]})
    rows = [
        f"| {variant.what} | {' | '.join(_cell(runs, mark) for mark in marks)} | {_course(runs)} |"
        for name, variant in variants.items()
        if (runs := _of(found, name))
    ]
    seconds = " or ".join(sorted({f"{run['cores']}" for run in found}))
    lines = [
        f"## {found[0]['robot']}: {found[0]['sentence']}",
        "",
        f"The number: {found[0]['number']}. A second: {seconds} CPU seconds.",
        "",
        *(f"- {name}" for name in sorted({run["machine"] for run in found})),
        "",
        f"| changed | {' | '.join(f'{mark} s' for mark in marks)} | falls | steps/s |",
        "|" + " --- |" * (len(marks) + 3),
        *rows,
        *(
            f"\n{variants[run['variant']].what}, seed {run['seed']}: {run['diverged']}."
            for run in found
            if "diverged" in run
        ),
    ]
    return "\n".join(lines)


def _of(found: Sequence[Mapping[str, Any]], variant: str) -> list[Mapping[str, Any]]:
    return [run for run in found if run["variant"] == variant]


def _cell(runs: Sequence[Mapping[str, Any]], mark: int) -> str:
    """Mean and spread of the numbers at a mark, and the passes of those that came to it."""
    there = [run["after"][str(mark)] for run in runs if str(mark) in run["after"]]
    if not there:
        return ""
    numbers = [each["number"] for each in there]
    spread = f" ± {stdev(numbers):.2g}" if len(numbers) > 1 else ""
    passes = sum(each["verdict"] == "pass" for each in there)
    return f"{mean(numbers):.3g}{spread}, {passes} of {len(there)}"


def _course(runs: Sequence[Mapping[str, Any]]) -> str:
    """Falls up to the first mark of training, and steps a second up to the last; means."""
    courses = [[m for m in run["after"].values() if "falls" in m] for run in runs]
    if not (courses := [course for course in courses if course]):
        return " | "
    falls = mean(course[0]["falls"] for course in courses)
    speed = mean(course[-1]["steps_per_s"] for course in courses)
    return f"{falls:.1%} | {speed:,.0f}"

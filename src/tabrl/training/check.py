"""The pre-flight of a reward: what each term pays a still, a random and the base robot, before
anything is spent.
"""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.events import Checked, Event, PhaseStarted
from tabrl.policies import checkpoint
from tabrl.rewards.exported import load_reward
from tabrl.rewards.sandbox import RewardError, export_reward
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Approach, CheckResult, CheckSpec, Finding, Hyperparameters, Move
from tabrl.training.rollout import rollouts_of
from tabrl.training.score import Reward
from tabrl.training.session import use_compilation_cache
from tabrl.verdict.trajectory import RATE_HZ

SAMPLES = 150
"""Three seconds of each rollout."""
DOMINANT = 0.9
_SAME = 1e-6
_CLEARLY = 0.05
_PAID_MOST = {
    "still": (
        "Standing still",
        "That is a start, as long as doing what was asked pays more.",
    ),
    "random": (
        "Moving at random",
        "A sign may be flipped: penalties such as s.action_rate weigh less than 0.",
    ),
    "opposite": (
        "Going the opposite way of what was asked",
        "A sign may be flipped, or a frame wrong: left is the robot's, not the world's.",
    ),
    "fallen": (
        "Lying on its back",
        "Pay only what stands, or multiply by at_least(s.upright, 0.9, 0.5).",
    ),
}
OPPOSITE = "opposite"
"""The base robot told to go the other way: a reward sees the command that it should have had."""
FALLEN = "fallen"
"""A robot on its back: a reward must bear it, and not pay it best."""

TermRewards = dict[str, dict[str, np.ndarray]]
"""{who: {term: (T,) weighted reward a step of the first environment}}"""


def check(spec: CheckSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Lint, trace in the sandbox, run the baselines, and say what was found."""
    yield PhaseStarted(job=spec.job, phase="checking")
    use_compilation_cache()
    robot = find_robot(spec.robot)
    try:
        exported = export_reward(spec.approach.source, robot)
        reward = load_reward(exported.blob, robot)
    except RewardError as error:
        yield Checked(job=spec.job, result=CheckResult(valid=False, findings=error.findings))
        return
    unknown = _unknown_weights(spec.approach.weights, exported.terms)
    rewards = _term_rewards(spec, reward)
    findings = (*unknown, *_findings(rewards, spec.approach))
    valid = not any(f.severity == "error" for f in findings)
    means = {
        who: {term: round(float(np.mean(x)), 5) for term, x in terms.items()}
        for who, terms in rewards.items()
        if who != FALLEN
    }
    yield Checked(
        job=spec.job,
        result=CheckResult(valid=valid, findings=findings, terms=exported.terms, term_means=means),
    )


def _term_rewards(spec: CheckSpec, reward: Reward) -> TermRewards:
    robot = find_robot(spec.robot)
    hidden, parameters = Hyperparameters().hidden, None
    if spec.base_policy:
        parameters, _, card = checkpoint.load(Path(spec.base_policy))
        hidden = tuple(card["hidden"])
    rollouts = rollouts_of(spec.robot, hidden)
    setting = rollouts.task.setting(spec.approach)
    ran = {
        "still": rollouts.run("still", setting, 0, samples=SAMPLES),
        "random": rollouts.run("random", setting, 0, samples=SAMPLES),
    }
    if parameters is not None:
        ran["base"] = rollouts.run(parameters, setting, 0, samples=SAMPLES)
        if moves := _opposite(spec.approach):
            ran[OPPOSITE] = rollouts.run(parameters, setting, 0, samples=SAMPLES, moves=moves)
    if robot.structure.free_base and robot.structure.feet:
        ran[FALLEN] = rollouts.run("still", setting, 0, samples=SAMPLES, on_its_back=True)
    signals = {who: jnp.asarray(rollout.signals[:, 0]) for who, rollout in ran.items()}

    @jax.jit
    def pay(packed: jax.Array, asked: jax.Array) -> dict[str, jax.Array]:
        seen, meant = map(rollouts.task.signals.unpack, (packed, asked))
        return reward(seen | ({"command": meant["command"]} if "command" in meant else {}))

    weights = spec.approach.weights
    return {
        who: {
            term: weights.get(term, 1.0) * np.asarray(x)
            for term, x in pay(packed, signals["still"]).items()
        }
        for who, packed in signals.items()
    }


def _opposite(approach: Approach) -> tuple[Move, ...]:
    """What a robot is told that goes the other way; nothing where an approach tells it to stay."""
    told = [(move.seconds, (move.forward, move.left, move.turn)) for move in approach.script]
    told = told or [(SAMPLES / RATE_HZ, approach.command)]
    if not any(speed for _, command in told for speed in command):
        return ()
    most = (3.0, 3.0, 6.0)  # of a command; an approach's may be anything
    return tuple(
        Move(seconds=seconds, forward=forward, left=left, turn=turn)
        for seconds, command in told
        for forward, left, turn in [np.clip(np.negative(command), np.negative(most), most)]
    )


def _unknown_weights(weights: Mapping[str, float], terms: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            message=f"There is a weight for {name!r}, which is not a term of this reward.",
            hint=f"Its terms are {', '.join(terms)}.",
        )
        for name in weights
        if name not in terms
    )


def _findings(rewards: TermRewards, approach: Approach) -> Iterator[Finding]:
    terms = tuple(next(iter(rewards.values())))
    broken = False
    for term in terms:
        bad = [who for who in rewards if not np.isfinite(rewards[who][term]).all()]
        if bad:
            broken = True
            yield Finding(
                message=f"The term {term} is NaN or infinite for a {' and a '.join(bad)} robot.",
                hint="Guard divisions, logarithms and roots: jnp.maximum(x, 1e-6).",
            )
    if broken:
        return
    totals = {who: np.sum([rewards[who][term] for term in terms], axis=0) for who in rewards}
    if np.ptp(np.concatenate(list(totals.values()))) < _SAME:
        yield Finding(
            message="The total pays the same whatever the robot does: nothing to learn from.",
            hint="Let at least one term depend on what should move, with a weight that is not 0.",
        )
        return
    yield from _warnings(rewards, totals, terms, approach)


def _warnings(
    rewards: TermRewards, totals: dict[str, np.ndarray], terms: tuple[str, ...], approach: Approach
) -> Iterator[Finding]:
    for term in terms:
        if np.ptp(np.concatenate([rewards[who][term] for who in rewards])) < _SAME:
            yield Finding(
                severity="warning",
                message=f"The term {term} never changed in any of the rollouts.",
                hint="It may not steer anything: its target may be in degrees where the signal is "
                "in rad, or its width so narrow that nobody comes near.",
            )
    means = {who: float(np.mean(total)) for who, total in totals.items()}
    best = max(means, key=lambda who: means[who])
    relaxed = approach.termination.min_upright is None
    clear = means[best] - max(means["still"], means.get("base", 0.0)) > _CLEARLY * means[best]
    told = best == "still" or (clear and best in _PAID_MOST and not (best == FALLEN and relaxed))
    if means[best] > 0 and told:
        what, hint = _PAID_MOST[best]
        yield Finding(
            severity="warning",
            message=f"{what} pays most of all that was tried: {means[best]:.2f} a step.",
            hint=hint,
        )
    size = {
        term: np.mean([np.mean(np.abs(rewards[who][term])) for who in rewards]) for term in terms
    }
    largest = max(size, key=lambda term: size[term])
    if len(terms) > 1 and size[largest] > DOMINANT * sum(size.values()):
        share = size[largest] / sum(size.values())
        yield Finding(
            severity="warning",
            message=f"The term {largest} is {share:.0%} of all that is paid.",
            hint="The other terms will hardly count; weigh it less or them more.",
        )

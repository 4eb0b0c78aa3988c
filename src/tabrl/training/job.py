"""The jobs of a worker: train a policy, render a policy again."""

import math
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.events import (
    Artifact,
    Event,
    Finished,
    NoClip,
    Progress,
    Stressed,
)
from tabrl.policies import checkpoint
from tabrl.policies.added import hidden
from tabrl.policies.networks import Parameters, initialize, with_action_noise
from tabrl.rendering.gl import no_clip
from tabrl.rendering.video import DrawingError
from tabrl.robots.actuation import joint_of
from tabrl.spec import RenderSpec, TrainSpec
from tabrl.training.course import Best, Clock, Course
from tabrl.training.exam import Exam
from tabrl.training.film import PROGRESS_EVERY_S, leave_clip, look_for_gl
from tabrl.training.ppo import Ppo, Report, run
from tabrl.training.preview import Previews
from tabrl.training.rollout import CLIP_SAMPLES, rollouts_of
from tabrl.training.score import Diverged, Scorer
from tabrl.training.session import compile_reward, trainer, use_compilation_cache
from tabrl.training.stress import measure_robustness, perturbed
from tabrl.verdict.judge import judge_path, noted
from tabrl.verdict.trajectory import RATE_HZ, series

CRITIC_WARMUP = 2
WARMUP_SHARE = 8
"""The critic is fitted alone for no more than an eighth of a training's iterations."""
POSED = 0.5
"""Share of the way to an approach's pose that the first policy of a training asks for."""
_OF_ARMS = re.compile(r"hand|arm|shoulder|elbow|wrist")
_WIDE, _NARROW = 2.0, 0.5  # times the usual noise
UNCHANGED = "It moves as before: this training has changed no action."


class TrainingError(TabRLError):
    """A training that cannot go on; the message names what went wrong and where its traces are."""


def train(spec: TrainSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Train one approach and leave policy/, trajectory.npz, clip.mp4 and poster.jpg in `spec.out`.

    Once `stop` is set it ends early with the best policy so far, or with the one that it has where
    none was evaluated yet, its trajectory and no clip; with nothing while it still compiles.
    """
    clock = Clock(spec.job)
    yield clock.enter("compiling")
    looking = look_for_gl() if spec.clip or spec.previews else None
    use_compilation_cache()
    hp = spec.hyperparameters
    draw = spec.seed if spec.randomize else 0
    ppo = trainer(spec.robot, hp, spec.threads, spec.randomize, draw, spec.impl)
    reward, weights = compile_reward(ppo.task, spec.approach)
    untaught = starting_point(spec, ppo)
    start = first = posed(untaught, spec, ppo.task)
    rollouts = rollouts_of(spec.robot, hp.hidden)
    setting = ppo.task.setting(spec.approach)
    exam = Exam(spec, rollouts, setting, untaught)
    scorer = Scorer(ppo.task, reward, weights)
    out, best = Path(spec.out), exam.best
    if looking and (trouble := looking.result()):
        print(trouble, file=sys.stderr)
        yield NoClip(job=spec.job, note=no_clip())
        spec = spec.model_copy(update={"clip": False, "previews": False})

    course = Course(spec)
    batch = hp.num_envs * hp.unroll_length
    shown, report = 0.0, None
    warmup = min(CRITIC_WARMUP, course.asked // batch // WARMUP_SHARE) if spec.base_policy else 0
    done = 0
    if spec.resume:
        start, done = _resumed(spec, start)
        warmup = 0
        look = exam.look(start, done)
        yield look.event
        yield _keep_policy(spec, ppo, best, out)
        course.begin(done)
        course.evaluated(done, look.judgement, look.steady)
    iterations = run(
        ppo,
        scorer,
        start,
        setting,
        num_steps=course.limit - done,
        horizon=course.asked,
        seed=spec.seed,
        fine_tuning=spec.base_policy is not None,
        critic_warmup=warmup,
        first_step=done,
        stop=stop,
    )
    previews = Previews(spec, rollouts)
    try:
        for report, learner in iterations:
            if clock.phase != "training":  # the first iteration compiles, too
                yield clock.enter("training")
            # The first iteration compiles, too: it tells nothing of the time that is left.
            timed = report.step > done + batch
            last = report.step >= course.goal
            if last or (timed and time.perf_counter() - shown > PROGRESS_EVERY_S):
                shown = time.perf_counter()
                yield _progress(spec, report, course.goal, ppo.episode_length)
            if stop.is_set() and not last:
                break
            if course.is_due(report.step):
                look = exam.look(learner.parameters, report.step)
                yield _keep_policy(spec, ppo, best, out)
                yield look.event
                course.evaluated(report.step, look.judgement, look.steady)
                last = report.step >= course.goal
                if not last:
                    previews.draw(look.rollout, report.step)
            yield from previews.drawn()
            if last:
                break
    except Diverged as error:
        raise _diverged(error, spec, best, out) from error
    finally:
        previews.close(wait=not stop.is_set())
    yield from previews.drawn()
    if best.parameters is None and report is not None:
        # Stopped before it was ever evaluated: what it has is kept first, then looked at.
        best.offer(learner.parameters, report.step)
        yield _keep_policy(spec, ppo, best, out)
        yield exam.look(learner.parameters, report.step).event
    if best.parameters is None or best.rollout is None:  # stopped before it had learned anything
        yield Finished(job=spec.job, step=0, seconds=clock.seconds, stopped=True)
        return

    yield clock.enter("rendering")
    judgement = best.judgement
    if judgement and _same(first, best.parameters):
        judgement = noted(judgement, UNCHANGED)
    try:
        yield from leave_clip(spec.job, out, rollouts, best.rollout, stop, clip=spec.clip)
    except DrawingError as error:
        print(error, file=sys.stderr)
        yield NoClip(job=spec.job, note=no_clip())
    if spec.randomize and spec.metric and not stop.is_set():
        levels = perturbed(spec.robot, hp.hidden)
        robustness = measure_robustness(
            levels, best.parameters, setting, spec.metric, spec.seed, stop
        )
        yield Stressed(job=spec.job, robustness=robustness)
    clock.enter("done")
    reached = report.step if report else done
    yield Finished(
        job=spec.job,
        step=reached,
        seconds=clock.seconds,
        judgement=judgement,
        base_judgement=exam.untaught,
        stopped=stop.is_set() and reached < course.goal,
    )


def render(spec: RenderSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Roll a saved policy out from the canonical start state and render its clip."""
    clock = Clock(spec.job)
    yield clock.enter("compiling")
    use_compilation_cache()
    parameters, _, card = checkpoint.load(Path(spec.policy))
    rollouts = rollouts_of(card["robot"], tuple(card["hidden"]))
    checkpoint.refuse_misfit(card, rollouts.task.obs_shapes, rollouts.task.action_size)
    approach = checkpoint.approach_of(card)
    yield clock.enter("rendering")
    setting = rollouts.task.setting(approach)
    asked = math.ceil(RATE_HZ * sum(move.seconds for move in spec.moves))
    final = rollouts.run(
        parameters,
        setting,
        spec.seed,
        samples=max(CLIP_SAMPLES, asked),
        stop=stop,
        moves=spec.moves,
    )
    judgement = None
    if spec.moves and not stop.is_set():
        robot = rollouts.task.robot
        values = series(final.trajectory(), robot, rollouts.task.model)
        judgement = judge_path(spec.moves, values, robot.structure.base_height)
    yield from leave_clip(spec.job, Path(spec.out), rollouts, final, stop)
    clock.enter("done")
    yield Finished(
        job=spec.job,
        step=int(card.get("steps", 0)),
        seconds=clock.seconds,
        judgement=judgement,
        stopped=stop.is_set(),
    )


def starting_point(spec: TrainSpec, ppo: Ppo) -> Parameters:
    """Fresh parameters, or the base policy's actor with a fresh critic and this training's action
    noise.
    """
    fresh = initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(spec.seed))
    if spec.base_policy is None:
        return fresh
    base, _, card = checkpoint.load(Path(spec.base_policy))
    if jax.tree.map(jnp.shape, base.networks.policy) != jax.tree.map(
        jnp.shape, fresh.networks.policy
    ):
        raise TrainingError(
            f"The base policy in {spec.base_policy} does not fit {spec.robot}.",
            f"It is for {card['robot']} with hidden layers {card['hidden']}.",
        )

    quiet = with_action_noise(base, _noise(spec, ppo.task))
    return quiet.replace(networks=quiet.networks.replace(value=fresh.networks.value))


def posed(start: Parameters, spec: TrainSpec, task: Task) -> Parameters:
    """The same policy with the approach's pose in what it asks of the joints.

    Far from home there is nothing to find by chance: an arm that hangs would have to be lifted by
    luck before any height of its hand paid. Half of the way is asked for, and where these joints
    are is hidden from the actor: G1's base policy walks off by 2.5 m in a clip when it sees an arm
    half up, and by 0.05 m when it does not.
    """
    pose = spec.approach.pose if spec.approach and spec.base_policy else {}
    names, scale = _driven(task), task.environment._config.get("action_scale")
    if not pose or not scale or len(names) != task.action_size:
        return start
    home = {joint.name: joint.home for joint in task.robot.structure.joints}
    away = [pose[name] - home[name] if name in pose else 0.0 for name in names]
    arrays = checkpoint.arrays_of(start)
    arrays["networks/policy/params/Dense_0/bias"] += POSED * np.array(away) / float(scale)
    return checkpoint.with_arrays(start, hidden(arrays, task.sees(pose)))


def _noise(spec: TrainSpec, task: Task) -> np.ndarray:
    """The standard deviation of each action, (action_size,): arms that a reward speaks of have far
    to go, and a step of PPO is as long as its noise is wide. Where joints begin in a pose, on two
    legs that are told to stand, the others have least to learn: they only keep it on its feet.
    """
    std = np.full(task.action_size, spec.hyperparameters.init_noise_std)
    groups, approach = task.robot.structure.groups, spec.approach
    names = _driven(task)
    if len(names) != len(std) or approach is None:
        return std
    arms = {joint for name in ("left_arm", "right_arm") for joint in groups.get(name, ())}
    posed = set(approach.pose) if spec.base_policy else set()
    moving = posed | (arms if _OF_ARMS.search(approach.source) else set())
    standing = posed and not (any(approach.command) or approach.script)
    for i, name in enumerate(names):
        if name in moving:
            std[i] *= _WIDE
        elif standing and name not in arms:
            std[i] *= _NARROW
    return std


def _driven(task: Task) -> list[str]:
    """The joint that each actuator drives; empty where it drives something else."""
    joints = (joint_of(task.model, i) for i in range(task.model.nu))
    return ["" if joint is None else task.model.joint(joint).name for joint in joints]


def _resumed(spec: TrainSpec, fresh: Parameters) -> tuple[Parameters, int]:
    """The policy that this training had kept, critic and action noise with it, and its steps."""
    assert spec.resume is not None
    kept, _, card = checkpoint.load(Path(spec.resume))
    if jax.tree.map(jnp.shape, kept) != jax.tree.map(jnp.shape, fresh):
        raise TrainingError(
            f"The policy in {spec.resume} does not fit this training.", "Train it anew."
        )
    return kept, int(card.get("steps", 0))


def _same(before: Parameters, after: Parameters) -> bool:
    """Whether an actor is as it was; the statistics of its observations may have moved."""
    pairs = zip(
        jax.tree.leaves(before.networks.policy), jax.tree.leaves(after.networks.policy), strict=True
    )
    return all(np.array_equal(one, other) for one, other in pairs)


def _progress(spec: TrainSpec, report: Report, total: int, length: int) -> Progress:
    speed = report.steps_per_s
    return Progress(
        job=spec.job,
        step=report.step,
        num_steps=total,
        steps_per_s=speed,
        seconds_left=max(0, total - report.step) / speed,
        episode_return=report.reward * length,
        episode_length=report.episode_length,
        terms=report.terms,
        metrics=report.losses | {"falls": report.falls},
    )


def _keep_policy(spec: TrainSpec, ppo: Ppo, best: Best, out: Path) -> Artifact:
    assert best.parameters is not None
    checkpoint.save(
        out / "policy",
        best.parameters,
        {
            "robot": spec.robot,
            "obs_shapes": {name: list(shape) for name, shape in ppo.task.obs_shapes.items()},
            "action_size": ppo.task.action_size,
            "hidden": list(spec.hyperparameters.hidden),
            "steps": best.step,
            "seed": spec.seed,
            "approach": spec.approach.model_dump(mode="json") if spec.approach else None,
            "metric": spec.metric.model_dump(mode="json") if spec.metric else None,
        },
    )
    return Artifact(job=spec.job, name="policy", path=str(out / "policy"))


def _diverged(error: Diverged, spec: TrainSpec, best: Best, out: Path) -> TrainingError:
    """Keep the signals before the first bad number, and say what was kept."""
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / "diverged.npz", signals=error.rollout)
    kept = (
        f"The best policy so far (step {best.step}) was kept."
        if best.parameters is not None
        else "No policy was kept yet."
    )
    return TrainingError(
        f"In {spec.job}, {error}. {kept}",
        "Look for a division or a logarithm that can meet zero; "
        f"the signals before it are in {out / 'diverged.npz'}.",
    )

"""Trainings as a worker does them: what they learn, what they leave, how they end."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event as Flag
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import lessons
import numpy as np
import pytest
from lessons import BATCH, Lesson
from PIL import Image

from tabrl import worker
from tabrl.envs.load import load_env
from tabrl.envs.task import Task
from tabrl.events import Artifact, Evaluated, Failed, Finished, PhaseStarted, Progress
from tabrl.experiments.base import base_policy
from tabrl.policies import checkpoint
from tabrl.policies.networks import make_policy
from tabrl.rendering.video import decode, probe
from tabrl.robots.catalogue import robot
from tabrl.spec import Approach, Criterion, Hyperparameters, Judgement, RenderSpec, Verdict
from tabrl.training import job
from tabrl.training.course import Course
from tabrl.training.job import UNCHANGED, TrainingError, render, train
from tabrl.training.rollout import rollouts_of
from tabrl.training.session import trainer
from tabrl.verdict.margin import score
from tabrl.verdict.trajectory import Trajectory

SHORT = 4 * BATCH


def test_a_cartpole_learns_to_push_its_cart_to_the_right(taught: Lesson) -> None:
    (finished,) = taught.all(Finished)
    assert finished.judgement.verdict == "pass"
    assert finished.judgement.numbers["cart"] > 1.0
    assert finished.base_judgement.verdict == "fail"
    assert abs(finished.base_judgement.numbers["cart"]) < 0.5
    first, *_, last = taught.all(Progress)
    assert (first.step, last.step, last.num_steps) == (2 * BATCH, 60 * BATCH, 60 * BATCH)
    assert last.terms["right"] > first.terms["right"] + 1.0
    assert last.episode_return > first.episode_return + 100


def test_the_policy_kept_is_the_best_that_was_evaluated(taught: Lesson) -> None:
    evaluated, (finished,) = taught.all(Evaluated), taught.all(Finished)
    eighths = (8, 15, 23, 30, 38, 45, 53, 60)  # in whole iterations
    assert [event.step for event in evaluated] == [BATCH * i for i in eighths]
    best = [event for event in evaluated if event.best][-1]
    scores = [score(lessons.METRIC, event.judgement) for event in evaluated]
    assert score(lessons.METRIC, best.judgement) == max(scores)
    assert checkpoint.read_card(taught.out / "policy")["steps"] == best.step
    assert finished.judgement == best.judgement
    assert (finished.step, finished.stopped) == (60 * BATCH, False)
    assert set(finished.seconds) == {"compiling", "training", "rendering"}


def test_a_training_leaves_policy_trajectory_clip_and_poster(out: Path) -> None:
    filmed = Lesson(lessons.spec(out, num_steps=SHORT, clip=True))
    left = {event.name: Path(event.path) for event in filmed.all(Artifact)}
    assert list(left) == ["policy", "trajectory", "clip", "poster"]
    assert {path.parent for path in left.values()} == {out}
    trajectory = Trajectory.load(left["trajectory"])
    np.testing.assert_allclose(trajectory.time, np.arange(500) / 50)
    assert trajectory.qpos.shape == (500, 2)
    assert probe(left["clip"]) == (500, 50.0, 640, 480, "h264")
    assert sum(1 for _ in decode(left["clip"])) == 500
    with Image.open(left["poster"]) as poster:
        assert (poster.format, poster.size) == ("JPEG", (640, 480))
    phases = [event.phase for event in filmed.all(PhaseStarted)]
    assert phases == ["compiling", "training", "rendering"]


@pytest.mark.nightly
def test_trainings_compile_each_of_their_functions_once(out: Path) -> None:
    trainer.cache_clear()
    rollouts_of.cache_clear()
    spec = lessons.spec(out, num_steps=SHORT, metric=lessons.METRIC, threads=0)
    Lesson(spec)
    Lesson(spec)
    ppo = trainer(spec.robot, spec.hyperparameters, spec.threads, False, 0, spec.impl)
    rollouts = rollouts_of(spec.robot, spec.hyperparameters.hidden)
    compiled = (
        ppo.start,
        ppo.step,
        ppo.update,
        rollouts._follow,
        rollouts._given,
        rollouts._settle,
    )
    assert [function._cache_size() for function in compiled] == [1] * 6


@pytest.mark.nightly
def test_a_policy_renders_again_as_it_was(taught: Lesson, out: Path) -> None:
    policy = str(taught.out / "policy")
    spec = RenderSpec(job="again", policy=policy, out=str(out), seed=taught.spec.seed)
    *_, finished = render(spec, stop=Flag())
    ours, theirs = (Trajectory.load(folder / "trajectory.npz") for folder in (taught.out, out))
    np.testing.assert_array_equal(ours.qpos, theirs.qpos)
    assert finished.judgement is None
    assert probe(out / "clip.mp4").frames == 500
    assert (out / "poster.jpg").exists()


def test_a_rendering_that_is_stopped_at_once_still_leaves_a_trajectory(
    taught: Lesson, out: Path
) -> None:
    stop = Flag()
    stop.set()
    spec = RenderSpec(job="again", policy=str(taught.out / "policy"), out=str(out))
    *_, finished = render(spec, stop=stop)
    assert finished.stopped
    assert len(Trajectory.load(out / "trajectory.npz").qpos) == 500
    assert not (out / "clip.mp4").exists()


def short(out: Path, seed: int) -> bytes:
    """The policy of a short training."""
    return Lesson(lessons.spec(out, num_steps=SHORT, seed=seed)).policy


@pytest.mark.nightly
def test_the_same_seed_gives_the_same_policy_bit_for_bit(out: Path) -> None:
    first, second, other = (short(out / str(i), seed) for i, seed in enumerate((1, 1, 2)))
    assert first == second
    assert first != other


def test_a_term_that_becomes_nan_is_named(out: Path) -> None:
    root = lessons.approach('{"late": jnp.sqrt(0.53 - s.time), "right": s.joint("slider")}')
    spec = lessons.spec(out / "root", approach=root, num_steps=20 * BATCH, job="root")
    *_, evaluated, failed = worker.run(spec)
    assert isinstance(failed, Failed)
    assert failed.phase == "training"
    assert isinstance(evaluated, Progress | Evaluated)
    assert "In root, the reward term late became NaN or infinite" in failed.error
    assert f"The best policy so far (step {5 * BATCH}) was kept." in failed.error
    assert str(out / "root" / "diverged.npz") in failed.hint
    signals = np.load(out / "root" / "diverged.npz")["signals"]
    assert signals.shape[:2] == (lessons.HP.unroll_length, lessons.HP.num_envs)
    assert np.isfinite(signals).all()
    assert checkpoint.read_card(out / "root" / "policy")["steps"] == 5 * BATCH


def test_a_training_that_is_stopped_keeps_its_best_policy(out: Path) -> None:
    stop, events = Flag(), []
    spec = lessons.spec(out, num_steps=10**6, metric=lessons.METRIC, clip=True)
    for event in train(spec, stop=stop):
        events.append(event)
        if isinstance(event, Progress):
            stop.set()
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert 0 < finished.step < 10**6
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    best = [event for event in evaluated if event.best][-1]
    assert checkpoint.read_card(out / "policy")["steps"] == best.step
    assert finished.judgement == best.judgement
    assert len(Trajectory.load(out / "trajectory.npz").qpos) == 500
    assert not (out / "clip.mp4").exists()


def test_a_metric_that_a_still_robot_passes_can_at_best_ask_for_review(out: Path) -> None:
    anywhere = lessons.metric(at_least=-9.0)
    lesson = Lesson(lessons.spec(out, num_steps=SHORT, metric=anywhere))
    (finished,) = lesson.all(Finished)
    judgements = [event.judgement for event in lesson.all(Evaluated)] + [finished.judgement]
    assert {judgement.verdict for judgement in judgements} == {"needs review"}
    assert all("a still robot" in judgement.reasons[0] for judgement in judgements)


def test_fine_tuning_starts_from_what_the_base_policy_can_do(taught: Lesson, out: Path) -> None:
    base = str(taught.out / "policy")
    lesson = Lesson(lessons.spec(out, num_steps=SHORT, metric=lessons.METRIC, base_policy=base))
    (finished,) = lesson.all(Finished)
    known = taught.all(Finished)[0].judgement.numbers["cart"]
    assert finished.base_judgement.numbers["cart"] == pytest.approx(known, abs=0.2)
    assert finished.judgement.numbers["cart"] > 1.0


@pytest.mark.nightly
def test_the_learning_rate_falls_from_a_base_policy_and_stays_from_scratch(
    taught: Lesson, out: Path
) -> None:
    usual = lessons.HP.model_copy(update={"learning_rate": None})
    ends = []
    for base in (None, str(taught.out / "policy")):
        spec = lessons.spec(out, num_steps=SHORT, base_policy=base, hyperparameters=usual)
        ends.append(Lesson(spec).all(Progress)[-1].metrics["learning_rate"])
    assert ends == pytest.approx([5e-4, 3.25e-4])


def test_a_base_policy_of_another_shape_is_refused(taught: Lesson, out: Path) -> None:
    wider = lessons.HP.model_copy(update={"hidden": (24,)})
    policy = str(taught.out / "policy")
    spec = lessons.spec(out, base_policy=policy, hyperparameters=wider)
    with pytest.raises(TrainingError, match="does not fit CartpoleBalance") as caught:
        list(train(spec, stop=Flag()))
    assert "[16]" in caught.value.hint


LITTLE = 8 * BATCH
FAR = lessons.metric(at_least=3.0)  # farther than the rail is long


def cart(metres: float, verdict: Verdict = "fail") -> Judgement:
    return Judgement(verdict=verdict, numbers={"cart": metres})


def followed(course: Course, found: Iterable[Judgement], steady: float = 0.0) -> int:
    """Where a course ends that finds this, in iterations."""
    left, step = iter(found), 0
    while step < course.goal:
        step += BATCH
        if course.is_due(step):
            course.evaluated(step, next(left), steady)
    assert next(left, None) is None
    return step // BATCH


RISING = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.9, 1.2]


@pytest.mark.parametrize(
    ("found", "end"),
    [
        ([*RISING, 1.2], 10),  # one stretch more, which finds nothing
        ([*RISING, 1.5, 1.8, 2.1, 2.4], 16),  # it rises to the limit
        ([*RISING[:-1], 0.9], 8),
        ([*RISING[:3], 1.2, *RISING[4:-1], 1.1], 8),  # it was better before
    ],
)
def test_a_course_goes_on_while_the_metric_rises_and_no_further_than_its_limit(
    out: Path, found: list[float], end: int
) -> None:
    course = Course(lessons.spec(out, num_steps=LITTLE, max_steps=2 * LITTLE, metric=FAR))
    assert followed(course, map(cart, found)) == end


def test_a_criterion_that_nears_its_bound_counts_among_others_that_are_kept(out: Path) -> None:
    kept = [Criterion(label=f"kept {i}", measure="min", at_least=0.0) for i in range(3)]
    both = FAR.model_copy(update={"criteria": (*FAR.criteria, *kept)})
    course = Course(lessons.spec(out, num_steps=LITTLE, max_steps=2 * LITTLE, metric=both))
    for index, metres in enumerate((0.5, 0.9, 1.0, 1.2, 1.5, 1.6, 2.9, 2.95), start=1):
        numbers = {"cart": metres} | {each.label: 0.0 for each in kept}
        course.evaluated(index * BATCH, Judgement(verdict="needs review", numbers=numbers))
    assert course.goal > LITTLE


def test_a_course_that_passes_at_its_end_goes_no_further(out: Path) -> None:
    course = Course(lessons.spec(out, num_steps=LITTLE, max_steps=2 * LITTLE, metric=FAR))
    assert followed(course, [*map(cart, RISING[:-1]), cart(3.1, "pass")]) == 8


@pytest.mark.parametrize(
    ("found", "steady", "limit", "end"),
    [
        ([3.1, 3.11], 1.0, 2, 2),  # twice, and no farther
        ([3.1, 3.2, 3.4, 3.8, 3.9], 1.0, 2, 5),  # goes on while there is more to spare
        ([3.8, 2.0, 3.8, 3.8], 1.0, 2, 4),  # not in a row
        ([3.8] * 8, 0.75, 2, 8),  # not from every start
        ([3.8] * 8, 1.0, None, 8),  # steps that were asked for are made
    ],
)
def test_a_course_that_may_go_on_ends_once_there_is_nothing_left_to_learn(
    out: Path, found: list[float], steady: float, limit: int | None, end: int
) -> None:
    most = limit and limit * LITTLE
    course = Course(lessons.spec(out, num_steps=LITTLE, max_steps=most, metric=FAR))
    judged = [cart(metres, "pass" if metres >= 3 else "fail") for metres in found]
    assert followed(course, judged, steady) == end


def test_a_training_ends_early_once_it_passes_from_every_start(taught: Lesson, out: Path) -> None:
    asked = taught.spec.num_steps
    early = Lesson(lessons.spec(out, max_steps=2 * asked, metric=lessons.METRIC))
    (finished,) = early.all(Finished)
    assert finished.judgement.verdict == "pass"
    assert (finished.step < asked, finished.stopped) == (True, False)
    told = [event.judgement.verdict for event in early.all(Evaluated)]
    assert told[-2:] == ["pass", "pass"]
    whole = [event.judgement for event in taught.all(Evaluated)]
    assert [event.judgement for event in early.all(Evaluated)] == whole[: len(told)]


def test_a_training_follows_its_course(out: Path) -> None:
    lesson = Lesson(lessons.spec(out, num_steps=LITTLE, max_steps=3 * LITTLE, metric=FAR))
    evaluated, (finished,) = lesson.all(Evaluated), lesson.all(Finished)
    course = Course(lesson.spec)
    for event in evaluated:
        assert event.step <= course.goal
        course.evaluated(event.step, event.judgement)
    assert evaluated[-1].step == finished.step == course.goal
    assert lesson.all(Progress)[-1].num_steps == finished.step


@pytest.mark.nightly
def test_a_training_that_goes_on_can_be_resumed_there(out: Path) -> None:
    course = {"num_steps": LITTLE, "max_steps": 3 * LITTLE, "metric": FAR}
    first = Lesson(lessons.spec(out / "first", **course))
    again = Lesson(lessons.spec(out / "again", resume=str(first.out / "policy"), **course))
    (finished,) = again.all(Finished)
    assert finished.step <= 3 * LITTLE


def test_a_training_that_changed_nothing_says_so(taught: Lesson, out: Path) -> None:
    base = str(taught.out / "policy")
    idle = lessons.HP.model_copy(update={"learning_rate": 1e-30})
    values = {"base_policy": base, "hyperparameters": idle, "metric": lessons.METRIC}
    (finished,) = Lesson(lessons.spec(out, num_steps=SHORT, **values)).all(Finished)
    assert UNCHANGED in finished.judgement.reasons
    (moved,) = taught.all(Finished)
    assert UNCHANGED not in moved.judgement.reasons


@pytest.mark.nightly
def test_going_on_from_a_policy_that_passes_can_pass(taught: Lesson, out: Path) -> None:
    parent = str(taught.out / "policy")
    values = {"base_policy": parent, "metric": lessons.METRIC, "num_steps": SHORT}
    (child,) = Lesson(lessons.spec(out / "child", **values)).all(Finished)
    assert (child.base_judgement.verdict, child.judgement.verdict) == ("pass", "pass")
    doubtful = Lesson(lessons.spec(out / "doubtful", baseline=parent, **values))
    (judged,) = doubtful.all(Finished)
    assert judged.judgement.verdict == "needs review"
    assert "the base robot" in judged.judgement.reasons[0]


@pytest.mark.nightly
def test_a_metric_that_may_be_another_sentences_decides_nothing(out: Path) -> None:
    told = lessons.METRIC.model_copy(update={"doubt": "It may be another sentence's."})
    for steps, name in ((60 * BATCH, "good"), (SHORT, "bad")):
        (finished,) = Lesson(lessons.spec(out / name, num_steps=steps, metric=told)).all(Finished)
        assert finished.judgement.verdict == "needs review"
        assert finished.judgement.reasons[0] == told.doubt


@pytest.mark.parametrize(("reward", "wide"), [('s.hand("left")[2]', True), ("s.roll", False)])
def test_arms_that_a_reward_speaks_of_explore_more_than_legs(reward: str, wide: bool) -> None:
    known = robot("G1JoystickFlatTerrain")
    model = load_env(known.id).mj_model
    task = SimpleNamespace(model=model, robot=known, action_size=model.nu)
    approach = Approach(name="Any", description="", source=reward, weights={})
    learns = Hyperparameters(init_noise_std=0.3)
    names = [model.actuator(i).name for i in range(model.nu)]

    def noise(**changes: object) -> dict[str, float]:
        told = approach.model_copy(update=changes)
        spec = SimpleNamespace(approach=told, hyperparameters=learns, base_policy="base")
        return dict(zip(names, job._noise(spec, task), strict=True))

    assert noise()["left_knee_joint"] == 0.3
    assert noise()["left_elbow_joint"] == (0.6 if wide else 0.3)
    standing = noise(pose={"waist_pitch_joint": 0.0})
    assert (standing["left_knee_joint"], standing["waist_pitch_joint"]) == (0.15, 0.6)
    assert standing["left_elbow_joint"] == noise()["left_elbow_joint"]
    walking = noise(pose={"waist_pitch_joint": 0.0}, command=(0.5, 0.0, 0.0))
    assert walking["left_knee_joint"] == 0.3


def test_a_posed_policy_asks_for_half_of_the_pose_which_it_does_not_see() -> None:
    known = robot("G1JoystickFlatTerrain")
    task = Task(known.id, 1, threads=1)
    base = Path(str(base_policy(known)))
    start, networks, card = checkpoint.load(base)
    home = {joint.name: joint.home for joint in known.structure.joints}
    elbow, far = "right_elbow_joint", 0.8
    told = Approach(name="Any", description="", source="", weights={},
                    pose={elbow: home[elbow] + far})  # fmt: skip
    spec = lessons.spec(Path(), robot=known.id, approach=told, base_policy=str(base))
    policy = make_policy(networks, deterministic=True)
    (place,) = task.sees([elbow])
    obs = {name: jnp.ones((1, *shape)) for name, shape in card["obs_shapes"].items()}
    unseen = {**obs, "state": obs["state"].at[:, place].set(0.0)}
    before, after = (
        policy(parameters, shown, jax.random.PRNGKey(0))[0][0]
        for parameters, shown in ((start, unseen), (job.posed(start, spec, task), obs))
    )
    names = [task.model.actuator(i).name for i in range(task.model.nu)]
    moved = dict(zip(names, np.asarray(after - before), strict=True))
    scale = task.environment._config.action_scale
    assert moved.pop(elbow) == pytest.approx(job.POSED * far / scale, rel=1e-4)
    np.testing.assert_allclose(list(moved.values()), 0.0, atol=1e-5)

"""The studio's engine over real worker processes; `small_acts` says what its jobs do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from waiting import statuses, until

from tabrl.errors import ConflictError, NotFoundError, TabRLError
from tabrl.experiments import load, teach
from tabrl.experiments.presets import preset_steps
from tabrl.experiments.record import FILE
from tabrl.experiments.studio import Live, Studio
from tabrl.robots.catalogue import robot
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"
ROBOT = "Go1JoystickFlatTerrain"
BATCH = 512 * 20
ONCE = ("once", "twice", "thrice")


@pytest.fixture
def acts(settings: Settings) -> Settings:
    return replace(settings, handlers="small_acts", max_jobs=2)


@pytest.fixture
def studio(acts: Settings) -> Iterator[Studio]:
    made = Studio(acts)
    made.start()
    yield made
    made.close()


def proposed(studio: Studio, steps: int = 8 * BATCH, **options: object) -> Live:
    """A draft whose checks are through."""
    live = studio.propose(ROBOT, SENTENCE, **{"steps": steps} | options)
    until(lambda: set(statuses(live)) <= {"ready", "refused"})
    return live


def behaving(studio: Studio, live: Live, index: int, word: str) -> str:
    """Have an approach train as `small_acts` says of a word; its id."""
    approach = live.experiment.approaches[index]
    studio.edit(live.id, approach.folder, {"source": f"{approach.source}\n# {word}\n"})
    until(lambda: approach.status in ("ready", "refused"))
    return approach.folder


def trained(studio: Studio, live: Live, names: list[str] | None = None) -> None:
    studio.train(live.id, names)
    until(lambda: not ({"queued", "training"} & set(statuses(live)) or live.tasks))


def test_a_sentence_becomes_checked_approaches_and_then_trained_ones(studio):
    live = proposed(studio)
    assert live.experiment.status == "draft"
    assert live.experiment.approaches[0].pays["base"] == {"sway": 0.2}
    trained(studio, live)
    assert live.experiment.status == "finished"
    for approach in live.experiment.approaches:
        assert approach.verdict == "pass"
        assert approach.step == approach.num_steps == 8 * BATCH
        assert [p.step for p in approach.previews] == [2 * BATCH, 4 * BATCH, 6 * BATCH]
        for path in [*approach.files.values(), *(p.path for p in approach.previews)]:
            assert (live.folder / path).exists()


def test_what_is_in_memory_is_on_disk_and_in_the_store(studio):
    live = proposed(studio)
    trained(studio, live)
    until(lambda: load(live.folder).status == "finished")
    assert load(live.folder).model_dump() == live.experiment.model_dump()
    until(lambda: studio.store.get(live.id).status == "finished")


def test_one_approach_can_be_trained_alone_with_as_many_steps_as_all(studio):
    live = proposed(studio, steps=None, preset="quick")
    first, *others = live.experiment.approaches
    trained(studio, live, [first.folder])
    assert (first.status, {a.status for a in others}) == ("finished", {"ready"})
    trained(studio, live)
    assert {a.num_steps for a in live.experiment.approaches} == {first.num_steps}
    assert live.experiment.status == "finished"


def test_a_preset_promises_steps_and_tells_the_time_before_and_after(studio):
    live = studio.propose(ROBOT, SENTENCE, preset="quick")
    until(lambda: "checking" not in statuses(live))
    trained(studio, live)
    experiment = live.experiment
    assert experiment.steps == preset_steps(robot(ROBOT))["quick"]
    assert {a.max_steps for a in experiment.approaches} == {2 * experiment.steps}
    assert experiment.estimate.guess
    assert 0 < experiment.took_s < 60
    told = studio.timings.estimate(ROBOT, experiment.hyperparameters, experiment.steps, 3)
    assert not told.guess


def test_what_could_learn_nothing_is_refused_and_nothing_changes(studio):
    with pytest.raises(TabRLError) as caught:
        studio.propose(ROBOT, SENTENCE, steps=1000)
    assert "too short to learn" in caught.value.message
    live = proposed(studio)
    with pytest.raises(TabRLError):
        studio.train(live.id, steps=1000)
    assert live.experiment.steps == 8 * BATCH
    assert set(statuses(live)) == {"ready"}


def test_a_training_goes_on_from_its_best_policy_and_keeps_what_it_showed(studio):
    live = proposed(studio)
    trained(studio, live)
    name = live.experiment.approaches[0].folder
    clip = live.approach(name).files["clip"]
    with studio.lock:  # nothing comes in meanwhile
        studio.train_on(live.id, name)
        approach = live.approach(name)
        assert approach.num_steps == 2 * 8 * BATCH
        assert approach.files["clip"] == clip
        assert live.experiment.took_s is None
    until(lambda: live.approach(name).status == "finished")
    assert approach.step == approach.num_steps
    assert approach.files["clip"] != clip
    until(lambda: live.experiment.took_s is not None)


def test_only_what_was_trained_goes_on(studio):
    live = proposed(studio)
    with pytest.raises(ConflictError, match="no policy to go on from"):
        studio.train_on(live.id, live.experiment.approaches[0].folder)


def test_a_failing_approach_is_named_and_its_siblings_go_on(studio):
    live = proposed(studio)
    behaving(studio, live, 1, "broken")
    trained(studio, live)
    assert statuses(live) == ["finished", "failed", "finished"]
    assert live.experiment.status == "incomplete"
    assert live.experiment.approaches[1].error.message == "The reward is not finite."


def test_an_edit_is_checked_again_and_a_refused_one_is_not_trained(studio):
    live = proposed(studio)
    refused = behaving(studio, live, 0, "refuse me")
    approach = live.approach(refused)
    assert approach.status == "refused"
    assert approach.findings[0].line == 2
    assert "refuse me" in (live.folder / approach.files["reward"]).read_text()
    with pytest.raises(ConflictError):
        studio.train(live.id, [refused])
    source = approach.source.replace("refuse me", "take me")
    studio.edit(live.id, refused, {"weights": {"sway": 2.0}, "source": source})
    until(lambda: approach.status == "ready")
    assert (approach.weights, approach.error) == ({"sway": 2.0}, None)


def test_what_is_refused_at_a_glance_is_so_at_once_and_takes_no_worker(studio):
    live = proposed(studio, approaches=1)
    approach = live.experiment.approaches[0]
    studio.edit(live.id, approach.folder, {"source": f"import os\n{approach.source}"})
    assert approach.status == "refused"
    assert approach.findings[0].line == 1
    assert not live.tasks
    # The workers of these tests find every reward valid.
    assert not studio.check(live.experiment.robot, "import os", {}).valid


def test_an_edit_that_is_not_valid_changes_nothing(studio):
    live = proposed(studio, approaches=1)
    before = live.experiment.approaches[0].model_dump()
    with pytest.raises(TabRLError):
        studio.edit(live.id, live.experiment.approaches[0].folder, {"clock_hz": 99.0})
    assert live.experiment.approaches[0].model_dump() == before


def test_a_cancelled_training_keeps_its_policy_and_can_be_tried_again(studio):
    live = proposed(studio, approaches=1)
    name = behaving(studio, live, 0, "slowly")
    approach = live.approach(name)
    studio.train(live.id)
    until(lambda: approach.step > 0)
    studio.cancel(live.id, name)
    until(lambda: approach.status == "cancelled")
    assert (live.folder / approach.files["policy"] / "policy.json").is_file()
    with pytest.raises(ConflictError):
        studio.cancel(live.id, name)
    kept = approach.files["policy"]
    studio.retry(live.id, name)
    until(lambda: approach.status == "finished")
    assert approach.files["policy"] != kept  # what was learned before is not written over
    assert approach.step == approach.num_steps


def test_what_waits_has_a_place_and_leaves_the_line_at_once(studio):
    live = proposed(studio)
    names = [behaving(studio, live, i, "slowly") for i in range(3)]
    studio.train(live.id)
    until(lambda: statuses(live).count("training") == 2)
    waiting = names[statuses(live).index("queued")]
    place, seconds = live.places[waiting]
    assert place == 1
    assert seconds > 0
    studio.cancel(live.id, waiting)
    assert live.approach(waiting).status == "cancelled"
    assert not live.places


def test_two_experiments_share_the_machine(studio):
    greedy = proposed(studio)
    for i in range(3):
        behaving(studio, greedy, i, "slowly")
    modest = proposed(studio, approaches=1)
    studio.train(greedy.id)
    studio.train(modest.id)
    until(lambda: "finished" in statuses(modest))
    assert statuses(greedy).count("finished") < 3


def test_a_deleted_experiment_leaves_nothing_behind(studio):
    live = proposed(studio)
    behaving(studio, live, 0, "slowly")
    studio.train(live.id)
    until(lambda: "training" in statuses(live))
    heard: list[str] = []
    studio.watch(live.id, lambda key, often: heard.append(key))
    studio.delete(live.id)
    until(lambda: studio.jobs()[0] == 0 and not live.folder.exists())
    assert "\0" in heard
    with pytest.raises(NotFoundError):
        studio.find(live.id)


def test_a_clip_can_be_rendered_again(studio):
    live = proposed(studio, approaches=1)
    name = live.experiment.approaches[0].folder
    with pytest.raises(ConflictError):
        studio.render(live.id, name)
    trained(studio, live)
    approach = live.approach(name)
    clip = live.folder / approach.files["clip"]
    clip.unlink()
    studio.render(live.id, name)
    until(lambda: clip.is_file() and name not in live.tasks)
    assert (approach.status, approach.verdict) == ("finished", "pass")


def test_copies_start_as_drafts_that_name_their_parent(studio):
    live = proposed(studio)
    trained(studio, live)
    copy = studio.duplicate(live.id)
    assert copy.experiment.parent.id == live.id
    share = studio.share(live.id)
    assert studio.share(live.id) == share
    fork = studio.fork(share)
    assert (fork.experiment.parent.id, fork.experiment.parent.share_id) == (None, share)
    for made in (copy, fork):
        assert made.id != live.id
        assert [a.source for a in made.experiment.approaches] == [
            a.source for a in live.experiment.approaches
        ]
        assert not any(a.curve or a.verdict for a in made.experiment.approaches)
        assert made.experiment.status == "draft"


def test_each_voter_has_one_vote(studio):
    live = proposed(studio)
    first, second, _ = (a.folder for a in live.experiment.approaches)
    studio.vote(live, first, "ann")
    studio.vote(live, first, "ben")
    studio.vote(live, second, "ann")
    assert live.votes() == {first: 1, second: 1}
    studio.vote(live, None, "ann")
    assert live.votes() == {first: 1}
    with pytest.raises(NotFoundError):
        studio.vote(live, "9-nobody", "ann")


def test_the_list_is_paged_and_searched(studio):
    made = [studio.propose(ROBOT, f"Spin {word}", approaches=1, steps=61_440) for word in ONCE]
    page, last = studio.page("spin", 2, None)
    assert [live.id for live in page] == [made[2].id, made[1].id]
    rest, none = studio.page("spin", 2, last)
    assert ([live.id for live in rest], none) == ([made[0].id], None)
    assert [live.id for live in studio.page("TWICE spin", 9, None)[0]] == [made[1].id]
    assert studio.page("100%", 9, None)[0] == []


def test_a_command_s_experiment_can_be_opened_and_shared(studio, settings, tmp_path):
    taught = teach(
        SENTENCE,
        executor="inline",
        steps=61_440,
        out=tmp_path / "out",
        settings=settings,
        approaches=1,
    )
    live = studio.find(taught.id)
    assert not live.read_only
    assert studio.shared(studio.share(taught.id)) is live
    assert studio.duplicate(taught.id).experiment.sentence == SENTENCE


def test_one_home_has_one_studio(studio, acts):
    with pytest.raises(TabRLError) as caught:
        Studio(acts)
    assert "Another studio" in caught.value.message


def test_an_interrupted_training_goes_on_from_its_last_policy(acts):
    first = Studio(acts)
    live = proposed(first, approaches=1)
    name = behaving(first, live, 0, "slowly")
    first.train(live.id)
    until(lambda: live.approach(name).step >= 4 * BATCH)
    first.close()
    kept = json.loads((live.folder / FILE).read_text("utf-8"))["approaches"][0]
    assert kept["status"] == "training"
    second = Studio(acts)
    second.start()
    try:
        again = second.find(live.id).approach(name)
        assert again.step >= 2 * BATCH
        assert again.curve
        until(lambda: again.status == "finished")
        steps = [point.step for point in again.curve]
        assert steps == sorted(set(steps))
        assert steps[-1] == again.num_steps == 8 * BATCH
    finally:
        second.close()


def test_an_interrupted_training_without_a_policy_is_named_and_starts_anew(acts):
    first = Studio(acts)
    live = proposed(first, approaches=1)
    name = behaving(first, live, 0, "slowly, silent")
    first.train(live.id)
    until(lambda: live.approach(name).step > 0)
    first._keeper.write(live.id)
    _abandon(first)
    second = Studio(acts)
    second.start()
    try:
        again = second.find(live.id)
        assert again.experiment.status == "interrupted"
        assert "stopped" in again.approach(name).error.message
        second.retry(live.id, name)
        until(lambda: again.approach(name).status == "finished")
    finally:
        second.close()


def test_checks_and_lines_go_on_after_a_restart(acts):
    first = Studio(acts)
    live = proposed(first)
    for i in range(3):
        behaving(first, live, i, "slowly")
    first.train(live.id)
    until(lambda: statuses(live).count("training") == 2)
    draft = first.propose(ROBOT, SENTENCE, steps=61_440, approaches=1)
    first.close()
    second = Studio(acts)
    second.start()
    try:
        until(lambda: statuses(second.find(draft.id)) == ["ready"])
        until(lambda: set(statuses(second.find(live.id))) == {"finished"})
    finally:
        second.close()


def test_watchers_hear_of_every_change_and_no_more_once_they_left(studio):
    live = proposed(studio, approaches=1)
    heard: list[tuple[str, bool]] = []
    lock = threading.Lock()

    def listen(key: str, often: bool) -> None:
        with lock:
            heard.append((key, often))

    leave = studio.watch(live.id, listen)
    trained(studio, live)
    name = live.experiment.approaches[0].folder
    assert {(name, True), (name, False), ("", False)} <= set(heard)
    leave()
    heard.clear()
    studio.vote(live, name, "ann")
    assert heard == []


def _abandon(studio: Studio) -> None:
    """What a power cut does: the workers die, and nothing more is written."""
    studio.closing = True
    for worker in list(studio._runner._executor._workers.values()):
        worker.kill()
    studio._runner.close()
    studio._claim.close()
    studio.store.close()

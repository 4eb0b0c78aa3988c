"""The studio's engine over real worker processes; `small_acts` says what its jobs do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from acting import BATCH, ONCE, ROBOT, SENTENCE, behaving, proposed, trained
from waiting import statuses, until

from tabrl.errors import ConflictError, NotFoundError, TabRLError
from tabrl.events import Event, Finished
from tabrl.experiments import load, teach
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.presets import preset_steps
from tabrl.robots.catalogue import robot
from tabrl.settings import Settings


@pytest.fixture
def acts(settings: Settings) -> Settings:
    return replace(settings, handlers="small_acts", max_jobs=2)


@pytest.fixture
def engine(acts: Settings) -> Iterator[Engine]:
    made = Engine(acts)
    made.start()
    yield made
    made.close()


def test_a_sentence_becomes_checked_approaches_and_then_trained_ones(engine):
    live = proposed(engine)
    assert live.experiment.status == "draft"
    assert live.experiment.approaches[0].term_means["base"] == {"sway": 0.2}
    trained(engine, live)
    assert live.experiment.status == "finished"
    for approach in live.experiment.approaches:
        assert approach.verdict == "pass"
        assert approach.step == approach.num_steps == 8 * BATCH
        assert [p.step for p in approach.previews] == [2 * BATCH, 4 * BATCH, 6 * BATCH]
        for path in [*approach.files.values(), *(p.path for p in approach.previews)]:
            assert (live.folder / path).exists()


def test_what_is_in_memory_is_on_disk_and_in_the_store(engine):
    live = proposed(engine)
    trained(engine, live)
    until(lambda: load(live.folder).status == "finished")
    assert load(live.folder).model_dump() == live.experiment.model_dump()
    until(lambda: engine.store.get(live.id).status == "finished")


def test_one_approach_can_be_trained_alone_with_as_many_steps_as_all(engine):
    live = proposed(engine, steps=None, preset="quick")
    first, *others = live.experiment.approaches
    trained(engine, live, [first.folder])
    assert (first.status, {a.status for a in others}) == ("finished", {"ready"})
    trained(engine, live)
    assert {a.num_steps for a in live.experiment.approaches} == {first.num_steps}
    assert live.experiment.status == "finished"


def test_a_preset_promises_steps_and_tells_the_time_before_and_after(engine):
    live = engine.propose(ROBOT, SENTENCE, preset="quick")
    until(lambda: "checking" not in statuses(live))
    trained(engine, live)
    experiment = live.experiment
    assert experiment.steps == preset_steps(robot(ROBOT))["quick"]
    assert {a.max_steps for a in experiment.approaches} == {2 * experiment.steps}
    assert experiment.estimate.guess
    assert 0 < experiment.took_s < 60
    told = engine.timings.estimate(ROBOT, experiment.hyperparameters, experiment.steps, 3)
    assert not told.guess


def test_what_could_learn_nothing_is_refused_and_nothing_changes(engine):
    with pytest.raises(TabRLError) as caught:
        engine.propose(ROBOT, SENTENCE, steps=1000)
    assert "too short to learn" in caught.value.message
    live = proposed(engine)
    with pytest.raises(TabRLError):
        engine.train(live.id, steps=1000)
    assert live.experiment.steps == 8 * BATCH
    assert set(statuses(live)) == {"ready"}


def test_a_training_goes_on_from_its_best_policy_and_keeps_what_it_showed(engine):
    live = proposed(engine)
    trained(engine, live)
    name = live.experiment.approaches[0].folder
    clip = live.approach(name).files["clip"]
    with engine.lock:  # nothing comes in meanwhile
        engine.train_on(live.id, name)
        approach = live.approach(name)
        assert approach.num_steps == 2 * 8 * BATCH
        assert approach.files["clip"] == clip
        assert live.experiment.took_s is None
    until(lambda: live.approach(name).status == "finished")
    assert approach.step == approach.num_steps
    assert approach.files["clip"] != clip
    until(lambda: live.experiment.took_s is not None)


def test_what_a_longer_training_took_the_place_of_is_gone_back_to(engine):
    live = proposed(engine)
    trained(engine, live)
    approach = live.experiment.approaches[0]
    name, first = approach.folder, approach.shown()
    engine.train_on(live.id, name)
    until(lambda: approach.status == "finished" and approach.version == 2)
    second = approach.shown()
    assert (first.version, second.version) == (1, 2)
    assert second.step == 2 * first.step
    engine.show_version(live.id, name, 1)
    assert approach.shown() == first
    assert approach.num_steps == first.num_steps
    assert not approach.learned_early  # it made all of the steps that it was given then
    assert [kept.version for kept in approach.versions] == [1, 2]
    for kept in (first, second):
        assert all((live.folder / path).exists() for path in kept.files.values())
        assert approach.files_of(kept.version) == kept.files
    with pytest.raises(ConflictError) as caught:
        engine.show_version(live.id, name, 7)
    assert "There is 1, 2." in caught.value.hint
    engine.train_on(live.id, name)  # from where the first one was
    card = live.folder / approach.resume / "policy.json"
    assert json.loads(card.read_text())["steps"] == first.step
    until(lambda: approach.status == "finished" and approach.version == 3)
    assert load(live.folder).approaches[0].files_of(2) == second.files
    engine.edit(live.id, name, {"weights": {"roll": 3.0}})
    assert approach.versions == []


def test_what_has_told_its_end_is_changed_at_once(engine):
    live = proposed(engine)
    trained(engine, live)
    approach = live.experiment.approaches[0]

    def go_back(live: Live, event: Event | None) -> None:
        if isinstance(event, Finished):
            engine.listeners.remove(go_back)
            engine.show_version(live.id, approach.folder, 1)

    engine.listeners.append(go_back)
    engine.train_on(live.id, approach.folder)
    until(lambda: approach.version == 1 and len(approach.versions) == 2 and not live.tasks)
    assert approach.status == "finished"


def test_what_is_trained_anew_keeps_what_it_showed_as_a_version_even_where_it_fails(engine):
    live = proposed(engine)
    trained(engine, live)
    approach = live.experiment.approaches[1]
    first = approach.shown()
    engine.train(live.id, [approach.folder], seed=1)
    until(lambda: approach.status == "finished")
    assert (approach.version, [kept.version for kept in approach.versions]) == (2, [1])
    approach.source += "\n# broken\n"  # as if this seed diverged
    engine.train(live.id, [approach.folder], seed=2)
    until(lambda: approach.status == "failed")
    assert [kept.version for kept in approach.versions] == [1, 2]
    engine.show_version(live.id, approach.folder, 1)
    assert approach.shown() == first
    assert [kept.version for kept in approach.versions] == [1, 2]


def test_only_what_was_trained_goes_on(engine):
    live = proposed(engine)
    with pytest.raises(ConflictError, match="no policy to go on from"):
        engine.train_on(live.id, live.experiment.approaches[0].folder)


def test_a_failing_approach_is_named_and_its_siblings_go_on(engine):
    live = proposed(engine)
    behaving(engine, live, 1, "broken")
    trained(engine, live)
    assert statuses(live) == ["finished", "failed", "finished"]
    assert live.experiment.status == "incomplete"
    assert live.experiment.approaches[1].error.message == "The reward is not finite."


def test_an_edit_is_checked_again_and_a_refused_one_is_not_trained(engine):
    live = proposed(engine)
    refused = behaving(engine, live, 0, "refuse me")
    approach = live.approach(refused)
    assert approach.status == "refused"
    assert approach.findings[0].line == 2
    assert "refuse me" in (live.folder / approach.files["reward"]).read_text()
    with pytest.raises(ConflictError):
        engine.train(live.id, [refused])
    source = approach.source.replace("refuse me", "take me")
    engine.edit(live.id, refused, {"weights": {"sway": 2.0}, "source": source})
    until(lambda: approach.status == "ready")
    assert (approach.weights, approach.error) == ({"sway": 2.0}, None)


def test_what_is_refused_at_a_glance_is_so_at_once_and_takes_no_worker(engine):
    live = proposed(engine, approaches=1)
    approach = live.experiment.approaches[0]
    engine.edit(live.id, approach.folder, {"source": f"import os\n{approach.source}"})
    assert approach.status == "refused"
    assert approach.findings[0].line == 1
    assert not live.tasks
    # The workers of these tests find every reward valid.
    assert not engine.check(live.experiment.robot, "import os", {}).valid


def test_an_edit_that_is_not_valid_changes_nothing(engine):
    live = proposed(engine, approaches=1)
    before = live.experiment.approaches[0].model_dump()
    with pytest.raises(TabRLError):
        engine.edit(live.id, live.experiment.approaches[0].folder, {"clock_hz": 99.0})
    assert live.experiment.approaches[0].model_dump() == before


def test_a_cancelled_training_keeps_its_policy_and_can_be_tried_again(engine):
    live = proposed(engine, approaches=1)
    name = behaving(engine, live, 0, "slowly")
    approach = live.approach(name)
    engine.train(live.id)
    until(lambda: approach.step > 0)
    with pytest.raises(ConflictError, match="is "):
        engine.show_version(live.id, name, 1)
    engine.cancel(live.id, name)
    until(lambda: approach.status == "cancelled")
    assert (live.folder / approach.files["policy"] / "policy.json").is_file()
    with pytest.raises(ConflictError):
        engine.cancel(live.id, name)
    kept = approach.files["policy"]
    engine.retry(live.id, name)
    until(lambda: approach.status == "finished")
    assert approach.files["policy"] != kept  # what was learned before is not written over
    assert approach.step == approach.num_steps


def test_what_waits_has_a_place_and_leaves_the_line_at_once(engine):
    live = proposed(engine)
    names = [behaving(engine, live, i, "slowly") for i in range(3)]
    engine.train(live.id)
    until(lambda: statuses(live).count("training") == 2)
    waiting = names[statuses(live).index("queued")]
    place, seconds = live.places[waiting]
    assert place == 1
    assert seconds > 0
    engine.cancel(live.id, waiting)
    assert live.approach(waiting).status == "cancelled"
    assert not live.places


def test_two_experiments_share_the_machine(engine):
    greedy = proposed(engine)
    for i in range(3):
        behaving(engine, greedy, i, "slowly")
    modest = proposed(engine, approaches=1)
    engine.train(greedy.id)
    engine.train(modest.id)
    until(lambda: "finished" in statuses(modest))
    assert statuses(greedy).count("finished") < 3


def test_a_deleted_experiment_leaves_nothing_behind(engine):
    live = proposed(engine)
    behaving(engine, live, 0, "slowly")
    engine.train(live.id)
    until(lambda: "training" in statuses(live))
    heard: list[str] = []
    engine.watch(live.id, lambda key, often: heard.append(key))
    engine.delete(live.id)
    until(lambda: engine.jobs()[0] == 0 and not live.folder.exists())
    assert "\0" in heard
    with pytest.raises(NotFoundError):
        engine.find(live.id)


def test_a_clip_can_be_rendered_again(engine):
    live = proposed(engine, approaches=1)
    name = live.experiment.approaches[0].folder
    with pytest.raises(ConflictError):
        engine.render(live.id, name)
    trained(engine, live)
    approach = live.approach(name)
    clip = live.folder / approach.files["clip"]
    clip.unlink()
    engine.render(live.id, name)
    until(lambda: clip.is_file() and name not in live.tasks)
    assert (approach.status, approach.verdict) == ("finished", "pass")


def test_copies_start_as_drafts_that_name_their_parent(engine):
    live = proposed(engine)
    trained(engine, live)
    copy = engine.duplicate(live.id)
    assert copy.experiment.parent.id == live.id
    share = engine.share(live.id)
    assert engine.share(live.id) == share
    fork = engine.fork(share)
    assert (fork.experiment.parent.id, fork.experiment.parent.share_id) == (None, share)
    for made in (copy, fork):
        assert made.id != live.id
        assert [a.source for a in made.experiment.approaches] == [
            a.source for a in live.experiment.approaches
        ]
        assert not any(a.curve or a.verdict for a in made.experiment.approaches)
        assert made.experiment.status == "draft"


def test_each_voter_has_one_vote(engine):
    live = proposed(engine)
    first, second, _ = (a.folder for a in live.experiment.approaches)
    engine.vote(live, first, "ann")
    engine.vote(live, first, "ben")
    engine.vote(live, second, "ann")
    assert live.votes() == {first: 1, second: 1}
    engine.vote(live, None, "ann")
    assert live.votes() == {first: 1}
    with pytest.raises(NotFoundError):
        engine.vote(live, "9-nobody", "ann")


def test_the_list_is_paged_and_searched(engine):
    made = [engine.propose(ROBOT, f"Spin {word}", approaches=1, steps=61_440) for word in ONCE]
    page, last = engine.page("spin", 2, None)
    assert [live.id for live in page] == [made[2].id, made[1].id]
    rest, none = engine.page("spin", 2, last)
    assert ([live.id for live in rest], none) == ([made[0].id], None)
    assert [live.id for live in engine.page("TWICE spin", 9, None)[0]] == [made[1].id]
    assert engine.page("100%", 9, None)[0] == []


def test_a_command_s_experiment_can_be_opened_and_shared(engine, settings, tmp_path):
    taught = teach(
        SENTENCE,
        executor="inline",
        steps=61_440,
        out=tmp_path / "out",
        settings=settings,
        approaches=1,
    )
    live = engine.find(taught.id)
    assert not live.read_only
    assert engine.shared(engine.share(taught.id)) is live
    assert engine.duplicate(taught.id).experiment.sentence == SENTENCE


def test_one_home_has_one_studio(engine, acts):
    with pytest.raises(TabRLError) as caught:
        Engine(acts)
    assert "Another studio" in caught.value.message


def test_watchers_hear_of_every_change_and_no_more_once_they_left(engine):
    live = proposed(engine, approaches=1)
    heard: list[tuple[str, bool]] = []
    lock = threading.Lock()

    def listen(key: str, often: bool) -> None:
        with lock:
            heard.append((key, often))

    leave = engine.watch(live.id, listen)
    trained(engine, live)
    name = live.experiment.approaches[0].folder
    assert {(name, True), (name, False), ("", False)} <= set(heard)
    leave()
    heard.clear()
    engine.vote(live, name, "ann")
    assert heard == []

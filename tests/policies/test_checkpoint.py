"""Policy folders: what is saved comes back bit for bit, and what is broken says so."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from tabrl.policies import checkpoint
from tabrl.policies.added import ADDED, OCTAVES, WAY_BACK, silenced
from tabrl.policies.card import CheckpointError, read_card
from tabrl.policies.networks import Parameters, initialize, make_networks, make_policy
from tabrl.spec import Approach

SHAPES = {"state": (5,), "privileged_state": (7,)}
CARD = {
    "robot": "WalkerWalk",
    "obs_shapes": {name: list(shape) for name, shape in SHAPES.items()},
    "action_size": 3,
    "hidden": [8, 4],
    "steps": 1000,
}
NETWORKS = make_networks(SHAPES, 3, (8, 4), 0.5)


def policy(seed: int) -> Parameters:
    return initialize(NETWORKS, SHAPES, jax.random.PRNGKey(seed))


def leaves(parameters: Parameters) -> list[np.ndarray]:
    return [np.asarray(jax.numpy.asarray(leaf)) for leaf in jax.tree.leaves(parameters)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoint.save(tmp_path / "policy", policy(0), CARD)
    return tmp_path / "policy"


def edit(folder: Path, **changes: object) -> None:
    path = folder / "policy.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_policy_comes_back_bit_for_bit(folder: Path) -> None:
    back, networks, card = checkpoint.load(folder)
    assert jax.tree.structure(back) == jax.tree.structure(policy(0))
    for mine, theirs in zip(leaves(policy(0)), leaves(back), strict=True):
        assert mine.dtype == theirs.dtype
        assert mine.tobytes() == theirs.tobytes()
    assert card == {
        "format": 1,
        "clock_octaves": OCTAVES,
        "way_back": True,
        **CARD,
        "obs_shapes": SHAPES,
    }
    obs = {name: np.ones((2, *shape), np.float32) for name, shape in SHAPES.items()}
    acts = [
        make_policy(net, deterministic=True)(params, obs, jax.random.PRNGKey(0))[0]
        for net, params in ((NETWORKS, policy(0)), (networks, back))
    ]
    np.testing.assert_array_equal(*acts)


def test_a_policy_folder_holds_numbers_and_text_but_no_pickle(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"policy.json", "policy.safetensors"}
    content = (folder / "policy.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert len(header) == len(leaves(policy(0)))
    assert all(entry["dtype"] in {"F32", "U32", "I32"} for entry in header.values())


def test_saving_again_replaces_the_policy_and_leaves_nothing_else(folder: Path) -> None:
    checkpoint.save(folder, policy(1), CARD)
    assert {path.name for path in folder.iterdir()} == {"policy.json", "policy.safetensors"}
    back = checkpoint.load(folder)[0]
    assert all(map(np.array_equal, leaves(back), leaves(policy(1))))


def test_a_save_that_fails_keeps_the_policy_that_was_there(folder: Path) -> None:
    with pytest.raises(TypeError):
        checkpoint.save(folder, policy(1), CARD | {"steps": object()})
    assert {path.name for path in folder.iterdir()} == {"policy.json", "policy.safetensors"}
    back = checkpoint.load(folder)[0]
    assert all(map(np.array_equal, leaves(back), leaves(policy(0))))


def test_a_reader_never_sees_half_a_file(folder: Path) -> None:
    """A file that is open while the policy is replaced still holds the whole old one."""
    before = (folder / "policy.safetensors").read_bytes()
    with open(folder / "policy.safetensors", "rb") as reader:
        checkpoint.save(folder, policy(1), CARD)
        assert reader.read() == before
    assert (folder / "policy.safetensors").read_bytes() != before


def test_the_approach_travels_with_the_policy(tmp_path: Path) -> None:
    taught = Approach(name="A", description="b", source="def reward(s): ...", weights={"a": 2.0})
    card = CARD | {"approach": taught.model_dump(mode="json")}
    checkpoint.save(tmp_path, policy(0), card)
    assert checkpoint.approach_of(checkpoint.read_card(tmp_path)) == taught
    assert checkpoint.approach_of(CARD) is None


def test_a_folder_without_a_policy_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no policy in") as refused:
        checkpoint.load(tmp_path)
    assert "policy.safetensors" in refused.value.hint


def test_missing_numbers_are_named(folder: Path) -> None:
    (folder / "policy.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"policy\.safetensors cannot be read"):
        checkpoint.load(folder)


@pytest.mark.parametrize("text", ["", "{", "[1]", '"policy"', "\x00\x01"])
def test_a_card_that_is_no_card_is_refused(folder: Path, text: str) -> None:
    (folder / "policy.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"policy\.json"):
        checkpoint.load(folder)


def test_a_card_of_another_format_is_refused(folder: Path) -> None:
    edit(folder, format=99)
    with pytest.raises(CheckpointError, match="not a policy of format 1") as refused:
        checkpoint.load(folder)
    assert "another version" in refused.value.hint


@pytest.mark.parametrize("field", ["obs_shapes", "action_size", "hidden"])
def test_a_card_that_lacks_a_field_is_refused_by_its_name(folder: Path, field: str) -> None:
    card = json.loads((folder / "policy.json").read_text())
    del card[field]
    (folder / "policy.json").write_text(json.dumps(card))
    with pytest.raises(CheckpointError, match=field):
        checkpoint.load(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"action_size": 10**9}, "action_size: Input should be less than or equal to 1000"),
        ({"action_size": "3"}, "action_size: Input should be a valid integer"),
        ({"hidden": [-8, 4]}, "hidden.0: Input should be greater than or equal to 1"),
        ({"hidden": ["wide"]}, "hidden.0: Input should be a valid integer"),
        ({"hidden": [8192] * 16}, "takes 8,"),
        ({"hidden": []}, "hidden: "),
        ({"robot": ["WalkerWalk"]}, "robot: Input should be a valid string"),
        ({"obs_shapes": {"state": [10**12], "privileged_state": [7]}}, "obs_shapes.state.0"),
        ({"obs_shapes": {"state": [2**20, 2**20], "privileged_state": [7]}}, "takes "),
        ({"obs_shapes": {"state": [5]}}, "obs_shapes has no 'privileged_state'"),
        ({"obs_shapes": [5]}, "obs_shapes: Input should be a valid dictionary"),
        ({"approach": {"name": "A"}}, "approach.description: Field required"),
        ({"metric": "good"}, "metric: "),
        ({"steps": -1}, "steps: "),
    ],
)
def test_a_card_that_asks_for_what_cannot_be_is_refused_before_anything_is_made(
    folder: Path, changes: dict[str, object], said: str
) -> None:
    edit(folder, **changes)
    with pytest.raises(CheckpointError) as refused:
        read_card(folder)
    assert said in refused.value.message
    assert "\n" not in refused.value.message
    assert refused.value.hint


def test_files_that_are_too_large_are_not_read(folder: Path) -> None:
    with open(folder / "policy.safetensors", "ab") as file:
        file.truncate(2**40)  # a hole: it takes no room
    with pytest.raises(CheckpointError, match=r"policy\.safetensors is larger than 256 MB"):
        read_card(folder)
    with open(folder / "policy.json", "ab") as file:
        file.truncate(2**40)
    with pytest.raises(CheckpointError, match=r"policy\.json is larger than 1 MB"):
        read_card(folder)


def test_a_policy_that_sees_or_does_other_things_than_its_robot_is_refused() -> None:
    checkpoint.refuse_misfit(CARD, SHAPES, 3)
    for shapes, actions in ((SHAPES | {"state": (6,)}, 3), (SHAPES, 4)):
        with pytest.raises(CheckpointError, match="does not fit WalkerWalk"):
            checkpoint.refuse_misfit(CARD, shapes, actions)


@pytest.mark.parametrize("cut", [0, 4, 100, -1])
def test_numbers_that_were_cut_short_are_refused(folder: Path, cut: int) -> None:
    path = folder / "policy.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoint.load(folder)


@pytest.mark.parametrize(
    "changes",
    [{"hidden": [8, 5]}, {"hidden": [8, 4, 4]}, {"action_size": 4}, {"obs_shapes": {"state": [6]}}],
)
def test_numbers_that_do_not_fit_the_card_are_refused_by_name(
    folder: Path, changes: dict[str, object]
) -> None:
    shapes = {"obs_shapes": CARD["obs_shapes"] | changes.pop("obs_shapes", {})}
    edit(folder, **shapes, **changes)
    with pytest.raises(CheckpointError, match=r"has no array '.+' of shape"):
        checkpoint.load(folder)


BASES = Path(str(files("tabrl.policies"))) / "base"


@pytest.mark.parametrize("name", sorted(folder.name for folder in BASES.iterdir()))
def test_a_base_policy_of_the_package_loads_and_fits_its_robot(name: str) -> None:
    from tabrl.robots.catalogue import robot

    parameters, _, card = checkpoint.load(BASES / name)
    assert sum(part.stat().st_size for part in (BASES / name).iterdir()) < 2e6
    assert robot(card["robot"]).base_policy == name
    assert card["action_size"] == robot(card["robot"]).structure.action_size
    assert all(np.isfinite(leaf).all() for leaf in leaves(parameters))
    assert card["quality"]["falls_per_minute"] < 1


SEEN = {"state": (12,), "privileged_state": (14,)}  # with one octave of the clock: four more


def drawn(parameters: Parameters) -> Parameters:
    """With statistics that some training might have left."""
    rng = np.random.default_rng(0)
    normalizer = parameters.normalizer.replace(
        mean={name: rng.normal(size=shape).astype("f") for name, shape in SEEN.items()},
        std={name: rng.uniform(0.5, 2, shape).astype("f") for name, shape in SEEN.items()},
    )
    return parameters.replace(normalizer=normalizer)


@pytest.mark.parametrize(
    ("before", "more"),
    [
        ({"clock_octaves": 1, "way_back": False}, ADDED - 2),
        ({"clock_octaves": OCTAVES, "way_back": False}, WAY_BACK),
        ({"clock_octaves": OCTAVES, "way_back": True}, 0),
    ],
)
def test_a_policy_that_saw_less_does_the_same_where_more_is_shown(
    before: dict[str, Any], more: int, tmp_path: Path
) -> None:
    networks = make_networks(SEEN, 3, (8, 4), 0.5)
    old = drawn(initialize(networks, SEEN, jax.random.PRNGKey(0)))
    shapes = {name: list(shape) for name, shape in SEEN.items()}
    checkpoint.save(tmp_path, old, CARD | {"obs_shapes": shapes} | before)
    wide, wider, card = checkpoint.load(tmp_path)
    assert card["obs_shapes"] == {name: (size + more,) for name, (size,) in SEEN.items()}
    rng, key = np.random.default_rng(1), jax.random.PRNGKey(0)
    saw = {name: rng.normal(size=(3, size)).astype("f") for name, (size,) in SEEN.items()}
    sees = {k: np.hstack([v, rng.normal(size=(3, more)).astype("f")]) for k, v in saw.items()}
    acts = [
        make_policy(net, deterministic=True)(params, obs, key)[0]
        for net, params, obs in ((networks, old, saw), (wider, wide, sees))
    ]
    np.testing.assert_allclose(*acts, atol=1e-6)
    worth = [
        net.value_network.apply(params.normalizer, params.networks.value, obs)
        for net, params, obs in ((networks, old, saw), (wider, wide, sees))
    ]
    np.testing.assert_allclose(*worth, atol=1e-6)


def test_what_is_silenced_acts_as_where_its_octaves_were_never_shown() -> None:
    shapes = {"state": (18,), "privileged_state": (18,)}
    networks = make_networks(shapes, 3, (8, 4), 0.5)
    trained = initialize(networks, shapes, jax.random.PRNGKey(0))
    rng = np.random.default_rng(0)
    draw = {name: rng.normal(size=shape).astype("f") for name, shape in shapes.items()}
    trained = trained.replace(normalizer=trained.normalizer.replace(mean=draw))
    arrays = {checkpoint.array_name(path): np.asarray(leaf)
              for path, leaf in jax.tree_util.tree_flatten_with_path(trained)[0]}  # fmt: skip
    told = silenced(arrays, 2)
    quiet = jax.tree_util.tree_map_with_path(
        lambda path, leaf: jax.numpy.asarray(told[checkpoint.array_name(path)]), trained
    )
    shown = rng.normal(size=(5, 18)).astype("f")
    hidden = shown.copy()
    hidden[:, 2 * 2 - ADDED : -WAY_BACK] = 0
    acts = [
        make_policy(networks, deterministic=True)(
            params, {"state": obs, "privileged_state": obs}, jax.random.PRNGKey(0)
        )[0]
        for params, obs in ((trained, hidden), (quiet, shown))
    ]
    np.testing.assert_allclose(*acts, atol=1e-5)

"""Graphs in ONNX Runtime give what JAX gives."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnxruntime
import pytest

from tabrl.export.convert import write
from tabrl.export.graph import CannotExport, Graph

X = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
M = np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)
R = np.random.default_rng(2).normal(size=(1, 3, 3)).astype(np.float32)
INDEX = np.int32(2)

CASES: dict[str, tuple[Callable[..., Any], tuple[np.ndarray, ...]]] = {
    "arithmetic": (lambda x: (x + 1) * x - x / 3 + x**2 - x**-1, (X,)),
    "functions": (lambda x: jnp.sin(x) + jnp.exp(-x) + jnp.tanh(x) + jax.nn.swish(x), (X,)),
    "roots": (
        lambda x: jnp.sqrt(jnp.abs(x)) + jax.lax.rsqrt(jnp.abs(x) + 1) + jnp.log1p(x**2),
        (X,),
    ),
    "inverse functions": (lambda x: jnp.arccos(jnp.tanh(x)) + jnp.arctan2(x, x[::-1]), (X,)),
    "edges of arctan2": (
        lambda y, x: jnp.arctan2(y, x),
        (np.float32([0, 1, -1, 1, -1, 0]), np.float32([0, 0, 0, -1, -1, -1])),
    ),
    "rounding": (lambda x: jnp.round(3 * x) + jnp.floor(x) + jnp.ceil(x) + jnp.sign(x), (X,)),
    "remainder": (lambda x: jnp.mod(5 * x, 2.0) + jnp.fmod(5 * x, 2 * jnp.pi), (X,)),
    "choice": (lambda x: jnp.where(x > 0, x, -2 * x), (X,)),
    "choice of bools": (lambda x: jnp.where(x > 0, x > 1, x < -1), (X,)),
    "logic": (lambda x: ((x > 0) | (x < -1)) & ~(x > 1) ^ (x != x[0]), (X,)),
    "clipping": (lambda x: jnp.clip(x, -0.5, 0.5), (X,)),
    "finite": (lambda x: jnp.isfinite(1 / jnp.where(x > 0, x, 0)), (X,)),
    "sums": (lambda x: (x.sum(), x.sum(0), x.max(1), x.min(), x.prod(1)), (X,)),
    "any and all": (lambda x: ((x > 0).any(1), (x > -9).all()), (X,)),
    "places of extremes": (lambda x: (x.argmax(1), x.argmin(0)), (X,)),
    "running sums": (lambda x: jnp.cumsum(x, axis=1), (X,)),
    "products": (lambda x, m: (x @ m, m.T @ m, x[0] @ m, jnp.dot(x[0], m[1])), (X, M)),
    "products of batches": (lambda r: (r @ r, jnp.einsum("bij,bkj->bik", r, r)), (R,)),
    "a rotation turned back": (
        lambda r: jax.vmap(lambda a: a.T @ jnp.array([0.0, 0, -1]))(r),
        (R,),
    ),
    "norms": (lambda x: jnp.linalg.norm(x, axis=-1), (X,)),
    "slices": (lambda x: (x[1:, ::2], x[::-1], x[:, -1], x[jnp.array([2, 0])]), (X,)),
    "shapes": (lambda x: (x.reshape(2, 6), x.T, x[None, ..., None], jnp.tile(x, (2, 1))), (X,)),
    "joined": (lambda x: (jnp.concatenate([x, x[:1]]), jnp.stack([x, x]), jnp.roll(x, 1)), (X,)),
    "padded": (lambda x: jnp.pad(x, ((1, 0), (0, 2)), constant_values=7), (X,)),
    "put": (lambda x: (x.at[1].set(5.0), x.at[:, jnp.array([0, 3])].set(x[:, 1:3])), (X,)),
    "added": (lambda x: (x.at[1].add(x[0]), x.at[jnp.array([1, 1])].add(x[:2])), (X,)),
    "multiplied": (lambda x: x.at[:, 2].multiply(0.0), (X,)),
    "a row that is asked for": (lambda x, i: (x[i], x[:, i], jnp.take(x, i, axis=0)), (X, INDEX)),
    "rows that are asked for": (lambda x, i: x[jnp.stack([i, i - 1])], (X, INDEX)),
    "a row beyond the end": (lambda x, i: jax.lax.dynamic_index_in_dim(x, i + 9), (X, INDEX)),
    "a window": (lambda x, i: jax.lax.dynamic_slice(x, (i - 1, 0), (2, 2)), (X, INDEX)),
    "put where it is asked for": (lambda x, i: (x.at[i].set(1.0), x.at[i, 1].set(2.0)), (X, INDEX)),
    "a window that is put": (
        lambda x, i: jax.lax.dynamic_update_slice(x, x[:1, :2], (i, 1)),
        (X, INDEX),
    ),
    "whole numbers": (lambda i: (i % 2, i // 2, i * 3 - 1, i.astype(jnp.float32)), (INDEX,)),
    "a condition": (lambda x, i: jax.lax.cond(i > 1, lambda a: a, lambda a: -a, x), (X, INDEX)),
    "a loop": (lambda x: jax.lax.scan(lambda c, r: (c + r, c * r), x[0], x), (X,)),
    "batches": (lambda x: jax.vmap(lambda r: jnp.cross(r[:3], r[1:]))(x), (X,)),
}


def run(function: Callable[..., Any], arrays: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    graph = Graph()
    names = [f"x{i}" for i in range(len(arrays))]
    inputs = [
        graph.input(n, np.shape(a), np.asarray(a).dtype) for n, a in zip(names, arrays, strict=True)
    ]
    outputs = jax.tree.leaves(write(graph, function, *inputs))
    model = graph.model({f"y{i}": value for i, value in enumerate(outputs)}, names, {"of": "test"})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, dict(zip(names, map(np.asarray, arrays), strict=True)))


@pytest.mark.parametrize("name", CASES)
def test_a_graph_computes_what_jax_computes(name: str) -> None:
    function, arrays = CASES[name]
    wanted = jax.tree.leaves(function(*map(jnp.asarray, arrays)))
    for got, want in zip(run(function, arrays), wanted, strict=True):
        assert got.dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=2e-6, atol=2e-6)


def test_what_is_known_without_inputs_is_no_node() -> None:
    graph = Graph()
    x = graph.input("x", (4,), np.float32)
    y = write(graph, lambda x: x * jnp.sum(jnp.sin(jnp.asarray(M))), x)
    model = graph.model({"y": y}, ["x"], {})
    assert [node.op_type for node in model.graph.node] == ["Mul", "Identity"]


def noisy(x: jax.Array, key: jax.Array) -> jax.Array:
    key = jax.random.split(key)[0]
    return x + 2 * jax.random.uniform(key, x.shape) - 1 + jax.random.normal(key, x.shape)


def test_draws_from_a_key_that_changes_are_the_middle_of_their_range() -> None:
    key = np.asarray(jax.random.PRNGKey(3))
    np.testing.assert_allclose(run(noisy, (X, key))[0], X, atol=1e-6)


def test_draws_from_a_key_that_is_known_are_what_it_gives() -> None:
    key = jax.random.PRNGKey(3)
    np.testing.assert_allclose(run(lambda x: noisy(x, key), (X,))[0], noisy(X, key), atol=1e-6)


def test_what_is_not_written_is_refused_by_name() -> None:
    graph = Graph()
    x = graph.input("x", (3, 3), np.float32)
    with pytest.raises(CannotExport, match="cholesky"):
        write(graph, jnp.linalg.cholesky, x)

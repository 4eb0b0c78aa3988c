"""An ONNX graph as it is written: known arrays, nodes, and only what the outputs need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tabrl.errors import TabRLError

OPSET = 18
IR_VERSION = 9  # the latest that ONNX Runtime Web and older runtimes both read
_TYPES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.int64): TensorProto.INT64,
    np.dtype(np.uint32): TensorProto.UINT32,
    np.dtype(np.bool_): TensorProto.BOOL,
}


class CannotExport(TabRLError):
    """A computation has no counterpart in the exported graph."""


@dataclass(frozen=True)
class Tensor:
    """What a node or an input of the graph gives, known only when it runs."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype


Value = Tensor | np.ndarray
"""What a step of a computation gives: an array that is known now, or a tensor of the graph."""


class Graph:
    """Nodes in the order in which they are written."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: dict[str, Tensor] = {}
        self._known: dict[tuple, tuple[str, np.ndarray]] = {}
        self._written: dict[tuple, Tensor] = {}
        self._unshaped: dict[str, Value] = {}

    def input(self, name: str, shape: Sequence[int], dtype: Any) -> Tensor:
        """A new input of the graph."""
        tensor = Tensor(name, tuple(shape), np.dtype(dtype))
        self._inputs[name] = tensor
        return tensor

    def add(
        self, op: str, inputs: Sequence[Value], shape: Sequence[int], dtype: Any, **attributes: Any
    ) -> Tensor:
        """The output of a node; the same node is written once, and no shape is changed in vain."""
        if op == "Reshape":
            inputs = [self._unshaped.get(self._name(inputs[0]), inputs[0]), *inputs[1:]]
            if inputs[0].shape == tuple(shape) and isinstance(inputs[0], Tensor):
                return inputs[0]
        names = tuple(self._name(value) for value in inputs)
        what = (op, names, tuple(shape), np.dtype(dtype), repr(sorted(attributes.items())))
        if what not in self._written:
            tensor = Tensor(f"t{len(self._nodes)}", tuple(shape), np.dtype(dtype))
            self._nodes.append(helper.make_node(op, names, [tensor.name], **attributes))
            self._written[what] = tensor
            if op == "Reshape":
                self._unshaped[tensor.name] = inputs[0]
        return self._written[what]

    def _name(self, value: Value) -> str:
        if isinstance(value, Tensor):
            return value.name
        key = (value.dtype, value.shape, value.tobytes())
        name, _ = self._known.setdefault(key, (f"k{len(self._known)}", value))
        return name

    def needed(self, outputs: Iterable[Value]) -> frozenset[str]:
        """Names of the graph's inputs that the outputs depend on."""
        _, names = self._reach(outputs)
        return frozenset(names & self._inputs.keys())

    def _reach(self, outputs: Iterable[Value]) -> tuple[list[onnx.NodeProto], set[str]]:
        names = {value.name for value in outputs if isinstance(value, Tensor)}
        nodes = []
        for node in reversed(self._nodes):
            if node.output[0] in names:
                nodes.append(node)
                names |= set(node.input)
        return nodes[::-1], names

    def model(
        self, outputs: Mapping[str, Value], inputs: Sequence[str], metadata: Mapping[str, str]
    ) -> onnx.ModelProto:
        """The graph of these outputs.

        Args:
            inputs: those that it takes, needed or not.
        """
        nodes, reached = self._reach(outputs.values())
        last = [
            helper.make_node("Identity", [self._name(value)], [name])
            for name, value in outputs.items()
        ]
        reached |= {name for node in last for name in node.input}
        known = [
            numpy_helper.from_array(value, name)
            for name, value in self._known.values()
            if name in reached
        ]
        taken = [_info(name, self._inputs[name]) for name in inputs]
        given = [_info(name, value) for name, value in outputs.items()]
        graph = helper.make_graph([*nodes, *last], "tabrl", taken, given, known)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        model.producer_name = "TabRL"
        helper.set_model_props(model, dict(metadata))
        onnx.checker.check_model(model, full_check=True)
        return model


def _info(name: str, value: Value) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, _TYPES[value.dtype], value.shape)

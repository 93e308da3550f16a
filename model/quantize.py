"""A classifier's ONNX graph in whole numbers of eight bits: a quarter of the size, and faster on a CPU."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

Array = np.ndarray[Any, Any]


def quantize(source: Path, target: Path) -> None:
    """Writes the fp32 graph of `source` to `target` in int8.

    The weights of matrix products have a scale per output channel and meet activations that are
    quantized as they come (dynamic quantization); tables of embeddings have a scale per row.
    """
    graph = onnx.load(source)
    _quantize_tables(graph)
    with tempfile.TemporaryDirectory(prefix="quantize.") as folder:
        between = Path(folder) / "model.onnx"
        onnx.save(graph, between)
        with _quietly():
            quantize_dynamic(
                between,
                target,
                op_types_to_quantize=["MatMul"],
                weight_type=QuantType.QInt8,
                per_channel=True,
            )


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the advice to optimize the graph first, which the runtime does as it loads it."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _quantize_tables(model: ModelProto) -> None:
    """Each fp32 table that rows are looked up in becomes int8 rows and a scale per row."""
    graph = model.graph
    tables = {each.name: each for each in graph.initializer if each.data_type == TensorProto.FLOAT}
    nodes: list[NodeProto] = []
    for node in graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        nodes += [node] if table is None or len(table.dims) != 2 else _lookup(model, node, table)
    del graph.node[:]
    graph.node.extend(nodes)


def _lookup(model: ModelProto, node: NodeProto, table: TensorProto) -> list[NodeProto]:
    """The nodes that look rows up in a quantized table in the place of `node`."""
    rows, scales = per_row(numpy_helper.to_array(table))
    graph, name = model.graph, table.name
    graph.initializer.remove(table)
    graph.initializer.extend(
        [numpy_helper.from_array(rows, f"{name}.int8"), numpy_helper.from_array(scales, f"{name}.scales")]
    )
    ids, out = node.input[1], node.output[0]
    return [
        helper.make_node("Gather", [f"{name}.int8", ids], [f"{out}.int8"]),
        helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scales", ids], [f"{out}.scales"]),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scales"], [out]),
    ]


def per_row(table: Array) -> tuple[Array, Array]:
    """int8 [rows, dim] and float32 [rows, 1], whose product comes as near to the table as int8 can.

    >>> per_row(np.array([[1.27, -0.5], [0, 0]], np.float32))[0].tolist()
    [[127, -50], [0, 0]]
    """
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    rows = np.round(table / np.where(scales > 0, scales, 1))
    return rows.astype(np.int8), scales.astype(np.float32)

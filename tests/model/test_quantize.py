"""The graph in int8: a quarter of the size, and it answers nearly what the fp32 graph answers."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.export import export_classifier
from model.quantize import per_row, quantize
from model.runtime import Classifier
from tests.model.conftest import TEXTS


@pytest.fixture(scope="module")
def exports(trained, tmp_path_factory):
    made = {}
    for precision in ("fp32", "int8"):
        made[precision] = tmp_path_factory.mktemp(precision)
        card = export_classifier(trained, made[precision], {}, precision=precision)
        assert card["precision"] == precision
    return made


def test_a_quarter_of_the_size(exports):
    sizes = {name: (folder / "model.onnx").stat().st_size for name, folder in exports.items()}
    assert sizes["int8"] < 0.27 * sizes["fp32"]


def test_nearly_the_same_probabilities(exports):
    fp32, int8 = (Classifier.load(folder, threads=1).predict_proba(TEXTS) for folder in exports.values())
    for task, probs in fp32.items():
        assert np.abs(probs - int8[task]).max() < 0.06
        assert not np.array_equal(probs, int8[task])


def test_no_large_weight_is_left_in_fp32_and_the_graph_is_valid(exports):
    model = onnx.load(exports["int8"] / "model.onnx")
    onnx.checker.check_model(model)
    scales = [each.name for each in model.graph.initializer if each.name.endswith(".scales")]
    assert scales
    large = [
        each for each in model.graph.initializer if np.prod(each.dims) > 10_000 and each.name not in scales
    ]
    assert large and all(each.data_type == onnx.TensorProto.INT8 for each in large)


def test_a_graph_may_be_quantized_in_its_place(exports, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes((exports["fp32"] / "model.onnx").read_bytes())
    quantize(path, path)
    assert path.read_bytes() == (exports["int8"] / "model.onnx").read_bytes()


@given(arrays(np.float32, (3, 4), elements=st.floats(-100, 100, width=32)))
def test_a_row_is_off_by_half_a_step_of_its_scale_at_most(table):
    rows, scales = per_row(table)
    assert rows.dtype == np.int8 and scales.shape == (3, 1)
    assert (np.abs(rows * scales - table) <= 0.501 * scales + 1e-6).all()

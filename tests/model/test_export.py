"""The export: what its card says, and that nothing changed or missing is served."""

import json
import shutil

import numpy as np
import onnxruntime
import pytest

from data.errors import TrainingError
from data.store import file_hash, read_json
from model.export import export_classifier
from model.predict import load_classifier
from model.runtime import Classifier
from tests.model.conftest import SCHEMA, TEXTS

FILES = ["README.md", "classifier.json", "model.onnx", "tokenizer.json"]
CHECKED = ["model.onnx", "tokenizer.json"]


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    card = export_classifier(trained, folder, {"evaluation": {"mean_accuracy": 0.5}})
    return folder, card


@pytest.fixture
def copy(exported, tmp_path):
    return shutil.copytree(exported[0], tmp_path / "export")


def test_an_export_holds_the_model_the_tokenizer_and_cards_for_programs_and_people(exported):
    assert sorted(path.name for path in exported[0].iterdir()) == FILES


def test_the_card_tells_the_schema_the_scores_and_the_checksums(exported):
    folder, card = exported
    assert read_json(folder / "classifier.json") == card
    assert card["tasks"] == SCHEMA.to_list() and card["schema_fingerprint"] == SCHEMA.fingerprint
    assert (card["format"], card["max_length"], card["pad_id"]) == (1, 32, 0)
    assert card["facts"] == {"evaluation": {"mean_accuracy": 0.5}}
    assert card["files"] == {name: file_hash(folder / name) for name in CHECKED}
    assert (card["precision"], card["calibration"]) == ("fp32", {})


def test_the_model_takes_any_batch_and_length_and_has_an_output_per_task(exported):
    session = onnxruntime.InferenceSession(
        str(exported[0] / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    assert [(i.name, i.shape, i.type) for i in session.get_inputs()] == [
        ("input_ids", ["batch", "length"], "tensor(int64)"),
        ("attention_mask", ["batch", "length"], "tensor(int64)"),
    ]
    assert [(o.name, o.shape[0], o.type) for o in session.get_outputs()] == [
        ("tone", "batch", "tensor(float)"),
        ("about", "batch", "tensor(float)"),
    ]


def test_a_loaded_export_has_its_schema(exported):
    assert Classifier.load(exported[0]).schema == SCHEMA
    assert Classifier.load(str(exported[0]), threads=1).schema == SCHEMA


@pytest.mark.parametrize("name", CHECKED)
def test_a_file_that_changed_since_the_export_is_not_served(copy, name):
    path = copy / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(TrainingError, match=f"{name}: absent or changed since the export"):
        Classifier.load(copy)


@pytest.mark.parametrize("name", CHECKED)
def test_an_export_with_a_missing_file_is_not_served(copy, name):
    (copy / name).unlink()
    with pytest.raises(TrainingError, match=f"{name}: absent or changed since the export"):
        Classifier.load(copy)


@pytest.mark.parametrize("missing", ["folder", "card"])
def test_a_folder_without_an_export_says_how_to_make_one(tmp_path, missing):
    folder = tmp_path / "nothing" if missing == "folder" else tmp_path
    with pytest.raises(TrainingError, match="no exported classifier here; run `ticketloom"):
        Classifier.load(folder)


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"files": {}}', "\x00"])
def test_a_card_that_is_none_is_an_error_and_no_traceback(copy, card):
    (copy / "classifier.json").write_text(card)
    with pytest.raises(TrainingError, match=r"classifier\.json"):
        Classifier.load(copy)


def test_a_card_of_a_later_format_is_refused(copy):
    card = read_json(copy / "classifier.json") | {"format": 99}
    (copy / "classifier.json").write_text(json.dumps(card))
    with pytest.raises(TrainingError, match="format 99"):
        Classifier.load(copy)


def test_a_calibrated_export_answers_the_same_with_other_confidences(exported, trained, tmp_path):
    calibration = {"tone": {"tickets": 60, "temperature": 2.0, "thresholds": []}}
    export_classifier(trained, tmp_path, {}, calibration=calibration)
    plain, calm = (
        Classifier.load(folder, threads=1).predict_proba(TEXTS) for folder in (exported[0], tmp_path)
    )
    assert np.array_equal(plain["about"], calm["about"]), "no temperature, no change"
    assert (plain["tone"].argmax(1) == calm["tone"].argmax(1)).all()
    expected = np.sqrt(plain["tone"]) / np.sqrt(plain["tone"]).sum(axis=1, keepdims=True)
    assert np.allclose(calm["tone"], expected, atol=1e-5)


def test_nothing_trained_is_nothing_to_export(tmp_path):
    with pytest.raises(TrainingError, match="no trained classifier here"):
        export_classifier(tmp_path, tmp_path, {})
    with pytest.raises(TrainingError, match="no trained classifier here"):
        load_classifier(tmp_path / "absent")


def test_the_same_classifier_gives_the_same_export(exported, trained, tmp_path):
    export_classifier(trained, tmp_path, exported[1]["facts"])
    assert all((tmp_path / name).read_bytes() == (exported[0] / name).read_bytes() for name in FILES)

"""A classifier restored from an export answers as the export does, and training can start from it."""

import numpy as np
import pytest

from data.errors import TrainingError
from data.schema import Schema, Task
from data.store import read_json
from model.export import export_classifier
from model.net import new_classifier, take_over
from model.predict import load_classifier, predict_proba
from model.restore import restore
from model.runtime import Classifier
from model.train import train_classifier
from tests.model.conftest import ENCODER, SCHEMA, SETTINGS, TEXTS, corpus


@pytest.fixture(scope="module", params=["fp32", "int8"])
def export(request, trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    export_classifier(trained, folder, {}, precision=request.param)
    return folder


def test_it_answers_as_the_export_does(export, tokenizer):
    served = Classifier.load(export, threads=1).predict_proba(TEXTS)
    found = predict_proba(restore(export), tokenizer, TEXTS)
    for task, probs in served.items():
        assert np.abs(probs - found[task]).max() < 0.05


def test_every_fp32_weight_comes_back_as_it_was(export, trained):
    if read_json(export / "classifier.json")["precision"] == "int8":
        return
    before, after = load_classifier(trained)[0].state_dict(), restore(export).state_dict()
    differ = [name for name in before if not np.array_equal(before[name], after[name])]
    assert before.keys() == after.keys() and all("pooler" in name for name in differ)


def test_training_starts_from_a_classifier_where_it_is_asked_to(trained, tmp_path):
    settings = SETTINGS.model_copy(update={"learning_rate": 1e-9, "head_learning_rate": 1e-9})
    train_classifier(corpus(), corpus(0), ENCODER, settings, tmp_path, start=load_classifier(trained)[0])
    probs = [predict_proba(*load_classifier(folder), TEXTS) for folder in (trained, tmp_path)]
    for task in SCHEMA:
        assert np.allclose(probs[0][task.name], probs[1][task.name], atol=0.02)


def test_heads_of_the_same_tasks_are_taken_over_and_no_others(trained):
    from_trained = load_classifier(trained)[0]
    other = Task("about", ("bags", "money", "apps"), ("", "", ""), "multi")
    fresh = new_classifier(Schema((other, SCHEMA.tasks[0])), ENCODER.name, 32)
    before = fresh.heads[0].weight.detach().clone()
    take_over(fresh, from_trained)
    assert np.array_equal(fresh.heads[1].weight.detach(), from_trained.heads[0].weight.detach())
    assert np.array_equal(fresh.heads[0].weight.detach(), before), "other labels, another head"


def test_a_classifier_of_another_form_is_nothing_to_start_from(trained, tmp_path):
    small = load_classifier(trained)[0]
    del small.encoder.encoder.layer[-1]
    with pytest.raises(TrainingError, match=r"another encoder than that of \[encoder\]"):
        take_over(new_classifier(SCHEMA, ENCODER.name, 32), small)

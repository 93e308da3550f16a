"""Distillation: a student of fewer layers says what its teachers say."""

import dataclasses

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from data.config import DistillationSettings
from data.errors import TrainingError
from data.schema import Schema, Task
from model.distill import DistillationLoss, distill, distillation_set, softened, student_of, times
from model.export import export_classifier
from model.layers import layers_of
from model.loss import SoftLoss
from model.net import new_classifier
from model.predict import load_classifier, predict_proba
from model.runtime import Classifier
from model.train import train_classifier
from tests.model.conftest import ENCODER, SCHEMA, SETTINGS, TEXTS, corpus
from tests.model.test_train import SAVED

FEW = DistillationSettings(layers=2, epochs=1, batch_size=8)


def unlabeled(n=48):
    items = corpus(n)
    return dataclasses.replace(items, targets=0 * items.targets, weights=0 * items.weights)


@pytest.fixture(scope="session")
def teacher(tmp_path_factory, one_thread):
    """A classifier that knows the texts."""
    folder = tmp_path_factory.mktemp("teacher")
    settings = SETTINGS.model_copy(update={"epochs": 6, "seed": 1})
    train_classifier(corpus(), corpus(0), ENCODER, settings, folder)
    return folder


def student(folder, teachers, train=None, progress=lambda done, total: None, checkpoints=None, **settings):
    folder.mkdir(exist_ok=True)
    return distill(
        teachers,
        unlabeled() if train is None else train,
        unlabeled(24),
        FEW.model_copy(update=settings),
        folder,
        progress,
        checkpoints,
    )


def test_the_student_has_fewer_layers_and_says_what_the_teacher_says(tmp_path, teacher):
    steps = []
    said = student(
        tmp_path,
        [teacher],
        progress=lambda *step: steps.append(step),
        epochs=8,
        learning_rate=5e-4,
        patience=8,
    )
    found, _ = load_classifier(tmp_path)
    assert (
        len(layers_of(found)) == said["layers"] == 2 < said["teacher_layers"] == 6 and found.schema == SCHEMA
    )
    assert said["parameters"] < said["teacher_parameters"] and said["tickets"] == 48
    assert said["agreement"]["tone"] > 0.9 and said["agreement"]["about"] > 0.9
    assert steps[-1] == (100, 100) and steps == sorted(steps)
    assert sorted(path.name for path in tmp_path.iterdir()) == SAVED


def test_the_student_is_exported_and_served_like_any_other(tmp_path, teacher):
    student(tmp_path / "student", [teacher])
    (tmp_path / "export").mkdir()
    export_classifier(tmp_path / "student", tmp_path / "export", {})
    torch_probs = predict_proba(*load_classifier(tmp_path / "student"), TEXTS[:4])
    served = Classifier.load(tmp_path / "export").predict_proba(list(TEXTS[:4]))
    np.testing.assert_allclose(served["tone"], torch_probs["tone"], atol=0.02)


def test_a_student_starts_as_the_lowest_layers_under_the_teachers_heads(teacher):
    whole, tokenizer = load_classifier(teacher)
    weights = student_of(whole, 2).state_dict()
    assert all(torch.equal(each, whole.state_dict()[name]) for name, each in weights.items())
    assert not any(".layer.2." in name for name in weights)
    same = student_of(whole, 6).eval()
    assert np.array_equal(
        predict_proba(same, tokenizer, TEXTS[:3])["tone"], predict_proba(whole, tokenizer, TEXTS[:3])["tone"]
    )


def test_several_teachers_teach_the_mean_of_what_they_say(tmp_path, teacher, trained):
    seen = []

    def interrupt(done, total):
        seen.append(done)
        if done > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        student(tmp_path / "a", [teacher, trained], progress=interrupt, checkpoints=tmp_path / "kept")
    taught = np.load(tmp_path / "kept" / "teachers.npy")
    both = [predict_proba(*load_classifier(path), TEXTS + TEXTS[:24]) for path in (teacher, trained)]
    mean = np.concatenate([(both[0][task] + both[1][task]) / 2 for task in ("tone", "about")], axis=1)
    np.testing.assert_allclose(taught, mean, atol=1e-6)


def test_an_interrupted_distillation_goes_on_to_the_same_end_and_asks_no_teacher_again(tmp_path, teacher):
    whole = student(tmp_path / "whole", [teacher], epochs=2, checkpoint_minutes=1e-9)
    steps = []

    def interrupt(done, total):
        steps.append(done)
        if done >= 70:
            raise KeyboardInterrupt

    parts, later = (tmp_path / "parts", [teacher]), []
    settings = {"checkpoints": tmp_path / "kept", "epochs": 2, "checkpoint_minutes": 1e-9}
    with pytest.raises(KeyboardInterrupt):
        student(*parts, progress=interrupt, **settings)
    assert student(*parts, progress=lambda done, total: later.append(done), **settings) == whole
    assert later[0] >= 70 and not (tmp_path / "kept").exists()
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_soft_labels_are_multiplied_in_where_they_say_something():
    probs = np.array([[0.8, 0.2, 0.9, 0.5, 0.5], [0.5, 0.5, 0.1, 0.2, 0.3]], np.float32)
    soft = np.array([[0.5, 0.5, 0.5, 0.9, 0.1], [np.nan] * 5], np.float32)
    found = times(SCHEMA, probs, soft, 1.0)
    np.testing.assert_allclose(found[0], [0.8, 0.2, 0.9, 0.9, 0.1], atol=1e-5)
    np.testing.assert_allclose(found[1], probs[1], atol=1e-6)
    half = times(SCHEMA, probs[:1], np.array([[0.2, 0.8, 0.5, 0.5, 0.5]], np.float32), 0.5)
    np.testing.assert_allclose(half[0, :2], [2 / 3, 1 / 3], atol=1e-5)  # 0.8·√0.2 : 0.2·√0.8
    np.testing.assert_allclose(times(SCHEMA, probs[:1], soft[:1], 0.0), probs[:1], atol=1e-5)


def test_soft_labels_sway_the_student_by_their_power(tmp_path, teacher):
    """They say the opposite of every tone that the teacher is sure of."""
    sure = np.concatenate(list(predict_proba(*load_classifier(teacher), TEXTS).values()), axis=1)
    against = np.tile(sure, (2, 1))[:72]
    against[:, :2] = 1 - against[:, :2]
    agreement = {}
    for power in (0.0, 4.0):
        folder = tmp_path / str(power)
        folder.mkdir()
        settings = FEW.model_copy(update={"epochs": 6, "learning_rate": 5e-4, "soft_labels": power})
        said = distill([teacher], unlabeled(), unlabeled(24), settings, folder, soft=against)
        agreement[power] = said["agreement"]["tone"]
    assert agreement[0.0] > 0.9 and agreement[4.0] < 0.1


def test_a_reviewed_label_overrules_the_teachers(tmp_path, teacher):
    """People say the opposite of what the teacher says of every tone."""
    items = corpus()
    opposite = dataclasses.replace(items, targets=items.targets.copy(), weights=items.weights * 50)
    opposite.targets[:, :2] = 1 - opposite.targets[:, :2]
    said = student(tmp_path, [teacher], opposite, epochs=8, learning_rate=5e-4)
    assert said["reviewed"] == 48
    probs = predict_proba(*load_classifier(tmp_path), TEXTS)["tone"]
    assert (probs.argmax(1) == opposite.of_task("tone")[0].argmax(1)).mean() > 0.8


def test_a_temperature_softens_probabilities_as_if_logits_were_divided_by_it():
    logits = torch.tensor([[2.0, -1.0, 0.5, 3.0, -4.0]])
    probs = torch.cat([logits[:, :2].softmax(1), logits[:, 2:].sigmoid()], dim=1).numpy()
    cooled = logits / 3
    expected = torch.cat([cooled[:, :2].softmax(1), cooled[:, 2:].sigmoid()], dim=1).numpy()
    np.testing.assert_allclose(softened(SCHEMA, probs, 3.0), expected, atol=1e-5)
    np.testing.assert_allclose(softened(SCHEMA, probs, 1.0), probs, atol=1e-5)
    sure = np.array([[1, 0, 1, 0, 0]], np.float32)
    assert np.isfinite(softened(SCHEMA, sure, 2.0)).all()


def test_the_loss_joins_teachers_and_reviewed_labels_by_their_weights():
    items, probs = corpus(6), np.full((6, 5), 0.5, np.float32)
    items.weights[2:] = 0
    items.weights[:2] = 4
    made = distillation_set(items, probs, 2.0)
    assert made.targets.shape == (6, 10) and made.weights.shape == (6, 4)
    logits = torch.randn(6, 5, generator=torch.Generator().manual_seed(0))
    soft, plain = torch.from_numpy(made.targets[:, :5]), SoftLoss(SCHEMA)
    taught = plain(logits / 2, soft, torch.ones(6, 2)) * 4
    reviewed = plain(logits, *map(torch.from_numpy, (items.targets, items.weights)))
    found = DistillationLoss(SCHEMA, 2.0)(logits, *map(torch.from_numpy, (made.targets, made.weights)))
    torch.testing.assert_close(found, (taught * 12 + reviewed * 16) / 28)


def test_more_layers_than_the_teacher_has_is_an_error(tmp_path, teacher):
    with pytest.raises(TrainingError, match=r"\[distillation\] layers is 7; the teacher's encoder has 6"):
        student(tmp_path, [teacher], layers=7)


def test_a_teacher_of_other_tasks_is_named(tmp_path, teacher):
    other = tmp_path / "other"
    classifier = new_classifier(Schema((Task("mood", ("a", "b"), ("a", "b")),)), ENCODER.name, 32)
    classifier.save_pretrained(other)
    load_classifier(teacher)[1].save_pretrained(other)
    with pytest.raises(TrainingError, match=r"teachers answer other tasks.*\(tone, about\).*other \(mood\)"):
        student(tmp_path / "student", [teacher, other])


def test_an_empty_pool_is_an_error(tmp_path, teacher):
    with pytest.raises(TrainingError, match=r"no ticket to distill on.*ingest"):
        student(tmp_path, [teacher], corpus(0))

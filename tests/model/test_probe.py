"""The probe: out-of-sample probabilities that see no copy of what they judge."""

import numpy as np
import pytest

from data.schema import Task
from model.probe import cross_val_proba

TONE = Task("tone", ("good", "bad", "mixed"), ("", "", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")


def clusters(n=60, labels=2, seed=0):
    """Two well separated clouds, their labels one-hot over three, everything known, no copies."""
    generator = np.random.default_rng(seed)
    label = np.arange(n) % labels
    embeddings = generator.normal(0, 0.1, (n, 4)).astype(np.float32)
    embeddings[np.arange(n), label] += 1
    return embeddings, np.eye(3)[label], np.ones(n, bool), np.arange(n)


def test_rows_are_probabilities_and_find_the_clusters():
    embeddings, given, known, groups = clusters()
    probs = cross_val_proba(TONE, embeddings, given, known, groups, 5)
    assert probs.shape == (60, 3) and probs.dtype == np.float32
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)
    assert (probs.argmax(axis=1) == given.argmax(axis=1)).all()
    assert (probs[:, 2] == 0).all()


def test_a_wrong_label_does_not_teach_its_own_prediction():
    embeddings, given, known, groups = clusters()
    given[0] = [0, 1, 0]
    assert cross_val_proba(TONE, embeddings, given, known, groups, 5)[0].argmax() == 0


def test_near_copies_never_stand_on_both_sides_of_a_fold():
    """Copies with labels of their own, far from all else: seen in training they would be told right."""
    embeddings, given, known, groups = clusters(80)
    lonely = slice(0, 8)
    embeddings[lonely] = [0, 0, 0, 9]
    given[lonely], groups[lonely] = [0, 0, 1], 0
    apart = cross_val_proba(TONE, embeddings, given, known, groups, 4)
    assert (apart[lonely].argmax(axis=1) != 2).all()
    leaked = cross_val_proba(TONE, embeddings, given, known, np.arange(80), 4)
    assert (leaked[lonely].argmax(axis=1) == 2).all()


def test_unknown_rows_are_predicted_and_not_learned():
    embeddings, given, known, groups = clusters()
    known[::3] = False
    other = given.copy()
    other[::3] = [0, 0, 1]
    found = cross_val_proba(TONE, embeddings, other, known, groups, 5)
    np.testing.assert_array_equal(found, cross_val_proba(TONE, embeddings, given, known, groups, 5))
    assert (found.argmax(axis=1) == given.argmax(axis=1)).all()


def test_a_label_that_only_one_fold_holds_gets_no_probability_there():
    embeddings, given, known, groups = clusters()
    given[7] = [0, 0, 1]
    probs = cross_val_proba(TONE, embeddings, given, known, groups, 5)
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)
    assert probs[7, 2] == 0 and (probs[:, 2] > 0).any()


def test_a_training_part_with_one_label_predicts_it():
    """Two folds, in one of which all known rows are bad."""
    embeddings, given, known, groups = clusters(8)
    given[:] = [0, 1, 0]
    given[0], groups[:] = [1, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]
    probs = cross_val_proba(TONE, embeddings, given, known, groups, 2)
    assert (probs[:4] == [0, 1, 0]).all()
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)


def test_one_label_alone_is_certain():
    embeddings, given, known, groups = clusters()
    given[:] = [0, 1, 0]
    assert (cross_val_proba(TONE, embeddings, given, known, groups, 5) == [0, 1, 0]).all()


@pytest.mark.parametrize("task", [TONE, ABOUT])
def test_without_a_known_row_nothing_is_said(task):
    embeddings, given, known, groups = clusters()
    probs = cross_val_proba(task, embeddings, given[:, : len(task.labels)], ~known, groups, 5)
    assert probs.shape == (60, len(task.labels)) and not probs.any()


def test_the_labels_of_a_multi_label_task_stand_each_for_itself():
    embeddings, given, known, groups = clusters()
    both = given[:, :2].copy()
    both[:10] = 1
    both[10:20] = 0
    probs = cross_val_proba(ABOUT, embeddings, both, known, groups, 5)
    assert probs.shape == (60, 2) and not np.allclose(probs.sum(axis=1), 1)
    alone = cross_val_proba(Task("m", ("money",), ("",), "multi"), embeddings, both[:, :1], known, groups, 5)
    np.testing.assert_array_equal(probs[:, :1], alone)


def test_a_multi_label_task_learns_from_labels_of_more_than_one_half():
    embeddings, given, known, groups = clusters()
    soft = given[:, :2] * 0.4 + 0.2
    assert (cross_val_proba(ABOUT, embeddings, soft, known, groups, 5)[given[:, 0] == 1, 0] > 0.5).all()
    assert not cross_val_proba(ABOUT, embeddings, np.full_like(soft, 0.5), known, groups, 5).any()

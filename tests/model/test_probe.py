"""The probe: out-of-sample probabilities that see no copy of what they judge."""

import numpy as np
import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from data.errors import TrainingError
from data.schema import Task
from model.probe import answer_features, cross_val_proba, joined, text_features, vote_features

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
    np.testing.assert_allclose(probs[:, :1], alone, atol=5e-3)


def test_a_multi_label_task_learns_from_labels_of_more_than_one_half():
    embeddings, given, known, groups = clusters()
    soft = given[:, :2] * 0.4 + 0.2
    assert (cross_val_proba(ABOUT, embeddings, soft, known, groups, 5)[given[:, 0] == 1, 0] > 0.5).all()
    assert not cross_val_proba(ABOUT, embeddings, np.full_like(soft, 0.5), known, groups, 5).any()


@settings(max_examples=25, deadline=None)
@given_(st.integers(2, 5), st.lists(st.integers(0, 12), min_size=40, max_size=40), st.integers(0, 999))
def test_no_row_of_a_group_teaches_another_one(folds, groups, seed):
    """Labels of a group may be anything: what is said of its rows stays the same."""
    embeddings, given, known, _ = clusters(40, seed=seed)
    groups = np.array(groups)
    if len(np.unique(groups)) < folds:
        return
    other = given.copy()
    other[groups == groups[0]] = [0, 0, 1]
    before, after = (cross_val_proba(TONE, embeddings, each, known, groups, folds) for each in (given, other))
    np.testing.assert_array_equal(before[groups == groups[0]], after[groups == groups[0]])


def test_the_same_input_gives_the_same_probabilities():
    first, second = (cross_val_proba(TONE, *clusters(), 5) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_sparse_features_tell_apart_what_embeddings_cannot():
    embeddings, given, known, groups = clusters()
    blank = np.zeros_like(embeddings)
    blind = cross_val_proba(TONE, blank, given, known, groups, 5)
    assert (blind.argmax(axis=1) == given.argmax(axis=1)).mean() < 0.8
    seeing = cross_val_proba(TONE, blank, given, known, groups, 5, features=csr_matrix(given))
    assert (seeing.argmax(axis=1) == given.argmax(axis=1)).all()


def test_a_soft_label_weighs_by_its_probability():
    """Two labels fight over one place: the surer one wins."""
    _, _, known, groups = clusters()
    embeddings = np.zeros((60, 4))
    given = np.tile([0.9, 0.1, 0], (60, 1))
    given[::2] = [0.45, 0.55, 0]
    assert (cross_val_proba(TONE, embeddings, given, known, groups, 5).argmax(axis=1) == 0).all()
    equal = np.where(given >= 0.55, 1.0, 0.0)
    weights = np.where(np.arange(60) % 2, 1.0, 3.0)
    weighed = cross_val_proba(TONE, embeddings, equal, known, groups, 5, weights=weights)
    assert (weighed.argmax(axis=1) == 1).all()


def test_the_whole_of_a_soft_label_is_learned_when_asked():
    embeddings, _, known, groups = clusters(200, labels=1)
    given = np.tile([0.7, 0.2, 0.1], (200, 1))
    probs = cross_val_proba(TONE, embeddings, given, known, groups, 5, soft=True)
    np.testing.assert_allclose(probs, given, atol=0.03)
    both = np.tile([0.7, 0.3], (200, 1))
    about = cross_val_proba(ABOUT, embeddings, both, known, groups, 5, soft=True)
    np.testing.assert_allclose(about, both, atol=0.03)


def test_a_row_of_weight_zero_is_not_learned():
    embeddings, given, known, groups = clusters()
    weights = np.where(np.arange(60) % 3, 1.0, 0.0)
    left_out = cross_val_proba(TONE, embeddings, given, weights > 0, groups, 5)
    np.testing.assert_allclose(
        cross_val_proba(TONE, embeddings, given, known, groups, 5, weights=weights), left_out, atol=1e-6
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"embeddings": np.full((60, 4), np.nan)}, "embeddings hold NaN"),
        ({"given": np.full((60, 3), np.nan)}, "given labels hold NaN"),
        ({"embeddings": np.zeros((59, 4))}, "59 embeddings for 60 tickets"),
        ({"features": csr_matrix((58, 2))}, "58 features for 60 tickets"),
        ({"features": csr_matrix(np.full((60, 1), np.inf))}, "features hold NaN or infinity"),
        ({"weights": np.full(60, -1.0)}, "weights must not be negative, got -1"),
        ({"folds": 61}, "61 folds of 60 groups"),
        ({"folds": 1}, "1 folds of 60 groups"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_the_reason(change, said):
    names = ("embeddings", "given", "known", "groups", "folds")
    with pytest.raises(TrainingError, match=said):
        cross_val_proba(TONE, **{**dict(zip(names, (*clusters(), 5), strict=True)), **change})


def test_nan_in_a_row_that_is_not_known_does_not_matter():
    embeddings, given, known, groups = clusters()
    known[5], given[5] = False, np.nan
    for soft in (False, True):
        probs = cross_val_proba(TONE, embeddings, given, known, groups, 5, soft=soft)
        assert np.isfinite(probs).all()


def test_text_features_are_words_that_stand_twice_and_know_no_label():
    found = text_features(["my bag is lost", "a lost bag", "hello"])
    assert found.shape[0] == 3 and found.dtype == np.float32
    lengths = np.linalg.norm(found.toarray(), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 0], atol=1e-6)
    assert text_features(["one", "two"]).shape == (2, 0)
    assert text_features(["", ""]).shape == (2, 0)


def test_answers_of_the_other_tasks_are_features_where_they_are_known():
    given = {
        "tone": (np.eye(3)[[0, 1]], np.array([True, True])),
        "about": (np.array([[1.0, 0.5], [np.nan, 1]]), np.array([True, False])),
    }
    assert answer_features(given, "tone").toarray().tolist() == [[1, 0.5], [0, 0]]
    assert answer_features(given, "about").shape == (2, 3)
    assert answer_features({"tone": given["tone"]}, "tone").shape == (2, 0)


def test_votes_are_features_and_abstentions_are_not():
    votes = np.array([[0, -1], [1, -1], [-2, -1]], np.int8)
    assert vote_features([votes]).toarray().tolist() == [[0, 0.5, 0], [0, 0, 0.5], [0.5, 0, 0]]
    assert vote_features([np.full((3, 2), -1, np.int8)]).shape == (3, 0)
    assert joined(vote_features([votes]), csr_matrix((3, 0))).shape == (3, 3)

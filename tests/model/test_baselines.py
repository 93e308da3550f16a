"""Baselines answer for whatever is taught: weights count, labels that nobody teaches are never said."""

import numpy as np
import pytest

from data.schema import Task
from model.baselines import Taught, balanced_rows, majority, regression, word_features
from model.dataset import training_set

TONE = Task("tone", ("good", "bad", "odd"), ("pleased", "angry", "neither"))
ABOUT = Task("about", ("money", "bags"), ("money", "bags"), "multi")
TEXTS = ("thanks a lot", "love it thanks", "this is awful", "awful awful!", "never again", "so glad")


def taught(task, answers, weights=None):
    holds = np.zeros((len(answers), len(task.labels)), bool)
    for row, answer in enumerate(answers):
        holds[row, list(answer)] = True
    counts = np.ones(len(answers), np.float32) if weights is None else np.array(weights, np.float32)
    return Taught(task, np.arange(len(answers)), holds, counts)


def test_soft_labels_are_hardened_and_what_is_pruned_is_left_out(small_schema):
    soft = {
        "tone": (np.array([[0.6, 0.4], [0.1, 0.9], [0.5, 0.5]]), np.array([1.0, 1.0, 0.0])),
        "topics": (np.array([[0.9, 0.6, 0.1]] * 3), np.ones(3)),
    }
    train = training_set(small_schema, ("a", "b", "c"), ("x", "y", "z"), soft, {"tone": {"a": (1,)}}, 4.0)
    tone, topics = (Taught.of(train, task) for task in small_schema)
    assert tone.answers() == [(1,), (1,)] and tone.rows.tolist() == [0, 1] and tone.weights.tolist() == [4, 1]
    assert topics.answers() == [(0, 1)] * 3


def test_the_majority_counts_by_weight_and_says_the_same_of_every_ticket():
    probs = majority(taught(TONE, [(0,), (0,), (1,)], [1, 1, 4]), 2)
    assert probs.round(2).tolist() == [pytest.approx([0.33, 0.67, 0])] * 2
    assert majority(taught(TONE, []), 2).tolist() == [[0, 0, 0]] * 2
    many = majority(taught(ABOUT, [(0, 1), (0,), ()]), 1)
    assert (many > 0.5).tolist() == [[True, False]]


def test_words_that_were_taught_decide_and_an_untaught_label_has_probability_0():
    answers = [(0,), (0,), (1,), (1,), (1,), (0,)]
    features, asked = word_features(TEXTS, ("thanks", "awful"))
    probs = regression(taught(TONE, answers), features, asked)
    assert probs.argmax(axis=1).tolist() == [0, 1] and (probs[:, 2] == 0).all()
    assert np.allclose(probs.sum(axis=1), 1)


def test_each_label_of_a_multi_label_task_is_told_by_itself():
    features = np.eye(4, dtype=np.float32).repeat(10, axis=0)
    answers = [answer for answer in ((), (0,), (1,), (0, 1)) for _ in range(10)]
    probs = regression(taught(ABOUT, answers), features, np.eye(4, dtype=np.float32))
    assert (probs > 0.5).tolist() == [[False, False], [True, False], [False, True], [True, True]]


def test_one_answer_alone_is_the_answer_and_none_is_none():
    features = np.ones((2, 3), np.float32)
    assert regression(taught(TONE, [(1,), (1,)]), features, features).tolist() == [[0, 1, 0]] * 2
    assert regression(taught(TONE, []), features, features).tolist() == [[0, 0, 0]] * 2
    assert regression(taught(ABOUT, [(), ()]), features, features).tolist() == [[0, 0]] * 2


def test_only_the_rows_that_are_taught_are_learned():
    rows = Taught(TONE, np.array([1, 3]), np.eye(3, dtype=bool)[:2], np.ones(2, np.float32))
    features = np.array([[9, 9], [1, 0], [9, 9], [0, 1]], np.float32)
    assert regression(rows, features, features[[1, 3]]).argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("text", ["😡", "!", "a"])
def test_every_text_has_a_word(text):
    features, asked = word_features((text,), (text, "unknown"))
    assert features.nnz == 1 and asked.shape == (2, 1)


def test_a_balanced_sample_has_as_many_of_each_answer_and_is_the_same_again():
    many = taught(TONE, [(0,)] * 50 + [(1,)] * 3)
    rows = balanced_rows(many, 5, seed=1)
    assert (rows < 50).sum() == 5 and (rows >= 50).sum() == 3 and (np.diff(rows) > 0).all()
    assert rows.tolist() == balanced_rows(many, 5, seed=1).tolist()
    assert rows.tolist() != balanced_rows(many, 5, seed=2).tolist()
    assert balanced_rows(taught(TONE, []), 5, seed=1).tolist() == []


def test_of_a_multi_label_task_sets_of_labels_are_balanced():
    rows = balanced_rows(taught(ABOUT, [()] * 9 + [(0,)] * 9 + [(0, 1)]), 2, seed=0)
    assert len(rows) == 5

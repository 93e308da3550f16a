"""What probabilities answer: by hand, and as the served classifier tells it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Task
from model.answers import confidence, right, said
from model.runtime import prediction

TONE = Task("tone", ("good", "bad", "mixed"), ("", "", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")


def test_a_single_label_task_has_one_answer():
    probs = np.array([[0.2, 0.5, 0.3], [0.4, 0.3, 0.3]])
    assert said(TONE, probs).tolist() == [[False, True, False], [True, False, False]]
    assert confidence(TONE, probs).tolist() == [0.5, 0.4]
    assert right(TONE, probs, np.array([[0, 1, 0], [0, 0, 1]])).tolist() == [True, False]


def test_a_multi_label_task_has_any_number_and_is_right_as_a_whole():
    probs = np.array([[0.9, 0.6], [0.2, 0.5], [0.6, 0.1]])
    assert said(ABOUT, probs).tolist() == [[True, True], [False, False], [True, False]]
    assert confidence(ABOUT, probs) == pytest.approx([0.6, 0.5, 0.6])
    assert right(ABOUT, probs, np.array([[1, 0], [0, 0], [1, 0]])).tolist() == [False, True, True]


@given(st.integers(1, 6), st.booleans(), st.integers(0, 2**32 - 1))
def test_answer_and_confidence_are_those_that_are_served(labels, multi, seed):
    names = tuple(f"l{i}" for i in range(labels + 1))
    task = Task("t", names, names, "multi" if multi else "single")
    row = np.random.default_rng(seed).random(labels + 1)
    served = prediction(task, row)
    mine = [name for name, holds in zip(names, said(task, row[None])[0], strict=True) if holds]
    assert mine == (served.label if multi else [served.label])
    assert confidence(task, row[None])[0] == pytest.approx(served.confidence)

"""The order of training tickets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Schema, Task
from model.sampling import LengthBuckets, balanced_chances

ONE = Schema((Task("tone", ("a", "b"), ("a", "b")),))
LENGTHS = np.random.default_rng(0).integers(3, 60, 1003)


@given(st.lists(st.integers(1, 64), max_size=200), st.integers(1, 32), st.integers(0, 3))
def test_every_row_comes_once_an_epoch(lengths, batch, seed):
    sampler = LengthBuckets(lengths, batch, seed)
    for epoch in range(2):
        sampler.set_epoch(epoch)
        assert sorted(sampler) == list(range(len(lengths))) and len(sampler) == len(lengths)


def test_the_order_depends_on_seed_and_epoch_alone():
    one, other = LengthBuckets(LENGTHS, 32, 7), LengthBuckets(LENGTHS, 32, 7)
    list(one), one.set_epoch(3), other.set_epoch(3)
    assert list(one) == list(other)
    other.set_epoch(4)
    assert list(one) != list(other) and list(one) != list(LengthBuckets(LENGTHS, 32, 8))


def test_little_is_padded_and_the_longest_batch_comes_first():
    rows = list(LengthBuckets(LENGTHS, 32, 0))
    batches = [LENGTHS[rows[start : start + 32]] for start in range(0, len(rows), 32)]
    assert sum(len(each) * each.max() for each in batches) < 1.1 * LENGTHS.sum()
    assert batches[0].max() == LENGTHS.max()


def test_rare_labels_are_drawn_more_often_than_they_occur():
    targets = np.array([[1.0, 0.0]] * 90 + [[0.0, 1.0]] * 10)
    chances = balanced_chances(ONE, targets, np.ones((100, 1)))
    assert chances.sum() == pytest.approx(1)
    assert chances[90:].sum() == pytest.approx(0.25, abs=0.01)
    drawn = [row for epoch in range(50) for row in draw(chances, epoch)]
    assert np.mean(np.array(drawn) >= 90) == pytest.approx(0.25, abs=0.03)


def draw(chances, epoch):
    sampler = LengthBuckets([5] * len(chances), 16, 0, chances)
    sampler.set_epoch(epoch)
    return list(sampler)


def test_a_missing_label_does_not_count():
    targets = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    chances = balanced_chances(ONE, targets, np.array([[1.0], [1.0], [0.0]]))
    assert chances.tolist() == pytest.approx([0.5, 0.5, 0])

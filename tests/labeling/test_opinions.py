"""Opinions, and how much they repeat each other."""

import numpy as np
import pytest

from data.schema import against
from labeling.label_models.opinions import Opinions, redundancy


def of(values, labels):
    opinions = Opinions.of(values, labels)
    return opinions, redundancy(opinions, opinions.cast(values), np.ones(len(values)))


def independent(accuracies, *, labels=3, n=4000, coverage=0.5, seed=0):
    """Votes that depend on the true label alone."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, labels, n)[:, None]
    shape = n, len(accuracies)
    wrong = (true + rng.integers(1, labels, shape)) % labels
    values = np.where(rng.random(shape) < np.array(accuracies), true, wrong)
    return np.where(rng.random(shape) < coverage, values, -1).astype(np.int8)


def test_every_vote_of_every_function_is_an_opinion():
    values = np.array([[0, -1], [2, against(1)], [-1, against(1)]], np.int8)
    found = Opinions.of(values, 3)
    assert list(zip(found.lf.tolist(), found.vote.tolist())) == [(0, 0), (0, 2), (1, against(1))]
    assert found.allows.tolist() == [[True, False, False], [False, False, True], [True, False, True]]
    assert found.cast(values).tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
    assert found.cast(values).dtype == np.float32
    assert found.in_favour(found.cast(values)).tolist() == [[1, 0, 0], [0.25, 0, 0.75], [0.5, 0, 0.5]]


@pytest.mark.parametrize("shape", [(0, 2), (3, 2), (3, 0)])
def test_without_a_vote_there_is_no_opinion(shape):
    values = np.full(shape, -1, np.int8)
    opinions, found = of(values, 3)
    assert len(opinions) == 0 and found.shape == (0, 0)
    assert np.allclose(opinions.in_favour(opinions.cast(values)), 1 / 3)


@pytest.mark.parametrize("coverage", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("functions", [3, 12])
def test_functions_that_err_independently_do_not_repeat_each_other(functions, coverage):
    _, found = of(independent(np.linspace(0.6, 0.9, functions), coverage=coverage), 3)
    assert found.max() < 0.15


@pytest.mark.parametrize("coverage", [0.2, 0.5, 0.9])
def test_a_copy_repeats_all_of_a_function_and_nothing_of_the_others(coverage):
    values = independent([0.7, 0.75, 0.8, 0.8], coverage=coverage)
    values = np.hstack([values, values[:, :1]])
    opinions, found = of(values, 3)
    for vote in range(3):
        [one] = np.flatnonzero((opinions.lf == 0) & (opinions.vote == vote))
        [copy] = np.flatnonzero((opinions.lf == 4) & (opinions.vote == vote))
        assert found[one, copy] > 0.9
        others = np.setdiff1d(np.arange(len(opinions)), [one, copy])
        assert found[one, others].max() < 0.15


def test_a_function_that_says_half_of_what_another_says_repeats_it_in_part():
    values = independent([0.8, 0.8, 0.8])
    half = np.where(np.random.default_rng(4).random(len(values)) < 0.5, values[:, 0], -1)
    opinions, found = of(np.hstack([values, half[:, None]]), 3)
    shared = found[(opinions.lf == 0)][:, opinions.lf == 3]
    assert ((shared.diagonal() > 0.3) & (shared.diagonal() < 0.9)).all()


def test_redundancy_is_symmetric_in_zero_to_one_and_of_equal_votes_of_two_functions_only():
    values = independent([0.6, 0.7], n=500)
    values = np.hstack([values, values, np.where(values == 0, against(1), -1)])
    opinions, found = of(values, 3)
    assert (found.dtype, found.shape) == (np.float32, (len(opinions),) * 2)
    assert np.allclose(found, found.T) and ((found >= 0) & (found <= 1)).all()
    same_lf = opinions.lf[:, None] == opinions.lf
    same_vote = opinions.vote[:, None] == opinions.vote
    assert not found[same_lf | ~same_vote].any()


def test_votes_against_a_label_that_are_copied_repeat_each_other():
    values = independent([0.8, 0.8, 0.8], n=3000)
    objects = np.where(np.random.default_rng(4).random(3000) < 0.4, against(0), -1)[:, None]
    opinions, found = of(np.hstack([values, objects, objects]), 3)
    one, copy = np.flatnonzero(opinions.vote == against(0))
    assert found[one, copy] > 0.9


def test_a_few_tickets_prove_no_redundancy():
    values = np.array([[0, 0], [1, 1], [-1, 0], [0, -1]], np.int8)
    _, found = of(values, 2)
    assert not found.any()

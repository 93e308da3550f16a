"""Bootstrap intervals hold the figure, shrink with more tickets, and pair what is counted together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schema import Schema, Task
from model import intervals
from model.intervals import bootstrap, interval, resampled

TONE = Task("tone", ("good", "bad"), ("", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
SCHEMA = Schema((TONE, ABOUT))


def half_right(n):
    return np.tile([[0.9, 0.1]], (n, 1)), [(i % 2,) for i in range(n)]


def accuracy_interval(n):
    probs, gold = half_right(n)
    return interval(0.5, bootstrap(SCHEMA, {"tone": probs}, {"tone": gold})["tone"]["accuracy"])


def test_a_sample_draws_as_many_tickets_as_there_are():
    assert set(resampled(np.ones((7, 1)), samples=50).ravel().tolist()) == {7.0}


def test_the_same_seed_draws_the_same_tickets_whatever_is_counted():
    columns = np.random.default_rng(1).integers(0, 2, (40, 3))
    together = resampled(columns, samples=30, seed=5)
    alone = [resampled(columns[:, [i]], samples=30, seed=5)[:, 0] for i in range(3)]
    assert np.array_equal(together, np.stack(alone, axis=1))
    assert not np.array_equal(together, resampled(columns, samples=30, seed=6))


def test_many_tickets_are_drawn_in_blocks(monkeypatch):
    columns = np.random.default_rng(1).integers(0, 2, (40, 3))
    monkeypatch.setattr(intervals, "BLOCK", 200)
    found = resampled(columns, samples=21)
    assert found.shape == (21, 3) and (found <= 40).all()


def test_the_interval_of_an_accuracy_is_as_wide_as_the_binomials():
    low, high = accuracy_interval(400)
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.006)


def test_more_tickets_make_a_narrower_interval():
    (low, high), (lower, higher) = accuracy_interval(400), accuracy_interval(40)
    assert lower < low < 0.5 < high < higher


def test_a_figure_outside_of_what_was_drawn_widens_the_interval():
    assert interval(0.9, np.array([0.1, 0.2])) == [pytest.approx(0.1025), 0.9]


def test_what_cannot_be_drawn_is_left_out():
    assert interval(0.5, np.array([np.nan, 0.5])) == [0.5, 0.5]
    assert interval(0.5, np.array([np.nan])) == [0.5, 0.5]


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_tasks_are_drawn_together_and_their_figures_lie_in_0_to_1(n, seed):
    generator = np.random.default_rng(seed)
    probs = {"tone": generator.random((n, 2)), "about": generator.random((n, 2))}
    gold = {"tone": [(0,)] * n, "about": [(0,) if i % 2 else () for i in range(n)]}
    drawn = bootstrap(SCHEMA, probs, gold, samples=40)
    assert list(drawn) == ["tone", "about"]
    for found in drawn.values():
        assert all(((of[:] >= 0) & (of <= 1)).all() for name, of in found.items() if name != "kappa")
    again = bootstrap(SCHEMA, probs, {"about": gold["about"]}, samples=40)
    assert np.array_equal(again["about"]["accuracy"], drawn["about"]["accuracy"])

"""Distinct rows of votes, counted."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeling.label_models import vote_patterns
from labeling.label_models.vote_patterns import VotePatterns

any_rows = arrays(np.int8, st.tuples(st.integers(0, 30), st.integers(0, 4)), elements=st.integers(-4, 2))


@settings(deadline=None)
@given(any_rows)
def test_patterns_are_the_distinct_rows_with_their_counts(values):
    found = VotePatterns.of(values)
    assert (found.values[found.pattern_of] == values).all()
    counted = {tuple(row): count for row, count in zip(found.values.tolist(), found.counts.tolist())}
    assert counted == Counter(map(tuple, values.tolist()))
    assert (len(counted), found.counts.dtype) == (len(found.counts), np.float64)


@settings(deadline=None)
@given(any_rows, st.randoms(use_true_random=False))
def test_their_order_does_not_depend_on_that_of_the_tickets(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    one, two = VotePatterns.of(values), VotePatterns.of(values[order])
    assert one.values.tolist() == two.values.tolist()
    assert one.counts.tolist() == two.counts.tolist()
    assert one.pattern_of[order].tolist() == two.pattern_of.tolist()


def test_they_do_not_depend_on_how_the_tickets_are_cut(monkeypatch):
    values = np.random.default_rng(0).integers(-3, 3, (500, 4)).astype(np.int8)
    whole = VotePatterns.of(values)
    monkeypatch.setattr(vote_patterns, "CHUNK", 7)
    assert VotePatterns.of(values).values.tolist() == whole.values.tolist()


def test_rows_of_many_labels_are_told_apart():
    values = np.arange(-300, 300, dtype=np.int16)[:, None]
    assert len(VotePatterns.of(np.hstack([values, -1 - values])).counts) == 600


def test_a_thousand_times_the_tickets_have_the_same_patterns():
    values = np.array([[0, -1], [1, 1], [0, -1]], np.int8)
    many = VotePatterns.of(np.tile(values, (1000, 1)))
    assert sorted(many.counts.tolist()) == [1000, 2000] and len(many.pattern_of) == 3000


def test_the_patterns_of_most_tickets_are_taken_and_stand_for_all():
    values = np.array([[0, 0]] * 5 + [[1, 0]] * 3 + [[-1, 1]] * 2 + [[1, 1]], np.int8)
    found = VotePatterns.of(values)
    taken = found.take(4)
    assert {tuple(row) for row in taken.values.tolist()} == {(0, 0), (1, 0)}
    assert sorted(taken.counts) == pytest.approx([11 * 3 / 8, 11 * 5 / 8])
    assert found.take(7) is found


def test_taking_keeps_their_order_and_at_least_what_fits():
    values = np.random.default_rng(1).integers(-1, 3, (400, 5)).astype(np.int8)
    found = VotePatterns.of(values)
    taken = found.take(600)
    assert (taken.values >= 0).sum() <= 600
    assert taken.counts.sum() == pytest.approx(400)
    place = {tuple(row): at for at, row in enumerate(found.values.tolist())}
    places = [place[tuple(row)] for row in taken.values.tolist()]
    assert places == sorted(places) and len(places) > 100

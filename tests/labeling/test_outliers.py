"""Outliers and near duplicates: planted ones are found, and neighbours are exactly the nearest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import LabelingError
from labeling.outliers import nearest, oddities


def crowd(n=300, dim=16, seed=0):
    """Tickets in one direction, more or less."""
    rng = np.random.default_rng(seed)
    points = rng.normal(0, 0.3, (n, dim)) + np.eye(dim)[0] * 3
    return tuple(f"t{i:03}" for i in range(n)), points.astype(np.float32)


def test_a_ticket_that_points_elsewhere_is_the_worst_outlier():
    ids, points = crowd()
    points[17] = -points[17]
    found = oddities(ids, points)
    assert [each.ticket_id for each in found] == list(ids)
    assert min(found, key=lambda each: each.outlier_score).ticket_id == "t017"
    assert found[17].is_outlier and sum(each.is_outlier for each in found) < 10
    assert all(0 <= each.outlier_score <= 1 and 0 <= each.near_duplicate_score <= 1 for each in found)


def test_copies_name_each_other_and_are_the_worst_near_duplicates():
    ids, points = crowd()
    points[[5, 9]] = points[2] * [[2], [1.0001]]
    found = oddities(ids, points)
    assert [found[row].near_duplicates for row in (2, 5, 9)] == [
        ("t005", "t009"),
        ("t002", "t009"),
        ("t002", "t005"),
    ]
    worst = sorted(found, key=lambda each: each.near_duplicate_score)[:3]
    assert {each.ticket_id for each in worst} == {"t002", "t005", "t009"}
    assert not any(each.near_duplicates for each in found if each.ticket_id not in ("t002", "t005", "t009"))
    assert found[2].to_dict()["near_duplicates"] == ["t005", "t009"]


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 700), st.integers(1, 12), st.integers(0, 99))
def test_neighbours_are_those_of_all_distances_in_order(n, k, seed):
    _, points = crowd(n, 6, seed)
    points = np.round(points, 1)
    k = min(k, n - 1)
    rows, distances = nearest(points, k)
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    true = 1 - unit @ unit.T
    np.fill_diagonal(true, np.inf)
    np.testing.assert_allclose(distances, np.sort(true, axis=1)[:, :k], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(true, rows, axis=1), distances, atol=1e-5)
    assert all(len(set(row)) == k for row in rows.tolist())


def test_few_tickets_are_nothing_special():
    ids, points = crowd(2)
    assert all(not each.is_outlier and not each.near_duplicates for each in oddities(ids, points))
    assert oddities((), np.empty((0, 4))) == []
    assert len(oddities(*crowd(3))) == 3


def test_a_blank_embedding_is_no_error():
    ids, points = crowd(20)
    points[3] = 0
    assert oddities(ids, points)[3].outlier_score <= 1


def test_nothing_is_printed_and_the_same_input_gives_the_same_answer(capfd):
    assert oddities(*crowd()) == oddities(*crowd())
    assert capfd.readouterr() == ("", "")


def test_what_does_not_fit_is_refused():
    ids, points = crowd(20)
    with pytest.raises(LabelingError, match="20 embeddings for 19 tickets"):
        oddities(ids[:-1], points)
    points[4, 0] = np.nan
    with pytest.raises(LabelingError, match="hold NaN or infinity"):
        oddities(ids, points)

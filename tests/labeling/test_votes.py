"""Votes and soft labels, in memory and on disk."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import LabelingError
from data.schema import Task, against
from labeling.toy import TOY
from labeling.votes import SoftLabels, Votes

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TOPICS = Task("topics", ("card", "loan", "fees"), ("a card", "a loan", "fees"), "multi")


def votes(values, task=TONE, names=None):
    values = np.array(values, task.vote_dtype)
    names = tuple(names or (f"f{i}" for i in range(values.shape[1])))
    return Votes(task, tuple(f"t{i}" for i in range(len(values))), names, values)


def soft(task, probs, covered=None):
    probs = np.array(probs, np.float32)
    covered = np.ones(len(probs), bool) if covered is None else np.array(covered)
    return SoftLabels(task, tuple(f"t{i}" for i in range(len(probs))), probs, covered)


def test_covered_and_counts_by_hand():
    assert TOY.covered.tolist() == [True, True, True, False, True]
    assert TOY.counts().tolist() == [[2, 1], [0, 2], [2, 0], [0, 0], [1, 2]]


def test_votes_against_labels_neither_cover_a_ticket_nor_count_for_one():
    made = votes([[against(0), against(2)], [against(0), 1], [-1, 1]], TOPICS)
    assert made.covered.tolist() == [False, True, True]
    assert made.counts().tolist() == [[0, 0, 0], [0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize("count, dtype", [(2, np.int8), (127, np.int8), (128, np.int16), (300, np.int16)])
def test_votes_come_back_from_disk_as_they_went_in_the_same_integers(tmp_path, count, dtype):
    task = Task("many", tuple(f"l{i}" for i in range(count)), ("",) * count)
    before = votes([[0, -1], [count - 1, count // 2], [against(count - 1), against(0)]], task, ("a ü", "p:x"))
    before.save(tmp_path / "votes.parquet")
    after = Votes.load(tmp_path / "votes.parquet", task)
    assert after.values.dtype == before.values.dtype == dtype
    assert after.values.tolist() == before.values.tolist()
    assert (after.ticket_ids, after.lf_names) == (before.ticket_ids, before.lf_names)


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 2)])
def test_votes_without_tickets_or_functions_come_back_too(tmp_path, shape):
    before = votes(np.full(shape, -1))
    before.save(tmp_path / "votes.parquet")
    assert Votes.load(tmp_path / "votes.parquet", TONE).values.shape == shape
    assert before.covered.tolist() == [False] * shape[0]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(against(1), 1), min_size=3, max_size=3), min_size=1, max_size=8))
def test_any_votes_survive_the_disk(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("votes") / "votes.parquet"
    votes(values).save(path)
    assert Votes.load(path, TONE).values.tolist() == values


def test_a_shape_that_does_not_fit_is_an_error():
    with pytest.raises(LabelingError, match=r"votes on 'tone' have shape \(1, 2\), expected \(2, 3\)"):
        Votes(TONE, ("a", "b"), ("x", "y", "z"), np.zeros((1, 2), np.int8))


@pytest.mark.parametrize("value", [against(2), -100, 2, 100])
def test_a_vote_outside_the_labels_is_an_error(value):
    with pytest.raises(LabelingError, match="votes on 'tone' must lie in -3 to 1, got"):
        votes([[0, value]])


def test_votes_of_a_larger_task_do_not_load_into_a_smaller_one(tmp_path):
    many = Task("many", tuple(f"l{i}" for i in range(300)), ("",) * 300)
    votes([[255, 256, 257]], many).save(tmp_path / "votes.parquet")
    with pytest.raises(LabelingError, match="must lie in -3 to 1, got 255 to 257"):
        Votes.load(tmp_path / "votes.parquet", TONE)


@pytest.mark.parametrize("names", [("x", "x"), ("x", "ticket_id")])
def test_two_columns_of_one_name_are_an_error(names):
    with pytest.raises(LabelingError, match=f"two columns named {names[1]}"):
        votes([[0, 1]], names=names)


def test_votes_stand_beside_others_on_the_same_tickets_only():
    both = votes([[0], [1]], names=("a",)).beside(votes([[-1], [0]], names=("b",)))
    assert both.lf_names == ("a", "b")
    assert both.values.tolist() == [[0, -1], [1, 0]]
    with pytest.raises(LabelingError, match="different tickets"):
        both.beside(votes([[0]], names=("c",)))
    with pytest.raises(LabelingError, match="two columns named a"):
        both.beside(votes([[0], [0]], names=("a",)))


def test_soft_labels_come_back_from_disk_as_they_went(tmp_path):
    for task, probs in ((TONE, [[0.25, 0.75], [0.5, 0.5]]), (TOPICS, [[0.9, 0.1, 0.9], [0.5, 0.5, 0.5]])):
        before = soft(task, probs, [True, False])
        before.save(tmp_path / "soft.parquet")
        after = SoftLabels.load(tmp_path / "soft.parquet", task)
        assert after.probs.dtype == np.float32
        assert after.probs.tolist() == before.probs.tolist()
        assert after.covered.tolist() == [True, False]
        assert after.ticket_ids == before.ticket_ids
    names = pq.read_schema(tmp_path / "soft.parquet").names
    assert names == ["ticket_id", "covered", "p:card", "p:loan", "p:fees"]


def test_answers_are_the_most_probable_label_or_every_label_above_one_half():
    assert soft(TONE, [[0.2, 0.8], [0.6, 0.4], [0.5, 0.5]]).answers() == [(1,), (0,), (0,)]
    assert soft(TOPICS, [[0.51, 0.5, 0.9], [0, 0.1, 0.2], [1, 1, 1]]).answers() == [(0, 2), (), (0, 1, 2)]


def test_rows_come_in_the_order_asked_with_their_cover():
    labels = soft(TONE, [[0, 1], [1, 0], [0.5, 0.5]], [True, True, False])
    rows = labels.rows(["t2", "t0"])
    assert rows.ticket_ids == ("t2", "t0")
    assert rows.probs.tolist() == [[0.5, 0.5], [0, 1]]
    assert rows.covered.tolist() == [False, True]
    assert labels.rows([]).probs.shape == (0, 2)
    with pytest.raises(KeyError, match="t9"):
        labels.rows(["t9"])

"""What an edit of labeling functions changed."""

import numpy as np

from data.schema import Task, against
from labeling.changes import VoteChange, compare
from labeling.votes import Votes

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))


def votes(ids, **columns):
    values = np.array(list(columns.values()), np.int8).T.reshape(len(ids), len(columns))
    return Votes(TONE, tuple(ids), tuple(columns), values)


def test_equal_votes_have_no_changes():
    one = votes("xyz", a=[0, 1, -1], b=[1, 1, 1])
    found = compare(one, one)
    assert found.functions == () and (found.tickets, found.added, found.removed) == (3, 0, 0)


def test_a_changed_function_is_told_with_its_tickets_and_figures_before_and_after():
    old, new = votes("xyz", a=[0, 1, -1], b=[1, 1, 1]), votes("xyz", a=[0, -1, 1], b=[1, 1, 1])
    found = compare(old, new, {"x": (0,), "y": (1,), "z": (0,)})
    [change] = found.functions
    assert (change.name, change.kind, change.tickets) == ("a", "changed", 2)
    assert change.examples == (VoteChange("y", "bad", None), VoteChange("z", None, "bad"))
    assert (change.before.accuracy, change.after.accuracy) == (1.0, 0.5)


def test_a_vote_turned_against_its_label_is_a_change():
    old, new = votes("xyz", a=[0, 1, -1]), votes("xyz", a=[against(0), 1, against(1)])
    found = compare(old, new, {"x": (1,), "z": (1,)})
    [change] = found.functions
    assert change.examples == (VoteChange("x", "good", "not good"), VoteChange("z", None, "not bad"))
    assert (change.before.accuracy, change.after.accuracy) == (0.0, 0.5)
    assert (found.coverage_before, found.coverage_after) == (2 / 3, 1 / 3)


def test_functions_added_and_removed_count_where_they_vote():
    old, new = votes("xyz", a=[0, 1, -1]), votes("xyz", b=[-1, 1, -1])
    found = {change.name: change for change in compare(old, new).functions}
    assert (found["a"].kind, found["a"].tickets, found["a"].after) == ("removed", 2, None)
    assert (found["b"].kind, found["b"].tickets, found["b"].before) == ("added", 1, None)


def test_tickets_are_matched_by_id_whatever_their_order():
    old, new = votes("xyz", a=[0, 1, -1]), votes("zyw", a=[-1, 0, 0])
    found = compare(old, new)
    assert (found.tickets, found.added, found.removed) == (2, 1, 1)
    [change] = found.functions
    assert change.examples == (VoteChange("y", "bad", "good"),)
    assert (found.coverage_before, found.coverage_after) == (2 / 3, 2 / 3)


def test_no_tickets_have_no_coverage():
    assert compare(votes("", a=[]), votes("", a=[])).coverage_after == 0


def test_the_most_changed_function_comes_first_with_a_few_examples():
    ids = [f"t{row}" for row in range(20)]
    old = votes(ids, a=[0] * 20, b=[0] * 20)
    new = votes(ids, a=[1] + [0] * 19, b=[1] * 20)
    found = compare(old, new, most_examples=3)
    assert [(change.name, len(change.examples)) for change in found.functions] == [("b", 3), ("a", 1)]

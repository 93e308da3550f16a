"""How labeling functions do: by hand, and beside snorkel's own analysis."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from snorkel.labeling import LFAnalysis

from data.schema import Task, against
from labeling.analysis import analyze, wilson
from labeling.toy import TOY
from labeling.votes import Votes

FOUR = Task("four", ("a", "b", "c", "d"), ("",) * 4)
# snorkel 0.10's LFAnalysis calls scipy's diags the way that scipy is about to change.
OLD_SCIPY_CALL = pytest.mark.filterwarnings("ignore:Input has data type int64:FutureWarning")


def test_figures_of_the_toy_matrix_by_hand():
    asap, polite, capitals = analyze(TOY)
    assert (asap.name, polite.name, capitals.name) == ("asap", "polite", "capitals")
    assert asap.polarity == ("calm", "urgent")
    assert polite.polarity == ("calm",)
    assert capitals.polarity == ("urgent",)
    assert [r.coverage for r in (asap, polite, capitals)] == [0.8, 0.6, 0.6]
    assert [r.overlaps for r in (asap, polite, capitals)] == [0.8, 0.6, 0.6]
    assert [r.conflicts for r in (asap, polite, capitals)] == [0.4, 0.4, 0.4]
    assert (asap.gold_votes, asap.accuracy, asap.interval) == (0, None, None)


def test_accuracy_counts_right_votes_on_gold_tickets_only():
    asap, polite, capitals = analyze(TOY, {"t1": (0,), "t2": (1,), "t4": (0,), "t5": (0,), "elsewhere": (1,)})
    assert (asap.gold_votes, asap.accuracy, asap.interval) == (3, 2 / 3, wilson(2, 3))
    assert (polite.gold_votes, polite.accuracy) == (2, 1.0)
    assert (capitals.gold_votes, capitals.accuracy) == (3, 1 / 3)


def test_a_vote_on_a_multi_label_task_is_right_when_its_label_is_among_the_gold_ones():
    task = Task("topics", ("card", "loan", "fees"), ("",) * 3, "multi")
    votes = Votes(task, ("t1", "t2", "t3"), ("f", "g"), np.array([[0, 2], [1, 2], [2, -1]], np.int8))
    f, g = analyze(votes, {"t1": (0, 1), "t2": (2,), "t3": ()})
    assert (f.gold_votes, f.accuracy) == (3, 1 / 3)
    assert (g.gold_votes, g.accuracy) == (2, 0.5)


def test_votes_against_labels_have_figures_by_hand():
    values = [[against(0), 0], [against(0), 1], [against(0), against(0)], [against(1), -1], [-1, 1]]
    made = Votes(FOUR, tuple("vwxyz"), ("f", "g"), np.array(values, np.int8))
    f, g = analyze(made, {"v": (0,), "w": (1,), "x": (3,), "y": (1,), "z": (2,)})
    assert (f.polarity, g.polarity) == (("not b", "not a"), ("not a", "a", "b"))
    assert (f.coverage, f.overlaps, g.coverage, g.overlaps) == (0.8, 0.6, 0.8, 0.6)
    assert (f.conflicts, g.conflicts) == (0.2, 0.2)
    assert (f.gold_votes, f.accuracy, g.gold_votes, g.accuracy) == (4, 0.5, 4, 0.75)


@given(arrays(np.int8, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.integers(against(3), 3)))
def test_two_conflict_that_cannot_both_be_right(values):
    made = Votes(
        FOUR, tuple(map(str, range(len(values)))), tuple(f"f{j}" for j in range(values.shape[1])), values
    )
    leaves = [
        [{label for label in range(4) if vote in (label, -1) or (vote < -1 and against(vote) != label)}
         for vote in row] for row in values.tolist()
    ]  # fmt: skip
    for j, report in enumerate(analyze(made)):
        # Of four labels, two votes against leave one that both allow.
        clashes = [any(not row[j] & other for other in row) for row in leaves]
        assert report.conflicts == pytest.approx(np.mean(clashes))


def test_a_function_that_never_votes_and_a_pool_without_tickets_have_figures_of_zero():
    for values in (np.full((3, 2), -1), np.full((0, 2), -1)):
        votes = Votes(FOUR, tuple(map(str, range(len(values)))), ("f", "g"), values.astype(np.int8))
        for report in analyze(votes, {"0": (1,)}):
            assert (report.polarity, report.coverage, report.overlaps, report.conflicts) == ((), 0, 0, 0)
            assert (report.gold_votes, report.accuracy) == (0, None)
    assert analyze(Votes(FOUR, ("0",), (), np.empty((1, 0), np.int8))) == []


@OLD_SCIPY_CALL
@settings(deadline=None, max_examples=100)
@given(st.data(), st.integers(1, 8), st.integers(1, 5))
def test_figures_equal_snorkels_on_any_matrix(data, n, m):
    values = data.draw(arrays(np.int8, (n, m), elements=st.integers(-1, 3)))
    gold = data.draw(arrays(np.int64, n, elements=st.integers(0, 3)))
    names = tuple(f"f{j}" for j in range(m))
    votes = Votes(FOUR, tuple(map(str, range(n))), names, values)
    ours = analyze(votes, {str(i): (int(label),) for i, label in enumerate(gold)})
    theirs = LFAnalysis(values.astype(int))
    assert np.allclose([r.coverage for r in ours], theirs.lf_coverages())
    assert np.allclose([r.overlaps for r in ours], theirs.lf_overlaps())
    assert np.allclose([r.conflicts for r in ours], theirs.lf_conflicts())
    assert [[FOUR.ids[label] for label in r.polarity] for r in ours] == theirs.lf_polarities()
    voting = [j for j, r in enumerate(ours) if r.coverage]
    if voting:
        accuracies = LFAnalysis(values[:, voting].astype(int)).lf_empirical_accuracies(gold)
        assert np.allclose([ours[j].accuracy for j in voting], accuracies)


@given(st.integers(1, 1000), st.data())
def test_wilsons_interval_holds_the_share_and_stays_in_zero_to_one(n, data):
    right = data.draw(st.integers(0, n))
    low, high = wilson(right, n)
    assert 0 <= low <= right / n + 1e-12
    assert right / n - 1e-12 <= high <= 1

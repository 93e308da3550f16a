"""The law book of analysis: by hand, beside snorkel's `LFAnalysis`, and what holds for any votes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from snorkel.labeling import LFAnalysis

from data.schema import Task
from labeling.analysis import analyze, wilson
from labeling.votes import Votes

# snorkel 0.10's LFAnalysis calls scipy's diags the way that scipy is about to change.
OLD_SCIPY_CALL = pytest.mark.filterwarnings("ignore:Input has data type int:FutureWarning")


def task(count, kind="single"):
    return Task("topic", tuple(f"l{i}" for i in range(count)), ("",) * count, kind)


def votes(values, of):
    values = np.asarray(values, of.vote_dtype)
    ids = tuple(f"t{row}" for row in range(len(values)))
    return Votes(of, ids, tuple(f"f{column}" for column in range(values.shape[1])), values)


@st.composite
def any_votes(draw, least_tickets=0, least_lfs=1):
    """Votes on up to 10 tickets by up to 5 functions; some tickets and functions have none at all."""
    shape = draw(st.tuples(st.integers(least_tickets, 10), st.integers(least_lfs, 5)))
    count = draw(st.integers(2, 5))
    values = draw(arrays(np.int64, shape, elements=st.integers(-1, count - 1)))
    values[draw(arrays(bool, shape[0]))] = -1
    values[:, draw(arrays(bool, shape[1]))] = -1
    return votes(values, task(count))


def gold_of(made, elements):
    """Gold label ids of all tickets, drawn."""
    return arrays(np.int64, len(made.ticket_ids), elements=elements)


def answers(made, gold):
    return {ticket_id: (int(label),) for ticket_id, label in zip(made.ticket_ids, gold) if label >= 0}


def figures(reports):
    return [(r.polarity, r.coverage, r.overlaps, r.conflicts, r.gold_votes, r.accuracy) for r in reports]


# By hand

#            money courier thanks silent
HAND = [
    [0, -1, -1, -1],
    [0, 1, -1, -1],
    [-1, 1, 1, -1],
    [-1, -1, 2, -1],
    [-1, -1, -1, -1],
    [2, 1, 2, -1],
    [-1, 1, -1, -1],
    [0, -1, 2, -1],
]
TOPIC = Task("topic", ("refund", "delivery", "praise"), ("",) * 3)
HAND_VOTES = Votes(
    TOPIC,
    tuple(f"t{row}" for row in range(8)),
    ("money", "courier", "thanks", "silent"),
    np.array(HAND, np.int8),
)
HAND_GOLD = np.array([0, 1, 1, 2, 0, 2, 1, 0])


def test_the_figures_of_eight_tickets_by_hand():
    reports = analyze(HAND_VOTES)
    assert [r.name for r in reports] == ["money", "courier", "thanks", "silent"]
    polarities = [("refund", "praise"), ("delivery",), ("delivery", "praise"), ()]
    assert [r.polarity for r in reports] == polarities
    assert [r.coverage for r in reports] == [0.5, 0.5, 0.5, 0]
    assert [r.overlaps for r in reports] == [0.375, 0.375, 0.375, 0]
    assert [r.conflicts for r in reports] == [0.375, 0.25, 0.25, 0]
    assert [(r.gold_votes, r.accuracy, r.interval) for r in reports] == [(0, None, None)] * 4


def test_the_accuracies_of_eight_tickets_by_hand():
    reports = analyze(HAND_VOTES, answers(HAND_VOTES, HAND_GOLD))
    assert [(r.gold_votes, r.accuracy) for r in reports] == [(4, 0.75), (4, 0.75), (4, 0.75), (0, None)]
    some = analyze(HAND_VOTES, answers(HAND_VOTES, HAND_GOLD[:6]))
    assert [(r.gold_votes, r.accuracy) for r in some] == [(3, 2 / 3), (3, 2 / 3), (3, 1), (0, None)]
    assert [r.interval for r in some] == [wilson(2, 3), wilson(2, 3), wilson(3, 3), None]


@OLD_SCIPY_CALL
def test_the_same_figures_come_out_of_snorkels_summary():
    summary = LFAnalysis(np.array(HAND)).lf_summary(HAND_GOLD)
    reports = analyze(HAND_VOTES, answers(HAND_VOTES, HAND_GOLD))
    assert summary["Polarity"].tolist() == [[TOPIC.ids[label] for label in r.polarity] for r in reports]
    for column, field in (("Coverage", "coverage"), ("Overlaps", "overlaps"), ("Conflicts", "conflicts")):
        assert summary[column].tolist() == [getattr(r, field) for r in reports]
    assert (summary["Correct"] + summary["Incorrect"]).tolist() == [r.gold_votes for r in reports]
    assert summary["Correct"].tolist() == [3, 3, 3, 0]
    assert summary["Emp. Acc."].tolist()[:3] == [r.accuracy for r in reports[:3]]


# Beside snorkel, on any votes


@OLD_SCIPY_CALL
@settings(deadline=None, max_examples=150)
@given(any_votes(least_tickets=1))
def test_polarity_coverage_overlaps_and_conflicts_equal_snorkels(made):
    reports, theirs = analyze(made), LFAnalysis(made.values.astype(int))
    assert [[made.task.ids[label] for label in r.polarity] for r in reports] == theirs.lf_polarities()
    assert [r.coverage for r in reports] == theirs.lf_coverages().tolist()
    assert [r.overlaps for r in reports] == theirs.lf_overlaps().tolist()
    assert [r.conflicts for r in reports] == theirs.lf_conflicts().tolist()


@settings(deadline=None, max_examples=150)
@given(any_votes(), st.data())
def test_accuracy_equals_snorkels_on_the_tickets_that_have_gold(made, data):
    gold = data.draw(gold_of(made, st.integers(-1, len(made.task.labels) - 1)))
    held = made.values[gold >= 0].astype(int)
    theirs = LFAnalysis(held).lf_empirical_accuracies(gold[gold >= 0])
    for column, report in enumerate(analyze(made, answers(made, gold))):
        assert report.gold_votes == (held[:, column] >= 0).sum()
        if report.gold_votes:
            assert report.accuracy == pytest.approx(theirs[column])


@OLD_SCIPY_CALL
def test_figures_equal_snorkels_beyond_127_labels():
    made = votes([[150, 199], [150, 150], [-1, 128], [127, 127]], task(200))
    reports, theirs = analyze(made, {"t0": (150,), "t2": (199,)}), LFAnalysis(made.values.astype(int))
    assert [r.polarity for r in reports] == [("l127", "l150"), ("l127", "l128", "l150", "l199")]
    assert [r.conflicts for r in reports] == theirs.lf_conflicts().tolist() == [0.25, 0.25]
    assert [r.accuracy for r in reports] == [1, 0]


# Where it differs from snorkel on purpose


def test_accuracy_is_none_without_a_gold_vote_where_snorkel_says_zero():
    silent = np.array([[-1, 0], [-1, 1]])
    assert LFAnalysis(silent).lf_empirical_accuracies(np.array([0, 1])).tolist() == [0, 1]
    reports = analyze(votes(silent, task(2)), {"t0": (0,), "t1": (1,)})
    assert [(r.accuracy, r.interval, r.gold_votes) for r in reports] == [
        (None, None, 0),
        (1, wilson(2, 2), 2),
    ]


def test_a_vote_on_a_ticket_without_gold_does_not_count_where_snorkel_takes_it_for_wrong():
    values, gold = np.array([[0], [1], [1]]), np.array([0, -1, 1])
    assert LFAnalysis(values).lf_empirical_accuracies(gold)[0] == pytest.approx(2 / 3)
    made = votes(values, task(2))
    assert [(r.accuracy, r.gold_votes) for r in analyze(made, answers(made, gold))] == [(1, 2)]


def test_a_pool_without_tickets_has_figures_of_zero_where_snorkel_divides_by_zero():
    empty = votes(np.empty((0, 2)), task(2))
    assert figures(analyze(empty, {"elsewhere": (0,)})) == [((), 0, 0, 0, 0, None)] * 2
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(LFAnalysis(np.empty((0, 2), int)).lf_coverages()).all()


def test_no_functions_are_no_reports_where_snorkel_fails():
    assert analyze(votes(np.empty((3, 0)), task(2)), {"t0": (0,)}) == []
    with pytest.raises(ValueError, match="zero-size"):
        LFAnalysis(np.empty((3, 0), int)).lf_conflicts()


def test_a_multi_label_vote_is_right_when_its_label_is_among_the_gold_ones():
    made = votes([[0, 1], [0, 2], [2, -1], [1, 0]], task(3, "multi"))
    first, second = analyze(made, {"t0": (0, 1), "t1": (1, 2), "t2": ()})
    assert (first.gold_votes, first.accuracy) == (3, 1 / 3)
    assert (second.gold_votes, second.accuracy) == (2, 1)


# Whatever the votes


@settings(deadline=None)
@given(any_votes(), st.data())
def test_conflicts_are_overlaps_and_overlaps_are_covered(made, data):
    gold = data.draw(gold_of(made, st.integers(-1, len(made.task.labels) - 1)))
    for report in analyze(made, answers(made, gold)):
        assert 0 <= report.conflicts <= report.overlaps <= report.coverage <= 1
        assert bool(report.polarity) == (report.coverage > 0)
        assert (report.accuracy is None) == (report.interval is None) == (report.gold_votes == 0)
        if report.accuracy is not None and report.interval is not None:
            low, high = report.interval
            assert 0 <= low <= report.accuracy + 1e-12
            assert report.accuracy - 1e-12 <= high <= 1


@settings(deadline=None)
@given(any_votes(), st.data())
def test_permuting_tickets_changes_nothing_and_permuting_functions_permutes_the_reports(made, data):
    gold = answers(made, data.draw(gold_of(made, st.integers(-1, len(made.task.labels) - 1))))
    rows = data.draw(st.permutations(range(len(made.ticket_ids))))
    columns = data.draw(st.permutations(range(len(made.lf_names))))
    values = made.values[np.array(rows, int)][:, columns]
    ids, names = tuple(made.ticket_ids[i] for i in rows), tuple(made.lf_names[j] for j in columns)
    before = analyze(made, gold)
    assert analyze(Votes(made.task, ids, names, values), gold) == [before[j] for j in columns]


@settings(deadline=None)
@given(any_votes(), st.integers(0, 5))
def test_a_function_that_never_votes_changes_nothing_for_the_others(made, at):
    at = min(at, len(made.lf_names))
    beside = votes(np.insert(made.values, at, -1, axis=1), made.task)
    reports = figures(analyze(beside))
    assert reports.pop(at) == ((), 0, 0, 0, 0, None)
    assert reports == figures(analyze(made))


@settings(deadline=None)
@given(any_votes())
def test_a_lone_function_has_no_overlaps_and_two_alike_overlap_without_conflict(made):
    one = made.values[:, :1]
    (alone,) = analyze(votes(one, made.task))
    assert (alone.overlaps, alone.conflicts) == (0, 0)
    for report in analyze(votes(np.hstack([one, one]), made.task)):
        assert (report.overlaps, report.conflicts) == (alone.coverage, 0)


@settings(deadline=None)
@given(any_votes())
def test_a_function_is_always_right_where_its_own_votes_are_gold(made):
    gold = answers(made, made.values[:, 0])
    report = analyze(made, gold)[0]
    assert report.gold_votes == len(gold)
    assert report.accuracy == (1 if gold else None)

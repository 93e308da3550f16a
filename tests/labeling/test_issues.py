"""Label issues: planted noise is found, and nothing is said where nothing is known."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from data.errors import LabelingError
from data.schema import Task
from labeling.issues import label_issues, label_quality
from labeling.votes import SoftLabels

THREE = Task("three", ("a", "b", "c"), ("",) * 3)
TOPICS = Task("topics", ("card", "loan"), ("a card", "a loan"), "multi")


def soft(task, probs, covered=None):
    probs = np.array(probs, np.float32)
    covered = np.ones(len(probs), bool) if covered is None else covered
    return SoftLabels(task, tuple(f"t{i:03}" for i in range(len(probs))), probs, covered)


def planted(n=400, flips=40):
    """Three clouds of points, some labels flipped: (given labels, out-of-sample probs, flipped rows)."""
    rng = np.random.default_rng(7)
    true = rng.integers(0, 3, n)
    points = np.eye(3)[true] * 6 + rng.normal(size=(n, 3))
    flipped = rng.choice(n, flips, replace=False)
    given = true.copy()
    given[flipped] = (true[flipped] + rng.integers(1, 3, flips)) % 3
    probs = cross_val_predict(LogisticRegression(), points, given, method="predict_proba", cv=5)
    return true, given, probs, {f"t{row:03}" for row in flipped}


def test_planted_noise_is_found_with_the_right_suggestion():
    true, given, probs, flipped = planted()
    issues = label_issues(soft(THREE, np.eye(3)[given]), probs)
    worst = [issue.ticket_id for issue in issues[: len(flipped)]]
    assert sum(ticket_id in flipped for ticket_id in worst) >= 0.9 * len(flipped)
    found = [issue for issue in issues if issue.ticket_id in flipped]
    assert len(found) >= 0.9 * len(flipped)
    right = [THREE.labels[true[int(issue.ticket_id[1:])]] == issue.suggested for issue in found]
    assert np.mean(right) > 0.95
    for issue in issues:
        assert issue.given == THREE.labels[given[int(issue.ticket_id[1:])]] != issue.suggested
        assert (issue.task, issue.kind) == ("three", "label")


def test_the_worst_come_first_and_quality_lies_in_zero_to_one():
    _, given, probs, _ = planted()
    qualities = [issue.label_quality for issue in label_issues(soft(THREE, np.eye(3)[given]), probs)]
    assert qualities == sorted(qualities)
    assert 0 <= qualities[0] <= qualities[-1] <= 1


def test_uncovered_tickets_are_never_flagged_and_do_not_change_the_others():
    _, given, probs, flipped = planted()
    covered = np.array([f"t{row:03}" not in flipped or row % 2 == 0 for row in range(len(given))])
    issues = label_issues(soft(THREE, np.eye(3)[given], covered), probs)
    assert issues
    assert all(covered[int(issue.ticket_id[1:])] for issue in issues)
    rows = np.flatnonzero(covered)
    alone = SoftLabels(
        THREE, tuple(f"t{r:03}" for r in rows), np.eye(3)[given][rows], np.ones(len(rows), bool)
    )
    assert label_issues(alone, probs[rows]) == issues


def test_a_single_class_or_no_cover_at_all_gives_no_issues():
    probs = np.tile([0.1, 0.8, 0.1], (20, 1))
    assert label_issues(soft(THREE, np.eye(3)[[0] * 20]), probs) == []
    assert label_issues(soft(THREE, np.eye(3)[[0, 1] * 10], np.zeros(20, bool)), probs) == []
    assert label_issues(soft(THREE, np.empty((0, 3))), np.empty((0, 3))) == []


def test_a_label_that_nobody_was_given_is_not_suggested():
    _, given, probs, _ = planted()
    two = np.where(given == 2, 0, given)
    issues = label_issues(soft(THREE, np.eye(3)[two]), probs)
    assert {issue.suggested for issue in issues} <= {"a", "b"}


@pytest.mark.parametrize("labels", [[0] * 30 + [1], [0] * 30 + [1, 2], [0, 1], [0, 1, 2]])
def test_rare_labels_raise_no_warning(labels):
    probs = np.tile([0.9, 0.05, 0.05], (len(labels), 1))
    label_issues(soft(THREE, np.eye(3)[labels]), probs)


def test_on_a_multi_label_task_labels_are_missing_or_surplus():
    holds = np.array([[1, 0]] * 20 + [[0, 1]] * 20)
    probs = np.where(holds, 0.95, 0.05)
    given = holds.astype(float)
    given[0] = [0, 0]
    given[20] = [1, 1]
    issues = label_issues(soft(TOPICS, given), probs)
    assert {(i.ticket_id, i.given, i.suggested, i.kind) for i in issues} == {
        ("t000", "", "card", "missing"),
        ("t020", "card", "", "surplus"),
    }
    assert all(issue.label_quality < 0.5 for issue in issues)


def test_a_multi_label_task_leaves_uncovered_tickets_alone():
    given = np.full((40, 2), 0.5)
    given[:20] = [[1, 0], [0, 1]] * 10
    covered = np.arange(40) < 20
    assert (
        label_issues(soft(TOPICS, given, covered), np.where(given == 0.5, 0.01, np.abs(given - 0.05))) == []
    )


def test_predictions_of_another_shape_are_an_error():
    labels = soft(THREE, np.eye(3)[[0, 1, 2]])
    for shape in ((3, 2), (4, 3), (2, 3)):
        with pytest.raises(LabelingError, match=r"predictions on 'three' have shape .*, expected \(3, 3\)"):
            label_issues(labels, np.full(shape, 0.5))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.5, 1.5])
def test_what_is_no_probability_is_refused_with_the_ticket_named(bad):
    labels, probs = soft(THREE, np.eye(3)[[0, 1, 2, 0]]), np.full((4, 3), 1 / 3)
    probs[2, 1] = bad
    for ask in (label_issues, label_quality):
        with pytest.raises(LabelingError, match=r"predictions on 'three' .* 1 tickets have NaN .* t002"):
            ask(labels, probs)
    given = np.eye(3)[[0, 1, 2, 0]]
    given[3, 0] = bad
    with pytest.raises(LabelingError, match=r"given labels on 'three' .* t003"):
        label_issues(soft(THREE, given), np.full((4, 3), 1 / 3))


def test_what_stands_in_uncovered_rows_does_not_matter():
    given, probs = np.eye(3)[[0, 1, 2, 0]], np.full((4, 3), 1 / 3)
    given[3], probs[3] = np.nan, np.nan
    covered = np.array([True, True, True, False])
    assert np.isnan(label_quality(soft(THREE, given, covered), probs)).tolist() == [False] * 3 + [True]
    label_issues(soft(THREE, given, covered), probs)


def test_the_quality_of_a_label_is_the_models_probability_of_it():
    probs = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.4], [0.9, 0.05, 0.05]])
    quality = label_quality(soft(THREE, np.eye(3)[[0, 1, 2, 1]]), probs)
    np.testing.assert_allclose(quality, [0.7, 0.6, 0.4, 0.05], atol=1e-6)
    assert quality.dtype == np.float64


@pytest.mark.parametrize(
    ("score", "balanced"),
    [
        ("self_confidence", False),
        ("self_confidence", True),
        ("normalized_margin", False),
        ("normalized_margin", True),
        ("confidence_weighted_entropy", False),
    ],
)
def test_every_score_ranks_planted_noise_low(score, balanced):
    _, given, probs, flipped = planted()
    quality = label_quality(soft(THREE, np.eye(3)[given]), probs, score=score, balanced=balanced)
    rows = [int(name[1:]) for name in flipped]
    assert quality.min() >= 0 and quality.max() <= 1
    assert np.median(quality[rows]) < np.quantile(np.delete(quality, rows), 0.05)


def test_an_entropy_cannot_be_balanced():
    labels = soft(THREE, np.eye(3)[[0, 1, 2]])
    with pytest.raises(LabelingError, match="cannot be balanced; take self_confidence or normalized_margin"):
        label_quality(labels, np.full((3, 3), 1 / 3), score="confidence_weighted_entropy", balanced=True)


def test_issues_carry_the_quality_of_their_labels():
    _, given, probs, _ = planted()
    labels = soft(THREE, np.eye(3)[given])
    quality = dict(zip(labels.ticket_ids, label_quality(labels, probs).tolist(), strict=True))
    assert all(issue.label_quality == quality[issue.ticket_id] for issue in label_issues(labels, probs))


def test_a_label_without_a_rival_is_not_doubted():
    probs = np.tile([0.1, 0.8, 0.1], (20, 1))
    assert (label_quality(soft(THREE, np.eye(3)[[0] * 20]), probs) == 1).all()
    assert np.isnan(label_quality(soft(THREE, np.eye(3)[[0, 1] * 10], np.zeros(20, bool)), probs)).all()


def test_a_multi_label_task_has_a_quality_of_each_label():
    holds = np.array([[1, 0, 1]] * 20 + [[0, 1, 1]] * 20)
    task = Task("topics", ("card", "loan", "bank"), ("",) * 3, "multi")
    quality = label_quality(soft(task, holds), np.where(holds, 0.9, 0.2))
    assert quality.shape == (40, 3)
    np.testing.assert_allclose(quality[0], [0.9, 0.8, 1])
    assert label_issues(soft(task, holds), np.where(holds, 0.9, 0.2)) == []


def test_planted_noise_is_found_in_a_multi_label_task():
    rng = np.random.default_rng(3)
    true = rng.random((400, 2)) < 0.4
    given, probs = true.copy(), np.clip(np.where(true, 0.85, 0.15) + rng.normal(0, 0.05, (400, 2)), 0, 1)
    rows = rng.choice(400, 30, replace=False)
    given[rows, 0] = ~given[rows, 0]
    found = label_issues(soft(TOPICS, given), probs)
    flipped = {(f"t{row:03}", "card") for row in rows}
    assert {(issue.ticket_id, issue.given or issue.suggested) for issue in found} <= flipped
    assert len(found) >= 0.8 * len(flipped)
    for issue in found:
        was = given[int(issue.ticket_id[1:]), 0]
        assert (issue.kind, issue.given, issue.suggested) == (
            ("surplus", "card", "") if was else ("missing", "", "card")
        )


def test_the_same_input_gives_the_same_issues_and_nothing_is_printed(capfd):
    _, given, probs, _ = planted()
    labels = soft(THREE, np.eye(3)[given])
    assert label_issues(labels, probs) == label_issues(labels, probs)
    assert capfd.readouterr() == ("", "")

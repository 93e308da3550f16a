"""Several reviewers: good ones weigh more, and what they dispute is asked about first."""

import json

import numpy as np
import pytest

from data.errors import LabelingError
from data.schema import Task
from labeling.reviewers import ask_scores, crowd_quality

THREE = Task("three", ("a", "b", "c"), ("",) * 3)
TOPICS = Task("topics", ("card", "loan"), ("", ""), "multi")
SKILL = {"careful": 0.97, "usual": 0.8, "careless": 0.35}


def reviews(n=300, seed=1, skill=SKILL):
    """Ids, true label ids, answers of people (none on the last 50 tickets), probabilities of a model."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 3, n)
    ids = tuple(f"t{i:03}" for i in range(n))
    answers = {
        name: {
            ids[i]: (int(true[i]) if rng.random() < sure else int((true[i] + rng.integers(1, 3)) % 3),)
            for i in range(n - 50)
            if rng.random() < 0.8
        }
        for name, sure in skill.items()
    }
    scores = rng.normal(size=(n, 3)) + 1.5 * np.eye(3)[true]
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return ids, true, answers, probs


def best_of(votes):
    """The labels with most votes."""
    return {label for label in votes if votes.count(label) == max(map(votes.count, votes))}


def both(answers):
    """The same answers to a task of two labels that may both hold: c is both."""
    return {
        name: {i: {0: (0,), 1: (1,), 2: (0, 1)}[label] for i, (label,) in said.items()}
        for name, said in answers.items()
    }


def test_the_consensus_beats_the_majority_and_ranks_reviewers_by_skill():
    ids, true, answers, probs = reviews()
    found = crowd_quality(THREE, answers, ids, probs)
    assert [each.reviewer for each in found.reviewers] == ["careless", "usual", "careful"]
    said = [
        [of[each.ticket_id][0] for of in answers.values() if each.ticket_id in of] for each in found.tickets
    ]
    rights = [int(true[int(each.ticket_id[1:])]) for each in found.tickets]
    joint = np.mean([each.labels == (right,) for each, right in zip(found.tickets, rights, strict=True)])
    majority = np.mean(
        [right in best_of(votes) and 1 / len(best_of(votes)) for votes, right in zip(said, rights)]
    )
    assert joint > majority + 0.05
    assert {each.ticket_id for each in found.tickets} == {i for said in answers.values() for i in said}
    assert all(0 <= each.quality <= 1 and 0 <= each.agreement <= 1 for each in found.tickets)


def test_a_wrong_consensus_has_low_quality():
    ids, true, answers, probs = reviews(600)
    found = crowd_quality(THREE, answers, ids, probs).tickets
    wrong = [each.quality for each in found if each.labels != (int(true[int(each.ticket_id[1:])]),)]
    right = [each.quality for each in found if each.labels == (int(true[int(each.ticket_id[1:])]),)]
    assert wrong and np.median(wrong) < np.quantile(right, 0.3)


def test_counts_and_agreement_are_those_of_the_answers():
    ids, _, answers, probs = reviews()
    for each in crowd_quality(THREE, answers, ids, probs).tickets:
        said = [of[each.ticket_id] for of in answers.values() if each.ticket_id in of]
        assert each.reviewers == len(said)
        assert each.agreement == pytest.approx(np.mean([labels == each.labels for labels in said]))


def test_a_multi_label_task_is_judged_label_by_label():
    ids, true, answers, _ = reviews()
    probs = np.where(np.stack([true != 1, true != 0], axis=1), 0.8, 0.2)
    found = crowd_quality(TOPICS, both(answers), ids, probs)
    right = {0: (0,), 1: (1,), 2: (0, 1)}
    shares = [each.labels == right[int(true[int(each.ticket_id[1:])])] for each in found.tickets]
    assert np.mean(shares) > 0.92
    assert found.reviewers[0].reviewer == "careless" and found.reviewers[-1].reviewer == "careful"
    scores = ask_scores(TOPICS, both(answers), ids, probs)
    assert scores.shape == (300,) and np.isfinite(scores).all()


def test_one_reviewer_alone_stands_as_he_said():
    ids, _, answers, probs = reviews()
    alone = {"careful": answers["careful"], "nobody": {}}
    found = crowd_quality(THREE, alone, ids, probs)
    assert {each.ticket_id: each.labels for each in found.tickets} == answers["careful"]
    assert [each.reviewer for each in found.reviewers] == ["careful"]
    first = found.tickets[0]
    assert first.quality == probs[int(first.ticket_id[1:]), first.labels[0]] and first.agreement == 1
    assert np.isfinite(ask_scores(THREE, alone, ids, probs)).all()


def test_without_reviews_there_is_no_consensus_and_the_unsure_are_asked_first():
    ids, _, _, probs = reviews()
    assert crowd_quality(THREE, {}, ids, probs).tickets == ()
    scores = ask_scores(THREE, {}, ids, probs)
    assert (np.argsort(scores, kind="stable") == np.argsort(probs.max(axis=1), kind="stable")).all()
    assert len(ask_scores(THREE, {}, (), np.empty((0, 3)))) == 0


def test_a_disputed_ticket_is_asked_about_before_an_agreed_one():
    ids, true, _, _ = reviews()
    said = {name: {ids[i]: (int(true[i]),) for i in range(200)} for name in ("one", "two", "three")}
    said["two"][ids[0]] = (int(true[0] + 1) % 3,)
    probs = np.full((300, 3), 0.15)
    probs[np.arange(300), true] = 0.7
    scores = ask_scores(THREE, said, ids, probs)
    assert scores[0] < scores[1:200].min()
    assert scores[200:].max() < scores[1:200].min()


def test_a_tie_without_any_help_falls_to_the_earlier_label_and_not_to_chance():
    said = {"one": {"t": (1,)}, "two": {"t": (0,)}}
    for _ in range(3):
        assert crowd_quality(THREE, said, ("t",), np.full((1, 3), 1 / 3)).tickets[0].labels == (0,)


def test_the_order_of_tickets_and_reviewers_does_not_matter(capfd):
    ids, _, answers, probs = reviews()
    turned = {name: dict(reversed(said.items())) for name, said in reversed(answers.items())}
    order = np.random.default_rng(0).permutation(len(ids))
    again = crowd_quality(THREE, turned, tuple(ids[i] for i in order), probs[order])
    found = crowd_quality(THREE, answers, ids, probs)
    assert again == found
    scores = ask_scores(THREE, turned, tuple(ids[i] for i in order), probs[order])
    np.testing.assert_allclose(scores, ask_scores(THREE, answers, ids, probs)[order])
    json.dumps(found.to_dict())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"one": {"gone": (0,)}}, "1 reviewed tickets have no prediction on 'three': gone"),
        ({"one": {"t000": (3,)}}, r"'one' gave ticket 't000' the label ids \(3,\) .* run from 0 to 2"),
        (
            {"one": {"t000": (0, 1)}},
            "'one' gave ticket 't000' 2 labels in task 'three', which takes exactly one",
        ),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers, said):
    ids, _, _, probs = reviews()
    for ask in (crowd_quality, ask_scores):
        with pytest.raises(LabelingError, match=said):
            ask(THREE, answers, ids, probs)


def test_predictions_that_do_not_fit_are_refused():
    ids, _, answers, probs = reviews()
    with pytest.raises(LabelingError, match="have shape"):
        crowd_quality(THREE, answers, ids, probs[:, :2])
    with pytest.raises(LabelingError, match="hold NaN or values outside"):
        crowd_quality(THREE, answers, ids, np.where(probs > 0.9, np.nan, probs))

"""Soft labels refined by what a model of the texts says."""

import numpy as np
import pytest

from data.schema import Task, against
from labeling.refine import refined
from labeling.votes import SoftLabels, Votes

TONE = Task("tone", ("good", "bad", "none"), ("",) * 3)
ABOUT = Task("about", ("money", "parcel"), ("",) * 2, "multi")


def refine(task, votes, probs, predicted, covered=None):
    ids = tuple(f"t{row}" for row in range(len(probs)))
    covered = np.ones(len(probs), bool) if covered is None else np.array(covered)
    soft = SoftLabels(task, ids, np.array(probs, np.float32), covered)
    values = np.array(votes, task.vote_dtype)
    names = tuple(f"f{j}" for j in range(values.shape[1]))
    found = refined(soft, np.array(predicted, np.float32), Votes(task, ids, names, values))
    assert found.probs.dtype == np.float32 and found.ticket_ids == ids
    assert found.covered.tolist() == covered.tolist()
    return found.probs.tolist()


def test_a_disputed_ticket_gets_the_mean():
    [found] = refine(TONE, [[0, 1, 0]], [[0.6, 0.4, 0]], [[0.1, 0.9, 0]])
    assert found == pytest.approx([0.35, 0.65, 0])


def test_an_agreement_is_not_overruled_but_its_confidence_is_tempered():
    votes, certain = [[0, -1, 0]] * 2, [[0.7, 0.3, 0]] * 2
    found = refine(TONE, votes, certain, [[0.1, 0.9, 0], [0.5, 0.4, 0.1]])
    assert found[0] == pytest.approx([0.7, 0.3, 0])
    assert found[1] == pytest.approx([0.6, 0.35, 0.05])


@pytest.mark.parametrize("votes", [[0, against(0)], [0, 1], [against(1), -1]])
def test_a_vote_against_a_label_or_for_another_is_a_dispute(votes):
    [found] = refine(TONE, [votes], [[0.6, 0.4, 0]], [[0.1, 0.9, 0]])
    assert found == pytest.approx([0.35, 0.65, 0])


def test_a_vote_against_another_label_is_none():
    [found] = refine(TONE, [[0, against(1)]], [[0.6, 0.4, 0]], [[0.1, 0.9, 0]])
    assert found == pytest.approx([0.6, 0.4, 0])


def test_what_is_not_covered_or_not_predicted_stays():
    third = [1 / 3] * 3
    found = refine(
        TONE, [[-1], [0]], [third, [0.8, 0.1, 0.1]], [[0.1, 0.9, 0], [0, 0, 0]], covered=[False, True]
    )
    assert found[0] == pytest.approx(third) and found[1] == pytest.approx([0.8, 0.1, 0.1])


def test_each_label_of_a_multi_label_task_is_refined_alone():
    votes = [[0, -1], [0, against(0)], [against(1), -1]]
    probs = [[0.8, 0.1], [0.6, 0.1], [0.05, 0.1]]
    found = refine(ABOUT, votes, probs, [[0, 0.7], [0, 0.7], [0, 0.95]])
    assert found[0] == pytest.approx([0.8, 0.4]), "all who speak of money say that it holds"
    assert found[1] == pytest.approx([0.3, 0.4])
    assert found[2] == pytest.approx([0.025, 0.525])

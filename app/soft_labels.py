"""Soft labels of all tasks: the label model's, refined by what the texts and the other tasks say."""

from collections.abc import Mapping, Sequence

import numpy as np

from labeling.refine import refined
from labeling.votes import Array, SoftLabels, Votes

# Ticket id → label ids, of each task.
Answers = Mapping[str, Mapping[str, tuple[int, ...]]]
# Half of the tickets foretell the other half: five folds gave the same accuracy at three times the cost.
FOLDS = 2


def refined_by_texts(
    soft: Mapping[str, SoftLabels],
    votes: Mapping[str, Votes],
    texts: Sequence[str],
    embeddings: Array,
    groups: Array,
    answers: Answers,
) -> dict[str, SoftLabels]:
    """The soft labels of each task, the mean of the label model's and of a linear model's out of sample.

    The linear model reads `texts` and their `embeddings` [n_tickets, dim] and the label model's answers
    to the other tasks; it learns from the soft labels, and from people's `answers` where there are
    some. Tickets of one of `groups` [n_tickets] never stand on both sides of a fold.
    """
    from model.probe import answer_features, cross_val_proba, joined, text_features

    if len(np.unique(groups)) < FOLDS:
        return dict(soft)
    words = text_features(texts)
    said = {name: _with_answers(each, answers.get(name, {})) for name, each in soft.items()}
    found = {}
    for name, of_task in soft.items():
        features = joined(words, answer_features(said, name))
        predicted = cross_val_proba(
            of_task.task, embeddings, *said[name], groups, FOLDS, features=features, soft=True
        )
        found[name] = refined(of_task, predicted, votes[name])
    return found


def _with_answers(soft: SoftLabels, answers: Mapping[str, tuple[int, ...]]) -> tuple[Array, Array]:
    """Soft labels with people's in their place [n_tickets, n_labels], and where either is known."""
    probs, known = soft.probs.copy(), soft.covered.copy()
    for row, ticket_id in enumerate(soft.ticket_ids):
        if ticket_id in answers:
            probs[row], known[row] = 0, True
            probs[row, list(answers[ticket_id])] = 1
    return probs, known

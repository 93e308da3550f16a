"""Soft labels of all tasks: the label model's, refined by what the texts and the other tasks say."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from data.config import EncoderSettings, TrainingSettings
from data.schema import Schema
from labeling.refine import refined
from labeling.votes import Array, SoftLabels, Votes

# Ticket id → label ids, of each task.
Answers = Mapping[str, Mapping[str, tuple[int, ...]]]
# Half of the tickets foretell the other half: five folds gave the same accuracy at three times the cost.
FOLDS = 2
# What a transformer learns of a fold: more tickets or epochs cost more than they bring.
MOST_TICKETS, EPOCHS = 8000, 2


def refined_by(
    predicted: Mapping[str, Array], soft: Mapping[str, SoftLabels], votes: Mapping[str, Votes]
) -> dict[str, SoftLabels]:
    """The soft labels of each task, the mean of the label model's and of what is predicted from texts."""
    return {name: refined(of_task, predicted[name], votes[name]) for name, of_task in soft.items()}


def linear_predictions(
    soft: Mapping[str, SoftLabels],
    texts: Sequence[str],
    embeddings: Array,
    groups: Array,
    answers: Answers,
) -> dict[str, Array]:
    """What linear models foretell of the soft labels out of sample: task → float32 [n_tickets, n_labels].

    They read `texts`, their `embeddings` [n_tickets, dim] and the label model's answers to the other
    tasks; they learn from the soft labels, and from people's `answers` where there are some. Tickets
    of one of `groups` [n_tickets] never stand on both sides of a fold.
    """
    from model.probe import answer_features, cross_val_proba, joined, text_features

    words = text_features(texts)
    said = {name: _with_answers(each, answers.get(name, {})) for name, each in soft.items()}
    return {
        name: cross_val_proba(
            of_task.task,
            embeddings,
            *said[name],
            groups,
            FOLDS,
            features=joined(words, answer_features(said, name)),
            soft=True,
        )
        for name, of_task in soft.items()
    }


def transformer_predictions(
    soft: Mapping[str, SoftLabels],
    texts: Sequence[str],
    groups: Array,
    answers: Answers,
    encoder: EncoderSettings,
    training: TrainingSettings,
    progress: Callable[[int], None] = lambda percent: None,
) -> dict[str, Array]:
    """The same, foretold by the multi-task transformer, fine-tuned on up to 8,000 tickets of the other fold.

    `progress` takes percents.
    """
    from model.dataset import training_set
    from model.predict import load_classifier, predict_proba
    from model.train import train_classifier

    schema = Schema(tuple(of_task.task for of_task in soft.values()))
    known = {name: (each.probs, each.covered.astype(np.float32)) for name, each in soft.items()}
    ids = next(iter(soft.values())).ticket_ids
    items = training_set(schema, ids, texts, known, answers, training.review_weight)
    settings = training.model_copy(update={"epochs": EPOCHS})
    found = {name: np.zeros_like(each.probs) for name, each in soft.items()}
    for fold, (rows, held_out) in enumerate(_folds(groups)):
        rows = np.sort(np.random.default_rng(fold).permutation(rows)[:MOST_TICKETS])
        with tempfile.TemporaryDirectory() as folder:
            train_classifier(
                items.take(rows),
                items.take(rows[:0]),
                encoder,
                settings,
                Path(folder),
                partial(_tell, progress, 50 * fold),
            )
            probs = predict_proba(*load_classifier(Path(folder)), [texts[row] for row in held_out])
        for name, of_task in probs.items():
            found[name][held_out] = of_task
        progress(50 * (fold + 1))
    return found


def _tell(progress: Callable[[int], None], before: int, done: int, total: int) -> None:
    progress(before + 40 * done // max(1, total))


def _folds(groups: Array) -> Iterator[tuple[Array, Array]]:
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    yield from folds.split(groups, groups=groups)


def _with_answers(soft: SoftLabels, answers: Mapping[str, tuple[int, ...]]) -> tuple[Array, Array]:
    """Soft labels with people's in their place [n_tickets, n_labels], and where either is known."""
    probs, known = soft.probs.copy(), soft.covered.copy()
    for row, ticket_id in enumerate(soft.ticket_ids):
        if ticket_id in answers:
            probs[row], known[row] = 0, True
            probs[row, list(answers[ticket_id])] = 1
    return probs, known

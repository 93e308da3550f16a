"""The label model of this project: each labeling function is judged by what the others say."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Literal, Self

import numpy as np
from threadpoolctl import ThreadpoolController

from data.errors import LabelingError, listed, near
from data.schema import ABSTAIN, Task, against
from labeling.label_models.base import Contribution, LabelModel, Reviewed, check_same_functions
from labeling.label_models.judgement import Judged, Question, judge
from labeling.votes import Array, Votes

Balance = Literal["estimated", "uniform"] | Mapping[str, float]


class AgreementModel(LabelModel):
    """Naive Bayes over votes, with accuracies learned from the agreement with other functions.

    A vote of accuracy a leaves its label with probability a, and shares the rest among the others by
    the class balance; with `task.precedence`, the labels that stand before it get three times their
    share. Accuracies come from expectation maximisation that starts at majority vote (Dawid and Skene,
    1979), with changes. A function is judged on tickets where others vote, by what these say without
    it; where they are unsure, a disagreement counts for less (a method of moments). It is drawn
    towards the accuracy that all functions share, so that little evidence decides little. Functions
    that repeat each other count as much as one of them does, unless they vote on nearly every ticket:
    then they are the majority that they are held against. The class balance is estimated once, from
    majority vote: re-estimated in every step it makes models collapse onto one label.

    A unanimous vote is never contradicted, unless reviewed tickets show that those who cast it are
    wrong; a ticket that nobody votes on for any label stays uncovered. The fit costs what the distinct
    rows of votes cost. On a multi-label task each label is judged alone, and only where somebody votes
    against it can accuracies be learned: until then a vote is right four times in five.

    `balance` is "estimated", "uniform", or label → share. `start` are the accuracies of an earlier fit,
    as `state` gives them.

    >>> from labeling.toy import TOY
    >>> AgreementModel().fit(TOY).predict_proba(TOY).answers()
    [(0,), (1,), (0,), (0,), (1,)]
    """

    def __init__(
        self, *, balance: Balance = "estimated", start: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        self._balance = balance
        self._start = start or {}
        self._lf_names: tuple[str, ...] = ()
        self._judged: list[Judged] = []

    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        self._lf_names = votes.lf_names
        balance = _given_balance(self._balance, votes.task)
        truths = _truths(votes, reviewed or {})
        with _one_thread():
            self._judged = [
                judge(question, truth, balance, self._first_guess(question))
                for question, truth in zip(_questions(votes), truths, strict=True)
            ]
        return self

    def _first_guess(self, question: Question) -> Array:
        """Accuracy of each opinion before anything is seen: that of an earlier fit, where there is one."""
        said = [
            self._start.get(self._lf_names[lf], {}).get(question.vote_name(vote), question.shared_accuracy)
            for lf, vote in zip(question.opinions.lf, question.opinions.vote, strict=True)
        ]
        return np.array(said, float)

    def state(self) -> dict[str, dict[str, float]]:
        """Accuracy of each function's votes, by what it votes ("billing"), for a later fit to start from."""
        found: dict[str, dict[str, float]] = {name: {} for name in self._lf_names}
        for judged in self._judged:
            for lf, vote, accuracy in zip(judged.opinions.lf, judged.opinions.vote, judged.accuracy):
                found[self._lf_names[lf]][judged.question.vote_name(vote)] = round(float(accuracy), 6)
        return found

    def weights(self) -> dict[str, float]:
        right, cast = np.zeros((2, len(self._lf_names)))
        for judged in self._judged:
            np.add.at(right, judged.opinions.lf, judged.votes * judged.accuracy)
            np.add.at(cast, judged.opinions.lf, judged.votes)
        return dict(zip(self._lf_names, (right / np.maximum(cast, 1e-9)).tolist(), strict=True))

    def explain(self, votes: Votes, ticket_id: str) -> list[Contribution]:
        self._check(votes)
        if ticket_id not in votes.ticket_ids:
            raise LabelingError(f"no ticket '{ticket_id}' among the votes on task '{votes.task.name}'")
        row = [votes.ticket_ids.index(ticket_id)]
        return [
            contribution
            for judged, question in zip(self._judged, _questions(votes), strict=True)
            for contribution in judged.contributions(question.values[row], self._lf_names)
        ]

    def _probs(self, votes: Votes) -> Array:
        self._check(votes)
        with _one_thread():
            answers = [
                judged.probs(question.values)
                for judged, question in zip(self._judged, _questions(votes), strict=True)
            ]
        return np.stack([each[:, 1] for each in answers], axis=1) if votes.task.multi else answers[0]

    def _check(self, votes: Votes) -> None:
        check_same_functions("the agreement model", self._lf_names, votes)


@lru_cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _one_thread() -> AbstractContextManager[object]:
    """Matrices are small: two threads of BLAS take longer than one, much longer on a busy machine."""
    return _threads().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


def _questions(votes: Votes) -> Iterator[Question]:
    task = votes.task
    if not task.multi:
        yield Question(votes.values, task.labels, task.precedence)
        return
    for i, label in enumerate(task.labels):
        holds = np.where(votes.values == i, 1, ABSTAIN)
        values = np.where(votes.values == against(i), 0, holds).astype(task.vote_dtype)
        yield Question(values, (f"not {label}", label), False, label)


def _truths(votes: Votes, reviewed: Reviewed) -> list[Array]:
    """For each question the reviewed label's id [n], −1 where nobody reviewed."""
    if not reviewed:
        questions = len(votes.task.labels) if votes.task.multi else 1
        return [np.full(len(votes.ticket_ids), ABSTAIN)] * questions
    answers = [reviewed.get(ticket_id) for ticket_id in votes.ticket_ids]
    if not votes.task.multi:
        return [np.array([ABSTAIN if not each else each[0] for each in answers], int)]
    return [
        np.array([ABSTAIN if each is None else int(label in each) for each in answers], int)
        for label in range(len(votes.task.labels))
    ]


def _given_balance(balance: Balance, task: Task) -> Array | None:
    """Shares [n_labels] that add up to 1; None where they are to be estimated."""
    labels = len(task.labels)
    if isinstance(balance, str):
        return np.full(labels, 1 / labels) if balance == "uniform" else None
    for label in balance:
        if label not in task.ids:
            raise LabelingError(
                f"class balance of task '{task.name}' names '{label}'; labels are "
                f"{listed(task.labels, 20)}{near(label, task.labels)}"
            )
    shares = np.array([balance.get(label, 0.0) for label in task.labels], float)
    if not np.isfinite(shares).all() or (shares <= 0).any():
        raise LabelingError(
            f"class balance of task '{task.name}' needs a share above 0 for each of "
            f"{listed(task.labels, 20)}, got {dict(balance)}"
        )
    return np.asarray(shares / shares.sum())

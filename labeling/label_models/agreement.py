"""The label model of this project: each labeling function is judged by what the others say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from threadpoolctl import threadpool_limits

from data.errors import LabelingError, listed, near
from data.schema import ABSTAIN, Task, against
from labeling.analysis import wilson
from labeling.label_models.base import (
    UNVOTED,
    VOTE_IS_RIGHT,
    Contribution,
    LabelModel,
    Reviewed,
    check_same_functions,
)
from labeling.label_models.opinions import Opinions, chunks, redundancy
from labeling.label_models.vote_patterns import VotePatterns
from labeling.votes import Array, Votes

Balance = Literal["estimated", "uniform"] | Mapping[str, float]
# What the functions of a task are taken to have in common, and how many votes' worth of evidence it takes
# to move one of them half of the way from there to what is seen of it.
SHARED_ACCURACY = 0.75
PATIENCE = 200.0
# Beyond so many votes, agreement tells no more about a function: what is left to doubt is the model.
MOST_EVIDENCE = 2000.0
# A reviewed ticket says as much about a function as so many tickets on which others agree with it.
REVIEW_COUNTS = 20.0
FEWEST_REVIEWED = 5
# With precedence, how much likelier a ticket that got a vote for a later label has an earlier one.
EARLIER = 3.0
HIGHEST = 0.97
# How much surer than chance of what it says a vote is taken to be at the least.
MARGIN = 0.01
# By how much, in log-odds, what everybody says stands before the next label at the least.
UNANIMOUS = 0.1
STEPS = 6
STILL = 2e-3
# How much of a drift away from the balance is held back: majority vote may be wrong about it.
DRIFT_HELD = 0.5
MOST_VOTES = 50_000


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
        self._judged: list[_Judged] = []

    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        self._lf_names = votes.lf_names
        balance = _given_balance(self._balance, votes.task)
        truths = _truths(votes, reviewed or {})
        # Matrices are small: two threads of BLAS take longer than one, much longer on a busy machine.
        with threadpool_limits(1, "blas"):
            self._judged = [
                _judge(question, truth, balance, self._first_guess(question))
                for question, truth in zip(_questions(votes), truths, strict=True)
            ]
        return self

    def _first_guess(self, question: "_Question") -> Array:
        """Accuracy of each opinion before anything is seen: that of an earlier fit, where there is one."""
        shared = VOTE_IS_RIGHT if question.label else SHARED_ACCURACY
        said = [
            self._start.get(self._lf_names[lf], {}).get(question.vote_name(vote), shared)
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
        with threadpool_limits(1, "blas"):
            answers = [
                judged.probs(question.values)
                for judged, question in zip(self._judged, _questions(votes), strict=True)
            ]
        return np.stack([each[:, 1] for each in answers], axis=1) if votes.task.multi else answers[0]

    def _check(self, votes: Votes) -> None:
        check_same_functions("the agreement model", self._lf_names, votes)


@dataclass(frozen=True)
class _Question:
    """Votes on one choice among labels: a single-label task, or whether one label of many holds.

    `values` [n, n_lfs] as in Votes; for a label of a multi-label task 0 says that it does not hold,
    1 that it does, and `label` is its name.
    """

    values: Array
    labels: tuple[str, ...]
    precedence: bool
    label: str = ""

    @property
    def opinions(self) -> Opinions:
        return Opinions.of(self.values, len(self.labels))

    def vote_name(self, vote: int) -> str:
        return self.labels[vote] if vote >= 0 else f"not {self.labels[against(vote)]}"


def _questions(votes: Votes) -> Iterator[_Question]:
    task = votes.task
    if not task.multi:
        yield _Question(votes.values, task.labels, task.precedence)
        return
    for i, label in enumerate(task.labels):
        holds = np.where(votes.values == i, 1, ABSTAIN)
        values = np.where(votes.values == against(i), 0, holds).astype(task.vote_dtype)
        yield _Question(values, (f"not {label}", label), False, label)


@dataclass(frozen=True)
class _Judged:
    """What was learned about the opinions on one question.

    `votes`, `accuracy` float [n_opinions]; `evidence` float [n_opinions, n_labels]: what one vote adds
    to the log-odds of each label.
    """

    question: _Question
    opinions: Opinions
    votes: Array
    accuracy: Array
    evidence: Array
    redundancy: Array
    balance: Array
    shown_wrong: Array

    def shares(self, cast: Array) -> Array:
        """float32 [n, n_opinions]: each vote cast, divided among those that repeat it on the ticket."""
        repeating = np.flatnonzero(self.redundancy.any(axis=1))
        shares = cast.copy()
        shares[:, repeating] /= 1 + cast[:, repeating] @ self.redundancy[np.ix_(repeating, repeating)]
        return shares

    def scores(self, shares: Array) -> Array:
        """Unscaled log-probabilities [n, n_labels]."""
        return np.asarray(shares @ self.evidence + np.log(self.balance))

    def probs(self, values: Array) -> Array:
        """Posterior [n, n_labels] for rows of votes."""
        patterns = VotePatterns.of(values)
        probs = np.concatenate(
            [np.empty((0, len(self.balance))), *(self._posterior(part) for part, _ in chunks(patterns))]
        )
        return np.asarray(probs[patterns.pattern_of])

    def _posterior(self, values: Array) -> Array:
        cast = self.opinions.cast(values)
        scores = self.scores(self.shares(cast))
        return _softmax(scores + self.lift(cast, scores))

    def lift(self, cast: Array, scores: Array) -> Array:
        """What a label that everybody votes for lacks to be the best answer: float [n, n_labels].

        Nobody of those who vote for it may have been shown wrong by reviewed tickets, or vote against it.
        """
        in_favour = self.opinions.vote >= 0
        voted = cast[:, in_favour] @ self.opinions.allows[in_favour]
        label = voted.argmax(axis=1)
        allowed = cast @ self.opinions.allows
        row = np.arange(len(cast))
        unanimous = (voted[row, label] > 0) & (allowed[row, label] == cast.sum(axis=1))
        unanimous &= ~(cast[:, self.shown_wrong] > 0).any(axis=1)
        rivals = scores.copy()
        rivals[row, label] = -np.inf
        lacking = np.maximum(rivals.max(axis=1) + UNANIMOUS - scores[row, label], 0)
        lifted = np.zeros_like(scores)
        lifted[row, label] = np.where(unanimous, lacking, 0)
        return lifted

    def contributions(self, values: Array, lf_names: Sequence[str]) -> Iterator[Contribution]:
        """Those of one row of votes [1, n_lfs], the class balance first."""
        cast = self.opinions.cast(values)
        shares = self.shares(cast)[0]
        yield self._contribution("class balance", "", np.log(self.balance))
        for at in np.flatnonzero(shares):
            name, vote = lf_names[self.opinions.lf[at]], self.question.vote_name(self.opinions.vote[at])
            yield self._contribution(name, vote, shares[at] * self.evidence[at])
        lift = self.lift(cast, self.scores(shares[None]))[0]
        if lift.any():
            yield self._contribution("all votes agree", "", lift)

    def _contribution(self, name: str, vote: str, log_odds: Array) -> Contribution:
        return Contribution(name, vote, dict(zip(self.question.labels, log_odds.tolist(), strict=True)))


def _judge(question: _Question, truth: Array, given: Array | None, first_guess: Array) -> _Judged:
    """Fits one question: `truth` int [n] is the reviewed label's id, −1 where nobody reviewed."""
    labels = len(question.labels)
    opinions = question.opinions
    patterns = VotePatterns.of(question.values).take(MOST_VOTES)
    balance = _balance(question, opinions, patterns, given)
    wrong = _where_wrong(opinions, balance, question.precedence)
    right, reviewed = _reviewed_votes(opinions, question.values, truth)
    judged = _Judged(
        question=replace(question, values=question.values[:0]),
        opinions=opinions,
        votes=sum(
            (counts @ opinions.cast(part) for part, counts in chunks(patterns)), np.zeros(len(opinions))
        ),
        accuracy=first_guess,
        evidence=np.empty((0, labels)),
        redundancy=redundancy(opinions, patterns, labels),
        balance=balance,
        shown_wrong=_shown_wrong(right, reviewed),
    )
    shared = VOTE_IS_RIGHT if question.label else SHARED_ACCURACY
    one_sided = len(np.unique(opinions.vote)) < 2
    chance = (opinions.allows * balance).sum(axis=1)
    lowest = np.where(judged.shown_wrong, MARGIN, chance + MARGIN * (1 - chance))
    highest = np.maximum(lowest, HIGHEST)
    accuracy = np.clip(first_guess, lowest, highest)
    drift = np.zeros(labels)
    for _ in range(STEPS):
        judged = replace(judged, accuracy=accuracy, evidence=_evidence(opinions, accuracy, balance, wrong))
        if not question.label:
            drift = _drifted(judged, patterns, drift)
        agreed, seen = np.zeros((2, len(opinions))) if one_sided else _agreement(judged, patterns, drift)
        mean = (agreed.sum() + PATIENCE * shared) / (seen.sum() + PATIENCE)
        trusted = np.minimum(1, MOST_EVIDENCE / np.maximum(seen, 1e-9))
        told = agreed * trusted + PATIENCE * mean + REVIEW_COUNTS * right
        accuracy = told / (seen * trusted + PATIENCE + REVIEW_COUNTS * reviewed)
        accuracy = np.clip(accuracy, lowest, highest)
        if np.abs(accuracy - judged.accuracy).max(initial=0) < STILL:
            break
    return replace(judged, accuracy=accuracy, evidence=_evidence(opinions, accuracy, balance, wrong))


def _balance(question: _Question, opinions: Opinions, patterns: VotePatterns, given: Array | None) -> Array:
    """Class balance [n_labels]: the one given, else majority vote's, with every label seen once more.

    A label of a multi-label task that nobody speaks of is unlikely to hold.
    """
    labels = len(question.labels)
    if question.label:
        return np.array([1 - UNVOTED, UNVOTED])
    if given is not None:
        return given
    total = np.ones(labels)
    for values, counts in chunks(patterns):
        covered = (values >= 0).any(axis=1)
        total += (counts * covered) @ opinions.in_favour(values, labels)
    return np.asarray(total / total.sum())


def _where_wrong(opinions: Opinions, balance: Array, precedence: bool) -> Array:
    """Where the truth is when an opinion is wrong: float [n_opinions, n_labels], rows add up to 1."""
    earlier = np.arange(len(balance)) < opinions.allows.argmax(axis=1)[:, None]
    boost = np.where(earlier & (opinions.vote >= 0)[:, None], EARLIER, 1.0) if precedence else 1.0
    shares = np.where(opinions.allows, 0, balance * boost)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))


def _evidence(opinions: Opinions, accuracy: Array, balance: Array, wrong: Array) -> Array:
    """What each vote adds to the log-odds of each label: float [n_opinions, n_labels]."""
    right = np.where(opinions.allows, balance, 0)
    right = right / np.maximum(right.sum(axis=1, keepdims=True), 1e-9)
    given_vote = accuracy[:, None] * right + (1 - accuracy)[:, None] * wrong
    return np.asarray(np.log(np.maximum(given_vote / balance, 1e-6)))


def _agreement(judged: _Judged, patterns: VotePatterns, drift: Array) -> tuple[Array, Array]:
    """Votes' worth of evidence that each opinion was right, and of all evidence: float [n_opinions] each.

    On a ticket with other votes, let q be what they make of it. If the opinion is right, the mean of
    its own label's q is Σq²; if wrong, what is left is spread over the other labels. The accuracy that
    explains q best in least squares is the ratio of the two sums. `drift` is taken from the scores.
    """
    right, seen = np.zeros((2, len(judged.opinions)))
    for values, counts in chunks(patterns):
        cast = judged.opinions.cast(values)
        row, opinion = np.nonzero(cast)
        without, spoke = _what_others_say(judged, cast, row, opinion)
        q = _softmax(without - DRIFT_HELD * drift)
        allows = judged.opinions.allows[opinion]
        if_right = (q**2).sum(axis=1)
        if_wrong = (1 - if_right) / max(1, len(judged.balance) - 1)
        told = if_right - if_wrong
        said = (q * allows).sum(axis=1) / allows.sum(axis=1) - if_wrong
        weight = counts[row] * spoke
        right += np.bincount(opinion, weight * told * said, len(right))
        seen += np.bincount(opinion, weight * told**2, len(seen))
    return right, seen


def _drifted(judged: _Judged, patterns: VotePatterns, drift: Array) -> Array:
    """What has to be taken from the scores for their mean answer to match the balance: float [n_labels].

    A step from the last `drift`. Without it accuracies and answers drift together onto one label.
    """
    mean = np.full(len(judged.balance), 1e-9)
    for values, counts in chunks(patterns):
        scores = judged.scores(judged.shares(judged.opinions.cast(values)))
        mean += (counts * (values >= 0).any(axis=1)) @ _softmax(scores - drift)
    return np.asarray(drift + np.log(mean / mean.sum()) - np.log(judged.balance))


def _what_others_say(judged: _Judged, cast: Array, row: Array, opinion: Array) -> tuple[Array, Array]:
    """For each vote cast, the scores [n_votes, n_labels] without it and without what repeats it; and

    whether anybody else votes on the ticket: bool [n_votes]. What repeats a vote is taken out at the
    strength of that vote.
    """
    shares = judged.shares(cast)
    repeating = np.flatnonzero(judged.redundancy.any(axis=1))
    among = judged.redundancy[np.ix_(repeating, repeating)]
    taken, others = shares.copy(), np.repeat(cast.sum(axis=1, keepdims=True) - 1, cast.shape[1], axis=1)
    taken[:, repeating] += shares[:, repeating] @ among
    others[:, repeating] -= cast[:, repeating] @ (among > 0.5)
    without = judged.scores(shares)[row] - taken[row, opinion, None] * judged.evidence[opinion]
    return without, others[row, opinion] > 0


def _reviewed_votes(opinions: Opinions, values: Array, truth: Array) -> tuple[Array, Array]:
    """How many reviewed tickets each opinion was right on, and how many it spoke on."""
    rows = np.flatnonzero(truth >= 0)
    cast = opinions.cast(values[rows])
    return (cast * opinions.allows[:, truth[rows]].T).sum(axis=0), cast.sum(axis=0)


def _shown_wrong(right: Array, reviewed: Array) -> Array:
    """bool [n_opinions]: reviewed tickets show that it is wrong more often than not."""
    return np.array(
        [n >= FEWEST_REVIEWED and wilson(int(k), int(n))[1] < 0.5 for k, n in zip(right, reviewed)], bool
    )


def _truths(votes: Votes, reviewed: Reviewed) -> list[Array]:
    """For each question the reviewed label's id [n], −1 where nobody reviewed."""
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


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))

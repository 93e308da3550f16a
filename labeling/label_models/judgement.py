"""What the agreement model learns about the opinions on one question, and what they then say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from data.schema import against
from labeling.analysis import wilson
from labeling.label_models.base import UNVOTED, VOTE_IS_RIGHT, Contribution
from labeling.label_models.opinions import Opinions, redundancy
from labeling.label_models.vote_patterns import CHUNK, VotePatterns
from labeling.votes import Array

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
MOST_VOTES = 30_000


@dataclass(frozen=True)
class Question:
    """Votes on one choice among labels: a single-label task, or whether one label of many holds.

    `values` [n, n_lfs] as in Votes; for a label of a multi-label task 0 says that it does not hold,
    1 that it does, and `label` is its name.
    """

    values: Array
    labels: tuple[str, ...]
    precedence: bool
    label: str = ""

    @cached_property
    def patterns(self) -> VotePatterns:
        return VotePatterns.of(self.values)

    @cached_property
    def opinions(self) -> Opinions:
        return Opinions.of(self.patterns.values, len(self.labels))

    @property
    def shared_accuracy(self) -> float:
        """What any vote is taken for before anything is seen of it."""
        return VOTE_IS_RIGHT if self.label else SHARED_ACCURACY

    def vote_name(self, vote: int) -> str:
        return self.labels[vote] if vote >= 0 else f"not {self.labels[against(vote)]}"


@dataclass(frozen=True)
class Judged:
    """What was learned about the opinions on one question.

    `votes`, `accuracy` float [n_opinions]; `evidence` float [n_opinions, n_labels]: what one vote adds
    to the log-odds of each label.
    """

    question: Question
    opinions: Opinions
    votes: Array
    accuracy: Array
    evidence: Array
    redundancy: Array
    balance: Array
    shown_wrong: Array

    def with_accuracy(self, accuracy: Array, wrong: Array) -> "Judged":
        """The same with other accuracies [n_opinions]; `wrong` says where the truth is without them."""
        evidence = _evidence(self.opinions, accuracy, self.balance, wrong)
        return replace(self, accuracy=accuracy, evidence=evidence)

    def shares(self, cast: Array) -> Array:
        """float32 [n, n_opinions]: each vote cast, divided among those that repeat it on the ticket."""
        repeating = np.flatnonzero(self.redundancy.any(axis=1))
        shares = cast.copy()
        shares[:, repeating] /= 1 + cast[:, repeating] @ self.redundancy[np.ix_(repeating, repeating)]
        return shares

    def scores(self, shares: Array) -> Array:
        """Unscaled log-probabilities [n, n_labels]."""
        return np.asarray(shares @ self.evidence.astype(np.float32) + np.log(self.balance).astype(np.float32))

    def probs(self, values: Array) -> Array:
        """Posterior [n, n_labels] for rows of votes."""
        patterns = VotePatterns.of(values)
        probs = np.empty((len(patterns.values), len(self.balance)))
        for start in range(0, len(probs), CHUNK):
            probs[start : start + CHUNK] = self._posterior(patterns.values[start : start + CHUNK])
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


def judge(question: Question, truth: Array, given: Array | None, first_guess: Array) -> Judged:
    """Fits one question.

    `truth` int [n] is the reviewed label's id, −1 where nobody reviewed; `given` the class balance
    [n_labels], None to estimate it; `first_guess` the accuracies [n_opinions] to start from.
    """
    opinions = question.opinions
    patterns = question.patterns.take(MOST_VOTES)
    cast = opinions.cast(patterns.values)
    balance = _balance(question, opinions, cast, patterns.counts, given)
    right, reviewed = _reviewed_votes(opinions, question.values, truth)
    judged = Judged(
        question=replace(question, values=question.values[:0]),
        opinions=opinions,
        votes=patterns.counts @ cast,
        accuracy=first_guess,
        evidence=np.empty((0, len(balance))),
        redundancy=redundancy(opinions, cast, patterns.counts),
        balance=balance,
        shown_wrong=_shown_wrong(right, reviewed),
    )
    wrong = _where_wrong(opinions, balance, question.precedence)
    lowest, highest = _bounds(judged)
    accuracy = np.clip(first_guess, lowest, highest)
    heard = _Heard.of(judged, cast, patterns.counts)
    drift = np.zeros(len(balance))
    for _ in range(STEPS):
        judged = judged.with_accuracy(accuracy, wrong)
        scores = judged.scores(heard.shares)
        if not question.label:
            drift = _drifted(scores, heard, balance, drift)
        agreed, seen = _agreement(judged, heard, scores - DRIFT_HELD * drift)
        mean = (agreed.sum() + PATIENCE * question.shared_accuracy) / (seen.sum() + PATIENCE)
        trusted = np.minimum(1, MOST_EVIDENCE / np.maximum(seen, 1e-9))
        told = agreed * trusted + PATIENCE * mean + REVIEW_COUNTS * right
        accuracy = told / (seen * trusted + PATIENCE + REVIEW_COUNTS * reviewed)
        accuracy = np.clip(accuracy, lowest, highest)
        if np.abs(accuracy - judged.accuracy).max(initial=0) < STILL:
            break
    return judged.with_accuracy(accuracy, wrong)


def _bounds(judged: Judged) -> tuple[Array, Array]:
    """The lowest and the highest accuracy of each opinion: float [n_opinions] each."""
    chance = (judged.opinions.allows * judged.balance).sum(axis=1)
    lowest = np.where(judged.shown_wrong, MARGIN, chance + MARGIN * (1 - chance))
    return lowest, np.maximum(lowest, HIGHEST)


@dataclass(frozen=True)
class _Heard:
    """The votes that a fit reads, in the form that its steps need.

    `shares` float32 [n, n_opinions], `counts` float [n] and `covered` bool [n] (somebody votes for a
    label) are of rows; of each vote cast `row` and `opinion` int [n_votes] say where it stands,
    `repeated` float32 [n_votes] how much of it is in the row's scores, from itself and from those that
    repeat it, and `counted` float [n_votes] on how many tickets others speak beside it.
    """

    shares: Array
    counts: Array
    covered: Array
    row: Array
    opinion: Array
    repeated: Array
    counted: Array

    @classmethod
    def of(cls, judged: Judged, cast: Array, counts: Array) -> "_Heard":
        shares = judged.shares(cast)
        repeating = np.flatnonzero(judged.redundancy.any(axis=1))
        among = judged.redundancy[np.ix_(repeating, repeating)]
        repeated, others = (
            shares.copy(),
            np.repeat(cast.sum(axis=1, keepdims=True) - 1, cast.shape[1], axis=1),
        )
        repeated[:, repeating] += shares[:, repeating] @ among
        others[:, repeating] -= cast[:, repeating] @ (among > 0.5)
        row, opinion = np.nonzero(cast)
        covered = np.asarray(cast[:, judged.opinions.vote >= 0].any(axis=1))
        counted = counts[row] * (others[row, opinion] > 0)
        return cls(shares, counts, covered, row, opinion, repeated[row, opinion], counted)


def _balance(
    question: Question, opinions: Opinions, cast: Array, counts: Array, given: Array | None
) -> Array:
    """Class balance [n_labels]: the one given, else majority vote's, with every label seen once more.

    A label of a multi-label task that nobody speaks of is unlikely to hold.
    """
    if question.label:
        return np.array([1 - UNVOTED, UNVOTED])
    if given is not None:
        return given
    covered = cast[:, opinions.vote >= 0].any(axis=1)
    total = 1 + (counts * covered) @ opinions.in_favour(cast)
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


def _agreement(judged: Judged, heard: _Heard, scores: Array) -> tuple[Array, Array]:
    """Votes' worth of evidence that each opinion was right, and of all evidence: float [n_opinions] each.

    On a ticket with other votes, let q be what they make of it. If the opinion is right, the mean of
    its own label's q is Σq²; if wrong, what is left is spread over the other labels. The accuracy that
    explains q best in least squares is the ratio of the two sums. What repeats a vote is taken out of
    the scores [n, n_labels] with it, at the strength of that vote. Where all opinions are for one label
    nothing can be learned of them.
    """
    opinions = len(judged.opinions)
    if len(np.unique(judged.opinions.vote)) < 2:
        return np.zeros(opinions), np.zeros(opinions)
    q = _softmax(scores[heard.row] - heard.repeated[:, None] * judged.evidence[heard.opinion])
    allows = judged.opinions.allows[heard.opinion]
    if_right = (q**2).sum(axis=1)
    if_wrong = (1 - if_right) / max(1, len(judged.balance) - 1)
    told = if_right - if_wrong
    said = (q * allows).sum(axis=1) / allows.sum(axis=1) - if_wrong
    right = np.bincount(heard.opinion, heard.counted * told * said, opinions)
    return right, np.bincount(heard.opinion, heard.counted * told**2, opinions)


def _drifted(scores: Array, heard: _Heard, balance: Array, drift: Array) -> Array:
    """What has to be taken from the scores for their mean answer to match the balance: float [n_labels].

    A step from the last `drift`. Without it accuracies and answers drift together onto one label.
    """
    mean = 1e-9 + (heard.counts * heard.covered) @ _softmax(scores - drift)
    return np.asarray(drift + np.log(mean / mean.sum()) - np.log(balance))


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


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))

"""Suggestions: phrases that would make good labeling functions, found in labeled tickets."""

import heapq
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from data.errors import LabelingError, listed
from data.schema import Task
from labeling.analysis import wilson
from labeling.pattern import REGEX_PREFIX, phrase_regex
from labeling.phrases import matching_rows, phrases_of
from labeling.votes import Array

MOST_EXAMPLES = 3
NEARLY = 0.9

Source = Literal["reviewed", "predicted"]


@dataclass(frozen=True)
class LabeledText:
    """A ticket's text with the ids of its labels on one task; () where no label of a multi-label task holds.

    `source` says who labeled it: "reviewed" people, "predicted" a confident model.
    """

    ticket_id: str
    text: str
    labels: tuple[int, ...]
    source: Source = "reviewed"


@dataclass(frozen=True)
class Suggestion:
    """A phrase, in the language of `Pattern`, that could vote for `label`.

    Of `n` labeled texts that it matches, `right` hold the label; `reviewed` of the n were labeled by
    people. `precision` is right / n and `low` the lower end of its Wilson 95 % interval.
    `new_coverage` is the share of the pool that it would cover and neither a labeling function nor a
    better suggestion does. All in [0, 1]; `score` = low x new_coverage, high is good. `examples` and
    `counterexamples` are (ticket_id, text) of matches that hold the label and that do not, at most 3.
    """

    label: str
    phrase: str
    n: int
    right: int
    reviewed: int
    precision: float
    low: float
    new_coverage: float
    score: float
    examples: tuple[tuple[str, str], ...]
    counterexamples: tuple[tuple[str, str], ...]


def suggest(
    task: Task,
    labeled: Sequence[LabeledText],
    pool_texts: Sequence[str],
    covered: Array,
    *,
    known: Collection[str] = (),
    most: int = 20,
    at_least: int = 3,
    floor: float = 0.5,
) -> list[Suggestion]:
    """Phrases of one to three words that promise precise votes on uncovered tickets, best first.

    `covered` bool [n_pool] says on which pool texts some labeling function of the task votes.
    Candidates occur in `at_least` labeled texts or more, and in half of those that they match, outside
    handles, links and numbers; phrases of stop words alone and those that a phrase of `known` equals
    ("refund*" equals "refunds") are left out. Evidence is people's where there is enough of it:

    - `at_least` reviewed texts or more match: these alone count, for label, precision and base rate;
    - fewer match: they must all hold one label, and predictions are counted in;
    - none matches: predictions alone count.

    So predictions never outvote people. The label is the one that most of the texts hold; the first
    of equals. A candidate stays when `low` exceeds the label's base rate, that is its share of the
    reviewed texts (of all texts where predictions count), and `floor`: above one half, votes are
    sooner right than wrong, which four matches out of four show and three out of three do not; 0
    asks for the base rate alone. Each choice covers what it matches: the scores of the others are
    taken anew, and one is skipped that covers nothing new, or whose matches are to 90 % those of
    better suggestions for the same label. Raises LabelingError on a label id outside the task, on
    `covered` of another shape and on `at_least` below 1.
    """
    _check(task, labeled, pool_texts, covered, at_least)
    labeled = _people_first(labeled)
    judge = _Judge(labeled, at_least, floor)
    found = _candidates(labeled, at_least)
    judged = [claim for phrase, rows in found if (claim := judge.claim(phrase, rows))]
    pool_rows = matching_rows([claim.phrase for claim in judged], pool_texts)
    chosen = _choose(list(zip(judged, pool_rows)), np.array(covered, bool), known, most)
    return [_suggestion(task, claim, new_coverage) for claim, new_coverage in chosen]


def _candidates(labeled: Sequence[LabeledText], at_least: int) -> Iterator[tuple[str, Array]]:
    """Phrases, in alphabetical order, with the rows of the labeled texts that they match."""
    counts = Counter(phrase for item in labeled for phrase in set(phrases_of(item.text)))
    phrases = sorted(phrase for phrase, count in counts.items() if count >= at_least)
    for phrase, rows in zip(phrases, matching_rows(phrases, [item.text for item in labeled])):
        # A phrase matches in "@airline" and "airline's" too: one that mostly does is no word of the texts.
        if 2 * counts[phrase] >= len(rows):
            yield phrase, rows


@dataclass(frozen=True)
class _Claim:
    """What the labeled texts say of a phrase: the texts that count, and how many of them hold the label."""

    phrase: str
    label: int
    texts: tuple[LabeledText, ...]
    right: int
    low: float


class _Judge:
    """The rule of evidence that `suggest` states; holds the labeled texts and the base rates."""

    def __init__(self, labeled: Sequence[LabeledText], at_least: int, floor: float) -> None:
        self.labeled, self.at_least, self.floor = labeled, at_least, floor
        self.rates = _base_rates([item for item in labeled if item.source == "reviewed"])
        self.rates_with_predictions = _base_rates(labeled)

    def claim(self, phrase: str, rows: Array) -> _Claim | None:
        """The phrase's claim, or None where it is too imprecise or goes against people."""
        texts = [self.labeled[row] for row in rows]
        reviewed = [item for item in texts if item.source == "reviewed"]
        enough = len(reviewed) >= self.at_least
        label, votes = _majority(reviewed or texts)
        if not votes or (not enough and votes < len(reviewed)):
            return None
        counting, rates = (reviewed, self.rates) if enough else (texts, self.rates_with_predictions)
        right = sum(label in item.labels for item in counting)
        low = wilson(right, len(counting))[0]
        if low <= max(rates[label], self.floor):
            return None
        return _Claim(phrase, label, tuple(counting), right, low)


def _people_first(labeled: Sequence[LabeledText]) -> list[LabeledText]:
    """Reviewed texts, then the predicted ones of other tickets."""
    reviewed = [item for item in labeled if item.source == "reviewed"]
    people = {item.ticket_id for item in reviewed}
    return reviewed + [item for item in labeled if item.source != "reviewed" and item.ticket_id not in people]


def _base_rates(labeled: Sequence[LabeledText]) -> dict[int, float]:
    """Label id → share of the texts that hold it."""
    counts = Counter(label for item in labeled for label in set(item.labels))
    return {label: count / len(labeled) for label, count in counts.items()}


def _majority(texts: Sequence[LabeledText]) -> tuple[int, int]:
    """The label that most texts hold, the first of equals, and how many; (−1, 0) where none holds."""
    counts = Counter(label for item in texts for label in set(item.labels))
    return max(counts.items(), key=lambda found: (found[1], -found[0]), default=(-1, 0))


def _choose(
    candidates: Sequence[tuple[_Claim, Array]], covered: Array, known: Collection[str], most: int
) -> list[tuple[_Claim, float]]:
    """The best claims with their new coverage; lazily greedy, after Minoux (1978).

    Each choice sets its rows in `covered`. Scores only fall as coverage grows: one that was taken
    anew and is still the best of all stays so.
    """
    same = _same_phrase(known)
    chosen: list[tuple[_Claim, float]] = []
    taken: dict[int, Array] = {}
    heap = [(-claim.low, claim.phrase, claim, rows) for claim, rows in candidates if len(rows)]
    heapq.heapify(heap)
    while heap and len(chosen) < most:
        _, phrase, claim, rows = heapq.heappop(heap)
        new_coverage = float((~covered[rows]).sum() / len(covered))
        entry = (-claim.low * new_coverage, phrase, claim, rows)
        if heap and entry[:2] > heap[0][:2]:
            heapq.heappush(heap, entry)
            continue
        seen = taken.setdefault(claim.label, np.zeros(len(covered), bool))
        if new_coverage and seen[rows].mean() < NEARLY and not same(phrase):
            chosen.append((claim, new_coverage))
            covered[rows] = seen[rows] = True
    return chosen


def _same_phrase(known: Collection[str]) -> Callable[[str], bool]:
    """Whether a phrase says no more than a known one does; a known regex is no phrase."""
    regexes = [
        re.compile(phrase_regex(phrase), re.IGNORECASE)
        for phrase in known
        if not phrase.startswith(REGEX_PREFIX)
    ]
    return lambda phrase: any(regex.fullmatch(phrase) for regex in regexes)


def _suggestion(task: Task, claim: _Claim, new_coverage: float) -> Suggestion:
    n, right = len(claim.texts), claim.right
    shown: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for item in claim.texts:
        shown[claim.label in item.labels].append((item.ticket_id, item.text))
    return Suggestion(
        label=task.labels[claim.label],
        phrase=claim.phrase,
        n=n,
        right=right,
        reviewed=sum(item.source == "reviewed" for item in claim.texts),
        precision=right / n,
        low=claim.low,
        new_coverage=new_coverage,
        score=claim.low * new_coverage,
        examples=tuple(shown[True][:MOST_EXAMPLES]),
        counterexamples=tuple(shown[False][:MOST_EXAMPLES]),
    )


def _check(
    task: Task, labeled: Sequence[LabeledText], pool_texts: Sequence[str], covered: Array, at_least: int
) -> None:
    problems = []
    if at_least < 1:
        problems.append(f"at_least must be 1 or more, got {at_least}")
    if np.shape(covered) != (len(pool_texts),):
        problems.append(f"covered has shape {np.shape(covered)}, expected ({len(pool_texts)},)")
    outside = [item for item in labeled if not set(item.labels) <= set(range(len(task.labels)))]
    if outside:
        some = listed(f"{item.ticket_id} {item.labels}" for item in outside)
        problems.append(f"label ids are 0 to {len(task.labels) - 1}, got those of tickets {some}")
    if problems:
        raise LabelingError(f"suggestions for task '{task.name}': " + "; ".join(problems))

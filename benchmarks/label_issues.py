"""Flipped labels found: plain cleanlab on embeddings against label issues with all that is at hand.

    python benchmarks/label_issues.py LABELED.jsonl [SEEDS]

A tenth of the labels of every task is flipped, at random (uniform) and again towards the labels that
a cross-validated model most confuses with the right one (confusable). Both sides then rank the same
labels by quality. AUROC is that of flipped against left alone; precision is the share of flipped ones
among as many of the worst as were flipped. Labels that were wrong before count as left alone, so
neither can reach 1. What a task's model may see besides the text are the other tasks' labels, flipped
like its own, and the votes of the shipped labeling functions; no label from before the flips.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from data.cleaning import clean_text
from data.config import SUPPORT_LFS, EncoderSettings
from data.duplicates import duplicate_of, signatures
from data.labels import indicator, read_labels
from data.schema import Task, support_schema
from data.tickets import Ticket, TicketBatch
from labeling.issues import label_quality
from labeling.load import load_lfs
from labeling.voters import Voters
from labeling.votes import SoftLabels
from model.encoder import embed, load_encoder
from model.probe import answer_features, cross_val_proba, joined, text_features, vote_features

Array = np.ndarray[Any, Any]
SHARE, FOLDS, SEEDS = 0.1, 5, 5
PLAIN, OURS = "plain cleanlab", "ours"


@dataclass(frozen=True)
class Bench:
    """The labeled file as both sides see it."""

    tasks: tuple[Task, ...]
    ticket_ids: tuple[str, ...]
    right: Mapping[str, Array]
    embeddings: Array
    groups: Array
    words: csr_matrix
    votes: csr_matrix

    @property
    def everything(self) -> Array:
        return np.ones(len(self.ticket_ids), bool)

    def predict(self, task: Task, labels: Array, *features: csr_matrix) -> Array:
        """Out-of-sample probabilities of the library's own learner."""
        known, beside = self.everything, joined(*features) if features else None
        given = np.eye(len(task.labels), dtype=np.float32)[labels]
        return cross_val_proba(task, self.embeddings, given, known, self.groups, FOLDS, features=beside)

    def plain(self, labels: Array) -> Array:
        """Those of scikit-learn's logistic regression on embeddings, by the same folds."""
        probs = np.zeros((len(labels), labels.max() + 1))
        for train, held_out in GroupKFold(FOLDS).split(self.embeddings, groups=self.groups):
            learner = LogisticRegression(max_iter=300).fit(self.embeddings[train], labels[train])
            probs[np.ix_(held_out, learner.classes_)] = learner.predict_proba(self.embeddings[held_out])
        return probs


def open_bench(path: Path) -> Bench:
    schema = support_schema()
    labeled = read_labels(path, schema)
    raw = [text or "" for text in labeled.texts]
    texts = [clean_text(text) for text in raw]
    first = duplicate_of(signatures(texts))
    tickets = [Ticket(*row) for row in zip(labeled.ticket_ids, texts, raw, strict=True)]
    votes, _ = Voters(load_lfs(SUPPORT_LFS, schema)).vote(TicketBatch.of(tickets))
    right = {task.name: indicator(task, list(labeled.answers[task.name])).argmax(axis=1) for task in schema}
    return Bench(
        tuple(schema),
        labeled.ticket_ids,
        right,
        embed(load_encoder(EncoderSettings()), texts),
        np.where(first < 0, np.arange(len(texts)), first),
        text_features(texts),
        vote_features([np.stack(votes, axis=1)]),
    )


def uniform(right: Array, probs: Array, rng: np.random.Generator) -> Array:
    """Labels of which a tenth is another one, all equally likely."""
    return _flipped(right, 1 - np.eye(probs.shape[1]), rng)


def confusable(right: Array, probs: Array, rng: np.random.Generator) -> Array:
    """The same, as likely as the model of `probs` takes the one for the other."""
    labels = probs.shape[1]
    confused = np.zeros((labels, labels))
    np.add.at(confused, (right, probs.argmax(axis=1)), 1)
    return _flipped(right, (confused + 1e-3) * (1 - np.eye(labels)), rng)


def _flipped(right: Array, towards: Array, rng: np.random.Generator) -> Array:
    rows = rng.choice(len(right), round(SHARE * len(right)), replace=False)
    shares = towards / towards.sum(axis=1, keepdims=True)
    found = right.copy()
    found[rows] = [rng.choice(len(towards), p=shares[label]) for label in right[rows]]
    return found


def qualities(bench: Bench, task: Task, given: Mapping[str, Array]) -> dict[str, Array]:
    """Way → label quality float64 [n]; the ways differ in what the model sees and in the score."""
    labels, known = given[task.name], bench.everything
    answers = answer_features(
        {other.name: (np.eye(len(other.labels))[given[other.name]], known) for other in bench.tasks},
        task.name,
    )
    soft = SoftLabels(task, bench.ticket_ids, np.eye(len(task.labels))[labels], known)
    whole = bench.predict(task, labels, bench.words, answers, bench.votes)
    found = {
        PLAIN: label_quality(soft, _wide(bench.plain(labels), task)),
        "embeddings": label_quality(soft, bench.predict(task, labels)),
        "+ words": label_quality(soft, bench.predict(task, labels, bench.words)),
        "+ words, votes": label_quality(soft, bench.predict(task, labels, bench.words, bench.votes)),
        "+ words, answers": label_quality(soft, bench.predict(task, labels, bench.words, answers)),
        OURS: label_quality(soft, whole),
        "ours, margin": label_quality(soft, whole, score="normalized_margin"),
        "ours, entropy": label_quality(soft, whole, score="confidence_weighted_entropy"),
        "ours, balanced": label_quality(soft, whole, balanced=True),
    }
    three = [found[OURS], found["ours, margin"], found["ours, entropy"]]
    return found | {"ours, mean rank": np.mean([each.argsort().argsort() for each in three], axis=0)}


def _wide(probs: Array, task: Task) -> Array:
    return np.pad(probs, ((0, 0), (0, len(task.labels) - probs.shape[1])))


def figures(quality: Array, flipped: Array) -> tuple[float, float]:
    """AUROC and precision at the flipped count."""
    worst = np.argsort(quality, kind="stable")[: flipped.sum()]
    return float(roc_auc_score(flipped, -quality)), float(flipped[worst].mean())


def measure(
    bench: Bench,
    flip: Callable[[Array, Array, np.random.Generator], Array],
    clean: Mapping[str, Array],
    seed: int,
) -> dict[tuple[str, str], tuple[float, float]]:
    """(way, task) → figures, all tasks flipped at once."""
    rng = np.random.default_rng(seed)
    given = {task.name: flip(bench.right[task.name], clean[task.name], rng) for task in bench.tasks}
    return {
        (way, task.name): figures(quality, given[task.name] != bench.right[task.name])
        for task in bench.tasks
        for way, quality in qualities(bench, task, given).items()
    }


def report(name: str, bench: Bench, runs: list[dict[tuple[str, str], tuple[float, float]]]) -> None:
    names = [task.name for task in bench.tasks]
    middle = {key: [median(run[key][i] for run in runs) for i in (0, 1)] for key in runs[0]}
    print(f"\n{name} flips: AUROC / precision at the flipped count, medians of {len(runs)} seeds")
    print(f"{'':18}" + "".join(f"{each:>15}" for each in [*names, "mean"]))
    mean = {}
    for way in dict.fromkeys(way for way, _ in middle):
        pairs = [middle[way, task] for task in names]
        mean[way] = np.mean(pairs, axis=0)
        print(f"{way:18}" + "".join(f"{a:>8.3f} /{p:>5.3f}" for a, p in [*pairs, mean[way]]))
    ratio = mean[OURS] / mean[PLAIN]
    left = (1 - mean[OURS]) / (1 - mean[PLAIN])
    print(f"ratio to plain: AUROC {ratio[0]:.3f}, precision {ratio[1]:.3f}", end="")
    print(f"; errors left: {left[0]:.2f} of its 1 − AUROC, {left[1]:.2f} of its 1 − precision")
    better = all(np.greater(middle[OURS, task], middle[PLAIN, task]).all() for task in names)
    print(f"better in every task by both: {better}")


def main() -> None:
    started = perf_counter()
    bench = open_bench(Path(sys.argv[1]))
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else SEEDS
    clean = {task.name: bench.predict(task, bench.right[task.name]) for task in bench.tasks}
    print(f"{len(bench.ticket_ids)} tickets, made ready in {perf_counter() - started:.0f} s")
    for name, flip in (("uniform", uniform), ("confusable", confusable)):
        report(name, bench, [measure(bench, flip, clean, seed) for seed in range(seeds)])
    print(f"\n{perf_counter() - started:.0f} s in all")


if __name__ == "__main__":
    main()

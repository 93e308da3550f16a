"""Models trained on secondary datasets as labeling functions: a declared mapping makes their labels ours."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.cleaning import clean_text
from data.code import code_version
from data.errors import LabelingError, listed
from data.labeled import has_examples, labeled_examples
from data.mappings import LEVELS, LabelMapping
from data.schema import Schema, Task
from data.splits import hash64
from data.store import value_hash
from labeling.lf import BoundLF
from lfs.confidence import level_lfs
from lfs.shared_encoder import SharedEncoder

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Array = np.ndarray[Any, Any]
MOST_EXAMPLES = 4_000
# Of the pool's sample, surest first: each level's votes lie between these shares.
SHARES = dict(zip(LEVELS, ((0.0, 0.1), (0.1, 0.3)), strict=True))
# What the model is taught where a dataset's label says nothing about the task.
REST = ""


@dataclass(frozen=True)
class Examples:
    """The examples of one dataset that are learned from: clean texts, and their labels by its own names."""

    dataset: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]


def transfer_lfs(
    schema: Schema,
    encoder: SharedEncoder,
    datasets: Path,
    mappings: Sequence[LabelMapping],
    sample: Sequence[str],
) -> list[BoundLF]:
    """Labeling functions `DATASET_sure` and `DATASET_likely` for each mapping of a dataset in the folder.

    The first votes on the tickets that the model is as sure of as of the surest tenth of `sample`, texts
    of the pool, the second on the next fifth; without a sample both abstain. Datasets that the folder
    lacks are left out. Raises LabelingError where it has none of them, or where a dataset's examples
    do not tell two answers to a task apart.
    """
    names = dict.fromkeys(mapping.dataset for mapping in mappings)
    examples = {name: chosen_examples(name, datasets) for name in names if has_examples(name, datasets)}
    if names and not examples:
        raise LabelingError(
            f"{datasets}: holds none of the datasets {listed(names, 20)}; get one with `ticketloom data "
            f"download NAME --to {datasets}`, or leave [lfs] datasets out"
        )
    taught = {name: _Embedded(found.texts, encoder) for name, found in examples.items()}
    return [
        lf
        for mapping in mappings
        if (found := examples.get(mapping.dataset))
        for lf in _lfs(
            schema.task(mapping.task),
            mapping,
            TransferModel(mapping, found.labels, taught[found.dataset], encoder),
            sample,
            {"examples": value_hash([found.texts, found.labels]), "sample": value_hash(list(sample))},
        )
    ]


def chosen_examples(name: str, folder: Path, most: int = MOST_EXAMPLES) -> Examples:
    """At most so many examples of a dataset, as many of each label as there are, the same in every run.

    Texts are cleaned; of equal ones with one label one is kept.
    """
    by_label: dict[str, dict[str, int]] = defaultdict(dict)
    for text, label in labeled_examples(name, folder):
        by_label[label].setdefault(text, hash64(text))
    ranked = [
        (rank, label, text)
        for label, hashes in sorted(by_label.items())
        for rank, text in enumerate(sorted(hashes, key=lambda text: (hashes[text], text)))
    ]
    chosen = dict.fromkeys((clean_text(text), label) for _, label, text in sorted(ranked)[:most])
    texts, labels = zip(*chosen, strict=True) if chosen else ((), ())
    return Examples(name, texts, labels)


class _Embedded:
    """Texts whose embeddings are made when they are first asked: all models share them."""

    def __init__(self, texts: Sequence[str], encoder: SharedEncoder) -> None:
        self.texts = list(texts)
        self._encoder = encoder

    @cached_property
    def embeddings(self) -> Array:
        return self._encoder.embed_once(self.texts)


class TransferModel:
    """A logistic regression from embeddings to the answers that a mapping gives a dataset's labels.

    Examples whose label says nothing about the task are a class of their own, which weighs as much as
    all answers together: where it is the most probable one the model has no answer. It is trained when
    it is first asked.
    """

    def __init__(
        self, mapping: LabelMapping, labels: Sequence[str], examples: _Embedded, encoder: SharedEncoder
    ) -> None:
        self._targets = [mapping.answers.get(label, REST) for label in labels]
        if len(set(self._targets)) < 2:
            found = sorted(set(labels))
            raise LabelingError(
                f"dataset '{mapping.dataset}' teaches nothing about task '{mapping.task}': its examples are "
                f"all one answer to it; their labels are {listed(found) or 'none'}, mapped are "
                f"{listed(mapping.answers)}"
            )
        self._examples = examples
        self.encoder = encoder

    def answers(self, texts: Sequence[str]) -> tuple[list[str | None], Array]:
        """The answer to each text and its probability float64 [n_texts]; None and 0 where there is none."""
        probs = self._model.predict_proba(self.encoder.embed(texts))
        best = self._model.classes_[probs.argmax(axis=1)]
        return [answer if answer != REST else None for answer in best], np.where(
            best == REST, 0.0, probs.max(axis=1)
        )

    @cached_property
    def _model(self) -> "LogisticRegression":
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(max_iter=1000, class_weight=_weights(self._targets))
        return model.fit(self._examples.embeddings, self._targets)


def _weights(targets: Sequence[str]) -> dict[str, float]:
    """The weight of an example of each answer: all answers weigh the same, the rest as much as they together.

    >>> _weights(["bill", "bill", "fault", "", ""])
    {'bill': 0.625, 'fault': 1.25, '': 1.25}
    """
    counts = Counter(targets)
    answers = len(counts) - (REST in counts)
    shares = {target: answers if target == REST else 1 for target in counts}
    total = len(targets) / sum(shares.values())
    return {target: total * shares[target] / count for target, count in counts.items()}


def _lfs(
    task: Task, mapping: LabelMapping, model: TransferModel, sample: Sequence[str], texts: dict[str, str]
) -> list[BoundLF]:
    levels = {level: SHARES[level] for level in mapping.levels}
    return level_lfs(mapping.dataset, task, model, sample, levels, _resources(mapping, model.encoder) | texts)


def _resources(mapping: LabelMapping, encoder: SharedEncoder) -> dict[str, Any]:
    return {
        "encoder": encoder.settings.model_dump(),
        "mapping": sorted(mapping.answers.items()),
        "code": code_version("lfs.transfer"),
    }

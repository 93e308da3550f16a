"""The classifier on public datasets: each one's own schema, trained on its own train split."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from data.cleaning import clean_text
from data.config import EncoderSettings, TrainingSettings
from data.dataset import find_dataset
from data.examples import Example, file_examples
from data.schema import Schema, Task
from data.splits import hash64
from model.dataset import TrainingSet, training_set
from model.predict import load_classifier, predict_proba
from model.repeats import compare_repeats
from model.train import train_classifier

Array = np.ndarray[Any, Any]
# A dataset without a split of its own: a fifth is tested on; a tenth of the rest is validated on.
TESTED, VALIDATED = 5, 10


@dataclass(frozen=True)
class Goal:
    """A dataset, the figure that is wanted of it on its test split, and how it is trained.

    A text labeled `outside` fits none of the labels: nothing is trained on it, the classifier is to abstain.
    """

    dataset: str
    figure: str
    wanted: float
    training: Mapping[str, Any]
    outside: str | None = None
    encoder: EncoderSettings = field(default_factory=EncoderSettings)


GOALS = {
    goal.dataset: goal
    for goal in (
        Goal("banking77", "accuracy", 0.925, {"epochs": 10, "learning_rate": 2e-4}),
        Goal("clinc150", "accuracy", 0.95, {"epochs": 6, "learning_rate": 2e-4}, outside="oos"),
        Goal("airline_sentiment", "accuracy", 0.84, {"epochs": 3}),
        Goal("complaints", "macro_f1", 0.80, {"epochs": 4}),
    )
}


@dataclass(frozen=True)
class Texts:
    """Texts of a split with their labels, those that fit no label apart."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    outside: tuple[str, ...]


def measured(goal: Goal, folder: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """Trains from every seed and measures on the test split: a saved run."""
    splits = _splits(goal, folder)
    labels = tuple(sorted(set(splits["train"].labels)))
    schema = Schema((Task(find_dataset(goal.dataset).task["name"], labels, labels),))
    train, validation = (_set(schema, splits[name]) for name in ("train", "validation"))
    probs, outside, seconds = [], [], []
    for seed in seeds:
        settings = TrainingSettings(**goal.training, seed=seed)
        started = perf_counter()
        with tempfile.TemporaryDirectory() as made:
            train_classifier(train, validation, goal.encoder, settings, Path(made))
            seconds.append(round(perf_counter() - started))
            classifier = load_classifier(Path(made))
        probs.append(predict_proba(*classifier, splits["test"].texts))
        if goal.outside:
            sure = {
                (split, part): predict_proba(*classifier, texts)[schema.names[0]].max(axis=1)
                for split in ("validation", "test")
                for part, texts in (("in", splits[split].texts), ("out", splits[split].outside))
            }
            outside.append(_abstention(sure, probs[-1][schema.names[0]], schema, splits["test"].labels))
        print(f"{goal.dataset}, seed {seed}: {seconds[-1]} s", flush=True)
    task = schema.tasks[0]
    gold = {task.name: [(task.label_id(label),) for label in splits["test"].labels]}
    found = compare_repeats(schema, {goal.dataset: probs}, gold)
    return {
        "name": goal.dataset,
        "labels": len(labels),
        "train": len(train),
        "validation": len(validation),
        "test": len(splits["test"].texts),
        "training": dict(goal.training),
        "seeds": list(seeds),
        "seconds": seconds,
        "figures": found["classifiers"][goal.dataset],
        "trainings": found["trainings"][goal.dataset],
        **({"outside": outside} if outside else {}),
    }


def _splits(goal: Goal, folder: Path) -> dict[str, Texts]:
    examples = [
        each for each in file_examples(find_dataset(goal.dataset), folder) if isinstance(each, Example)
    ]
    known = [each for each in examples if isinstance(each.label, str) and isinstance(each.text, str)]
    own = {each.split for each in known}
    names = [_split(clean_text(each.text), each.split, own) for each in known]
    found = {}
    for name in ("train", "validation", "test"):
        of = [each for each, split in zip(known, names, strict=True) if split == name]
        inside = [each for each in of if each.label != goal.outside]
        found[name] = Texts(
            tuple(clean_text(each.text) for each in inside),
            tuple(each.label for each in inside),
            tuple(clean_text(each.text) for each in of if each.label == goal.outside),
        )
    return found


def _split(text: str, given: str, own: set[str]) -> str:
    """The dataset's own split; where one is missing, by a hash of the text: copies stay together."""
    draw = hash64(text)
    if "test" not in own and draw % TESTED == 0:
        return "test"
    if "validation" not in own and given == "train" and draw // TESTED % VALIDATED == 0:
        return "validation"
    return given


def _set(schema: Schema, part: Texts) -> TrainingSet:
    task = schema.tasks[0]
    ids = [str(at) for at in range(len(part.texts))]
    answers = {each: (task.label_id(label),) for each, label in zip(ids, part.labels, strict=True)}
    return training_set(schema, ids, part.texts, {}, {task.name: answers}, 1.0)


def _abstention(
    sure: Mapping[tuple[str, str], Array], probs: Array, schema: Schema, labels: Sequence[str]
) -> dict[str, float]:
    """What abstaining below a confidence does; it is the one that is right most often on validation."""
    stay, leave = sure["validation", "in"], sure["validation", "out"]
    candidates = np.linspace(0, 1, 201)
    # As many texts from outside count as do from inside: how many come is not known beforehand.
    balanced = [np.mean(stay >= at) + np.mean(leave < at) for at in candidates]
    threshold = float(candidates[int(np.argmax(balanced))])
    inside, outside = sure["test", "in"], sure["test", "out"]
    right = np.array([schema.tasks[0].labels[at] for at in probs.argmax(axis=1)]) == np.array(labels)
    return {
        "threshold": threshold,
        "outside_abstained": float(np.mean(outside < threshold)),
        "inside_answered": float(np.mean(inside >= threshold)),
        "accuracy_of_answered": float(right[inside >= threshold].mean()),
        "auroc": float(
            roc_auc_score(np.r_[np.ones(len(inside)), np.zeros(len(outside))], np.r_[inside, outside])
        ),
    }

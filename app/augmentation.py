"""What training takes from elsewhere: the public datasets that a project names."""

from collections import Counter
from typing import Any

from data.config import AugmentationSettings
from data.dataset import dataset_names, find_dataset
from data.errors import ConfigError, listed, near
from data.labeled import has_examples
from data.workspace import Workspace
from lfs.transfer import chosen_examples
from model.augment import LabeledTexts, padded, with_auxiliary, with_rare_copies
from model.dataset import TrainingSet


def auxiliary_texts(workspace: Workspace) -> list[LabeledTexts]:
    """The texts of each auxiliary task; raises ConfigError for a dataset that is not there."""
    settings, folder = workspace.config.augmentation, workspace.config.lfs.datasets
    if settings.datasets == ():
        return []
    if folder is None:
        raise ConfigError(
            'auxiliary tasks need a folder of public datasets: [lfs] datasets = "DIR"; '
            "[augmentation] datasets = [] does without"
        )
    place = workspace.path(folder)
    labeled = [name for name in dataset_names() if find_dataset(name).labeled]
    there = [name for name in labeled if has_examples(name, place)]
    for name in settings.datasets or ():
        if name not in there:
            raise ConfigError(
                f"[augmentation] datasets names '{name}'; {place} holds "
                f"{listed(there, 20)}{near(name, there)}"
            )
    chosen = (chosen_examples(name, place, settings.most_examples) for name in settings.datasets or there)
    return [LabeledTexts(each.dataset, each.texts, each.labels) for each in chosen]


def augmented(
    train: TrainingSet, validation: TrainingSet, datasets: list[LabeledTexts], settings: AugmentationSettings
) -> tuple[TrainingSet, TrainingSet]:
    """Both sets on the schema with auxiliary tasks, the first with what was added."""
    if settings.rare_share:
        train = with_rare_copies(train, settings.rare_share, seed=0)
    train = with_auxiliary(train, datasets, settings.weight)
    return train, padded(validation, train.schema)


def described(datasets: list[LabeledTexts]) -> list[dict[str, Any]]:
    """A row per dataset: its texts, its labels and the most frequent ones."""
    return [
        {
            "dataset": each.name,
            "texts": len(each.texts),
            "labels": len(set(each.labels)),
            "most_frequent": dict(Counter(each.labels).most_common(3)),
        }
        for each in datasets
    ]

"""What an ablation leaves out: the change of settings, or the labeling functions that go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.config import ZERO_SHOT, Config
from data.errors import TrainingError, listed, near
from data.schema import Schema
from labeling.lf import BoundLF

Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Variant:
    """The full run without one thing.

    `settings` is table → key → value; `keeps` tells which labeling functions stay. With `single_task`
    each task gets a classifier of its own; with `reviewed` it learns from people's labels alone.
    `nothing` says why there may be nothing to leave out.
    """

    title: str
    nothing: str
    settings: Settings = field(default_factory=dict)
    keeps: Callable[[BoundLF], bool] = lambda lf: True
    single_task: bool = False
    reviewed: bool = False

    def config(self, config: Config) -> Config:
        """The settings with this variant's in their place."""
        return with_settings(config, self.settings)

    def is_full(self, config: Config, schema: Schema, lfs: Sequence[BoundLF]) -> bool:
        """Whether it equals the full run: no setting changes, no function goes."""
        if self.single_task:
            return len(schema) < 2
        return self.config(config) == config and all(map(self.keeps, lfs))


def with_settings(config: Config, settings: Settings) -> Config:
    """A configuration with some settings replaced."""
    tables = {name: getattr(config, name).model_copy(update=dict(to)) for name, to in settings.items()}
    return config.model_copy(update=tables)


VARIANTS = {
    "weak_labels": Variant(
        "Without weak labels",
        "there are no labeling functions",
        # Majority vote takes votes without a column, and refinement would make labels of the reviewed.
        {"label_model": {"name": "majority", "refine": "none"}},
        keeps=lambda lf: False,
        reviewed=True,
    ),
    "seeds": Variant(
        "Without zero-shot seeds", "[seeds] enabled is false", keeps=lambda lf: lf.name != ZERO_SHOT
    ),
    "brand_replies": Variant(
        "Without brand-reply functions",
        "no labeling function has the field brand_reply",
        keeps=lambda lf: lf.field != "brand_reply",
    ),
    "label_model": Variant(
        "Majority vote for the label model",
        '[label_model] name is "majority"',
        {"label_model": {"name": "majority"}},
    ),
    "refinement": Variant(
        "Labels not refined by texts",
        '[label_model] refine is "none"',
        {"label_model": {"refine": "none"}},
    ),
    "cleanlab": Variant("Without cleanlab", '[issues] action is "keep"', {"issues": {"action": "keep"}}),
    "multi_task": Variant("A classifier for each task", "the schema has one task", single_task=True),
    "adaptation": Variant(
        "Without adaptation", "[adaptation] enabled is false", {"adaptation": {"enabled": False}}
    ),
    "augmentation": Variant(
        "Without augmentation", "[augmentation] enabled is false", {"augmentation": {"enabled": False}}
    ),
}


def chosen_variants(names: Sequence[str]) -> dict[str, Variant]:
    """The variants of these names, all of them for none; TrainingError that lists every unknown name."""
    unknown = [name for name in names if name not in VARIANTS]
    if unknown:
        told = "; ".join(f"nothing called '{name}' to leave out{near(name, VARIANTS)}" for name in unknown)
        raise TrainingError(f"--only: {told}; there are {listed(VARIANTS, 20)}")
    return {name: variant for name, variant in VARIANTS.items() if not names or name in names}

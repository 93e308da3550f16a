"""Zero-shot seeds as labeling functions; what they need to vote is loaded when they are first asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from data.cleaning import clean_text
from data.code import code_version
from data.config import ZERO_SHOT, EncoderSettings, SeedSettings
from data.labels import LabeledTickets
from data.schema import Schema, Task
from data.store import value_hash
from labeling.lf import BatchLF

if TYPE_CHECKING:
    from lfs.zero_shot import ZeroShotSeeds


class _Seeds:
    """The seeds of all tasks, made by the first vote."""

    def __init__(
        self,
        schema: Schema,
        encoder: EncoderSettings,
        settings: SeedSettings,
        sample: Sequence[str],
        shots: Mapping[str, Sequence[tuple[str, int]]],
    ) -> None:
        self._made_of = (schema, encoder, settings, sample, shots)

    @cached_property
    def trained(self) -> "ZeroShotSeeds":
        from lfs.zero_shot import ZeroShotSeeds

        return ZeroShotSeeds(*self._made_of)


@dataclass(frozen=True)
class _SeedOfTask:
    """The vote of one task's seed, as a labeling function calls it."""

    seeds: _Seeds
    task: Task

    def votes(self, texts: Sequence[str]) -> list[int]:
        return self.seeds.trained.votes(self.task, texts)


def seed_lfs(
    schema: Schema,
    encoder: EncoderSettings,
    settings: SeedSettings,
    sample: Sequence[str],
    examples: LabeledTickets | None = None,
) -> list[BatchLF]:
    """A zero-shot labeling function per task, bound to it; all share one encoder.

    With labeled `examples` they are few-shot, with at most `settings.shots` of each label.
    """
    shots = {task.name: _shots(examples, task, settings.shots) for task in schema} if examples else {}
    seeds = _Seeds(schema, encoder, settings, sample, shots)
    resources = {
        "schema": schema.fingerprint,
        "encoder": encoder.model_dump(),
        "seeds": settings.model_dump(),
        "sample": value_hash(list(sample)),
        "shots": value_hash(shots),
        "code": code_version("lfs.zero_shot"),
    }
    return [
        BatchLF(ZERO_SHOT, _SeedOfTask(seeds, task).votes, resources=resources, shared=False).bind(task)
        for task in schema
    ]


def _shots(examples: LabeledTickets, task: Task, most: int) -> list[tuple[str, int]]:
    """The first texts of each label, so many at the most."""
    found: dict[int, list[tuple[str, int]]] = {}
    for text, answer in zip(examples.texts, examples.answers[task.name], strict=True):
        if text and answer and len(answer) == 1:
            found.setdefault(answer[0], []).append((clean_text(text), answer[0]))
    return [shot for label_id in sorted(found) for shot in found[label_id][:most]]

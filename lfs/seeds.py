"""Zero-shot seeds as labeling functions; what they need to vote is loaded when they are first asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.config import ZERO_SHOT, EncoderSettings, SeedSettings
from data.schema import Schema, Task
from data.store import code_version, file_hash, value_hash
from labeling.lf import BatchLF

if TYPE_CHECKING:
    from lfs.zero_shot import ZeroShotSeeds


class _Seeds:
    """The seeds of all tasks, made by the first vote."""

    def __init__(
        self, schema: Schema, encoder: EncoderSettings, settings: SeedSettings, sample: Sequence[str]
    ) -> None:
        self._made_of = (schema, encoder, settings, sample)

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
    schema: Schema, encoder: EncoderSettings, settings: SeedSettings, sample: Sequence[str]
) -> list[BatchLF]:
    """A zero-shot labeling function per task, bound to it; all share one encoder."""
    seeds = _Seeds(schema, encoder, settings, sample)
    resources = {
        "schema": schema.fingerprint,
        "encoder": encoder.model_dump(),
        "seeds": settings.model_dump(),
        "sample": value_hash(list(sample)),
        "code": code_version("model") + file_hash(Path(__file__).with_name("zero_shot.py")),
    }
    return [
        BatchLF(ZERO_SHOT, _SeedOfTask(seeds, task).votes, resources=resources, shared=False).bind(task)
        for task in schema
    ]

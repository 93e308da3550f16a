"""Example tweets as labeling functions: which label's examples a tweet resembles."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.cleaning import clean_text
from data.code import code_version
from data.errors import LabelingError
from data.labels import LabeledTickets, read_labels
from data.schema import Schema, Task
from data.store import value_hash
from labeling.lf import BoundLF
from labeling.matcher import PatternMatcher
from labeling.pattern import Pattern
from lfs.confidence import level_lfs
from lfs.shared_encoder import SharedEncoder

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Array = np.ndarray[Any, Any]
# They vote on every ticket, the surest third of the pool apart from the next and the last.
LEVELS = {"sure": (0.0, 1 / 3), "likely": (1 / 3, 2 / 3), "guess": (2 / 3, 1.0)}
# What looks at a text, and how freely a model on it may fit: the inverse of logistic regression's penalty.
FREEDOM = {"meaning": 1.0, "cues": 0.1, "both": 0.1}
# How much embeddings, of unit length, weigh beside cues, which are 0 or 1.
MEANING_BESIDE_CUES = 3.0


def shipped_examples(schema: Schema) -> list[LabeledTickets]:
    """The example tweets of the support schema that come with the package."""
    folder = Path(str(resources.files("lfs.examples")))
    return [read_labels(path, schema) for path in sorted(folder.glob("*.jsonl"))]


def prototype_lfs(
    schema: Schema,
    examples: Sequence[LabeledTickets],
    encoder: SharedEncoder,
    cues: Sequence[Pattern],
    sample: Sequence[str],
    cache: Path | None = None,
) -> list[BoundLF]:
    """Labeling functions `prototypes_VIEW_LEVEL` for each task with examples of two labels or more.

    A logistic regression is trained on the examples, when it is first asked, for each view: `meaning`
    (embeddings), `cues` (which patterns match: what an analyst would look for, weighed by the examples)
    and `both`. `sample` are texts of the pool: they tell what is sure for it.
    """
    known = _Examples.of(examples)
    looks = _looks(encoder, cues, cache)
    views = {name: _View(look, known) for name, look in looks.items()}
    reads = {
        "sample": value_hash(list(sample)),
        "encoder": encoder.settings.model_dump(),
        "cues": value_hash([asdict(cue) for cue in cues]),
        "code": code_version("lfs.prototypes"),
    }
    return [
        lf
        for task in schema
        if len({answer for answer in known.answers(task) if answer is not None}) > 1
        for name, view in views.items()
        for lf in level_lfs(
            f"prototypes_{name}",
            task,
            PrototypeModel(task, view, FREEDOM[name]),
            sample,
            LEVELS,
            reads | {"examples": value_hash([known.texts, known.answers(task)])},
        )
    ]


@dataclass(frozen=True)
class _Look:
    """What is seen of texts: their meaning, the cues in them, or one beside the other."""

    encoder: SharedEncoder | None
    matcher: "_Matcher | None"

    def of(self, texts: Sequence[str], *, again: bool = False) -> Array:
        """float32 [n_texts, n_features]; `again` where another run will want the same."""
        seen = []
        if self.encoder:
            embeddings = self.encoder.embed_once(texts) if again else self.encoder.embed(texts)
            seen.append(MEANING_BESIDE_CUES * embeddings if self.matcher else embeddings)
        if self.matcher:
            seen.append(self.matcher.cues(texts))
        return np.hstack(seen)


def _looks(encoder: SharedEncoder, cues: Sequence[Pattern], cache: Path | None) -> Mapping[str, _Look]:
    """The views, by name; without cues there is one."""
    if not cues:
        return {"meaning": _Look(encoder, None)}
    matcher = _Matcher(cues, cache)
    return {
        "meaning": _Look(encoder, None),
        "cues": _Look(None, matcher),
        "both": _Look(encoder, matcher),
    }


class _Matcher:
    """Which cues match, batch by batch; compiled when it is first asked, the last batch remembered."""

    def __init__(self, patterns: Sequence[Pattern], cache: Path | None) -> None:
        self._patterns, self._cache = list(patterns), cache
        self._last: tuple[list[str], Array] | None = None

    @cached_property
    def _compiled(self) -> PatternMatcher:
        return PatternMatcher(self._patterns, self._cache)

    def cues(self, texts: Sequence[str]) -> Array:
        asked = list(texts)
        if self._last is None or self._last[0] != asked:
            self._last = asked, self._compiled.matches(asked).T.astype(np.float32)
        return self._last[1]


@dataclass(frozen=True)
class _Examples:
    """Clean texts and what people said of them."""

    texts: tuple[str, ...]
    labeled: tuple[LabeledTickets, ...]

    @classmethod
    def of(cls, labeled: Sequence[LabeledTickets]) -> "_Examples":
        found = [text for of_file in labeled for text in of_file.texts]
        if None in found:
            raise LabelingError(
                f"{found.count(None)} of {len(found)} example tweets have no text; a file named in [lfs] "
                "examples needs a text column"
            )
        return cls(tuple(clean_text(text or "") for text in found), tuple(labeled))

    def answers(self, task: Task) -> list[int | None]:
        """The label id of each example; None where the task has no single answer."""
        found = [answer for of_file in self.labeled for answer in of_file.answers[task.name]]
        return [answer[0] if answer and len(answer) == 1 else None for answer in found]


class _View:
    """Texts as one look sees them, those of the examples kept."""

    def __init__(self, look: _Look, examples: _Examples) -> None:
        self.look = look
        self.examples = examples

    @cached_property
    def of_examples(self) -> Array:
        return self.look.of(self.examples.texts, again=True)


class PrototypeModel:
    """A logistic regression on one view of the examples of one task."""

    def __init__(self, task: Task, view: _View, freedom: float) -> None:
        self._task = task
        self._view = view
        self._freedom = freedom

    def answers(self, texts: Sequence[str]) -> tuple[list[str | None], Array]:
        """The most probable label of each text, and its probability float64 [n_texts]."""
        probs = self._model.predict_proba(self._view.look.of(texts))
        labels: list[str | None] = [
            self._task.labels[label_id] for label_id in self._model.classes_[probs.argmax(axis=1)]
        ]
        return labels, np.asarray(probs.max(axis=1))

    @cached_property
    def _model(self) -> "LogisticRegression":
        from sklearn.linear_model import LogisticRegression

        answers = self._view.examples.answers(self._task)
        known = np.array([answer is not None for answer in answers])
        learner = LogisticRegression(max_iter=2000, C=self._freedom)
        return learner.fit(self._view.of_examples[known], [each for each in answers if each is not None])

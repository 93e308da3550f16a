"""Labeling functions: small voters that say one label of one task, or abstain.

Each is a snorkel `LabelingFunction`, so snorkel's appliers and `LFAnalysis` accept it. They are
declared with label *names* and bound to a task, which gives the names their ids, when a project
loads them.
"""

import copy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType, SimpleNamespace
from typing import Any, Self

import numpy as np
from snorkel.labeling import LabelingFunction

from data.errors import LabelingError, SchemaError, listed, near
from data.schema import ABSTAIN, NOT, Task
from data.tickets import Ticket
from labeling.fingerprint import described, sha, source_of
from labeling.pattern import Pattern

FIELDS = ("text", "raw_text", "brand_reply", "brand")


_collected: ContextVar[list[tuple[int, str]] | None] = ContextVar("collected", default=None)


@contextmanager
def collected_problems() -> Iterator[list[tuple[int, str]]]:
    """Inside the block wrong declarations are listed, by line, not raised: so all can be reported."""
    problems: list[tuple[int, str]] = []
    token = _collected.set(problems)
    try:
        yield problems
    finally:
        _collected.reset(token)


def _refuse(line: int, message: str) -> None:
    problems = _collected.get()
    if problems is None:
        raise LabelingError(message)
    problems.append((line, message))


class BoundLF(LabelingFunction):  # type: ignore[misc]
    """A labeling function that knows its task once `bind` was called.

    `field` is the ticket's attribute that it reads. `line` is where it is declared, 0 if unknown;
    `where` names file and line once it was loaded.
    """

    task: Task | None = None
    field = "text"
    where = ""
    line = 0

    def bind(self, task: Task) -> Self:
        """A copy that votes with the label ids of `task`; raises LabelingError on an unknown label."""
        bound = copy.copy(self)
        bound.task = task
        bound._f = bound._vote_ticket
        return bound

    def bound_task(self) -> Task:
        """The task that it is bound to; raises LabelingError where it is bound to none."""
        if self.task is None:
            raise LabelingError(f"labeling function '{self.name}' is not bound to a task; call bind(task)")
        return self.task

    def text_of(self, ticket: Any) -> str:
        """The text of its field; "" where the ticket has none (None, or NaN in a data frame)."""
        text = getattr(ticket, self.field)
        return text if isinstance(text, str) else ""

    def _vote_ticket(self, ticket: Any) -> int:
        raise NotImplementedError

    def fingerprint(self) -> str:
        """SHA-256 over everything that its votes depend on, the tickets apart."""
        raise NotImplementedError


class PatternLF(BoundLF):
    """Votes `label` on each ticket whose `field` a `Pattern` matches; "not LABEL" votes against one.

    >>> from data.schema import Task
    >>> task = Task("category", ("billing", "general"), ("money", "the rest"))
    >>> lf = PatternLF("refund", label="billing", any_of=("refund*",), negation=2).bind(task)
    >>> lf.vote("I want a refund!"), lf.vote("not a refund")
    (0, -1)
    """

    def __init__(
        self,
        name: str,
        *,
        label: str,
        any_of: Sequence[str] = (),
        all_of: Sequence[str | Sequence[str]] = (),
        unless: Sequence[str] = (),
        negation: int = 0,
        words: tuple[int, int] = (0, 0),
        field: str = "text",
    ) -> None:
        super().__init__(name, self._vote_ticket)
        self.line = _callers_line()
        problems = _field_problems(field)
        try:
            self.pattern = Pattern(_phrases(any_of), _items(all_of), _phrases(unless), negation, words)
        except LabelingError as error:
            problems.append(str(error))
        if problems:
            _refuse(self.line, f"labeling function '{name}': " + "; ".join(problems))
        self.label = label
        self.field = field

    def bind(self, task: Task) -> Self:
        bound = super().bind(task)
        try:
            task.label_id(self.label.removeprefix(NOT) if self.label not in task.ids else self.label)
        except SchemaError as error:
            place = f" {self.where}" if self.where else ""
            raise LabelingError(f"labeling function '{self.name}'{place}: {error}") from None
        return bound

    @property
    def vote_id(self) -> int:
        """What it votes when it votes; raises LabelingError where it is bound to no task."""
        vote = self.bound_task().vote_id(self.label)
        assert vote is not None, "bind has checked the label"
        return vote

    def vote(self, text: str) -> int:
        """Label id, or −1 to abstain, for the text of its field."""
        return self.vote_id if self.pattern.matches(text) else ABSTAIN

    def _vote_ticket(self, ticket: Any) -> int:
        return self.vote(self.text_of(ticket))

    def fingerprint(self) -> str:
        pattern = self.pattern
        parts = [self.label, self.field, pattern.any_of, pattern.all_of, pattern.unless, pattern.negation]
        parts += [pattern.words]
        return sha(described([self.name, "pattern", parts]))


def _callers_line() -> int:
    """The line of the call that declares a function: the first frame outside this module."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return frame.f_lineno if frame else 0


def _field_problems(field: str) -> list[str]:
    if field in FIELDS:
        return []
    return [f"no field '{field}' of a ticket to read; fields are {listed(FIELDS)}{near(field, FIELDS)}"]


def _phrases(phrases: Sequence[str]) -> tuple[str, ...]:
    return phrases if isinstance(phrases, str) else tuple(phrases)  # type: ignore[return-value]


def _items(items: Sequence[str | Sequence[str]]) -> tuple[str | tuple[str, ...], ...]:
    if isinstance(items, str):
        return items  # type: ignore[return-value]
    return tuple(tuple(item) if isinstance(item, list | tuple) else item for item in items)  # type: ignore[misc]


class BatchLF(BoundLF):
    """Votes on many tickets at once: a lexicon, an embedding, a zero-shot or a trained model.

    `votes(texts)` gets the texts of `field` (missing ones as "") and returns one label name ("not LABEL"
    against it), label id or None/−1 (abstain) per text; or, as float [n_texts, n_labels], each label's
    probability, where the most probable label is voted if it reaches `threshold`. `resources` is hashed
    into the fingerprint beside the source. `shared` is false for a model that uses every core by itself:
    it stays in one process.
    """

    def __init__(
        self,
        name: str,
        votes: Callable[[Sequence[str]], Sequence[object]],
        *,
        field: str = "text",
        resources: Mapping[str, Any] | None = None,
        threshold: float = 0.5,
        shared: bool = True,
    ) -> None:
        super().__init__(name, self._vote_ticket)
        self.line = _callers_line()
        if problems := _field_problems(field):
            _refuse(self.line, f"labeling function '{name}': {problems[0]}")
        self.votes = votes
        self.field = field
        self.fingerprint_resources = dict(resources or {})
        self.threshold = threshold
        self.shared = shared

    def _vote_ticket(self, ticket: Any) -> int:
        return int(self.vote_many([self.text_of(ticket)])[0])

    def vote_many(self, texts: Sequence[str]) -> np.ndarray:
        """Label ids [n]; −1 abstains."""
        task = self.bound_task()
        answers = self.votes(texts)
        if len(answers) != len(texts):
            raise LabelingError(
                f"labeling function '{self.name}' gave {len(answers)} votes for {len(texts)} texts"
            )
        if isinstance(answers, np.ndarray) and answers.ndim == 2:
            answers = self._sure_enough(task, answers)
        return np.array([vote_id(self, task, answer) for answer in answers], task.vote_dtype)

    def _sure_enough(self, task: Task, probs: np.ndarray) -> list[int]:
        if probs.shape[1] != len(task.labels) or not np.all((probs >= 0) & (probs <= 1)):
            raise LabelingError(
                f"labeling function '{self.name}' (task '{task.name}') gave probabilities of shape "
                f"{probs.shape}; expected [n_texts, {len(task.labels)}] in 0 to 1"
            )
        best: list[int] = np.where(
            probs.max(axis=1) >= self.threshold, probs.argmax(axis=1), ABSTAIN
        ).tolist()
        return best

    def fingerprint(self) -> str:
        parts = [self.name, "batch", self.field, source_of(self.votes), self.fingerprint_resources]
        parts.append(self.threshold)
        return sha(described(parts))


class RowLF(BoundLF):
    """Any Python function of one ticket, wrapped by snorkel's own `LabelingFunction`.

    The function may return a label id, a label name, "not LABEL" to vote against it, or −1/None to abstain.
    """

    def __init__(self, inner: LabelingFunction) -> None:
        super().__init__(inner.name, self._vote_ticket)
        self.inner = inner
        code = getattr(inner._f, "__code__", None)
        self.line = code.co_firstlineno if code else 0

    @property
    def patterns(self) -> list[Pattern]:
        """The patterns among its resources; it will ask them about the ticket's text."""
        return [value for value in self.inner._resources.values() if isinstance(value, Pattern)]

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.name}, Preprocessors: {self.inner._pre}"

    def _vote_ticket(self, ticket: Any) -> int:
        task = self.bound_task()
        if self.inner._pre and isinstance(ticket, Ticket):
            # snorkel's preprocessors write into their copy of the data point; a ticket is frozen.
            ticket = SimpleNamespace(**vars(ticket))
        return vote_id(self, task, self.inner(ticket))

    def fingerprint(self) -> str:
        inner = self.inner
        pre = [_preprocessor(mapper) for mapper in inner._pre]
        return sha(described([self.name, "row", source_of(inner._f), pre, inner._resources]))


def _preprocessor(mapper: Any) -> list[Any]:
    """What a snorkel preprocessor depends on: its function or class, its settings, those before it."""
    settings = {key: value for key, value in vars(mapper).items() if key not in ("_f", "_pre", "_cache")}
    kinds = [
        kind for kind in type(mapper).__mro__ if not kind.__module__.startswith(("snorkel.", "builtins"))
    ]
    run = source_of(mapper._f) if hasattr(mapper, "_f") else source_of(type(mapper).run)
    return [
        run,
        [described(kind) for kind in kinds],
        settings,
        [_preprocessor(earlier) for earlier in mapper._pre],
    ]


def vote_id(lf: LabelingFunction, task: Task, answer: object) -> int:
    """Label id of what a labeling function returned; raises LabelingError outside the task's labels.

    True and False are refused: a function that answers yes or no would vote label 0 for "no".
    """
    if answer is None:
        return ABSTAIN
    numbered = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
    if numbered and answer in range(ABSTAIN, len(task.labels)):
        return int(answer)  # type: ignore[call-overload, no-any-return]
    if isinstance(answer, str) and (vote := task.vote_id(answer)) is not None:
        return vote
    hint = near(answer, task.labels) if isinstance(answer, str) else ""
    place = f" {lf.where}" if getattr(lf, "where", "") else ""
    raise LabelingError(
        f"labeling function '{lf.name}' (task '{task.name}') voted {answer!r}; labels are "
        f"{listed(task.labels, 20)}, ids -1 to {len(task.labels) - 1}; "
        f"'not LABEL' votes against one{hint}{place}"
    )

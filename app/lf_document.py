"""What there is to say about every labeling function of a project: its votes, and how right they are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.run import Run
from app.workbench import reviewed_labels
from data.config import ZERO_SHOT
from data.errors import IngestError, listed
from data.labels import Answer
from data.readers import BadRow, Row, read_columns_of, read_rows
from data.schema import NOT, Schema, Task
from labeling.analysis import LFReport, analyze
from labeling.explain import kind_of
from labeling.votes import Votes

KINDS = ("pattern", "batch", "row")
COLUMNS = ("task", "name", "right_a", "right_b", "why")
# Where the trusted labels of the support project come from.
SOURCE = "labels by language models under the annotation guidelines"


@dataclass(frozen=True)
class Measured:
    """How right n votes are on trusted labels: a share in [0, 1] with its Wilson 95 % interval; None of 0."""

    n: int
    accuracy: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class FunctionEntry:
    """One function. `hurts`: it is surely less right than always saying the most frequent label.

    Gold decides; the oracle's labels do where no vote meets a gold ticket.
    """

    name: str
    kind: str
    votes_for: tuple[str, ...]
    coverage: float
    gold: Measured
    oracle: Measured
    hurts: bool


@dataclass(frozen=True)
class TaskEntry:
    """One task's functions. `seeds` is the zero-shot seed by itself, None where there is none.

    `gold_majority` and `oracle_majority` are the shares of the most frequent label among trusted labels of
    the pool, 0 where there are none.
    """

    task: str
    tickets: int
    coverage: float
    kinds: Mapping[str, int]
    gold: int
    oracle: int
    gold_majority: float
    oracle_majority: float
    seeds: FunctionEntry | None
    functions: tuple[FunctionEntry, ...]


@dataclass(frozen=True)
class Dropped:
    """A function that was tried: its precision on two halves of the reviewed tickets, and why it went."""

    task: str
    name: str
    right_a: float
    right_b: float
    why: str


@dataclass(frozen=True)
class LFDocument:
    """What the document says; `labels` is where trusted labels come from."""

    labels: str
    tasks: tuple[TaskEntry, ...]
    dropped: tuple[Dropped, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def document_of(run: Run, dropped: Path | None = None, labels: str = SOURCE) -> LFDocument:
    """The document of a run's votes, brought up to date; `dropped` is a file of what was tried, too."""
    gone = tuple(read_dropped(dropped, run.schema)) if dropped else ()
    folder = run.votes().folder
    kinds = {(lf.bound_task().name, lf.name): kind_of(lf) for lf in run.labeling_functions}
    people = reviewed_labels(run.workspace)
    entries = []
    for task in run.schema:
        gold = run.gold.of(task) if run.gold else {}
        answers = {**(run.oracle.of(task) if run.oracle else {}), **people[task.name]}
        oracle = {ticket_id: answer for ticket_id, answer in answers.items() if ticket_id not in gold}
        votes = Votes.load(folder / f"{task.name}.parquet", task)
        kind = {name: kinds[task.name, name] for name in votes.lf_names}
        entries.append(task_entry(votes, kind, gold, oracle))
    return LFDocument(labels, tuple(entries), gone)


def task_entry(
    votes: Votes, kinds: Mapping[str, str], gold: Mapping[str, Answer], oracle: Mapping[str, Answer]
) -> TaskEntry:
    """What there is to say about the votes on one task; `kinds` is function → kind."""
    pool = set(votes.ticket_ids)
    trusted = [{ticket_id: known[ticket_id] for ticket_id in known.keys() & pool} for known in (gold, oracle)]
    shares = [_shares(votes.task, list(known.values())) for known in trusted]
    functions = tuple(
        _function(on_gold, on_oracle, kinds[on_gold.name], *shares)
        for on_gold, on_oracle in zip(*(analyze(votes, known) for known in trusted), strict=True)
    )
    counts = Counter(each.kind for each in functions)
    return TaskEntry(
        task=votes.task.name,
        tickets=len(votes.ticket_ids),
        coverage=float(votes.covered.mean()) if len(votes.ticket_ids) else 0.0,
        kinds={kind: counts[kind] for kind in KINDS},
        gold=len(trusted[0]),
        oracle=len(trusted[1]),
        gold_majority=max(shares[0].values(), default=0.0),
        oracle_majority=max(shares[1].values(), default=0.0),
        seeds=next((each for each in functions if each.name == ZERO_SHOT), None),
        functions=functions,
    )


def _shares(task: Task, answers: Sequence[Answer]) -> dict[str, float]:
    """The share of trusted tickets that each label holds for; nothing where there are none."""
    counts = Counter(label_id for answer in answers for label_id in answer)
    return {label: counts[i] / len(answers) for i, label in enumerate(task.labels)} if answers else {}


def _function(
    on_gold: LFReport,
    on_oracle: LFReport,
    kind: str,
    gold_shares: Mapping[str, float],
    oracle_shares: Mapping[str, float],
) -> FunctionEntry:
    report, shares = (on_gold, gold_shares) if on_gold.gold_votes else (on_oracle, oracle_shares)
    hurts = report.interval is not None and report.interval[1] < _without_it(report.polarity, shares)
    gold, oracle = (Measured(each.gold_votes, each.accuracy, each.interval) for each in (on_gold, on_oracle))
    return FunctionEntry(on_gold.name, kind, on_gold.polarity, on_gold.coverage, gold, oracle, hurts)


def _without_it(polarity: Sequence[str], shares: Mapping[str, float]) -> float:
    """How often one is right without looking: the majority-class rate.

    Votes against labels are measured by the most frequent of them: that it does not hold is often right
    anyway.
    """
    refused = [shares[label.removeprefix(NOT)] for label in polarity if label not in shares]
    if len(refused) == len(polarity):
        return 1 - max(refused)
    return max(shares.values())


def read_dropped(path: Path, schema: Schema) -> list[Dropped]:
    """Reads CSV of functions that were dropped: task, name, right_a, right_b, why.

    Raises IngestError that lists every row that cannot be used.
    """
    if path.suffix != ".csv":
        raise IngestError(f"{path}: functions that were dropped are read from CSV; name a file with .csv")
    columns = read_columns_of(path)
    if missing := [name for name in COLUMNS if name not in columns]:
        raise IngestError(
            f"{path}: no column {listed(missing)}; columns are {listed(COLUMNS)}; "
            f"it has {listed(columns, 12)}"
        )
    rows = [(row, _row_problems(row, schema)) for row in read_rows(path)]
    if problems := [f"line {row.line}: {problem}" for row, found in rows for problem in found]:
        raise IngestError(f"{path}: " + "; ".join(problems))
    return [
        Dropped(
            row.values["task"],
            row.values["name"].strip(),
            float(row.values["right_a"]),
            float(row.values["right_b"]),
            (row.values["why"] or "").strip(),
        )
        for row, _ in rows
        if isinstance(row, Row)
    ]


def _row_problems(row: Row | BadRow, schema: Schema) -> Iterator[str]:
    if isinstance(row, BadRow):
        yield row.reason
        return
    if row.values["task"] not in schema.names:
        yield f"no task '{row.values['task']}'; tasks are {listed(schema.names)}"
    if not (row.values["name"] or "").strip():
        yield "no name"
    for column in ("right_a", "right_b"):
        if not _is_share(row.values[column]):
            yield f"{column} must be a share in 0 to 1, got {row.values[column]!r}"


def _is_share(value: str) -> bool:
    try:
        return 0 <= float(value) <= 1
    except ValueError:
        return False

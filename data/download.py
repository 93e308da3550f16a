"""Public datasets fetched from Kaggle, the Hugging Face hub or a local folder, as one kind of table."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.dataset import Dataset, find_dataset, find_files, wanted_files
from data.errors import IngestError, listed
from data.examples import Example, Examples, file_examples, hub_examples
from data.readers import BadRow, read_columns_of, read_rows
from data.store import whole_file
from data.twcs import COLUMNS, is_twcs

BATCH = 8192
SCHEMA_FILE = "schema.toml"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class DownloadSummary:
    """What was written: files, rows, the task's labels, and how many rows were set aside, by reason."""

    name: str
    files: tuple[Path, ...]
    rows: int
    set_aside: dict[str, int]
    labels: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "files": [str(path) for path in self.files],
            "rows": self.rows,
            "set_aside": self.set_aside,
            "labels": list(self.labels),
        }


def download(
    name: str, target: Path, source: Path | None = None, progress: Progress = lambda count: None
) -> DownloadSummary:
    """Writes the dataset into the folder `target`: `NAME.parquet` and the schema of its task beside it.

    The table has the columns id, text, the task's name (null where the source has no labels), split
    and, where the dataset has answers, reply. `schema.toml` holds `[tasks.…]` as a project's
    `ticketloom.toml` does. twcs stays the file that it is, `twcs.csv`: `ticketloom data ingest` reads
    it, its rows are counted only.

    With `source`, a folder with the dataset's own files, nothing is fetched. Files are whole or
    absent. `progress` is told the number of rows read so far. Raises IngestError for an unknown name,
    a folder or file that is not the dataset, and, with what to do, where it cannot be fetched.
    """
    dataset = find_dataset(name)
    if target.exists() and not target.is_dir():
        raise IngestError(f"{target}: is a file; name a folder to write {name} into")
    if source is None and not dataset.hub:
        source = _kaggle_folder(dataset)
    if dataset.form == "twcs" and source:
        return _copy_twcs(dataset, source, target, progress)
    found = file_examples(dataset, source) if source else hub_examples(dataset, _hub_splits(dataset))
    return _write(dataset, found, target, progress)


def _kaggle_folder(dataset: Dataset) -> Path:
    """The folder that kagglehub downloads into, or has downloaded into before."""
    if not dataset.kaggle:
        raise IngestError(f"{dataset.name}: no hub has it; {_by_hand(dataset)}")
    try:
        import kagglehub

        return Path(kagglehub.dataset_download(dataset.kaggle))
    # Anything may come out of a network, a proxy or a library; the user needs the same advice.
    except Exception as error:
        raise IngestError(
            f"{_unreachable(dataset, 'Kaggle', error)}; or, if Kaggle refused, set its credentials: make an "
            "API token at https://www.kaggle.com/settings, save it as ~/.kaggle/kaggle.json or set "
            "KAGGLE_USERNAME and KAGGLE_KEY, and repeat the command"
        ) from error


def _hub_splits(dataset: Dataset) -> Any:
    """The `datasets.DatasetDict` of the hub: memory-mapped, so that its size does not matter."""
    try:
        import datasets

        return datasets.load_dataset(**dataset.hub)
    except Exception as error:  # as above
        raise IngestError(_unreachable(dataset, "Hugging Face", error)) from error


def _unreachable(dataset: Dataset, host: str, error: Exception) -> str:
    said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return (
        f"{dataset.name}: cannot be fetched from {host} ({said}); check the network and repeat the command; "
        f"or {_by_hand(dataset)}"
    )


def _by_hand(dataset: Dataset) -> str:
    advice = f" ({dataset.by_hand})" if dataset.by_hand else ""
    return (
        f"get {wanted_files(dataset)} by hand from {dataset.page}{advice} ({dataset.licence}; unpack what is "
        f"packed) and give the folder: `ticketloom data download {dataset.name} --from DIR`"
    )


def _copy_twcs(dataset: Dataset, source: Path, target: Path, progress: Progress) -> DownloadSummary:
    [(path, _)] = find_files(dataset, source)
    columns = read_columns_of(path)
    if not is_twcs(columns):
        missing = [name for name in COLUMNS if name not in columns]
        raise IngestError(f"{path}: no column {listed(missing)}; it has {listed(columns, 12)}")
    rows, aside = 0, Counter[str]()
    copy = target / path.name
    with whole_file(copy) as temporary:
        shutil.copyfile(path, temporary)
        for number, row in enumerate(read_rows(path), 1):
            if isinstance(row, BadRow):
                aside[_kind(row.reason)] += 1
            else:
                rows += 1
            if number % BATCH == 0:
                progress(number)
    return DownloadSummary(dataset.name, (copy,), rows, dict(aside), ())


def _kind(reason: str) -> str:
    """The reason without the particulars that follow it, so that equal ones are counted together."""
    return reason.partition(",")[0]


def _write(dataset: Dataset, examples: Examples, target: Path, progress: Progress) -> DownloadSummary:
    table, schema = target / f"{dataset.name}.parquet", target / SCHEMA_FILE
    aside: Counter[str] = Counter()
    labels: set[str] = set()
    rows = 0
    with whole_file(table) as whole_table, whole_file(schema) as whole_schema:
        columns = _table_schema(dataset)
        records = _records(dataset, examples, aside)
        with pq.ParquetWriter(whole_table, columns, compression="zstd") as writer:
            while batch := list(islice(records, BATCH)):
                writer.write_table(pa.Table.from_pylist(batch, columns))
                labels |= {record[dataset.task["name"]] for record in batch} - {None}
                progress(rows := rows + len(batch))
        names = _labels(dataset, labels, rows, aside)
        whole_schema.write_text(_schema_text(dataset, names), "utf-8")
    return DownloadSummary(dataset.name, (table, schema), rows, dict(aside.most_common()), names)


def _table_schema(dataset: Dataset) -> pa.Schema:
    required = [pa.field(name, pa.string(), nullable=False) for name in ("id", "text", "split")]
    columns = [*required[:2], pa.field(dataset.task["name"], pa.string(), not dataset.labeled), required[2]]
    return pa.schema([*columns, pa.field("reply", pa.string())] if "reply" in dataset.columns else columns)


def _records(dataset: Dataset, examples: Examples, aside: Counter[str]) -> Iterator[dict[str, Any]]:
    """The table's rows; those that lack what they need are counted in `aside`."""
    for found in examples:
        record = _record(dataset, found) if isinstance(found, Example) else _kind(found.reason)
        if isinstance(record, str):
            aside[record] += 1
        else:
            yield record


def _record(dataset: Dataset, example: Example) -> dict[str, Any] | str:
    """The example as a row, or the reason why it cannot be one."""
    text, label, reply = (_text(value) for value in (example.text, example.label, example.reply))
    if text is None:
        return "no text"
    if label is None and dataset.labeled:
        return "no label"
    row = {"id": example.id, "text": text, dataset.task["name"]: label, "split": example.split}
    return row | {"reply": reply} if "reply" in dataset.columns else row


def _text(value: Any) -> str | None:
    """A text that Parquet can hold, without white space around it; None for none."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip().encode("utf-8", "replace").decode()


def _labels(dataset: Dataset, found: set[str], rows: int, aside: Counter[str]) -> tuple[str, ...]:
    """The task's labels: those found, by name, or those that an unlabeled dataset is given."""
    labels = sorted(found) if dataset.labeled else list(dataset.task["descriptions"])
    if not rows or len(labels) < 2:
        reasons = listed(f"{reason} ({count})" for reason, count in aside.items())
        raise IngestError(
            f"{dataset.name}: {rows} usable rows with {len(labels)} labels, too few to work with; "
            f"set aside: {reasons or 'none'}"
        )
    return tuple(labels)


def _schema_text(dataset: Dataset, labels: tuple[str, ...]) -> str:
    """The `[tasks.…]` table of a `ticketloom.toml`; JSON's strings are TOML's, too."""
    described = dataset.task.get("descriptions", {})
    lines = [
        f"# {dataset.title} ({dataset.licence}), {dataset.page}",
        f"[tasks.{dataset.task['name']}]",
        f"question = {_quoted(dataset.task['question'])}",
        f"[tasks.{dataset.task['name']}.labels]",
    ]
    lines += [f"{_quoted(label)} = {_quoted(described.get(label) or _readable(label))}" for label in labels]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _readable(label: str) -> str:
    """A description made of a label's name.

    >>> _readable("card_arrival")
    'card arrival'
    """
    return " ".join(label.replace("_", " ").split()) or label

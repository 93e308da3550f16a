"""Examples out of the public datasets: each one's own files, or the hub's rows, told in one form."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any

from data.errors import IngestError, listed, near
from data.readers import BadRow, Row, read_columns_of, read_rows

SPLIT_NAMES = {"val": "validation", "valid": "validation", "dev": "validation"}
DIALOGUE_COLUMNS = ("folder", "dialogueID", "from", "text")
CLINC_PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Example:
    """One text of a dataset with the label and the reply that its source gives, None for none."""

    id: str
    split: str
    text: Any
    label: Any = None
    reply: Any = None


Examples = Iterator[Example | BadRow]


@dataclass(frozen=True)
class Dataset:
    """Where a public dataset is found and how it is read: a file of `data/datasets/`.

    `files` are sets of file patterns with their splits; the first set that is whole is read.
    `columns` maps text, label and reply to the names that the sources use for them. `task` holds
    the task's name, its question, and descriptions of labels that their names do not explain.
    """

    name: str
    title: str
    licence: str
    page: str
    form: str
    files: Sequence[Mapping[str, str]]
    kaggle: str = ""
    hub: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    task: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labeled(self) -> bool:
        return "label" in self.columns


def dataset_names() -> list[str]:
    """The datasets that can be downloaded, by name."""
    folder = resources.files("data").joinpath("datasets")
    return sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))


def find_dataset(name: str) -> Dataset:
    """The dataset of that name; raises IngestError with the nearest name."""
    names = dataset_names()
    if name not in names:
        raise IngestError(f"no dataset '{name}'; datasets are {listed(names)}{near(name, names)}")
    text = resources.files("data").joinpath(f"datasets/{name}.toml").read_text("utf-8")
    return Dataset(name, **tomllib.loads(text))


def find_files(dataset: Dataset, source: Path) -> list[tuple[Path, str]]:
    """The dataset's files in a folder or one of its direct subfolders, each with its split.

    Raises IngestError that names what was looked for.
    """
    if not source.is_dir():
        raise IngestError(f"{source}: no such folder; name the folder that holds {_wanted(dataset)}")
    folders = sorted(path for path in source.iterdir() if path.is_dir())
    for place in (source, source / dataset.name, *folders):
        for patterns in dataset.files:
            found = {pattern: sorted(place.glob(pattern)) for pattern in patterns}
            if all(found.values()):
                return [(path, patterns[pattern]) for pattern in patterns for path in found[pattern]]
    present = sorted(path.name for path in source.iterdir())
    raise IngestError(
        f"{source}: the files of {dataset.name} are not here; looked for {_wanted(dataset)}, here and one "
        f"folder down; it has {listed(present) or 'nothing'}; they are at {dataset.page}"
    )


def _wanted(dataset: Dataset) -> str:
    return ", or ".join(" and ".join(patterns) for patterns in dataset.files)


def file_examples(dataset: Dataset, source: Path) -> Examples:
    """The examples of a local copy, in the order of its files, in constant memory (CLINC150: its file's)."""
    files = find_files(dataset, source)
    read = {"table": _table_files, "clinc": _clinc_files, "dialogue": _dialogue_files}[dataset.form]
    return read(dataset, files)


def hub_examples(dataset: Dataset, splits: Mapping[str, Any]) -> Examples:
    """The examples of a loaded `datasets.DatasetDict`; class numbers become their names."""
    for split, table in splits.items():
        names = {key: getattr(feature, "names", None) for key, feature in table.features.items()}
        rows = (Row(line, _named(values, names)) for line, values in enumerate(table, 1))
        where = f"{dataset.hub['path']} ({split})"
        yield from _table(dataset, rows, list(names), where, SPLIT_NAMES.get(split, split), count(1))


def _named(values: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The row with class numbers replaced by class names; −1, the hub's unlabeled, by None."""
    return {key: _name(value, names[key]) for key, value in values.items()}


def _name(value: Any, names: Sequence[str] | None) -> Any:
    if names is None:
        return value
    return names[value] if value is not None and value >= 0 else None


def _table_files(dataset: Dataset, files: list[tuple[Path, str]]) -> Examples:
    numbers = {split: count(1) for _, split in files}
    for path, split in files:
        columns = read_columns_of(path)
        yield from _table(dataset, read_rows(path), columns, str(path), split, numbers[split])


def _table(
    dataset: Dataset,
    rows: Iterator[Row | BadRow],
    columns: Sequence[str],
    where: str,
    split: str,
    numbers: Iterator[int],
) -> Examples:
    """One example a row; its id is the dataset, the split and the row's number in it, bad rows counted."""
    text = _column(dataset, "text", columns, where)
    label = _column(dataset, "label", columns, where)
    # Only some editions carry the answer.
    reply = next((name for name in dataset.columns.get("reply", ()) if name in columns), None)
    for row, number in zip(rows, numbers, strict=False):
        if isinstance(row, BadRow):
            yield row
            continue
        found = [row.values[name] if name else None for name in (text, label, reply)]
        yield Example(f"{dataset.name}-{split}-{number}", split, *found)


def _column(dataset: Dataset, role: str, columns: Sequence[str], where: str) -> str | None:
    """The source's column for a role; None for a role that the dataset does not have."""
    names = dataset.columns.get(role)
    if names is None:
        return None
    found = next((name for name in names if name in columns), None)
    if found is None:
        raise IngestError(
            f"{where}: no column with the {role} of {dataset.name}; looked for {listed(names)}; "
            f"it has {listed(columns, 12)}{near(names[0], columns)}"
        )
    return found


def _clinc_files(dataset: Dataset, files: list[tuple[Path, str]]) -> Examples:
    for path, _ in files:
        for part, pairs in _clinc_parts(path).items():
            split = part.removeprefix("oos_")
            for number, pair in enumerate(pairs, 1):
                example_id = f"{dataset.name}-{part}-{number}"
                yield _clinc_example(example_id, SPLIT_NAMES.get(split, split), number, pair)


def _clinc_parts(path: Path) -> dict[str, list[Any]]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise IngestError(f"{path}: not JSON: {error}") from None
    names = list(document) if isinstance(document, dict) else []
    wrong = [part for part in names if not isinstance(document[part], list)]
    missing = [part for part in CLINC_PARTS if part not in names]
    if missing or wrong:
        raise IngestError(
            f"{path}: not a file of CLINC150: needs lists of [text, label] under {listed(CLINC_PARTS)} "
            f"(and oos_train, oos_val, oos_test); it has {listed(names) or type(document).__name__}"
        )
    parts = [*CLINC_PARTS, *(f"oos_{part}" for part in CLINC_PARTS)]
    return {part: document[part] for part in parts if part in document}


def _clinc_example(example_id: str, split: str, line: int, pair: Any) -> Example | BadRow:
    if not isinstance(pair, list) or len(pair) != 2:
        return BadRow(line, "a pair of text and label is needed", str(pair)[:500])
    return Example(example_id, split, *pair)


def _dialogue_files(dataset: Dataset, files: list[tuple[Path, str]]) -> Examples:
    for path, split in files:
        columns = read_columns_of(path)
        missing = [name for name in DIALOGUE_COLUMNS if name not in columns]
        if missing:
            raise IngestError(f"{path}: no column {listed(missing)}; it has {listed(columns, 12)}")
        yield from _dialogues(dataset, read_rows(path), split)


def _dialogues(dataset: Dataset, rows: Iterator[Row | BadRow], split: str) -> Examples:
    """One example a dialogue: its first message, and the first by somebody else as the reply.

    The rows of one dialogue lie together in the file, in the order of its turns.
    """
    key, author, current = None, None, None
    for row in rows:
        if isinstance(row, BadRow):
            yield row
        elif (here := (row.values["folder"], row.values["dialogueID"])) != key or current is None:
            if current:
                yield current
            key, author, current = here, row.values["from"], _opening(dataset, row, split)
        elif current.reply is None and row.values["from"] != author:
            current = replace(current, reply=row.values["text"])
    if current:
        yield current


def _opening(dataset: Dataset, row: Row, split: str) -> Example:
    dialogue = row.values["dialogueID"].removesuffix(".tsv")
    return Example(f"{dataset.name}-{row.values['folder']}-{dialogue}", split, row.values["text"])

"""Examples out of the public datasets: each one's own files, or the hub's rows, told in one form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from data.dataset import MAPPING_FILE, Dataset, Files, find_files, read_line_labels, read_lines
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


def file_examples(dataset: Dataset, source: Path) -> Examples:
    """The examples of a local copy, in the order of its files.

    Memory is constant; CLINC150 and files of lines take as much as their largest file.
    """
    files = find_files(dataset, source)
    read = {
        "table": _table_files, "lines": _line_files, "clinc": _clinc_files, "dialogue": _dialogue_files,
    }[dataset.form]  # fmt: skip
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


def _table_files(dataset: Dataset, files: Files) -> Examples:
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
        found[1] = dataset.label_of(found[1])
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


def _line_files(dataset: Dataset, files: Files) -> Examples:
    """A text a line in one file, its label's number in another; the first file says what numbers mean."""
    (mapping, _), *parts = files
    names = read_line_labels(dataset, mapping)
    for split in dict.fromkeys(split for _, split in parts):
        texts, labels = (path for path, found in parts if found == split)
        yield from _lines(dataset, split, texts, labels, names)


def _lines(dataset: Dataset, split: str, texts: Path, labels: Path, names: Mapping[str, str]) -> Examples:
    lines, numbers = read_lines(texts), read_lines(labels)
    if len(lines) != len(numbers):
        raise IngestError(
            f"{texts} has {len(lines)} lines, {labels} has {len(numbers)}: each text needs one label; get "
            f"both again from {dataset.page}"
        )
    for line, (text, number) in enumerate(zip(lines, numbers, strict=True), 1):
        if number.strip() in names:
            yield Example(f"{dataset.name}-{split}-{line}", split, text, names[number.strip()])
        else:
            yield BadRow(line, f"a label that {MAPPING_FILE} does not name, '{number}'", text)


def _clinc_files(dataset: Dataset, files: Files) -> Examples:
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


def _dialogue_files(dataset: Dataset, files: Files) -> Examples:
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

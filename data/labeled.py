"""Texts and labels of a public dataset: out of a table that `data download` wrote, or its own files."""

from collections.abc import Iterator
from pathlib import Path

from data.dataset import Dataset, find_dataset, has_files
from data.errors import IngestError, listed
from data.examples import Example, file_examples
from data.readers import BadRow, read_columns_of, read_rows


def labeled_examples(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """(text, label) of each example of a dataset that has both, in the order of its files.

    `folder` holds `NAME.parquet`, itself or in a subfolder NAME, or else the dataset's own files.
    Raises IngestError for an unknown or unlabeled dataset and for a folder that has neither.
    """
    dataset = find_dataset(name)
    if not dataset.labeled:
        raise IngestError(f"{name}: has no labels to learn from")
    table = _table(dataset, folder)
    pairs = _of_table(dataset, table) if table else _of_files(dataset, folder)
    for text, label in pairs:
        if isinstance(text, str) and isinstance(label, str) and text.strip() and label.strip():
            yield text.strip(), label.strip()


def has_examples(name: str, folder: Path) -> bool:
    """Whether the folder holds the dataset in either form."""
    dataset = find_dataset(name)
    return _table(dataset, folder) is not None or has_files(dataset, folder)


def _table(dataset: Dataset, folder: Path) -> Path | None:
    tables = (place / f"{dataset.name}.parquet" for place in (folder, folder / dataset.name))
    return next((path for path in tables if path.is_file()), None)


def _of_table(dataset: Dataset, path: Path) -> Iterator[tuple[object, object]]:
    wanted, columns = ("text", dataset.task["name"]), read_columns_of(path)
    if missing := [column for column in wanted if column not in columns]:
        raise IngestError(
            f"{path}: no column {listed(missing)}; it has {listed(columns, 12)}; write it again with "
            f"`ticketloom data download {dataset.name}`"
        )
    for row in read_rows(path):
        if not isinstance(row, BadRow):
            yield row.values[wanted[0]], row.values[wanted[1]]


def _of_files(dataset: Dataset, folder: Path) -> Iterator[tuple[object, object]]:
    for example in file_examples(dataset, folder):
        if isinstance(example, Example):
            yield example.text, example.label

"""Public datasets: what is known of each, and where its files lie in a folder."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

from data.errors import IngestError, listed, near
from data.readers import read_columns_of

MAPPING_FILE = "mapping.txt"
Files = list[tuple[Path, str]]


@dataclass(frozen=True)
class Dataset:
    """Where a public dataset is found and how it is read: a file of `data/datasets/`.

    `files` are sets of file patterns with their splits; the first set that is whole is read.
    `folder` is where they lie in a folder of several datasets, the dataset's name if it is not given.
    `columns` maps text, label and reply to the names that the sources use for them. `labels` are all
    labels that it has, by the names used here; `renamed` maps the sources' other names to these.
    `task` holds the task's name, its question, and descriptions of labels that their names do not
    explain. `by_hand` says how a file that is got by hand is made one of `files`.
    """

    name: str
    title: str
    licence: str
    page: str
    form: str
    files: Sequence[Mapping[str, str]]
    folder: str = ""
    kaggle: str = ""
    by_hand: str = ""
    hub: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    task: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labeled(self) -> bool:
        return "label" in self.columns

    def label_of(self, value: Any) -> Any:
        """The label by the name used here."""
        return self.renamed.get(value, value) if isinstance(value, str) else value


def dataset_names() -> list[str]:
    """The datasets that can be downloaded, by name."""
    folder = resources.files("data").joinpath("datasets")
    return sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))


def find_dataset(name: str) -> Dataset:
    """The dataset of that name; raises IngestError with the nearest name."""
    names = dataset_names()
    if name not in names:
        raise IngestError(f"no dataset '{name}'; datasets are {listed(names, 20)}{near(name, names)}")
    text = resources.files("data").joinpath(f"datasets/{name}.toml").read_text("utf-8")
    return Dataset(name, **tomllib.loads(text))


def find_files(dataset: Dataset, source: Path) -> Files:
    """The dataset's files, with their splits, in a folder, in the dataset's own below it or one folder down.

    Several datasets have a `train.csv`: files that hold what the dataset holds come before others of
    the same names. Raises IngestError that names what was looked for.
    """
    if not source.is_dir():
        raise IngestError(f"{source}: no such folder; name the folder that holds {wanted_files(dataset)}")
    whole = [files for place in _places(dataset, source) if (files := _files_in(dataset, place))]
    if whole:
        return next((files for files in whole if _holds(dataset, files)), whole[0])
    present = sorted(path.name for path in source.iterdir())
    raise IngestError(
        f"{source}: the files of {dataset.name} are not here; looked for {wanted_files(dataset)}, here, in "
        f"{dataset.folder or dataset.name} and one folder down; it has {listed(present) or 'nothing'}; "
        f"they are at {dataset.page}"
    )


def has_files(dataset: Dataset, source: Path) -> bool:
    """Whether a folder holds the dataset: files of its names with what it holds in them."""
    places = _places(dataset, source) if source.is_dir() else ()
    return any(_holds(dataset, files) for place in places if (files := _files_in(dataset, place)))


def _places(dataset: Dataset, source: Path) -> Iterator[Path]:
    """Where files may lie; of `tweeteval/emotion` the source may be `tweeteval` or what it lies in."""
    parts = PurePosixPath(dataset.folder or dataset.name).parts
    yield source
    yield from (source.joinpath(*parts[start:]) for start in range(len(parts)))
    yield from sorted(path for path in source.iterdir() if path.is_dir())


def _files_in(dataset: Dataset, place: Path) -> Files:
    """The first set of the dataset's files that is whole in this folder; none if none is."""
    for patterns in dataset.files:
        found = {pattern: sorted(place.glob(pattern)) for pattern in patterns}
        if all(found.values()):
            return [(path, patterns[pattern]) for pattern in patterns for path in found[pattern]]
    return []


def _holds(dataset: Dataset, files: Files) -> bool:
    """Whether the files are the dataset's by their columns, or by the labels that their mapping names."""
    path = files[0][0]
    try:
        if dataset.form == "lines":
            return set(read_line_labels(dataset, path).values()) == set(dataset.labels)
        if dataset.form == "table":
            columns = read_columns_of(path)
            asked = (names for role, names in dataset.columns.items() if role != "reply")
            return all(any(name in columns for name in names) for names in asked)
    except IngestError:
        return False
    return True


def read_line_labels(dataset: Dataset, path: Path) -> dict[str, str]:
    """The label of each number, out of a `mapping.txt`: a number, a tab and a name a line."""
    pairs = [line.split("\t") for line in read_lines(path) if line.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise IngestError(f"{path}: each line must be a number, a tab and a label")
    return {number.strip(): dataset.label_of(name.strip()) for number, name in pairs}


def read_lines(path: Path) -> list[str]:
    """The lines of a text file without their ends; only line feeds end them, as tweets hold others."""
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise IngestError(f"{path}: not utf-8 text: {error}") from None
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def wanted_files(dataset: Dataset) -> str:
    """The names of its files, for a message."""
    return ", or ".join(" and ".join(patterns) for patterns in dataset.files)

"""Files that are whole or absent: atomic writes, manifests, stages that are skipped when nothing changed."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

MANIFEST = "manifest.json"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; it takes that name, fsynced, only if the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _fsync(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
        _fsync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """Writes readable JSON, whole or not at all."""
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def write_table(path: Path, table: pa.Table) -> None:
    """Writes one Arrow table as Parquet, whole or not at all."""
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def value_hash(value: Any) -> str:
    """SHA-256 of a JSON-able value; key order does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class StageResult:
    """What became of a stage: its folder, what it said, whether it was skipped and why or why not."""

    folder: Path
    summary: dict[str, Any]
    skipped: bool
    reason: str


def run_stage(folder: Path, reads: Mapping[str, str], build: Callable[[Path], dict[str, Any]]) -> StageResult:
    """Builds `folder`, or skips it when its manifest shows that nothing that it reads changed.

    `reads` names each thing that the stage depends on with its hash. `build(temporary)` writes the
    artifacts into a temporary folder and returns a JSON-able summary. The manifest is written last
    and the folder then takes its name, so a folder with a manifest is whole.
    """
    old = _manifest(folder)
    if old is not None and old["reads"] == dict(reads) and not _missing(folder, old):
        return StageResult(folder, old["summary"], True, "nothing that it reads changed")
    reason = _why(old, dict(reads))
    temporary = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    summary = build(temporary)
    manifest = {"reads": dict(reads), "summary": summary, "files": _file_hashes(temporary)}
    write_json(temporary / MANIFEST, manifest)
    _swap(temporary, folder)
    return StageResult(folder, summary, False, reason)


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    return read_json(path) if path.is_file() else None


def _why(old: dict[str, Any] | None, reads: Mapping[str, str]) -> str:
    if old is None:
        return "not built yet"
    if old["reads"] == reads:
        return "some of its files are missing"
    changed = sorted(k for k in old["reads"].keys() | reads.keys() if old["reads"].get(k) != reads.get(k))
    return "changed: " + ", ".join(changed)


def _missing(folder: Path, manifest: dict[str, Any]) -> bool:
    return not all((folder / name).is_file() for name in manifest["files"])


def _file_hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): file_hash(path) for path in files}


def _swap(temporary: Path, folder: Path) -> None:
    if folder.exists():
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        temporary.rename(folder)
        shutil.rmtree(old)
    else:
        temporary.rename(folder)
    _fsync(folder.parent)

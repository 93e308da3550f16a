"""Ingest as a stage: skipped when neither the files nor the settings changed."""

from collections.abc import Sequence
from pathlib import Path

from app.face import Face
from data.code import code_version
from data.config import Config
from data.errors import IngestError
from data.ingest import IngestOptions, ingest
from data.store import StageResult, file_hash, read_json, value_hash, write_json
from data.workspace import Workspace

MANIFEST = "tickets.json"


def ingest_options(config: Config) -> IngestOptions:
    """The options that `[data]` sets."""
    settings = config.data
    return IngestOptions(
        columns=settings.columns,
        follow_ups=settings.follow_ups,
        encoding=settings.encoding,
        shares=settings.splits.model_dump(),
    )


def ingest_files(workspace: Workspace, files: Sequence[Path], face: Face) -> StageResult:
    """Makes the pool out of these files; without files, keeps the pool that there is.

    Raises IngestError where there are no files and no pool either.
    """
    manifest = workspace.root / MANIFEST
    if not files and workspace.tickets.is_file():
        return StageResult(workspace.root, {}, True, "no files named; the pool stays as it is")
    if not files:
        raise IngestError("nothing to ingest: name files on the command line or in [data] files")
    reads = _reads(workspace, files)
    if manifest.is_file() and workspace.tickets.is_file():
        old = read_json(manifest)
        if old["reads"] == reads and old["tickets"] == file_hash(workspace.tickets):
            result = StageResult(workspace.root, old["summary"], True, "nothing that it reads changed")
            face.done("ingest", result)
            return result
    with face.working("ingest", None) as progress:
        options = ingest_options(workspace.config)
        summary = ingest(files, workspace.tickets, workspace.quarantine, options, progress).to_dict()
    write_json(manifest, {"reads": reads, "tickets": file_hash(workspace.tickets), "summary": summary})
    result = StageResult(workspace.root, summary, False, "")
    face.done("ingest", result)
    return result


def _reads(workspace: Workspace, files: Sequence[Path]) -> dict[str, str]:
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise IngestError("no such file: " + ", ".join(missing))
    return {
        "files": value_hash([[path.name, file_hash(path)] for path in files]),
        "settings": value_hash(workspace.config.data.model_dump(mode="json", exclude={"files"})),
        "code": code_version("data.ingest"),
    }

"""Labeling functions applied to files outside a project's pool, and tried out on a few tickets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from app import stages
from app.face import Face, Progress
from app.ingest import ingest_options
from data.code import code_version
from data.errors import LabelingError
from data.schema import Task
from data.splits import hash64
from data.store import MANIFEST, StageResult, file_hash, run_stage, value_hash, write_json
from data.ticket_files import files_in, first_tickets, is_ticket_table, write_ticket_table
from data.tickets import TicketBatch, open_tickets, read_columns
from data.workspace import Workspace
from labeling.explain import reasons
from labeling.lf import BoundLF
from labeling.vote_files import Engine, Source

TABLE, TABLES, QUARANTINE = "tickets.parquet", "tables.json", "quarantine.jsonl"


def apply_to_files(
    workspace: Workspace,
    files: Sequence[Path],
    tasks: Sequence[Task],
    lfs: Sequence[BoundLF],
    out: Path,
    engine: Engine,
    face: Face,
) -> StageResult:
    """Votes on the tickets of some files, in the folder `out`, beside the tickets as they were read.

    Tables of tickets are voted on where they lie; other files are read into one first. Raises
    LabelingError where `out` is a folder of something else.
    """
    if out.exists() and not (out / MANIFEST).is_file():
        raise LabelingError(f"{out}: exists and holds no votes; name another folder with --out")
    files = files_in(files)
    reads = {
        "files": value_hash([[str(path.resolve()), file_hash(path)] for path in files]),
        "settings": value_hash(workspace.config.data.model_dump(mode="json", exclude={"files"})),
        "labeling functions": value_hash([[lf.bound_task().name, lf.fingerprint()] for lf in lfs]),
        "tasks": value_hash([[task.name, task.labels] for task in tasks]),
        "code": code_version("labeling.vote_files"),
    }

    def build(folder: Path) -> dict[str, Any]:
        with face.working("reading tickets", None) as progress:
            tables, read = _tables(workspace, files, folder, progress)
        source = Source(tables, value_hash([file_hash(table) for table in tables]), reads["code"])
        total = sum(open_tickets(table).metadata.num_rows for table in tables)
        with face.working(f"{len(lfs)} labeling functions vote", total) as progress:
            said = stages.build_votes(folder, source, tasks, lfs, engine, out, True, workspace, progress)
        kept = [table.name if table.parent == folder else str(table.resolve()) for table in tables]
        write_json(folder / TABLES, kept)
        return {"tickets": total} | read | said

    result = run_stage(out, reads, build)
    face.done("votes", result)
    return result


def _tables(
    workspace: Workspace, files: Sequence[Path], folder: Path, progress: Progress
) -> tuple[tuple[Path, ...], dict[str, Any]]:
    """The tables of tickets to vote on, and what was set aside in making them."""
    if all(is_ticket_table(path) for path in files):
        return tuple(files), {}
    options = ingest_options(workspace.config)
    said = write_ticket_table(files, folder / TABLE, folder / QUARANTINE, options, progress)
    return (folder / TABLE,), {"set_aside": said["set_aside"], "reasons": said["reasons"]}


def sample(workspace: Workspace, files: Sequence[Path], most: int) -> TicketBatch:
    """A few tickets to try functions on: of the pool by a stable hash, of files the first ones."""
    if files:
        return first_tickets(files_in(files), ingest_options(workspace.config), most)
    stages.check_tickets(workspace.tickets)
    ids = read_columns(workspace.tickets, ["ticket_id"])["ticket_id"].to_pylist()
    rows = np.sort(np.array(sorted(range(len(ids)), key=lambda row: hash64(ids[row]))[:most], int))
    return TicketBatch(open_tickets(workspace.tickets).read().take(pa.array(rows)))


def tried(lfs: Sequence[BoundLF], batch: TicketBatch) -> list[dict[str, Any]]:
    """Each ticket with the votes on it: task → label, function and the words that made it vote."""
    found = []
    for ticket in batch.tickets:
        said = [reason for reason in reasons(lfs, ticket) if reason.label or reason.error]
        votes: dict[str, list[dict[str, Any]]] = {lf.bound_task().name: [] for lf in lfs}
        for reason in said:
            votes[reason.task].append(
                {"name": reason.name, "label": reason.label, "words": reason.words, "error": reason.error}
            )
        found.append({"ticket_id": ticket.ticket_id, "text": ticket.text, "votes": votes})
    return found

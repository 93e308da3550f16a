"""What several tests of the data room use."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.ingest import IngestOptions, ingest


@pytest.fixture
def pool(tmp_path):
    """Ingests files, given as name = content; results are kept beside them."""
    return Pool(tmp_path)


class Pool:
    def __init__(self, folder):
        self.folder = folder
        self.tickets_path, self.quarantine_path = (
            folder / "out" / "tickets.parquet",
            folder / "out" / "q.jsonl",
        )

    def ingest(self, files, **options):
        paths = [self.folder / name for name in files]
        for path, content in zip(paths, files.values()):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.ingest_paths(paths, **options)

    def ingest_paths(self, paths, **options):
        return ingest(paths, self.tickets_path, self.quarantine_path, IngestOptions(**options))

    @property
    def tickets(self):
        return pq.read_table(self.tickets_path).to_pylist()

    def column(self, name):
        return [ticket[name] for ticket in self.tickets]

    @property
    def quarantine(self):
        rows = [json.loads(line) for line in self.quarantine_path.read_text("utf-8").splitlines()]
        return [(Path(row["file"]).name, row["line"], row["reason"]) for row in rows]

    @property
    def bytes(self):
        return self.tickets_path.read_bytes(), self.quarantine_path.read_bytes()

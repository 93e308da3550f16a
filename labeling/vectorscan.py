"""Vectorscan, by the `hyperscan` package: many expressions matched in one pass; its only importer."""

from array import array
from collections.abc import Sequence
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from threading import local
from typing import Any

import hyperscan
import numpy as np

from data.store import whole_file

Array = np.ndarray[Any, Any]
_FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE


class Database:
    """Expressions compiled together.

    `refused` holds the positions of those that Vectorscan does not take. `cache` is a folder that
    keeps compiled databases under the hash of what they hold: compiling takes seconds, loading
    milliseconds.
    """

    def __init__(self, expressions: Sequence[str], cache: Path | None = None) -> None:
        self.refused: list[int] = []
        self._database: hyperscan.Database | None = None
        self._of_thread = local()
        kept = cache / f"{_key(expressions)}.vectorscan" if cache else None
        if kept and kept.is_file():
            self._database = _loaded(kept.read_bytes())
        if self._database is None and expressions:
            self._compile(expressions)
            if kept and self._database and not self.refused:
                _keep(kept, hyperscan.dumpb(self._database))

    def _compile(self, expressions: Sequence[str]) -> None:
        numbered = list(enumerate(expressions))
        try:
            self._database = _compiled(numbered)
        except hyperscan.error:
            usable = [pair for pair in numbered if _compiles(pair)]
            self.refused = sorted(set(range(len(expressions))) - {at for at, _ in usable})
            self._database = _compiled(usable) if usable else None

    def _scratch(self) -> hyperscan.Scratch:
        """This thread's own: two threads must not scan on one."""
        scratch: hyperscan.Scratch | None = getattr(self._of_thread, "scratch", None)
        if scratch is None:
            scratch = self._of_thread.scratch = hyperscan.Scratch(self._database)
        return scratch

    def scan_silently(self, data: bytes) -> None:
        """Scans and tells nobody what is found: what a scan costs at least."""
        if self._database is not None:
            self._database.scan(data, match_event_handler=None, scratch=self._scratch())  # type: ignore[arg-type]

    def scan(self, data: bytes) -> tuple[Array, Array]:
        """Position of each expression found and the offset where it ends, both int64 [n_matches]."""
        found, ends = array("q"), array("q")
        add, end = found.append, ends.append

        def matched(expression: int, _start: int, stop: int, _flags: int, _context: object) -> None:
            add(expression)
            end(stop)

        if self._database is not None and data:
            self._database.scan(data, match_event_handler=matched, scratch=self._scratch())
        return np.frombuffer(found, np.int64), np.frombuffer(ends, np.int64)


def _key(expressions: Sequence[str]) -> str:
    parts = [metadata.version("hyperscan"), str(_FLAGS), *expressions]
    return sha256("\n".join(parts).encode()).hexdigest()


def _loaded(stored: bytes) -> hyperscan.Database | None:
    """None where it was made by another version or on a machine of another kind, or is torn."""
    try:
        return hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:
        return None


def _keep(path: Path, stored: bytes) -> None:
    with whole_file(path) as temporary:
        temporary.write_bytes(stored)


def _compiles(expression: tuple[int, str]) -> bool:
    try:
        _compiled([expression])
    except hyperscan.error:
        return False
    return True


def _compiled(expressions: Sequence[tuple[int, str]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[text.encode("ascii") for _, text in expressions],
        ids=[at for at, _ in expressions],
        elements=len(expressions),
        flags=_FLAGS,
    )
    return database

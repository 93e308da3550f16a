"""Rows that cannot be used, set aside with their reasons."""

import json
from collections import Counter
from typing import TextIO

from data.readers import BadRow


class Quarantine:
    """Writes bad rows as JSON lines and counts them by reason."""

    def __init__(self, file: TextIO, counts: Counter[str]) -> None:
        self._file = file
        self._counts = counts

    def add(self, path: str, bad: BadRow) -> None:
        row = {"file": path, "line": bad.line, "reason": bad.reason, "raw": bad.raw}
        self._file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
        self._counts[_kind(bad.reason)] += 1


def _kind(reason: str) -> str:
    """The reason without the particulars, so that equal ones are counted together."""
    return reason.split(", got ")[0].split(", found ")[0].split(":")[0].rstrip("0123456789 ")

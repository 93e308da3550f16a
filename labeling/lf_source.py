"""Source of labeling functions: accepted suggestions are written into a file of LFs."""

import ast
import json
import re
import runpy
import tokenize
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import Any

from snorkel.labeling import LabelingFunction

from data.errors import LabelingError, near
from data.schema import Task
from data.store import whole_file
from labeling.lf import PatternLF
from labeling.suggest import Suggestion

# As in pyproject.toml, for ruff.
LINE_LENGTH = 110
IMPORT = "from labeling.lf import PatternLF"
DOCSTRING = '"""Labeling functions that labeled tickets suggested."""'


def add_to_lf_file(
    path: Path, task: Task, suggestions: Sequence[Suggestion], *, taken: Collection[str] = ()
) -> list[str]:
    """Writes suggestions as pattern LFs into a file of LFs; returns the names of the new LFs.

    One LF per label, in the order in which the labels first come, named `suggested_<label>`; `_2`,
    `_3`, … follows where the file, or `taken` (the names of LFs in the task's other files), has that
    name. A new file gets `TASK` and `LFS`. In an old one everything stays byte for byte: the new LFs
    are appended, to its list `LFS` or, where it has none, as variables, and `PatternLF` is imported
    below its imports unless it is there. Lines are as ruff formats them. The file is run before and
    after, as loading it would; it is written whole or not at all, and not without suggestions.
    Raises LabelingError where a label or phrase is none, and where the file cannot be read, parsed or
    imported or does not hold LFs of this task.
    """
    lfs = _declare(task, suggestions)
    if not lfs:
        return []
    path = path.resolve()
    file = _open(path, task)
    named = _name(lfs, {*file.names, *taken})
    with whole_file(path) as temporary:
        temporary.write_bytes(file.source_with(named, task))
        if named.keys() - _read(temporary, path).names:
            raise LabelingError(f"{path}: what is added at its end does not count; add to it by hand")
    return list(named)


def _declare(task: Task, suggestions: Sequence[Suggestion]) -> list[PatternLF]:
    """A bound LF per label; raises LabelingError that lists every problem."""
    phrases: dict[str, dict[str, None]] = {}
    for suggestion in suggestions:
        phrases.setdefault(suggestion.label, {})[suggestion.phrase] = None
    lfs, problems = [], []
    for label, any_of in phrases.items():
        name = "suggested_" + re.sub(r"\W+", "_", label)
        try:
            lfs.append(PatternLF(name, label=label, any_of=tuple(any_of)).bind(task))
        except LabelingError as error:
            problems.append(str(error))
    if problems:
        raise LabelingError("; ".join(problems))
    return lfs


def _name(lfs: Sequence[PatternLF], taken: set[str]) -> dict[str, PatternLF]:
    """The LFs by names that are free."""
    named: dict[str, PatternLF] = {}
    for lf in lfs:
        name, number = lf.name, 2
        while name in taken or name in named:
            name, number = f"{lf.name}_{number}", number + 1
        named[name] = lf
    return named


@dataclass(frozen=True)
class _LFFile:
    """A file of LFs as it is: its lines, its statements and its globals; all empty for a new one."""

    lines: list[bytes]
    statements: list[ast.stmt]
    values: Mapping[str, Any]

    @property
    def names(self) -> set[str]:
        """Names of its LFs that count, and of all its globals."""
        lfs = self.values.get("LFS", self.values.values())
        return {lf.name for lf in lfs if isinstance(lf, LabelingFunction)} | set(self.values)

    def source_with(self, named: Mapping[str, PatternLF], task: Task) -> bytes:
        """Its source with more LFs, in its own kind of line ends."""
        end = b"\r\n" if any(line.endswith(b"\r\n") for line in self.lines) else b"\n"
        lines = [line if line.endswith((b"\n", b"\r")) else line + end for line in self.lines]
        for at, added in ((len(lines), self._blank_lines() + self._block(named, task)), self._import()):
            lines[at:at] = [line.encode() + end for line in added]
        return b"".join(lines)

    def _block(self, named: Mapping[str, PatternLF], task: Task) -> list[str]:
        if not self.statements:
            head = [DOCSTRING, "", IMPORT, "", f"TASK = {_quoted(task.name)}", ""]
            return [*head, *_list("LFS = [", named)]
        if "LFS" in self.values:
            return _list("LFS += [", named)
        return [line for name, lf in named.items() for line in _call(f"{name} = ", name, lf)]

    def _blank_lines(self) -> list[str]:
        """What is missing of the two lines below a function or class, or the one below all else."""
        if not self.lines:
            return []
        wanted = _blank_lines_at(self.statements[-1]) if self.statements else 1
        there = sum(1 for _ in takewhile(lambda line: not line.strip(), reversed(self.lines)))
        return [""] * (wanted - there)

    def _import(self) -> tuple[int, list[str]]:
        """Where the import of PatternLF belongs, as a number of lines before it, and its lines."""
        if not self.statements or "PatternLF" in self.values:
            return 0, []
        head = list(takewhile(_is_head, self.statements))
        if not head:
            first = self.statements[0]
            return _first_line(first) - 1, [IMPORT, *[""] * _blank_lines_at(first)]
        at = _last_line(head[-1], self.statements[len(head) :])
        if isinstance(head[-1], ast.Import | ast.ImportFrom) and not _is_future(head[-1]):
            return at, [IMPORT]
        code_follows = at < len(self.lines) and self.lines[at].strip()
        return at, ["", IMPORT, *([""] if code_follows else [])]


def _first_line(statement: ast.stmt) -> int:
    """Number of the line on which it begins, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt, following: Sequence[ast.stmt]) -> int:
    """Number of its last line, or of that of statements which share it behind a semicolon."""
    last = statement.end_lineno or 0
    for other in following:
        last = max(last, other.end_lineno or 0) if other.lineno <= last else last
    return last


def _is_head(statement: ast.stmt) -> bool:
    """Whether it is an import or a docstring."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _blank_lines_at(statement: ast.stmt) -> int:
    return 2 if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else 1


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _open(path: Path, task: Task) -> _LFFile:
    """The file as it is, found fit to hold LFs of this task."""
    if path.suffix != ".py":
        raise LabelingError(f"{path}: a file of labeling functions ends in .py, got '{path.suffix}'")
    if not path.exists():
        return _LFFile([], [], {})
    file = _read(path, path)
    problems = list(_problems(file, task)) if file.statements else []
    if problems:
        raise LabelingError(f"{path}: " + "; ".join(problems))
    return file


def _read(path: Path, named: Path) -> _LFFile:
    """Reads and runs a file; raises LabelingError, under the path `named`, where that does not work."""
    try:
        source = path.read_bytes()
        encoding = tokenize.detect_encoding(BytesIO(source).readline)[0]
        statements = ast.parse(source).body
        source.decode("utf-8")
    except OSError as error:
        raise LabelingError(f"{named}: cannot be read: {error.strerror}") from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise LabelingError(f"{named}{f':{line}' if line else ''}: cannot be parsed: {error}") from error
    if not encoding.startswith("utf-8"):
        raise LabelingError(f"{named}: only files in UTF-8 are written to, got {encoding}")
    try:
        return _LFFile(source.splitlines(keepends=True), statements, runpy.run_path(str(path)))
    except (Exception, SystemExit) as error:
        raise LabelingError(f"{named}: cannot be imported: {type(error).__name__}: {error}") from error


def _problems(file: _LFFile, task: Task) -> Iterator[str]:
    found = file.values.get("TASK")
    if found is None:
        yield f"has no task to compare with; write TASK = {_quoted(task.name)} at its top"
    elif found != task.name:
        hint = near(found, [task.name]) if isinstance(found, str) else ""
        yield f"its TASK is {found!r}, the suggestions are for '{task.name}'{hint}"
    if not isinstance(file.values.get("LFS", []), list):
        yield f"LFS must be a list to be added to, got {type(file.values['LFS']).__name__}"
    if file.values.get("PatternLF", PatternLF) is not PatternLF:
        yield f"PatternLF must be that of labeling.lf, got {file.values['PatternLF']!r}"


def _list(opening: str, named: Mapping[str, PatternLF]) -> list[str]:
    calls = [line for name, lf in named.items() for line in _call("", name, lf, "    ", ",")]
    return [opening, *calls, "]"]


def _call(before: str, name: str, lf: PatternLF, indent: str = "", after: str = "") -> list[str]:
    inner = indent + "    "
    return [
        f"{indent}{before}PatternLF(",
        f"{inner}{_quoted(name)},",
        f"{inner}label={_quoted(lf.label)},",
        *_any_of(lf.pattern.any_of, inner),
        f"{indent}){after}",
    ]


def _any_of(phrases: Sequence[str], indent: str) -> list[str]:
    """The phrases on one line where they fit, else one a line; wide characters count as not fitting."""
    quoted = [_quoted(phrase) for phrase in phrases]
    line = f"{indent}any_of=({', '.join(quoted)}{',' if len(quoted) == 1 else ''}),"
    if len(line) <= LINE_LENGTH and line.isascii():
        return [line]
    return [f"{indent}any_of=(", *(f"{indent}    {phrase}," for phrase in quoted), f"{indent}),"]


def _quoted(text: str) -> str:
    """A string literal in double quotes; JSON's are Python's."""
    return json.dumps(text, ensure_ascii=False)

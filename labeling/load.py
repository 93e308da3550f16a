"""Loads labeling functions out of modules and files, and binds them to a schema."""

import copy
import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from snorkel.labeling import LabelingFunction

from data.errors import LabelingError, SchemaError, listed
from data.schema import Schema
from labeling.lf import BoundLF, PatternLF, RowLF, collected_problems
from labeling.pattern import Pattern
from labeling.travel import take_along


def load_lfs(modules: Sequence[str], schema: Schema, root: Path = Path()) -> list[BoundLF]:
    """The labeling functions of some modules ("lfs.category") and files ("my_lfs.py"), bound.

    A module says its task in `TASK`, and its labeling functions in a list `LFS`; without the list,
    every labeling function at its top level counts. A function's own attribute `task_name`
    overrides `TASK`. Relative files start at `root`. Raises LabelingError that lists every problem:
    a module that cannot be imported, an unknown task or label, two functions of one name in a task.
    """
    problems: list[str] = []
    found: list[BoundLF] = []
    for name in modules:
        with collected_problems() as declared:
            module = _import(name, root, problems)
        problems += [f"{name}:{line}: {problem}" for line, problem in declared]
        if declared and module:
            # Imported again, it would come without its problems.
            del sys.modules[module.__name__]
        elif module:
            found += _bind_all(module, schema, problems)
    problems += _doubled(found)
    if problems:
        raise LabelingError("; ".join(dict.fromkeys(problems)))
    return found


def load_cues(modules: Sequence[str], lfs: Sequence[BoundLF], root: Path = Path()) -> list[Pattern]:
    """What there is to see in a text: the patterns of some modules' `CUES`, and of their pattern LFs.

    `CUES` is name → Pattern; a module may go without. Each pattern comes once. Raises LabelingError
    where `CUES` holds anything else.
    """
    problems: list[str] = []
    found: list[Pattern] = []
    for name in modules:
        module = _import(name, root, problems)
        cues = getattr(module, "CUES", {})
        if not isinstance(cues, dict) or not all(isinstance(cue, Pattern) for cue in cues.values()):
            problems.append(f"{name}: CUES must be a dict of name and Pattern")
        else:
            found += cues.values()
    if problems:
        raise LabelingError("; ".join(problems))
    found += [lf.pattern for lf in lfs if isinstance(lf, PatternLF) and lf.field == "text"]
    return list(dict.fromkeys(found))


def _import(name: str, root: Path, problems: list[str]) -> ModuleType | None:
    try:
        return _import_file(root / name) if name.endswith(".py") else importlib.import_module(name)
    except LabelingError as error:
        problems.append(f"{name}: {error}")
    except Exception as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) else _line_of(error)
        problems.append(f"{name}{line}: cannot be imported: {type(error).__name__}: {error}")
    return None


def _line_of(error: Exception) -> str:
    """The line of a file at which its import broke off."""
    steps = traceback.walk_tb(error.__traceback__)
    inside = [line for frame, line in steps if frame.f_code.co_name == "<module>"]
    return f":{inside[0]}" if inside else ""


class _Uncached(SourceFileLoader):
    """Always reads the source: bytecode is told from it by seconds, and people save faster than that."""

    def path_stats(self, path: Any) -> Any:
        raise OSError("no bytecode is kept")


def _import_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise LabelingError("no such file")
    name = f"lf_file_{path.stem}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_Uncached(name, str(path)))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    take_along(module)
    return module


def _bind_all(module: ModuleType, schema: Schema, problems: list[str]) -> list[BoundLF]:
    bound = []
    declared = getattr(module, "LFS", None)
    file = Path(module.__file__ or module.__name__).name
    where = f"({file})"
    if declared is None:
        declared = [value for value in vars(module).values() if isinstance(value, LabelingFunction)]
    if not isinstance(declared, list | tuple):
        problems.append(f"LFS must be a list of labeling functions, got {declared!r} {where}")
        return []
    for lf in declared:
        try:
            bound.append(_bind(lf, module, schema, file))
        except (LabelingError, SchemaError) as error:
            said = str(error)
            problems.append(said if f"({file}" in said else f"{said} {where}")
    return bound


def _bind(lf: object, module: ModuleType, schema: Schema, file: str) -> BoundLF:
    if not isinstance(lf, LabelingFunction):
        raise LabelingError(f"LFS holds {lf!r}, which is no labeling function")
    task_name = getattr(lf, "task_name", None) or getattr(module, "TASK", None)
    if task_name is None:
        raise LabelingError(f"labeling function '{lf.name}' has no task: write TASK = \"…\" in its module")
    own = copy.copy(lf) if isinstance(lf, BoundLF) else RowLF(lf)
    own.where = f"({file}:{own.line})" if own.line else f"({file})"
    return own.bind(schema.task(task_name))


def _doubled(lfs: Sequence[BoundLF]) -> list[str]:
    keys = [(lf.task.name if lf.task else "", lf.name) for lf in lfs]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    return [
        f"two labeling functions of task '{task}' are named '{name}' "
        + listed(dict.fromkeys(lf.where for lf, key in zip(lfs, keys, strict=True) if key == (task, name)))
        for task, name in doubled
    ]

"""What a function's votes depend on, in words that are the same in every process."""

import dataclasses
import functools
import hashlib
import inspect
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_LIBRARIES = {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_Seen = frozenset[int]
LONGEST = 400


def sha(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def source_of(function: Any, seen: _Seen = frozenset()) -> str:
    """Source of a function with all that it names: defaults, closure, globals of its own module.

    Functions of other modules count by their names alone, and the state of a method's or callable's
    own object does not count: name it in an LF's resources.
    """
    if isinstance(function, functools.partial):
        return source_of(function.func, seen) + described([function.args, function.keywords], seen)
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(function, FunctionType):
        call = inspect.getattr_static(type(function), "__call__", None)
        return source_of(call, seen) if isinstance(call, FunctionType) else _source(function)
    if id(function) in seen:
        return function.__qualname__
    seen |= {id(function)}
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    parts = [function.__defaults__, function.__kwdefaults__, cells, dict(_globals(function))]
    return _source(function) + "".join(described(part, seen) for part in parts)


def _source(thing: Any) -> str:
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        code = getattr(thing, "__code__", None)
        return _ADDRESS.sub("", repr(thing)) + (repr((code.co_code, _constants(code))) if code else "")


def _constants(code: CodeType) -> list[Any]:
    return [
        (const.co_code, _constants(const)) if isinstance(const, CodeType) else const
        for const in code.co_consts
    ]


def _globals(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """The values of a module's names that a function of it uses, in the names' order."""
    for name in sorted(_names(function.__code__)):
        value = function.__globals__.get(name)
        if value is not None and not isinstance(value, ModuleType):
            foreign = callable(value) and getattr(value, "__module__", None) != function.__module__
            yield name, f"{value.__module__}.{name}" if foreign and hasattr(value, "__module__") else value


def _names(code: CodeType) -> set[str]:
    inner = [_names(const) for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*inner)


def described(value: Any, seen: _Seen = frozenset()) -> str:
    """A value in full, where `repr` would cut it, name an address or follow a set's chance order."""
    if isinstance(value, str | int | float | bytes | type(None)):
        return repr(value)
    if isinstance(value, re.Pattern):
        return repr((value.pattern, value.flags))
    if isinstance(value, np.ndarray) and value.dtype != object:
        return repr((value.dtype.str, value.shape, hashlib.sha256(value.tobytes()).hexdigest()))
    if hasattr(value, "detach"):
        # A tensor pickles its storage under a key of chance.
        return described([str(value.dtype), np.asarray(value.detach().cpu())], seen)
    if isinstance(value, type):
        return str(_named(value)) if _is_installed(value) else _source(value)
    if inspect.isroutine(value) and not hasattr(value, "__self__") and _is_installed(value):
        return str(_named(value))
    wrapped = isinstance(value, functools.partial) or hasattr(value, "__wrapped__")
    if wrapped or inspect.isroutine(value):
        return source_of(value, seen)
    if id(value) in seen:
        return type(value).__qualname__
    return type(value).__qualname__ + _inside(value, seen | {id(value)})


def _inside(value: Any, seen: _Seen) -> str:
    if isinstance(value, Mapping):
        return _composed([(described(key, seen), described(item, seen)) for key, item in value.items()])
    if isinstance(value, list | tuple | np.ndarray):
        return _composed([described(item, seen) for item in value])
    if isinstance(value, Set):
        return _composed(sorted(described(item, seen) for item in value))
    if dataclasses.is_dataclass(value):
        return _composed([described(getattr(value, field.name), seen) for field in dataclasses.fields(value)])
    return _reduced(value, seen)


def _reduced(value: Any, seen: _Seen) -> str:
    """What `pickle` would keep of an object: its class and all of its state, whatever it prints as."""
    try:
        made = value.__reduce_ex__(4)
    except Exception:
        # An open file, a lock or a module's own object: only what it shows of itself is known.
        return _ADDRESS.sub("", repr(value)) + _inside(getattr(value, "__dict__", {}), seen)
    if isinstance(made, str):
        return str(made)
    maker, arguments, *state = made
    parts = [_named(argument) for argument in arguments] + [
        list(part) if isinstance(part, Iterator) else part for part in state
    ]
    return str(_named(maker)) + _composed(
        [part if isinstance(part, str) else described(part, seen) for part in parts]
    )


def _composed(parts: list[Any]) -> str:
    """What several descriptions make together; hashed where it is long, since each nesting quotes anew."""
    text = repr(parts)
    return text if len(text) <= LONGEST else sha(text)


def _is_installed(thing: Any) -> bool:
    """Whether a class or function is a library's, which its name tells well enough, and not the user's."""
    file = getattr(sys.modules.get(thing.__module__ or ""), "__file__", None)
    return file is None or any(Path(file).is_relative_to(place) for place in _LIBRARIES)


def _named(thing: Any) -> Any:
    """Classes and functions by their names, everything else as it is."""
    if isinstance(thing, type) or inspect.isroutine(thing):
        return f"{thing.__module__}.{thing.__qualname__}"
    return thing

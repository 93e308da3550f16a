"""The version of the code that a result rests on: of modules and of all that they import of this project."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

ROOMS = ("data", "labeling", "lfs", "active", "model", "app")


@lru_cache
def code_version(*modules: str) -> str:
    """The distribution's version and a hash of the source of these modules and of all behind them.

    A package stands for all its modules. Imports inside functions count; what is not of this project
    does not. Raises ModuleNotFoundError for a module that is not there.
    """
    found: set[str] = set()
    waiting = [each for name in modules for each in _modules_of(name)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imported(name)
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(name.encode() + b"\0" + _source(name))
    try:
        version = metadata.version("ticketloom")
    except metadata.PackageNotFoundError:
        version = "uninstalled"
    return f"{version}+{digest.hexdigest()[:12]}"


@cache
def imported(module: str) -> tuple[str, ...]:
    """The modules of this project that a module's source imports, packages above them included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    ours = (name for name in found if name.partition(".")[0] in ROOMS)
    return tuple(sorted({above for name in ours for above in _above(name) if _file(above).is_file()}))


def _above(name: str) -> Iterator[str]:
    """The module itself and the packages that it lies in."""
    parts = name.split(".")
    yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _modules_of(name: str) -> list[str]:
    """The module, or all modules of the package."""
    if not _file(name).is_file():
        raise ModuleNotFoundError(f"no module '{name}' in this project")
    if _file(name).name != "__init__.py":
        return [name]
    folder = _folder(name)
    inside = [each.name.removesuffix(".py") for each in folder.iterdir() if each.name.endswith(".py")]
    packages = [each.name for each in folder.iterdir() if each.joinpath("__init__.py").is_file()]
    below = [module for each in packages for module in _modules_of(f"{name}.{each}")]
    return [name, *(f"{name}.{each}" for each in sorted(inside) if each != "__init__"), *below]


def _source(module: str) -> bytes:
    return _file(module).read_bytes()


def _file(module: str) -> Traversable:
    package = _folder(module).joinpath("__init__.py")
    return package if package.is_file() else _folder(module, ".py")


def _folder(module: str, end: str = "") -> Traversable:
    room, *inner = module.split(".")
    path = resources.files(room)
    return path.joinpath(*inner[:-1], inner[-1] + end) if inner else path

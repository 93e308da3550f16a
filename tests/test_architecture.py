"""The rules of the house: who imports whom, and what no room below `app` does."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "labeling", "model", "lfs", "active", "app")
BELOW_APP = ROOMS[:-1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CODE = {".py", ".pyc"}


def sources(rooms: tuple[str, ...] = ROOMS) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of the modules, and of what is taken from them, that a file imports anywhere."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(name: str) -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(found == name or found.startswith(f"{name}.") for found in imports(path))
    ]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name, call) of every call by name in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def modules(*rooms: str) -> list[str]:
    names = [path.relative_to(ROOT).with_suffix("").parts for path in sources(rooms)]
    return [".".join(name[:-1] if name[-1] == "__init__" else name) for name in names]


def python(code: str, **values: Any) -> str:
    """Standard output of a fresh interpreter that runs this code from the repository's root."""
    settings = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    done = subprocess.run(
        [sys.executable, "-c", settings + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_import_contracts_of_pyproject_hold():
    assert "0 broken" in python(
        "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    )


def test_imports_written_inside_functions_point_down_too():
    """import-linter sees these as well; relative imports would hide from the rules below."""
    assert not [path for path in sources() for name in imports(path) if name.startswith(".")]


@pytest.mark.parametrize(
    ("neighbour", "importer"),
    [
        ("snorkel.labeling.model", "labeling/label_models/snorkel.py"),
        ("cleanlab", "labeling/cleanlab_scores.py"),
        ("setfit", "lfs/zero_shot.py"),
        ("onnxruntime.quantization", "model/quantize.py"),
        ("hyperscan", "labeling/vectorscan.py"),
        ("loky", "labeling/workers.py"),
        ("cloudpickle", "labeling/travel.py"),
        ("crowdkit", "labeling/label_models/dawid_skene.py"),
        ("optuna", "model/tune.py"),
        ("distributed", "labeling/dask_engine.py"),
    ],
)
def test_a_heavy_neighbour_has_one_importer(neighbour, importer):
    assert importers(neighbour) == [importer]


def test_onnx_runtime_is_imported_to_serve_and_apart_from_that_to_quantize():
    assert importers("onnxruntime") == ["model/quantize.py", "model/runtime.py"]
    assert not [name for name in imports(ROOT / "model/runtime.py") if "quantization" in name]


@pytest.mark.parametrize("neighbour", ["argilla", "argilla_server", "dask"])
def test_a_heavy_neighbour_that_may_be_absent_has_one_importer_at_most(neighbour):
    assert len(importers(neighbour)) <= 1


@pytest.mark.parametrize("forbidden", ["torch", "transformers", "sentence_transformers", "onnxruntime"])
def test_the_ground_floor_names_no_deep_learning(forbidden):
    assert not [name for name in importers(forbidden) if name.startswith(("data/", "active/"))]


def test_importing_all_of_data_imports_no_torch():
    code = "import importlib, sys\nfor name in names: importlib.import_module(name)\n"
    code += "print('torch' in sys.modules)"
    assert python(code, names=modules("data")) == "False\n"


def test_the_served_classifier_imports_no_torch():
    heavy = ["torch", "transformers", "sentence_transformers", "sklearn", "pandas"]
    code = "import sys, model.runtime\nprint([name for name in heavy if name in sys.modules])"
    assert python(code, heavy=heavy) == "[]\n"


def test_the_http_api_imports_no_torch():
    code = "import sys, app.api\nprint([n for n in ('torch', 'transformers', 'sklearn') if n in sys.modules])"
    assert python(code) == "[]\n"


@pytest.mark.parametrize("path", sources(BELOW_APP), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_below_app_nothing_prints_exits_or_reads_the_environment(path):
    names = {name for name, _ in calls(path)}
    assert not names & {"print", "input", "exit", "quit", "sys.exit", "os._exit", "os.getenv", "getenv"}
    used = {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert not used & {"os.environ", "os.environb", "sys.argv", "sys.stdout", "sys.stderr"}
    raised = {
        ast.unparse(node.exc) for node in ast.walk(tree(path)) if isinstance(node, ast.Raise) and node.exc
    }
    assert not [exit for exit in raised if exit.startswith("SystemExit")]
    faces = {"typer", "click", "rich", "fastapi", "starlette", "uvicorn", "jinja2", "getpass"}
    taken = {name.partition(".")[0] for name in imports(path)}
    assert not taken & faces
    assert not {"os.environ", "os.getenv", "sys.exit"} & set(imports(path))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_pickle_is_read_and_no_shell_is_started(path):
    names = set(imports(path))
    if path.name == "travel.py":
        # Labeling functions travel to worker processes; nothing is read by it.
        names -= {"cloudpickle", "cloudpickle.dumps", "cloudpickle.register_pickle_by_value"}
    taken = {name.partition(".")[0] for name in names}
    assert not taken & {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    for name, call in calls(path):
        assert name not in {"torch.load", "torch.jit.load", "eval", "exec", "os.system", "os.popen"}, name
        assert not name.endswith(("read_pickle", "from_pickle")), name
        for keyword in call.keywords:
            assert (keyword.arg, ast.unparse(keyword.value)) not in {
                ("shell", "True"),
                ("allow_pickle", "True"),
                ("trust_remote_code", "True"),
                ("weights_only", "False"),
            }, ast.unparse(call)


def test_importing_the_rooms_opens_no_socket():
    code = """
import importlib, socket

def refuse(*arguments, **more):
    raise AssertionError(f"a socket was opened: {arguments}")

socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = refuse
socket.getaddrinfo = socket.create_connection = refuse
for name in names:
    importlib.import_module(name)
"""
    python(code, names=modules(*ROOMS))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_in_a_sentence_what_it_is(room):
    found = (import_module(room).__doc__ or "").strip()
    assert found.endswith(".") and len(found.split()) > 3


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_is(path):
    assert ast.get_docstring(tree(path))


def hidden(path: Path) -> bool:
    """Whether a tool left it there."""
    return any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)


def test_pyproject_lists_every_package():
    found = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for path in sources()
        if path.name == "__init__.py"
    }
    assert found == set(PYPROJECT["tool"]["setuptools"]["packages"])
    without = {path.parent for path in sources()} - {
        path.parent for path in sources() if path.name == "__init__.py"
    }
    assert not without, "folders of code without an __init__.py are left out of the wheel"


def test_pyproject_lists_every_file_that_is_not_code():
    listed = PYPROJECT["tool"]["setuptools"]["package-data"]
    packed = {
        path
        for package, globs in listed.items()
        for glob in globs
        for path in (ROOT / package.replace(".", "/")).glob(glob)
    }
    present = {
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in CODE and not hidden(path)
    }
    assert present <= packed, sorted(str(path.relative_to(ROOT)) for path in present - packed)
    assert all(
        any((ROOT / package.replace(".", "/")).glob(glob))
        for package, globs in listed.items()
        for glob in globs
    )

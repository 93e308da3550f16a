"""The version of the code that a result rests on."""

import pytest

from data import code
from data.code import code_version, imported


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Two rooms: labeling.a imports data.b in a function, data.b imports data.c; data.d stands alone."""
    files = {
        "data/__init__.py": "",
        "data/b.py": "from data import c\nimport numpy as np\n",
        "data/c.py": "X = 1\n",
        "data/d.py": "Y = 1\n",
        "labeling/__init__.py": "",
        "labeling/a.py": "def f():\n    from data.b import c\n    return c\n",
        "labeling/deep/__init__.py": "",
        "labeling/deep/e.py": "import data.d\n",
    }
    for name, source in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    monkeypatch.setattr(code.resources, "files", lambda room: tmp_path / room)

    def change(name, source):
        (tmp_path / name).write_text(source)
        code_version.cache_clear()
        imported.cache_clear()

    change("data/d.py", "Y = 1\n")
    yield change
    code_version.cache_clear()
    imported.cache_clear()


def test_what_a_module_imports_of_the_project_counts(house):
    assert imported("labeling.a") == ("data", "data.b")
    assert imported("data.b") == ("data", "data.c")


def test_a_change_behind_an_import_in_a_function_is_seen(house):
    before = code_version("labeling.a")
    house("data/c.py", "X = 2\n")
    assert code_version("labeling.a") != before


def test_a_change_in_what_is_not_imported_is_not_seen(house):
    before = code_version("labeling.a")
    house("data/d.py", "Y = 2\n")
    assert code_version("labeling.a") == before


def test_a_package_stands_for_all_its_modules(house):
    before = code_version("labeling")
    house("data/d.py", "Y = 2\n")
    assert code_version("labeling") != before


def test_a_module_that_is_not_there_is_an_error(house):
    with pytest.raises(ModuleNotFoundError, match=r"no module 'labeling.nothing' in this project"):
        code_version("labeling.nothing")


def test_votes_do_not_rest_on_label_models():
    assert code_version("labeling.vote_files") == code_version("labeling.vote_files")
    assert len(code_version("labeling.vote_files").rpartition("+")[2]) == 12
    behind, waiting = set(), ["labeling.vote_files"]
    while waiting:
        name = waiting.pop()
        if name not in behind:
            behind.add(name)
            waiting += imported(name)
    assert {"labeling.matcher", "data.schema", "labeling.memory"} <= behind
    assert not [
        name for name in behind if name.startswith(("labeling.label_models", "labeling.issues", "app"))
    ]

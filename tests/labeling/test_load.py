"""Labeling functions come out of modules and files."""

import sys

import pytest

from data.errors import LabelingError
from data.tickets import Ticket
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.load import load_lfs

HEAD = """
from snorkel.labeling import labeling_function
from labeling.lf import BatchLF, PatternLF
"""
TONE = (
    HEAD
    + """
TASK = "tone"
thanks = PatternLF("thanks", label="good", any_of=("thank*",))
"""
)


@pytest.fixture
def load(tmp_path, small_schema):
    """Loads modules, given as name = source, out of a folder; `more` are names without a file."""

    def load(files, more=()):
        for name, source in files.items():
            (tmp_path / name).write_text(source)
        return load_lfs([*files, *more], small_schema, tmp_path)

    return load


def test_without_a_list_every_function_at_top_level_counts_and_plain_snorkel_functions_are_wrapped(load):
    lfs = load(
        {
            "a.py": TONE + 'batch = BatchLF("batch", lambda texts: ["bad"] * len(texts))\n'
            '@labeling_function()\ndef plain(ticket):\n    return "bad"\n'
        }
    )
    assert [(type(lf), lf.name, lf.task.name) for lf in lfs] == [
        (PatternLF, "thanks", "tone"), (BatchLF, "batch", "tone"), (RowLF, "plain", "tone"),
    ]  # fmt: skip
    assert [lf(Ticket("1", "thanks")) for lf in lfs] == [0, 1, 1]
    assert [lf.where for lf in lfs] == ["(a.py:6)", "(a.py:7)", "(a.py:8)"]


def test_a_list_says_which_functions_count_and_in_which_order(load):
    source = TONE + 'b = PatternLF("b", label="bad", any_of=("x",))\nLFS = [b]\n'
    assert [lf.name for lf in load({"a.py": source})] == ["b"]
    assert load({"a.py": TONE + "LFS = []\n"}) == []


def test_modules_load_by_their_dotted_name(support):
    lfs = load_lfs(["lfs.sentiment", "lfs.priority"], support)
    assert {lf.task.name for lf in lfs} == {"sentiment", "priority"}
    assert len(lfs) == sum(len(sys.modules[name].LFS) for name in ("lfs.sentiment", "lfs.priority"))


def test_a_functions_own_task_name_overrides_the_modules(load):
    source = TONE + 'fees = PatternLF("fees", label="fees", any_of=("fee*",))\nfees.task_name = "topics"\n'
    assert [lf.task.name for lf in load({"a.py": source})] == ["tone", "topics"]


def test_two_files_of_one_name_in_two_folders_are_two_modules(load, tmp_path):
    (tmp_path / "sub").mkdir()
    other = TONE.replace('"thanks"', '"other"')
    assert [lf.name for lf in load({"a.py": TONE, "sub/a.py": other})] == ["thanks", "other"]


def test_an_absolute_path_loads_whatever_the_root(tmp_path, small_schema):
    (tmp_path / "a.py").write_text(TONE)
    (lf,) = load_lfs([str(tmp_path / "a.py")], small_schema)
    assert lf.name == "thanks"


def test_an_edited_file_loads_anew(load):
    assert [lf.name for lf in load({"a.py": TONE})] == ["thanks"]
    assert [lf.name for lf in load({"a.py": TONE.replace('"thanks"', '"other"')})] == ["other"]


def test_a_function_without_a_task_is_an_error(load):
    with pytest.raises(LabelingError, match=r"'thanks' has no task: write TASK = .* \(a.py\)"):
        load({"a.py": TONE.replace("TASK", "TSAK")})


def test_a_misspelt_task_is_said_once_with_the_nearest_name(load):
    second = 'b = PatternLF("b", label="bad", any_of=("x",))\n'
    with pytest.raises(LabelingError, match=r"no task 'tome'.*did you mean 'tone'.*\(a.py\)") as error:
        load({"a.py": TONE.replace('"tone"', '"tome"') + second})
    assert str(error.value).count("'tome'") == 1


def test_a_misspelt_label_is_an_error_that_names_function_file_and_nearest_label(load):
    with pytest.raises(LabelingError, match=r"'thanks' \(a.py:6\): .*no label 'goood'.*did you mean 'good'"):
        load({"a.py": TONE.replace('"good"', '"goood"')})


@pytest.mark.parametrize("value", ["[len]", '["thanks"]', "[None]"])
def test_a_list_that_holds_something_else_is_an_error(load, value):
    with pytest.raises(LabelingError, match=r"LFS holds .*, which is no labeling function \(a.py\)"):
        load({"a.py": f"{TONE}LFS = {value}\n"})


@pytest.mark.parametrize("value", ["thanks", "3", "{1: thanks}"])
def test_a_list_that_is_none_is_an_error(load, value):
    with pytest.raises(LabelingError, match=r"LFS must be a list of labeling functions, got .* \(a.py\)"):
        load({"a.py": f"{TONE}LFS = {value}\n"})


def test_two_functions_of_one_name_in_one_task_are_an_error_that_names_both_files(load):
    with pytest.raises(
        LabelingError,
        match=r"two labeling functions of task 'tone' are named 'thanks' \(a.py:6\), \(b.py:6\)",
    ):
        load({"a.py": TONE, "b.py": TONE})


def test_two_functions_of_one_name_in_two_tasks_are_fine(load):
    other = TONE.replace('"tone"', '"topics"').replace('"good"', '"fees"')
    assert len(load({"a.py": TONE, "b.py": other})) == 2


@pytest.mark.parametrize(
    "source, said",
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("def f(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (HEAD + 'PatternLF("x", label="good", any_of="y")', "labeling function 'x': any_of takes a tuple"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_the_reason(load, source, said):
    with pytest.raises(LabelingError) as error:
        load({"a.py": source})
    assert str(error.value).startswith(("a.py:1: ", "a.py:4: "))
    assert said in str(error.value)


def test_all_wrong_declarations_of_one_file_are_reported_together(load):
    source = HEAD + (
        'PatternLF("a", label="good", any_of=("re:(x",))\n'
        'PatternLF("b", label="good", any_of=("y",), field="texts")\n'
        'BatchLF("c", len, field="txt")\n1 / 0\n'
    )
    for _ in range(2):
        with pytest.raises(LabelingError) as error:
            load({"a.py": source})
        for part in (
            "a.py:4: labeling function 'a': any_of holds 're:(x', which does not compile",
            "a.py:5: labeling function 'b': no field 'texts'",
            "a.py:6: labeling function 'c': no field 'txt'",
            "a.py:7: cannot be imported: ZeroDivisionError",
        ):
            assert part in str(error.value)


def test_a_module_with_wrong_declarations_stays_wrong_when_it_is_loaded_again(
    tmp_path, monkeypatch, small_schema
):
    (tmp_path / "wrong_lfs.py").write_text(HEAD + 'PatternLF("a", label="good", any_of=("re:(x",))\n')
    monkeypatch.syspath_prepend(tmp_path)
    for _ in range(2):
        with pytest.raises(LabelingError, match=r"wrong_lfs:4: labeling function 'a': .*does not compile"):
            load_lfs(["wrong_lfs"], small_schema)


def test_an_edit_within_the_same_second_counts(load):
    assert load({"a.py": TONE})[0].label == "good"
    assert load({"a.py": TONE.replace('"good"', '"bad" ')})[0].label == "bad"


def test_all_problems_of_all_modules_are_reported_together(load):
    with pytest.raises(LabelingError) as error:
        load(
            {
                "label.py": TONE.replace('"good"', '"goood"')
                + 'x = BatchLF("x", len)\nx.task_name = "tome"\n',
                "broken.py": "1 / 0",
                "fine.py": TONE,
                "twice.py": TONE,
            },
            ["absent.py", "no.such.module"],
        )
    for part in (
        "no label 'goood'", "no task 'tome'", "broken.py:1: cannot be imported: ZeroDivisionError",
        "two labeling functions of task 'tone' are named 'thanks' (fine.py:6), (twice.py:6)",
        "absent.py: no such file", "no.such.module: cannot be imported: ModuleNotFoundError",
    ):  # fmt: skip
        assert part in str(error.value)

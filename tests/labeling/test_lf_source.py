"""Accepted suggestions become source: it loads, it is formatted, and what was there stays."""

import subprocess
import sys
from dataclasses import replace

import pytest

from data.errors import LabelingError
from data.schema import Schema, Task
from data.tickets import Ticket
from labeling.lf_source import add_to_lf_file
from labeling.load import load_lfs
from labeling.suggest import Suggestion

TONE = Task("tone", ("good", "bad", "so-so"), ("",) * 3)
WITH_LIST = '''"""Mine."""

from labeling.lf import PatternLF

TASK = "tone"

LFS = [PatternLF("thanks", label="good", any_of=("thanks",))]
'''
WITHOUT_LIST = '''"""Mine."""

import re

from snorkel.labeling import labeling_function

TASK = "tone"


@labeling_function()
def shouts(ticket):
    return "bad" if re.search("[A-Z]{5}", ticket.text) else None
'''
SHAPES = [
    'TASK = "tone"\n',
    'TASK = "tone"\nLFS = []',
    '# mine\n"""Docs."""\nTASK = "tone"\n',
    '"""Docs."""\n\nTASK = "tone"\n\n\n\n',
    'from __future__ import annotations\n\nTASK = "tone"\n',
    'import re; TASK = (\n    "tone"\n)\n',
    'import re  # the last import\n\nTASK = "tone"\nLFS = []\n# the end\n',
    'import labeling.lf as lf\n\nTASK = "tone"\nLFS = [lf.PatternLF("a", label="bad", any_of=("a",))]\n',
    'from labeling.lf import PatternLF as P, PatternLF\nTASK = "tone"\nLFS: list = []\n',
    'import functools\n\n\n@functools.cache\ndef f():\n    return 1\n\n\nTASK = "tone"\n',
    '@str\ndef f():\n    pass\n\n\nTASK = "tone"\n',
    "# nothing but a comment\n",
    "",
]


def accepted(*pairs):
    blank = Suggestion("", "", 5, 5, 5, 1.0, 0.57, 0.1, 0.057, (), ())
    return [replace(blank, label=label, phrase=phrase) for label, phrase in pairs]


BROKEN = accepted(("bad", "broken"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mine.py"


def loaded(path):
    """LF name → phrases, of a file that loads; None for LFs that are no patterns."""
    lfs = load_lfs([path.name], Schema((TONE,)), path.parent)
    return {lf.name: lf.pattern.any_of if hasattr(lf, "pattern") else None for lf in lfs}


def formatted(path):
    """What ruff makes of a file."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "110", "-"]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True, timeout=60)
    return done.stdout


def refusal(path, suggestions=BROKEN, task=TONE):
    """The message of a refusal, which must leave the folder as it was."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(LabelingError) as error:
        add_to_lf_file(path, task, suggestions)
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before
    return str(error.value)


def test_a_new_file_holds_one_function_per_label_and_loads(path):
    pairs = accepted(("bad", "broken"), ("good", "cheers"), ("bad", "won't load"), ("bad", "broken"))
    assert add_to_lf_file(path, TONE, pairs) == ["suggested_bad", "suggested_good"]
    assert loaded(path) == {"suggested_bad": ("broken", "won't load"), "suggested_good": ("cheers",)}
    bad, good = load_lfs([path.name], Schema((TONE,)), path.parent)
    assert [bad(Ticket("1", "it wont load")), good(Ticket("2", "Cheers!"))] == [1, 0]
    assert path.read_bytes() == formatted(path)


def test_folders_on_the_way_are_made_and_nothing_else_is_left_there(tmp_path):
    path = tmp_path / "a" / "mine.py"
    add_to_lf_file(path, TONE, BROKEN)
    assert list(path.parent.iterdir()) == [path]


def test_a_list_is_added_to_and_all_before_stays_byte_for_byte(path):
    path.write_text(WITH_LIST)
    assert add_to_lf_file(path, TONE, BROKEN) == ["suggested_bad"]
    assert loaded(path) == {"thanks": ("thanks",), "suggested_bad": ("broken",)}
    assert path.read_text().startswith(WITH_LIST)
    assert path.read_text().count("import PatternLF") == 1
    assert path.read_bytes() == formatted(path)


def test_without_a_list_functions_are_variables_and_the_import_follows_the_others(path):
    path.write_text(WITHOUT_LIST)
    assert add_to_lf_file(path, TONE, [*BROKEN, *accepted(("so-so", "meh"))]) == [
        "suggested_bad",
        "suggested_so_so",
    ]
    assert loaded(path) == {"shouts": None, "suggested_bad": ("broken",), "suggested_so_so": ("meh",)}
    source = path.read_text()
    head = "from snorkel.labeling import labeling_function\n"
    assert head + "from labeling.lf import PatternLF\n\nTASK" in source
    assert source.replace("from labeling.lf import PatternLF\n", "").startswith(WITHOUT_LIST)
    assert path.read_bytes() == formatted(path)


@pytest.mark.parametrize("source", SHAPES)
def test_a_file_of_any_shape_keeps_its_lines_and_loads(path, source):
    path.write_text(source)
    assert add_to_lf_file(path, TONE, BROKEN) == ["suggested_bad"]
    assert loaded(path)["suggested_bad"] == ("broken",)
    after = path.read_text().splitlines()
    rest = iter(after)
    assert all(line in rest for line in source.splitlines())
    assert sum("PatternLF" in line and "import" in line for line in after) == 1 or "labeling.lf as" in source


@pytest.mark.parametrize("source", SHAPES)
def test_what_ruff_had_formatted_stays_so(path, source):
    path.write_text(source)
    path.write_bytes(formatted(path))
    add_to_lf_file(path, TONE, BROKEN)
    assert path.read_bytes() == formatted(path)


def test_windows_line_ends_and_a_byte_order_mark_stay(path):
    before = b"\xef\xbb\xbf" + WITH_LIST.replace("\n", "\r\n").encode()
    path.write_bytes(before)
    add_to_lf_file(path, TONE, BROKEN)
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == after.count(b"\r\n")
    assert "suggested_bad" in loaded(path)


def test_a_name_that_is_there_is_counted_on(path):
    for expected in ("suggested_bad", "suggested_bad_2", "suggested_bad_3"):
        assert add_to_lf_file(path, TONE, BROKEN) == [expected]
    assert list(loaded(path)) == ["suggested_bad", "suggested_bad_2", "suggested_bad_3"]
    assert add_to_lf_file(path, TONE, BROKEN, taken={"suggested_bad_4"}) == ["suggested_bad_5"]
    assert path.read_bytes() == formatted(path)


def test_labels_that_make_one_name_get_two(path):
    task = Task("tone", ("so-so", "so so"), ("",) * 2)
    names = add_to_lf_file(path, task, accepted(("so-so", "meh"), ("so so", "well")))
    assert names == ["suggested_so_so", "suggested_so_so_2"]
    assert [lf.label for lf in load_lfs([path.name], Schema((task,)), path.parent)] == ["so-so", "so so"]


def test_a_variable_of_that_name_is_not_written_over(path):
    path.write_text('TASK = "tone"\nsuggested_bad = 3\n')
    assert add_to_lf_file(path, TONE, BROKEN) == ["suggested_bad_2"]
    assert list(loaded(path)) == ["suggested_bad_2"]


@pytest.mark.parametrize("length", range(80, 100))
def test_phrases_stand_on_one_line_exactly_where_ruff_lets_them(path, length):
    add_to_lf_file(path, TONE, accepted(("bad", "a" * 10), ("bad", "b" * (length - 14))))
    assert path.read_bytes() == formatted(path)
    assert ("any_of=(\n" in path.read_text()) == (length > 90)


def test_letters_of_any_script_are_written_as_they_are(path):
    phrases = ("não funciona", "壊れた", "l'écran", "画面" * 25)
    add_to_lf_file(path, TONE, accepted(*(("bad", phrase) for phrase in phrases)))
    assert loaded(path) == {"suggested_bad": phrases}
    assert "壊れた" in path.read_text("utf-8")
    assert path.read_bytes() == formatted(path)


def test_without_suggestions_nothing_is_written(path):
    assert add_to_lf_file(path, TONE, []) == []
    assert not path.exists()


def test_a_link_to_a_file_stays_a_link(path, tmp_path):
    target = tmp_path / "target.py"
    target.write_text(WITH_LIST)
    path.symlink_to(target)
    add_to_lf_file(path, TONE, BROKEN)
    assert path.is_symlink()
    assert "suggested_bad" in loaded(target)


def test_a_file_of_another_task_is_refused_with_a_near_match(path):
    path.write_text('TASK = "tome"\n')
    assert "mine.py: its TASK is 'tome', the suggestions are for 'tone'; did you mean 'tone'?" in refusal(
        path
    )
    path.write_text("LFS = []\n")
    assert 'has no task to compare with; write TASK = "tone" at its top' in refusal(path)


def test_a_file_that_does_not_parse_or_import_is_refused_with_the_place(path):
    path.write_text('TASK = "tone"\nLFS = [\n')
    assert "mine.py:2: cannot be parsed" in refusal(path)
    path.write_text('TASK = "tone"\nimport no_such_module_here\n')
    assert "mine.py: cannot be imported: ModuleNotFoundError: No module named 'no_such" in refusal(path)
    path.write_text('TASK = "tone"\nraise SystemExit(3)\n')
    assert "mine.py: cannot be imported: SystemExit: 3" in refusal(path)
    path.write_bytes(b'TASK = "tone"\nx = "\xff"\n')
    assert "mine.py" in refusal(path)
    path.write_bytes(b'# coding: latin-1\nTASK = "tone"\n')
    assert "only files in UTF-8 are written to, got iso-8859-1" in refusal(path)


def test_lists_and_names_that_are_something_else_are_refused_together(path):
    path.write_text('TASK = "tone"\nLFS = ()\nPatternLF = 3\n')
    message = refusal(path)
    assert "LFS must be a list to be added to, got tuple; " in message
    assert "PatternLF must be that of labeling.lf, got 3" in message


def test_a_file_in_which_the_addition_would_not_count_is_refused(path):
    path.write_text(
        'TASK = "tone"\n\n\nclass Closed(list):\n    def __iadd__(self, more):\n        return self\n\n\n'
        "LFS = Closed()\n"
    )
    assert "does not count" in refusal(path)


def test_unknown_labels_and_broken_phrases_are_named_together_and_nothing_is_written(path):
    message = refusal(path, accepted(("goood", "fine"), ("bad", " ")))
    assert "task 'tone' has no label 'goood'; labels are good, bad, so-so; did you mean 'good'?" in message
    assert "any_of holds ' '" in message


def test_a_file_that_is_no_python_file_or_cannot_be_read_is_refused(tmp_path):
    assert "ends in .py, got '.txt'" in refusal(tmp_path / "mine.txt")
    (tmp_path / "folder.py").mkdir()
    assert "folder.py: cannot be read" in refusal(tmp_path / "folder.py")

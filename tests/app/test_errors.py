"""What the user can mend is one line on standard error and an exit code, never a traceback."""

import json
import sys

import pytest

from app.cli import main
from tests.e2e.projects import script

NO_PROJECT = "no ticketloom.toml here; make a project with `ticketloom init`"


@pytest.fixture
def project(tmp_path):
    """A project without tickets."""
    (tmp_path / "ticketloom.toml").write_text("[seeds]\nenabled = false\n")
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a console script's entry point in a folder: exit code, standard output and error."""

    def run(folder, *arguments, entry=main.main):
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["ticketloom", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            entry()
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def complaint(run):
    """The one line on standard error of a command that must fail with exit code 1."""

    def complaint(folder, *arguments, **more):
        code, out, err = run(folder, *arguments, **more)
        assert (code, out) == (1, ""), out + err
        [line] = err.splitlines()
        assert line.startswith("error: ")
        return line

    return complaint


@pytest.mark.parametrize(("name", "arguments"), [("ticketloom", ["status"]), ("lfs", ["list"])])
def test_the_installed_scripts_say_it_in_one_line(tmp_path, name, arguments):
    done = script(name, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: .: {NO_PROJECT}\n"


@pytest.mark.parametrize("arguments", [["run"], ["status"], ["data", "ingest"], ["review", "status"]])
def test_without_a_project_the_command_says_how_to_make_one(complaint, tmp_path, arguments):
    assert NO_PROJECT in complaint(tmp_path, *arguments)


def test_the_lfs_script_says_so_too(complaint, tmp_path):
    assert NO_PROJECT in complaint(tmp_path, "list", entry=main.lfs)
    assert NO_PROJECT in complaint(tmp_path, "--project", "nowhere", "list", entry=main.lfs)


def test_an_unknown_setting_names_the_nearest_one_and_all_problems_come_together(complaint, project):
    (project / "ticketloom.toml").write_text("[training]\nepoch = 3\nbatch_size = 0\n[trainig]\n")
    line = complaint(project, "status")
    assert "[training] epoch is unknown" in line and "did you mean 'epochs'?" in line
    assert "[training] batch_size" in line and "did you mean 'training'?" in line


def test_a_document_that_is_no_toml_is_named(complaint, project):
    (project / "ticketloom.toml").write_text("[training\n")
    assert "ticketloom.toml: not valid TOML" in complaint(project, "status")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["data", "ingest", "nope.csv"], "nope.csv"),
        (["data", "ingest"], "nothing to ingest: name files"),
        (["review", "pull", "--from", "nope.jsonl"], "nope.jsonl: no such file"),
        (["predict", "nope.csv"], "nope.csv: no such file"),
        (["predict", "a text", "--model", "nowhere"], "nowhere: no exported classifier here"),
        (["lfs", "apply"], "no tickets yet; run `ticketloom data ingest FILE` first"),
        (["lfs", "list", "--task", "categry"], "no task 'categry' in the schema; tasks are category"),
        (["data", "explore"], "no tickets yet"),
        (["data", "download", "banking7"], "did you mean 'banking77'?"),
        (["data", "download", "banking77", "--from", "."], "train.csv and test.csv"),
        (["init"], "ticketloom.toml: exists already; nothing was changed"),
        (["init", "ticketloom.toml"], "ticketloom.toml"),
        (["--project", "ticketloom.toml", "status"], "no ticketloom.toml here"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_told_in_one_line(complaint, project, arguments, expected):
    before = sorted(path.name for path in project.iterdir())
    assert expected in complaint(project, *arguments)
    assert sorted(path.name for path in project.iterdir()) == before


def test_a_misspelt_task_names_the_nearest_one(complaint, project):
    assert "did you mean 'category'?" in complaint(project, "lfs", "list", "--task", "categry")


def test_labels_outside_the_schema_are_told_by_line(complaint, project):
    rows = [{"id": "1", "category": "biling"}, {"id": "2", "priority": "high"}, {"id": "3", "intent": "x"}]
    (project / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))
    line = complaint(project, "review", "pull", "--from", "labels.jsonl")
    assert "line 1: task 'category' has no label 'biling'" in line and "did you mean 'billing'?" in line
    assert "line 3: task 'intent' has no label 'x'" in line and "line 2" not in line
    assert not (project / "reviews.db").exists()


def test_an_lf_file_that_cannot_be_imported_is_named(complaint, project):
    (project / "ticketloom.toml").write_text('[lfs]\nmodules = ["mine.py", "lfs.categori"]\n')
    (project / "mine.py").write_text("TASK = 'category'\nimport does_not_exist\n")
    line = complaint(project, "lfs", "list")
    assert "mine.py:2: cannot be imported: ModuleNotFoundError" in line and "lfs.categori" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["rnu"],
        ["run", "--rounds", "-1"],
        ["active", "next", "--round", "0"],
        ["predict"],
        ["review", "pull"],
        ["status", "--jsn"],
        ["label", "issues", "--most", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_has_exit_code_2_and_no_traceback(run, project, arguments):
    code, out, err = run(project, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: " in err and "Traceback" not in err


def test_a_run_without_a_single_label_says_what_to_do(run, project):
    (project / "t.csv").write_text("id,text\n" + "".join(f"{i},ticket {i} is late\n" for i in range(3)))
    (project / "ticketloom.toml").write_text("[lfs]\nmodules = []\nexamples = []\n[seeds]\nenabled = false\n")
    code, _, err = run(project, "run", "t.csv")
    assert code == 1 and "no ticket to train on: every label is missing" in err

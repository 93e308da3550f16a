"""What the user can mend is one line on standard error and an exit code, never a traceback."""

import json

import pytest

from tests.e2e.projects import script

NO_PROJECT = "no ticketloom.toml here; make a project with `ticketloom init`"


@pytest.fixture
def project(tmp_path):
    """A project without tickets."""
    (tmp_path / "ticketloom.toml").write_text("[seeds]\nenabled = false\n")
    return tmp_path


def complaint(folder, *arguments, name="ticketloom"):
    """The one line on standard error of a command that must fail with exit code 1."""
    done = script(name, *arguments, folder=folder)
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    [line] = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.parametrize("arguments", [["run"], ["status"], ["data", "ingest"], ["review", "status"]])
def test_without_a_project_the_command_says_how_to_make_one(tmp_path, arguments):
    assert NO_PROJECT in complaint(tmp_path, *arguments)


def test_the_lfs_script_says_so_too(tmp_path):
    assert NO_PROJECT in complaint(tmp_path, "list", name="lfs")
    assert NO_PROJECT in complaint(tmp_path, "--project", "nowhere", "list", name="lfs")


def test_an_unknown_setting_names_the_nearest_one_and_all_problems_come_together(project):
    (project / "ticketloom.toml").write_text("[training]\nepoch = 3\nbatch_size = 0\n[trainig]\n")
    line = complaint(project, "status")
    assert "[training] epoch is unknown" in line and "did you mean 'epochs'?" in line
    assert "[training] batch_size" in line and "did you mean 'training'?" in line


def test_a_document_that_is_no_toml_is_named(project):
    (project / "ticketloom.toml").write_text("[training\n")
    assert "ticketloom.toml: not valid TOML" in complaint(project, "status")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["data", "ingest", "nope.csv"], "nope.csv"),
        (["data", "ingest"], "nothing to ingest: name files"),
        (["review", "pull", "--from", "nope.jsonl"], "nope.jsonl: no such file"),
        (["predict", "nope.csv"], "nope.csv: no such file"),
        (["predict", "a text"], "no exported classifier; run `ticketloom run`"),
        (["serve"], "no exported classifier; run `ticketloom run`"),
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
def test_a_mistake_is_told_in_one_line(project, arguments, expected):
    before = sorted(path.name for path in project.iterdir())
    assert expected in complaint(project, *arguments)
    assert sorted(path.name for path in project.iterdir()) == before


def test_a_misspelt_task_names_the_nearest_one(project):
    assert "did you mean 'category'?" in complaint(project, "lfs", "list", "--task", "categry")


def test_labels_outside_the_schema_are_told_by_line(project):
    rows = [{"id": "1", "category": "biling"}, {"id": "2", "priority": "high"}, {"id": "3", "intent": "x"}]
    (project / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))
    line = complaint(project, "review", "pull", "--from", "labels.jsonl")
    assert "line 1: task 'category' has no label 'biling'" in line and "did you mean 'billing'?" in line
    assert "line 3: task 'intent' has no label 'x'" in line and "line 2" not in line
    assert not (project / "reviews.db").exists()


def test_an_lf_file_that_cannot_be_imported_is_named(project):
    (project / "ticketloom.toml").write_text('[lfs]\nmodules = ["mine.py", "lfs.categori"]\n')
    (project / "mine.py").write_text("TASK = 'category'\nimport does_not_exist\n")
    line = complaint(project, "lfs", "list")
    assert "mine.py: cannot be imported: ModuleNotFoundError" in line and "lfs.categori" in line


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
def test_a_wrong_command_line_has_exit_code_2_and_no_traceback(project, arguments):
    done = script("ticketloom", *arguments, folder=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: ticketloom" in done.stderr and "Traceback" not in done.stderr


def test_a_round_without_anyone_to_ask_says_how_to_review(project):
    (project / "t.csv").write_text(
        "id,text\n" + "".join(f"{i},ticket number {i} is late\n" for i in range(3))
    )
    assert script("ticketloom", "data", "ingest", "t.csv", folder=project).returncode == 0
    (project / "ticketloom.toml").write_text("[lfs]\nmodules = []\n[seeds]\nenabled = false\n")
    done = script("ticketloom", "run", folder=project)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "no ticket to train on: every label is missing" in done.stderr

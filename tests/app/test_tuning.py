"""A run's study of its training settings: gold stays out of it, and the best settings can be pasted."""

import shutil
import tomllib

import pytest

from app.console import Terminal
from app.tuning import TuningRun, training_table
from data.config import TrainingSettings, parse_config
from data.store import read_json
from data.workspace import Workspace
from model.tune import Trial
from tests.e2e.projects import script

BEST = Trial(3, 0.5, (0.6, 0.5), {"learning_rate": 1e-05, "schedule": "cosine", "epochs": 4}, 1.0)


def parsed(text):
    return parse_config(tomllib.loads(text)).training


def test_the_table_to_paste_holds_the_best_settings_and_what_the_project_set_besides():
    own = TrainingSettings(batch_size=8, task_weights={"tone": 2.0, "a.b": 1.0}, learning_rate=1e-3)
    text = training_table(own, BEST, 9)
    assert parsed(text) == own.model_copy(update=BEST.settings)
    assert "# validation loss 0.5000, trial 3 of 9" in text and "patience" not in text


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory):
    """A project that was run, to write to."""
    return shutil.copytree(project, tmp_path_factory.mktemp("tuned") / "project")


def test_gold_is_in_neither_set(copy):
    run = TuningRun(Workspace.open(copy), "main", Terminal(quiet=True))
    gold = set(run.gold.ticket_ids)
    sets = run._sets(0, 4.0)
    assert gold and all(len(each) and not gold & set(each.ticket_ids) for each in sets)


def test_a_study_is_made_shown_and_gone_on_with(copy, tmp_path, answer, command, monkeypatch):
    """The project has eight validation tickets."""
    for place in ("model.tune", "model.train"):
        monkeypatch.setattr(f"{place}.FEWEST_VALIDATION", 4)
    settings = (copy / "ticketloom.toml").read_bytes()
    page = tmp_path / "page.html"
    found = answer(copy, "model", "tune", "--trials", "1", "--html", page)
    assert (found["before"], len(found["trials"]), found["best"], found["own"]) == (0, 1, 0, 0)
    assert (
        page.read_text("utf-8").startswith("<!doctype html>") and read_json(tmp_path / "page.json") == found
    )
    folder = copy / "runs" / "main" / "tune"
    assert (folder / "best.toml").read_text("utf-8") == found["toml"] and read_json(
        folder / "tune.json"
    ) == found
    assert parsed(found["toml"]).batch_size == 16, "of the project's own table"
    shown = command(copy, "model", "tune", "--trials", "2")
    assert (
        "2 trials" in shown and "1 were there" in shown and "[training]" in shown and "as they are" in shown
    )
    assert (copy / "ticketloom.toml").read_bytes() == settings


def test_a_page_that_ends_in_json_is_refused_before_anything_is_trained(copy):
    done = script("ticketloom", "model", "tune", "--html", "x.json", folder=copy)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith("error: x.json: a page must not end in .json")

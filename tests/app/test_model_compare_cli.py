"""`ticketloom model baselines` and `ablate`: tables, pages with their JSON, one-line errors."""

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.pages.standings import learned_from
from data.errors import TicketloomError
from data.store import read_json
from tests.app.standings import found

BASELINES = found(
    {"classifier": 60, "majority": 30, "setfit": 50},
    classifier={"stale": True},
    learned={
        "majority": {"tickets": 1200},
        "setfit": {"tickets": {"tone": 32}, "per_label": 16},
        "classifier": {"tickets": 1200},
    },
)
ABLATION = found({"full": 60, "seeds": 40}, seeds=[0], not_run={"cleanlab": "nothing to leave out"})


@pytest.fixture
def space(tmp_path, monkeypatch):
    """A project whose figures are known; what makes them is tested elsewhere."""
    (tmp_path / "ticketloom.toml").write_text("")
    monkeypatch.setattr("app.baselines.BaselineRun.baselines", lambda *_: BASELINES)
    monkeypatch.setattr("app.ablation.ablation", lambda *_: ABLATION)
    return tmp_path


@pytest.mark.parametrize(("name", "expected"), [("baselines", BASELINES), ("ablate", ABLATION)])
def test_a_page_is_written_with_its_json(space, answer, name, expected):
    assert answer(space, "model", name, "--html", space / "page.html") == expected
    assert read_json(space / "page.json") == expected
    assert (space / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_table_tells_figures_sizes_and_what_differs(space, command):
    shown = " ".join(command(space, "model", "baselines").split())
    assert "Baselines on 80 tickets" in shown and "SetFit" in shown and "32 tickets" in shown
    assert "-0.375" in shown and "less the classifier" in shown
    assert "other labels than there are now" in shown


def test_the_table_tells_what_was_not_run(space, command):
    shown = command(space, "model", "ablate")
    assert "zero-shot" in shown and "-0.250" in shown
    assert "cleanlab: nothing to leave out" in shown


@pytest.mark.parametrize("name", ["baselines", "ablate"])
def test_a_page_must_not_take_the_name_of_its_json(space, name):
    done = CliRunner().invoke(app, ["--project", str(space), "model", name, "--html", "x.json"])
    assert isinstance(done.exception, TicketloomError) and "must not end in .json" in str(done.exception)


def test_a_baseline_without_training_says_nothing_of_it():
    assert learned_from({"seconds": 1.0}) == ""

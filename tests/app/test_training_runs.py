"""Training as a stage: where it starts from, and that a schema that changed loses nothing."""

import shutil

import pytest
from typer.testing import CliRunner

from app.ablation_variants import with_settings
from app.cli.main import app
from app.console import Terminal
from app.run import Run
from app.variant_runs import VariantRun
from data.errors import TicketloomError
from data.store import file_hash, read_json
from data.workspace import Workspace

QUICK = {"epochs": 1, "batch_size": 16, "rehearsed": 10, "most_tickets": 60}


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory):
    """A project that was run, to write to."""
    return shutil.copytree(project, tmp_path_factory.mktemp("training") / "project")


def variant(folder, **training):
    run = Run(Workspace.open(folder), "main", Terminal(quiet=True))
    config = with_settings(run.config, {"training": QUICK | training})
    return VariantRun(run, f"from-{training['start']}", config)


def test_a_round_goes_on_from_the_last_ones_classifier_and_rehearses_some_of_its_tickets(copy):
    run = variant(copy, start="round")
    reads = read_json(run.model(1).folder / "manifest.json")["reads"]
    assert "runs/from-round/round-0/model" in reads
    rows = run.tickets.rows(["train"], run.gold.ticket_ids)
    reviewed = {ticket_id for of_task in run.answers(1).values() for ticket_id in of_task}
    known = sum(run.tickets.ticket_ids[row] in reviewed for row in rows)
    assert known > 0
    assert run.model(1).summary["tickets"] == min(60, known + 10)
    assert run.model(0).summary["tickets"] > known + 10, "the first round has nothing to rehearse"


def test_a_round_from_the_encoder_reads_no_other_classifier(copy):
    reads = read_json(variant(copy, start="encoder").model(1).folder / "manifest.json")["reads"]
    assert not [name for name in reads if name.endswith("/model")]


def test_training_starts_from_the_classifier_in_the_package(copy):
    slow = variant(copy, start="pretrained", learning_rate=1e-9, head_learning_rate=1e-9)
    accuracy = slow.evaluation(0).summary["mean_accuracy"]
    assert accuracy > variant(copy, start="encoder").evaluation(0).summary["mean_accuracy"]


def test_labels_that_the_schema_lost_are_named_and_the_classifier_stays(copy):
    path, config = copy / "runs/main/round-1/model/model.safetensors", copy / "ticketloom.toml"
    before, document = file_hash(path), config.read_text()
    config.write_text(document + '\n[tasks.sentiment.labels]\nhappy = "pleased"\nunhappy = "displeased"\n')
    found = CliRunner().invoke(app, ["--project", str(copy), "model", "train", "--round", "1"])
    config.write_text(document)
    assert isinstance(found.exception, TicketloomError), found.output
    assert "task 'sentiment' has no label 'n" in str(found.exception)
    assert "labels are happy, unhappy" in str(found.exception)
    assert file_hash(path) == before

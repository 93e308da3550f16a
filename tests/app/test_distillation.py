"""A run's distilled classifier: its teachers are found, gold is left out, and it can be served."""

import shutil

import numpy as np
import pytest

from app.console import Terminal
from app.distillation import DistillationRun, teachers_of
from app.rounds import finished
from data.config import Config
from data.errors import TrainingError
from data.store import MANIFEST, write_json
from data.workspace import Workspace
from labeling.votes import SoftLabels


@pytest.fixture
def workspace(tmp_path):
    """Folders as if two runs were trained."""
    for name in ("main/round-0", "main/round-10", "main/round-9", "other/round-0", "other/round-x"):
        write_json(tmp_path / "runs" / name / "model" / MANIFEST, {})
    return Workspace(tmp_path, Config())


def test_a_run_stands_for_its_last_trained_round(workspace):
    assert list(finished(workspace, "model")) == [
        "main/round-0",
        "main/round-9",
        "main/round-10",
        "other/round-0",
    ]
    found = teachers_of(workspace, ["other", "main", "main/round-9"])
    assert list(found) == ["other/round-0", "main/round-10", "main/round-9"]
    assert found["main/round-10"] == workspace.run("main") / "round-10" / "model"


def test_all_that_is_wrong_with_teachers_is_said_at_once(workspace):
    with pytest.raises(TrainingError) as error:
        teachers_of(workspace, ["mian", "main", "main/round-10"])
    assert "no trained classifier 'mian'; there are main/round-0, " in str(error.value)
    assert "did you mean 'main'?; main/round-10 is named twice" in str(error.value)


def test_without_any_trained_classifier_the_command_that_makes_one_is_named(tmp_path):
    with pytest.raises(TrainingError, match="`ticketloom model train --run main` does it"):
        teachers_of(Workspace(tmp_path, Config()), ["main"])


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory):
    """A project that was run, to write to, with quick distillation."""
    made = shutil.copytree(project, tmp_path_factory.mktemp("distilled") / "project")
    with (made / "ticketloom.toml").open("a") as file:
        file.write("\n[distillation]\nlayers = 2\nepochs = 1\nbatch_size = 16\n")
    return made


def test_gold_teaches_nothing(copy):
    run = DistillationRun(Workspace.open(copy), "main", Terminal(quiet=True))
    gold = set(run.gold.ticket_ids)
    sets = [run._texts(split, 1000, 4.0) for split in ("train", "validation")]
    assert gold and all(len(each) and not gold & set(each.ticket_ids) for each in sets)
    assert sets[0].weights.sum() > 0, "what people said of the others is there"


def test_a_classifier_is_distilled_exported_and_served(copy, answer, command):
    found = answer(copy, "model", "distill", "--from", "main", "--from", "main/round-0", "--export")
    assert found["teachers"] == ["main/round-1", "main/round-0"] and found["layers"] == 2
    assert found["evaluation"]["n"] == 30 and "intent" in found["agreement"]
    first = (copy / "export" / "model.onnx").stat().st_size
    assert answer(copy, "predict", "where is my refund")
    shown = command(copy, "model", "distill", "--layers", "1", "--export")
    assert "1 of 6 layers" in shown and "agrees with the teacher" in shown
    assert (copy / "export" / "model.onnx").stat().st_size < first
    assert "skipped" in command(copy, "model", "distill", "--layers", "1")


def test_further_seeds_of_the_last_round_teach_too(copy, answer):
    found = answer(copy, "model", "distill", "--seeds", "2")
    assert found["teachers"] == ["main/round-1", "main-seed-1/round-1"]
    folders = sorted(path.name for path in (copy / "runs/main-seed-1/round-1").iterdir())
    assert folders == ["model"], "labels, reviews and issues are those of the run itself"


def test_the_run_s_soft_labels_are_in_the_order_of_the_texts(copy):
    run = DistillationRun(Workspace.open(copy), "main", Terminal(quiet=True))
    ids = run.tickets.ticket_ids[5:2:-1]
    soft = run._soft_labels(run.labels(1).folder, ids)
    start = 0
    for task in run.schema:
        labels = SoftLabels.load(run.labels(1).folder / f"{task.name}.parquet", task)
        for row, ticket_id in enumerate(ids):
            at = labels.ticket_ids.index(ticket_id)
            expected = labels.probs[at] if labels.covered[at] else np.full(len(task.labels), np.nan)
            np.testing.assert_array_equal(soft[row, start : start + len(task.labels)], expected)
        start += len(task.labels)

"""An ablation on a small project: nothing unchanged is built again, nobody is asked again."""

import shutil

import pytest

from app.ablation import FULL, ablation
from app.console import Terminal
from app.run import Run
from app.variant_runs import VariantRun
from data.errors import TrainingError
from data.store import read_json
from data.workspace import Workspace
from tests.e2e.projects import artifacts, script, topic_project

REPLIES = """
from labeling.lf import PatternLF

TASK = "length"
LFS = [PatternLF("reply", label="long", any_of=("sorry",), field="brand_reply")]
"""
ONLY = ("weak_labels", "seeds", "brand_replies", "cleanlab", "multi_task")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project of a multi-label and a single-label task, with one round of reviews, and its ablation."""
    folder = topic_project(tmp_path_factory.mktemp("ablation") / "topics")
    (folder / "reply_lfs.py").write_text(REPLIES)
    toml = folder / "ticketloom.toml"
    toml.write_text(toml.read_text().replace('"topic_lfs.py"', '"topic_lfs.py", "reply_lfs.py"'))
    done = script("ticketloom", "run", folder=folder)
    assert done.returncode == 0, done.stderr
    before = artifacts(folder), (folder / "reviews.db").read_bytes()
    return folder, before, ablation(run_of(folder), only=ONLY)


def run_of(folder):
    return Run(Workspace.open(folder), "main", Terminal(quiet=True))


def folders(made, name):
    """The stages that a variant built itself."""
    root = made[0] / f"runs/main.ablate.{name}"
    return {path.parent.relative_to(root).as_posix() for path in root.rglob("manifest.json")}


def test_the_last_trained_round_counts_and_each_variant_has_figures(made):
    found = made[2]
    assert found["round"] == 1
    assert found["baseline"] == FULL and found["tickets"] == 25 and found["seeds"] == [0]
    assert list(found["classifiers"]) == [FULL, "weak_labels", "brand_replies", "cleanlab", "multi_task"]
    assert list(found["differences"]) == list(found["classifiers"])[1:]
    full = run_of(made[0]).evaluation(1).summary
    figure = found["classifiers"][FULL]["mean"]["accuracy"]["value"]
    assert figure == pytest.approx(full["mean_accuracy"])


def test_what_cannot_be_left_out_says_so_and_is_not_run(made):
    assert made[2]["not_run"] == {"seeds": "nothing to leave out: [seeds] enabled is false"}
    assert not (made[0] / "runs/main.ablate.seeds").exists()


def test_only_what_changes_is_built(made):
    model = {"round-1/model", "round-1/evaluation"}
    labels = {"labels", "round-1/labels", "issues"}
    assert folders(made, "cleanlab") == model
    assert folders(made, "brand_replies") == {"votes"} | labels | model
    assert folders(made, "weak_labels") == {"votes"} | labels | model
    assert folders(made, "multi_task") == {
        f"{task}/{stage}" for task in ("topics", "length") for stage in model
    }


def test_nobody_is_asked_again_and_the_full_run_stays_as_it_was(made):
    folder, (before, reviews), _ = made
    for name in ("brand_replies", "weak_labels"):
        votes = read_json(folder / f"runs/main.ablate.{name}/votes/manifest.json")
        assert votes["summary"]["asked"] == 0
    after = artifacts(folder)
    assert {stage: after[stage] for stage in before} == before
    assert (folder / "reviews.db").read_bytes() == reviews


def test_a_classifier_of_reviewed_labels_alone_learns_no_more_tickets_than_were_reviewed(made):
    root = made[0] / "runs/main.ablate.weak_labels"
    labels = read_json(root / "labels/manifest.json")["summary"]
    model = read_json(root / "round-1/model/manifest.json")["summary"]
    assert labels["coverage"] == {"topics": 0, "length": 0} and 0 < model["tickets"] <= 8


def test_repeating_it_trains_nothing_and_a_lost_stage_alone_is_made_again(made, monkeypatch):
    folder, _, found = made
    monkeypatch.setattr("model.train.train_classifier", None)
    shutil.rmtree(folder / "runs/main.ablate.cleanlab/round-1/evaluation")
    assert ablation(run_of(folder), only=ONLY) == found


def test_further_seeds_share_all_but_the_training(made):
    found = ablation(run_of(made[0]), only=("multi_task",), seeds=2)
    assert found["seeds"] == [0, 1] and len(found["trainings"]["multi_task"]) == 2
    assert folders(made, "full") == {"seed-1/round-1/model", "seed-1/round-1/evaluation"}
    assert "seed-1/topics/round-1/model" in folders(made, "multi_task")
    assert not [stage for stage in folders(made, "multi_task") if "labels" in stage or "votes" in stage]


def test_wrong_names_are_told_before_anything_is_trained(tmp_path):
    (tmp_path / "ticketloom.toml").write_text("")
    with pytest.raises(TrainingError, match="did you mean 'seeds'"):
        ablation(run_of(tmp_path), only=("sedes",))


def test_a_part_of_an_ablation_is_not_exported(made):
    run = run_of(made[0])
    with pytest.raises(TrainingError, match="is a variant of another; export that one"):
        VariantRun(run, "main.ablate.x", run.config).export(0)

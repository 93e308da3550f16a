"""Baselines on a small project: trained on what the classifier is, never on gold, built once."""

import json

import numpy as np
import pytest

from app.baselines import BASELINES, CLASSIFIER, BaselineRun
from app.console import Terminal
from data.errors import IngestError, TrainingError
from data.store import read_json, write_json
from data.workspace import Workspace
from tests.app.test_workbench import TEXTS, TOML, TONE, TOPIC
from tests.e2e.projects import script

FAST = "[issues]\nfolds = 2\n[training]\nepochs = 1\nbatch_size = 16\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project of sixty tickets, thirty of them gold, not voted on yet."""
    folder = tmp_path_factory.mktemp("baselines")
    rows = [[t.format(n) if "{}" in t else t for t in row] for n in range(12) for row in TEXTS]
    (folder / "tweets.csv").write_text("id,text\n" + "".join(f'{i},"{text}"\n' for i, text, *_ in rows))
    gold = [json.dumps({"id": i, "topic": topic, "tone": tone}) for i, _, topic, tone in rows[:30]]
    (folder / "gold.jsonl").write_text("\n".join(gold) + "\n")
    (folder / "ticketloom.toml").write_text(TOML.replace("[lfs]", "[lfs]\nexamples = []") + FAST)
    (folder / "topic_lfs.py").write_text(TOPIC)
    (folder / "tone_lfs.py").write_text(TONE)
    assert script("ticketloom", "data", "ingest", folder=folder).returncode == 0
    return folder


@pytest.fixture
def run(made):
    return BaselineRun(Workspace.open(made), "main", Terminal(quiet=True))


@pytest.fixture(scope="module")
def first(made):
    """All baselines, with one step of SetFit; no classifier is trained."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.setfit.setfit", quick)
        toml = made / "ticketloom.toml"
        toml.write_text(toml.read_text().replace("enabled = false", "enabled = false\nsteps = 1"))
        return BaselineRun(Workspace.open(made), "main", Terminal(quiet=True)).baselines(0)


def quick(taught, texts, asked, encoder):
    """Training SetFit is tested in test_setfit.py."""
    from model.baselines import majority

    return majority(taught, len(asked)), 7


def test_without_a_trained_classifier_the_baselines_stand_alone(first, made):
    assert list(first["classifiers"]) == list(BASELINES)
    assert (first["baseline"], first["differences"], first["classifier"]) == (None, {}, None)
    assert first["tickets"] == 30 and first["n"] == {"topic": 30, "tone": 30}
    assert not (made / "runs/main/round-0/model").exists()
    for each in first["classifiers"].values():
        assert 0 <= each["mean"]["accuracy"]["value"] <= 1
        assert len(each["tasks"]["tone"]["macro_f1"]["interval"]) == 2
    assert json.dumps(first, allow_nan=False)


def test_how_much_each_has_learned_is_told(first):
    assert first["learned"]["setfit"] | {"seconds": 0} == {
        "tickets": {"topic": 7, "tone": 7}, "per_label": 16, "steps": 30, "seconds": 0,
    }  # fmt: skip
    assert first["learned"]["tfidf"]["tickets"] == first["learned"]["majority"]["tickets"] > 0
    assert "tickets" not in first["learned"]["zero_shot"]


def test_nothing_is_trained_on_gold_nor_on_its_texts(first, run):
    train = run.training_set(0, run.asked(0))
    gold = run.gold
    assert len(train) and not set(train.ticket_ids) & set(gold.ticket_ids)
    assert not set(train.texts) & set(run.asked(0).texts)


def test_tickets_of_a_file_to_measure_on_are_not_trained_on(first, run, tmp_path):
    before = run.training_set(0, run.asked(0))
    path = tmp_path / "some.jsonl"
    path.write_text(
        json.dumps({"id": before.ticket_ids[0], "text": "", "tone": "bad"})
        + "\n"
        + json.dumps({"id": "new", "text": before.texts[1], "tone": "bad"})
        + "\n"
    )
    after = run.training_set(0, run.asked(0, path))
    assert not set(before.ticket_ids[:2]) & set(after.ticket_ids) and len(after)


def test_repeating_it_builds_nothing(first, made, monkeypatch):
    def never(*arguments):
        raise AssertionError("built again")

    monkeypatch.setattr(BaselineRun, "_build", never)
    monkeypatch.setattr(BaselineRun, "_compare", never)
    assert BaselineRun(Workspace.open(made), "main", Terminal(quiet=True)).baselines(0) == first


def test_the_classifier_stands_last_and_differences_are_from_it(first, run, made, monkeypatch):
    model = made / "runs/main/round-0/model"
    monkeypatch.setattr("model.predict.load_classifier", lambda folder: (Fake(run.schema), None))
    monkeypatch.setattr("model.predict.predict_proba", lambda fake, *_: fake.probs(run.asked(0)))
    write_json(model / "manifest.json", {"reads": {}, "summary": {"tickets": 9}, "files": {}})
    try:
        found = run.baselines(0)
    finally:
        (model / "manifest.json").unlink()
        model.rmdir()
    assert list(found["classifiers"])[-1] == CLASSIFIER == found["baseline"]
    assert found["classifiers"][CLASSIFIER]["mean"]["accuracy"]["value"] == 1
    assert list(found["differences"]) == list(BASELINES)
    assert found["differences"]["majority"]["mean"]["accuracy"]["value"] < 0
    assert found["classifier"] == {"stale": True} and found["learned"][CLASSIFIER] == {"tickets": 9}
    assert read_json(made / "runs/main/round-0/baselines/figures/figures.json") == found


class Fake:
    """A classifier that knows gold."""

    def __init__(self, schema):
        self.schema = schema

    def probs(self, asked):
        answers = asked.labels.answers
        return {
            task.name: np.array([np.eye(len(task.labels))[label] for (label,) in answers[task.name]])
            for task in self.schema
        }


def test_a_round_that_is_not_there_is_told(run):
    with pytest.raises(TrainingError, match="run 'main' has no round 3; it has 0"):
        run.baselines(3)


BAD = [
    ('{"id": "a", "text": "x", "tone": "bad"}\n' * 2, "1 tickets are there more than once: a"),
    ('{"id": "a", "text": "x", "tone": null}\n', "no ticket has a label"),
    ('{"id": "nowhere", "tone": "bad"}\n', "1 of 1 labeled tickets have no text"),
]


@pytest.mark.parametrize(("content", "said"), BAD)
def test_a_file_that_cannot_be_measured_on_is_told(run, tmp_path, content, said):
    path = tmp_path / "labels.jsonl"
    path.write_text(content)
    with pytest.raises(IngestError, match=said):
        run.baselines(0, path)


def test_without_trusted_labels_there_is_nothing_to_measure_on(made, tmp_path):
    toml = (made / "ticketloom.toml").read_text().replace('gold = "gold.jsonl"', "")
    (tmp_path / "ticketloom.toml").write_text(toml)
    (tmp_path / "tickets.parquet").write_bytes((made / "tickets.parquet").read_bytes())
    run = BaselineRun(Workspace.open(tmp_path), "main", Terminal(quiet=True))
    with pytest.raises(TrainingError, match="no trusted labels to measure against"):
        run.baselines(0)

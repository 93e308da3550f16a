"""The classifier in the package: it answers from the first minute, and training can start from it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from data.config import EncoderSettings
from data.errors import TrainingError
from data.schema import support_schema
from data.store import read_json
from model.net import new_classifier, take_over
from model.restore import restore
from model.runtime import PRETRAINED, Classifier

TEXT = (
    "@airline my flight was cancelled, I am stuck in Denver and nobody answers the phone. Worst service ever!"
)
TOPIC = '[tasks.topic.labels]\ndelivery = "where a parcel is"\npayment = "charges and refunds"\n'


@pytest.fixture
def predict(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(app, ["--project", str(tmp_path), "predict", *arguments])

    return run


def test_it_is_small_and_answers_the_support_schema():
    megabytes = sum(path.stat().st_size for path in PRETRAINED.iterdir()) / 1e6
    assert megabytes <= 25
    card = read_json(PRETRAINED / "classifier.json")
    assert card["precision"] == "int8" and Classifier.load(PRETRAINED).schema == support_schema()
    assert set(card["calibration"]) == set(support_schema().names)
    said = (PRETRAINED / "README.md").read_text()
    for part in ("## Figures", "## Thresholds", "## Data", "## Licence of the data", "## Limits"):
        assert part in said


def test_it_answers_where_there_is_no_project_yet_and_says_that_it_does(predict):
    found = predict(TEXT, "--json")
    assert found.exit_code == 0
    answer = json.loads(found.stdout)
    assert answer["sentiment"]["label"] in ("negative", "angry")
    assert "the one that comes with ticketloom answers" in found.stderr


def test_it_answers_in_a_new_project_of_the_same_schema(predict, tmp_path):
    (tmp_path / "ticketloom.toml").write_text("[data]\nfiles = []\n")
    found = predict(TEXT, "--json")
    assert found.exit_code == 0 and "comes with ticketloom" in found.stderr


def test_it_does_not_answer_for_another_schema(predict, tmp_path):
    (tmp_path / "ticketloom.toml").write_text(TOPIC)
    found = predict(TEXT)
    assert found.exit_code != 0 and isinstance(found.exception, TrainingError)
    assert "no exported classifier; run `ticketloom run`" in str(found.exception)
    assert "answers another schema" in str(found.exception)


def test_a_broken_project_is_told_before_anything_is_predicted(predict, tmp_path):
    (tmp_path / "ticketloom.toml").write_text("[trainig]\n")
    assert "trainig" in str(predict(TEXT).exception)


def test_it_loads_no_torch():
    code = (
        "import sys; from model.runtime import PRETRAINED, Classifier\n"
        f"Classifier.load(PRETRAINED).predict([{TEXT!r}])\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_new_project_trains_on_from_it():
    classifier = restore(PRETRAINED)
    fresh = new_classifier(support_schema(), EncoderSettings().name, 64)
    take_over(fresh, classifier)
    for ours, theirs in zip(fresh.heads, classifier.heads, strict=True):
        assert np.array_equal(ours.weight.detach(), theirs.weight.detach())

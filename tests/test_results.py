"""docs/results.md is what the benchmark prints of the saved runs, and the card in the package agrees."""

import json
import subprocess
import sys
from pathlib import Path

from data.store import read_json
from model.runtime import PRETRAINED

ROOT = Path(__file__).parent.parent


def test_the_page_is_what_the_command_prints():
    done = subprocess.run(
        [sys.executable, "benchmarks/classifier.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (ROOT / "docs" / "results.md").read_text("utf-8").strip()


def test_the_card_of_the_packaged_classifier_has_the_figures_of_the_saved_run():
    saved = json.loads((ROOT / "benchmarks" / "results" / "support.json").read_text("utf-8"))
    student = list(saved["lines"].values())[-1]["mean"]
    evaluation = read_json(PRETRAINED / "classifier.json")["facts"]["evaluation"]
    assert abs(evaluation["mean_accuracy"] - student["accuracy"]["value"]) < 1e-9
    assert abs(evaluation["mean_macro_f1"] - student["macro_f1"]["value"]) < 1e-9

"""The model card says what is known of a classifier, and nothing else."""

import yaml

from model.card import model_card
from tests.model.conftest import SCHEMA

FACTS = {
    "evaluation": {
        "n": 90,
        "mean_accuracy": 0.8125,
        "mean_macro_f1": 0.75,
        "tasks": {"about": {"accuracy": 0.7, "macro_f1": 0.6}, "tone": {"accuracy": 0.925, "macro_f1": 0.9}},
    },
    "trained_on": {"teachers": ["a", "b"], "tickets": 1200, "validation_tickets": 100},
    "about": {
        "licence": "cc-by-nc-sa-4.0",
        "data": "Tweets.",
        "data_licence": "CC BY-NC-SA 4.0",
        "limits": "English.",
    },
}
THRESHOLD = {"accuracy": 0.9, "confidence": 0.7321, "coverage": 0.64}
CALIBRATION = {"tone": {"tickets": 480, "temperature": 1.2, "thresholds": [THRESHOLD]}}


def test_a_full_card():
    card = model_card(SCHEMA, FACTS, CALIBRATION, "int8")
    head = yaml.safe_load(card.split("---")[1])
    assert head["license"] == "cc-by-nc-sa-4.0" and head["mean_macro_f1"] == 0.75
    assert head["tags"] == ["customer-support", "onnx", "tone", "about"]
    for line in (
        "| about | multi | money, bags, apps |",
        "On 90 tickets with trusted labels that it was not trained on, measured before weights were made",
        "| tone | 0.925 | 0.900 |\n| about | 0.700 | 0.600 |\n| mean | 0.812 | 0.750 |",
        "| tone | 90% | 0.732 | 64% |",
        "Tweets.\n\nTrained with teachers: 2, tickets: 1200, validation tickets: 100.",
        "## Licence of the data\n\nCC BY-NC-SA 4.0",
        "## Limits\n\nEnglish.",
    ):
        assert line in card
    assert "int8" in card


def test_a_card_does_not_guess():
    card = model_card(SCHEMA, {"evaluation": {"n": 0, "note": "no trusted labels"}}, {}, "fp32")
    assert "fp32" in card and "## Tasks" in card
    for absent in ("Figures", "Thresholds", "Data", "Licence", "Limits", "license", "None", "accuracy"):
        assert absent not in card

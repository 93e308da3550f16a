"""The report page stands alone and shows what customers wrote as text."""

import re
from pathlib import Path

import pytest

from app.pages.report import report_page
from app.report import Example, Report, RoundFigures
from data.schema import Schema, Task
from labeling.analysis import LFReport
from labeling.issues import LabelIssue
from model.evaluate import evaluate
from tests.app.test_explore_page import Tags

SCRIPT = "<script>alert('x')</script>"
SCHEMA = Schema((Task("tone", ("good", "very_bad"), ("", "")), Task("about", ("a", "b"), ("", ""), "multi")))


def report(measured=True, **changes):
    scores = {}
    if measured:
        import numpy as np

        probs = {"tone": np.array([[0.9, 0.1], [0.2, 0.8]]), "about": np.array([[0.9, 0.1], [0.2, 0.8]])}
        scores = evaluate(SCHEMA, probs, {"tone": [(0,), (0,)], "about": [(0,), (1,)]})
    figure = scores.get("mean_accuracy")
    values = {
        "path": Path("report.html"),
        "project": f"p {SCRIPT}",
        "tickets": 1234,
        "ingest": {"reasons": {f"no text {SCRIPT}": 2}, "quarantined": 2},
        "coverage": {"tone": 0.9, "about": 0.5},
        "soft_labels": {"tone": {"n": 2, "coverage": 1.0, "accuracy_covered": 0.5}} if measured else {},
        "issue_counts": {"tone": 1, "about": 0},
        "rounds": [RoundFigures(0, 0, figure, figure), RoundFigures(1, 10, figure, figure)],
        "scores": scores,
    }
    return Report(**values | changes)


def page(measured=True, **changes):
    lfs = {"tone": [LFReport(f"lf {SCRIPT}", ("good",), 0.5, 0.1, 0.0)], "about": []}
    issues = [(f"text {SCRIPT}", LabelIssue("1", "tone", "good", "very_bad", 0.1))]
    examples = [Example(f"example {SCRIPT}", {"tone": ("good", 0.9, "very_bad")})]
    return report_page(report(measured, **changes), SCHEMA, lfs, issues, examples if measured else [])


@pytest.mark.parametrize("measured", [True, False])
def test_the_page_is_well_formed_and_loads_nothing_from_outside(measured):
    found = page(measured)
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import", found)
    assert not {"iframe", "object", "embed", "img", "form", "link"} & {
        tag for tag, attrs in tags.seen if not (attrs.get("href") or "").startswith("data:")
    }


def test_what_customers_wrote_shows_as_text():
    plain = [tag for tag, _ in Tags(page(project="p")).seen].count("script")
    found = page()
    assert [tag for tag, _ in Tags(found).seen].count("script") == plain
    assert SCRIPT not in found
    for place in ("p", "text", "lf", "example", "no text"):
        assert f"{place} &lt;script&gt;alert(" in found, place


def test_inner_links_lead_somewhere():
    tags = Tags(page()).seen
    ids = {attrs["id"] for _, attrs in tags if attrs.get("id")}
    links = {attrs["href"][1:] for _, attrs in tags if (attrs.get("href") or "").startswith("#")}
    assert links - {""} <= ids, links - ids


def test_without_trusted_labels_the_page_says_what_to_do():
    found = page(measured=False)
    assert "[evaluate] gold" in found and "Nothing to measure against" in found


def test_figures_are_those_of_the_report():
    found = page()
    assert "1,234" in found and "very bad" in found and "10 human labels" in found


def test_one_round_has_no_learning_curve():
    found = report()
    assert "Learning curve" in page()
    assert "Learning curve" not in page(rounds=found.rounds[:1])

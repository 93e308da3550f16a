"""The page of an evaluation stands alone, shows every text as text, and fits a phone."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.pages import twin_of, write_page
from app.pages.evaluation import MOST_DOUBTED, evaluation_page
from app.pages.evaluation_facts import facts
from data.errors import ConfigError
from model.evaluate import evaluate
from tests.app.evaluations import SCHEMA, evaluation
from tests.app.test_explore_page import Tags
from tests.app.test_issues_page import asked_after_load
from tests.app.test_lfs_page import in_a_browser

BOLD = "<b>x</b></script>"


def page_of(found: dict[str, Any] | None = None) -> str:
    return evaluation_page(found or evaluation(), SCHEMA)


def test_the_page_is_well_formed_and_loads_nothing_from_outside() -> None:
    found = page_of()
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", found)


def test_inner_links_lead_somewhere() -> None:
    tags = Tags(page_of()).seen
    ids = {attrs["id"] for _, attrs in tags if attrs.get("id")}
    links = {str(attrs["href"])[1:] for _, attrs in tags if str(attrs.get("href")).startswith("#")}
    assert links <= ids, links - ids


def test_what_customers_and_projects_are_called_shows_as_text() -> None:
    found = evaluation(BOLD, votes={BOLD: [BOLD]})
    found["project"] = found["on"] = BOLD
    found["slices"]["slices"][0]["value"] = BOLD
    page = page_of(found)
    assert "<b>x" not in page and page.count("</script>") == 1
    assert html.escape(BOLD) in page


def test_scores_people_confusions_and_slices_are_shown() -> None:
    page = page_of()
    assert "Run main, round 1, on 80 tickets of gold.jsonl" in page
    assert "The human ceiling" in page and "they agree" in page.lower()
    assert page.count('<table class="heat') == 1, "a multi-label task has no confusion matrix"
    assert '<th scope="row">Volt</th>' in page and "1 value of brand (2 tickets)" in page
    assert page.count('class="curve"') == 4, "a precision–recall curve per label"
    assert page.count('class="reliability"') == 2


def test_errors_tell_what_was_said_what_gold_says_and_what_lfs_say() -> None:
    page = page_of()
    assert "very bad, taken for good: <b>40</b>" in page and "100% of very bad" in page
    assert "<del>good</del> → <ins>very bad</ins>" in page
    assert "no label, taken for bags" in page
    assert "LFs for good: praises" in page


def test_without_people_their_columns_are_gone() -> None:
    page = page_of(evaluation(people=False))
    assert "human ceiling" not in page and "Rings" not in page


def test_votes_of_many_functions_are_cut_and_none_is_said_so() -> None:
    many = page_of(evaluation(votes={"good": [f"lf_{i}" for i in range(9)], "not bad": ["other"]}))
    assert "LFs for good: lf_0, lf_1, lf_2, lf_3 and 5 more; not bad: other" in many
    assert "no labeling function votes" in page_of(evaluation(votes={}))


def test_doubted_gold_is_shown_worst_first_and_the_rest_counted() -> None:
    found = evaluation()
    issue = found["gold_issues"][0] | {"text": "doubted"}
    page = page_of(found | {"gold_issues": [issue] * (MOST_DOUBTED + 2)})
    assert page.count("doubted</blockquote>") == MOST_DOUBTED and "2 more are in the JSON" in page
    assert "Gold labels to look at" not in page_of(found | {"gold_issues": []})


def test_a_single_right_answer_is_a_page() -> None:
    import numpy as np

    of = evaluate(SCHEMA, {"tone": np.array([[0.9, 0.1]])}, {"tone": [(0,)], "about": [None]}, samples=20)
    nothing = {"slices": [], "left_out": {}, "fewest": 30}
    errors = {"tone": {"confusions": [], "wrong": []}}
    found = (
        evaluation(people=False) | of | {"errors": errors, "slices": nothing, "gold_issues": [], "tickets": 1}
    )
    page = page_of(found)
    assert "Every answer is right." in page and not Tags(page).open


def said(found: dict[str, Any]) -> list[str]:
    return [each["text"] for each in facts(found)]


def test_facts_name_the_weakest_task_and_the_slices_that_are_worse() -> None:
    found = evaluation()
    assert "The weakest task is tone: 50% right." in said(found)
    weak = found["slices"]["slices"][0] | {
        "gap": -0.2,
        "gap_interval": [-0.3, -0.1],
        "value": "Acme",
        "n": 39,
    }
    found["slices"]["slices"] = [weak]
    assert "Answers are 20.0 points less often right where brand is Acme (39 tickets)." in said(found)


def test_facts_set_the_classifier_beside_people() -> None:
    [fact] = [each for each in said(evaluation()) if "two people" in each]
    assert fact.startswith("The classifier is right less often than two people agree in tone (50% to 100%)")


def test_facts_warn_of_tickets_that_were_trained_on_and_of_rare_labels() -> None:
    found = evaluation() | {"seen_in_training": ["t1", "t2"]}
    assert any(each.startswith("2 of 80 tickets, or near duplicates") for each in said(found))
    found["tasks"]["tone"]["labels"]["very_bad"]["support"] = 3
    assert any(each.startswith("Fewer than 10 tickets each have tone very bad") for each in said(found))


def test_facts_warn_of_confidence_that_is_off() -> None:
    found = evaluation()
    found["tasks"]["tone"]["calibration"]["overconfidence"] = -0.12
    assert "Confidence in tone is 12 points lower than accuracy, on average." in said(found)
    found["tasks"]["tone"]["calibration"]["overconfidence"] = 0.01
    assert not any(each.startswith("Confidence in tone") for each in said(found))


def test_a_page_has_its_json_beside_it(tmp_path: Path) -> None:
    found = evaluation()
    write_page(tmp_path / "deep" / "page.html", page_of(found), found)
    assert json.loads((tmp_path / "deep" / "page.json").read_text("utf-8")) == found
    with pytest.raises(ConfigError, match=r"a page must not end in \.json"):
        twin_of(Path("page.json"))


@in_a_browser
def test_nothing_runs_over_the_edge_of_a_phone_and_every_whisker_lies_on_its_scale(tmp_path: Path) -> None:
    frame = html.escape(page_of(evaluation("https" + "x" * 300)), quote=True)
    phone = f'<iframe width="360" height="800" srcdoc="{frame}"></iframe>'
    outer = f"<!doctype html><title></title><body>{phone}</body>"
    script = """
const inner = document.querySelector("iframe").contentDocument;
const whiskers = [...inner.querySelectorAll(".whisker")];
const within = whisker => [...whisker.children].every(part => {
  const box = part.getBoundingClientRect(), scale = whisker.getBoundingClientRect();
  return box.left >= scale.left - 6 && box.right <= scale.right + 6;
});
const {clientWidth, scrollWidth} = inner.documentElement;
return [clientWidth <= 360, scrollWidth <= clientWidth, whiskers.length > 4, whiskers.every(within)];
"""
    assert asked_after_load(tmp_path, outer, script) == [True, True, True, True]


def test_the_same_evaluation_gives_the_same_page() -> None:
    assert page_of() == page_of()

"""The pages of baselines and of an ablation stand alone, and show which differences are sure."""

import re
from typing import Any

import pytest

from app.pages.standings import ablation_page, baselines_page
from tests.app.standings import found
from tests.app.test_explore_page import Tags

BOLD = "<b>x</b></script>"


def baselines(*, stale: bool = False, trained: bool = True) -> str:
    right = {"classifier": 60, "majority": 30, "tfidf": 58} if trained else {"majority": 30, "tfidf": 58}
    of = found(right, classifier={"stale": stale} if trained else None)
    of["learned"] = {"majority": {"tickets": 1200}, "tfidf": {"tickets": {"tone": 32}, "per_label": 16}}
    of["learned"]["classifier"] = {"tickets": 1200}
    if not trained:
        of |= {"baseline": None, "differences": {}}
    names = [*list(right)[1:], "classifier"] if trained else list(right)
    return baselines_page(of, {name: name.upper() for name in names})


def ablation(title: str = "Without seeds", seeds: tuple[int, ...] = (0,), **more: Any) -> str:
    of = found({"full": 60, "seeds": 40, "cleanlab": 60}, seeds=list(seeds), not_run={"adaptation": "off"})
    return ablation_page(of | more, {"full": "Full run", "seeds": title, "cleanlab": "Without cleanlab"})


@pytest.mark.parametrize("page", [baselines(), baselines(trained=False), ablation()])
def test_a_page_is_well_formed_and_loads_nothing_from_outside(page: str) -> None:
    tags = Tags(page)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", page) and "<svg" in page


def test_names_show_as_text() -> None:
    page = ablation(BOLD, project=BOLD)
    assert "<b>x" not in page and page.count("</script>") == 1


def test_a_sure_loss_is_bold_and_one_that_may_be_chance_is_not() -> None:
    page = ablation()
    assert "<b>-25.0</b>" in page and "<b>+0.0</b>" not in page and "+0.0" in page
    assert "0.750" in page and "0.500" in page


def test_what_was_not_run_says_why() -> None:
    assert "adaptation: off" in ablation()


def test_several_trainings_are_told() -> None:
    assert "means of" not in ablation() and "means of 3 trainings each" in ablation(seeds=(0, 1, 2))


def test_baselines_tell_what_they_learned_from_and_lie_below_the_classifier() -> None:
    page = baselines()
    assert "1,200 tickets" in page and "32 tickets, at most 16 a label" in page
    assert "<b>-37.5</b>" in page and "from the classifier" in page
    assert page.index("MAJORITY</th>") < page.index("CLASSIFIER</th>")


def test_without_a_classifier_nothing_is_set_against_it() -> None:
    page = baselines(trained=False)
    assert "Difference" not in page and "0.725" in page


def test_a_classifier_of_other_labels_is_told() -> None:
    assert "other labels than there are now" in baselines(stale=True)
    assert "other labels than there are now" not in baselines()

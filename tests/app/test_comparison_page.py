"""The page that sets classifiers side by side stands alone and shows which differences are sure."""

import re
from typing import Any

import numpy as np

from app.pages.comparison import comparison_page
from model.compare import compare
from tests.app.evaluations import SCHEMA
from tests.app.test_explore_page import Tags

BOLD = "<b>x</b></script>"


def comparison(right: int = 60, names: tuple[str, ...] = ("old", "new")) -> dict[str, Any]:
    """The first is right on 40 of 80 tickets, each further one on `right`."""
    sure, wrong = [0.9, 0.1], [0.1, 0.9]
    probs = {
        name: {"tone": np.array([sure] * n + [wrong] * (80 - n))}
        for name, n in zip(names, [40] + [right] * len(names), strict=False)
    }
    found = compare(SCHEMA, probs, {"tone": [(0,)] * 80}, samples=200)
    return {"project": "p", "tickets": 80, "left_out": dict.fromkeys(names, 0), **found}


def test_the_page_is_well_formed_and_loads_nothing_from_outside() -> None:
    found = comparison_page(comparison())
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", found)


def test_names_show_as_text() -> None:
    page = comparison_page(comparison(names=("old", BOLD)) | {"project": BOLD})
    assert "<b>x" not in page and page.count("</script>") == 1


def test_a_sure_difference_is_bold_and_told() -> None:
    page = comparison_page(comparison())
    assert "<b>+25.0</b>" in page and "25% more of the answers are right, more than chance explains." in page
    assert "0.750" in page and "new less old" in page


def test_a_loss_is_told_as_one() -> None:
    page = comparison_page(comparison(20))
    assert "25% less of the answers are right" in page and 'class="num warn"' in page


def test_a_difference_that_may_be_chance_is_not_bold() -> None:
    page = comparison_page(comparison(40))
    assert "Chance alone may explain the difference" in page and "<b>+0.0</b>" not in page


def test_every_further_classifier_is_set_against_the_first() -> None:
    page = comparison_page(comparison(names=("a", "b", "c")))
    assert page.count("b less a") and page.count("c less a") and "c less b" not in page


def test_tickets_left_out_are_counted() -> None:
    found = comparison()
    assert "left out" not in comparison_page(found)
    assert "12 tickets of new are left out" in comparison_page(found | {"left_out": {"old": 0, "new": 12}})

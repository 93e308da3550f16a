"""The page of a study stands alone and shows what mattered."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.pages.tuning import tuning_page
from app.tuning import described
from data.config import TrainingSettings
from model.search_space import search_space
from model.tune import Trial, Tuning
from tests.app.test_explore_page import Tags

BOLD = "<b>x</b></script>"


def study(
    importances: dict[str, float] | None = None, losses: tuple[float | None, ...] = ()
) -> dict[str, Any]:
    """Four trials, the third pruned; the last is best."""
    given = losses or (0.8, 0.7, None, 0.5123)
    trials = tuple(
        Trial(i, loss, (1.0, loss or 0.9), {"learning_rate": 1e-4 * (i + 1), "focal": 0.0}, 60.0)
        for i, loss in enumerate(given)
    )
    best = min((each for each in trials if each.loss is not None), key=lambda each: each.loss or 0)
    space = search_space(TrainingSettings(), 6, reviewed=False)
    found = Tuning("abc", space, trials, 1, trials[0], best, importances or {})
    said = described(found, TrainingSettings(), Path("best.toml"))
    assert said["trials"] == [asdict(each) for each in trials]
    return {"project": "p", "run": "main", "round": 0, **said}


def test_the_page_is_well_formed_and_loads_nothing_from_outside() -> None:
    found = tuning_page(study({"learning_rate": 0.75, "focal": 0.25}))
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", found)


def test_names_show_as_text() -> None:
    page = tuning_page(study() | {"project": BOLD, "file": BOLD})
    assert "<b>x" not in page and page.count("</script>") == 1


def test_importances_are_bars_of_which_the_largest_is_full() -> None:
    page = tuning_page(study({"learning_rate": 0.75, "focal": 0.25}))
    assert '<rect class="front" width="100.0"' in page and '<rect class="front" width="33.33"' in page
    assert "<title>learning rate: 75%</title>" in page and "Too few" not in page
    assert "Too few trials came to their end to tell." in tuning_page(study())


def test_the_best_trial_comes_first_with_what_it_changed() -> None:
    page = tuning_page(study())
    rows = re.findall(r'<tr><th scope="row">(\d)</th><td class="num">([^<]+)</td>', page)
    assert rows == [("3", "0.5123"), ("1", "0.7000"), ("0", "0.8000"), ("2", "–")]
    assert "<li>learning rate 0.0004</li>" in page and "as they are" in page and "focal 0.0</li>" not in page
    assert '<dd class="value">0.5123</dd>' in page and "1 without an end" in page


def test_a_study_whose_first_trials_have_no_loss_is_drawn() -> None:
    assert not Tags(tuning_page(study(losses=(None, None, 0.4)))).open

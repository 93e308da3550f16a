"""The page of labeling functions stands alone, sorts and filters in a browser, and says what to mend."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.lf_analysis import TaskAnalysis, analyze_task
from app.pages.lfs import MOST_PAIRS, render_lfs
from data.schema import Task
from labeling.toy import TOY
from labeling.votes import Votes
from tests.app.test_explore_page import Tags

BOLD = "<b>x</b></script>"
TONE = Task("tone", ("good", "very_bad"), ("pleased", "displeased"))
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]

# Ten tickets; `backwards` is always wrong, `silent` never votes, `unmeasured` votes on no trusted ticket.
COLUMNS = {
    "praises": [0, 0, 0, 0, 0, 0, -1, -1, -1, -1],
    "complains": [-1, -1, -1, -1, -1, 1, 1, 1, 1, -1],
    "backwards": [1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    "silent": [-1] * 10,
    "unmeasured": [-1] * 9 + [1],
    BOLD: [0, -1, -1, -1, -1, -1, 1, -1, -1, -1],
}
TRUSTED = {str(i): (int(i > 5),) for i in range(9)}


def votes_of(columns: Mapping[str, list[int]], repeats: int = 1, task: Task = TONE) -> Votes:
    values = np.tile(np.array(list(columns.values()), np.int8).T, (repeats, 1))
    return Votes(task, tuple(str(i) for i in range(len(values))), tuple(columns), values)


def tone(trusted: Mapping[str, Any] = TRUSTED, learned: Mapping[str, float] | None = None) -> TaskAnalysis:
    return analyze_task(votes_of(COLUMNS), trusted, learned or {})


def page_of(*analyses: TaskAnalysis) -> str:
    """The page, with names whole: they may break after each underscore."""
    return render_lfs("p", analyses or (tone(),)).replace("<wbr>", "")


def wide(lfs: int, seed: int = 1) -> TaskAnalysis:
    """Votes of many functions that meet nearly everywhere, two by two under one label."""
    labels = tuple(f"label_{i}" for i in range(lfs // 2))
    rng = np.random.default_rng(seed)
    said = np.where(rng.random((600, lfs)) < 0.5, np.arange(lfs) // 2, -1).astype(np.int8)
    names = tuple(f"a_function_with_a_long_name_{i:02}" for i in range(lfs))
    votes = Votes(Task("topic", labels, labels), tuple(map(str, range(600))), names, said)
    return analyze_task(votes, {str(i): (i % len(labels),) for i in range(300)}, dict.fromkeys(names, 0.5))


def asked(folder: Path, page: str, script: str) -> Any:
    """What a script returns that runs in the page in a real browser."""
    end = f"<script>document.title = JSON.stringify((() => {{ {script} }})());</script></body>"
    path = folder / "page.html"
    path.write_text(page.replace("</body>", end), "utf-8")
    command = [str(CHROMIUM), *QUIET, "--dump-dom", f"--user-data-dir={folder / 'browser'}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert found, done.stdout[:500]
    return json.loads(html.unescape(found[1]))


ORDER = """
const table = document.querySelector("table.functions");
const shown = () => [...table.tBodies[0].rows].filter(row => !row.hidden);
const names = () => shown().map(row => row.cells[0].firstChild.data.trim());
const head = text => [...table.tHead.rows[0].cells].find(cell => cell.textContent === text);
const click = text => {
  head(text).querySelector("button").click();
  return [head(text).getAttribute("aria-sort"), names()];
};
"""


@in_a_browser
def test_a_click_on_a_head_sorts_another_reverses_and_what_is_missing_stays_last(tmp_path: Path) -> None:
    script = "return [click('Accuracy'), click('Accuracy'), click('Function')];"
    assert asked(tmp_path, page_of(), ORDER + script) == [
        ["descending", ["praises", BOLD, "complains", "backwards", "unmeasured", "silent"]],
        ["ascending", ["backwards", "complains", "praises", BOLD, "unmeasured", "silent"]],
        ["ascending", [BOLD, "backwards", "complains", "praises", "silent", "unmeasured"]],
    ]


@in_a_browser
def test_what_is_sorted_already_is_reversed_by_a_click(tmp_path: Path) -> None:
    assert asked(tmp_path, page_of(), ORDER + "return click('Coverage');")[1][0] == "silent"


@in_a_browser
def test_one_column_at_a_time_says_that_it_is_sorted(tmp_path: Path) -> None:
    script = "click('n'); click('Votes for'); return [...document.querySelectorAll('[aria-sort]')].length;"
    assert asked(tmp_path, page_of(), ORDER + script) == 1


@in_a_browser
def test_the_field_leaves_rows_whose_name_label_or_fault_holds_every_word(tmp_path: Path) -> None:
    script = """
const input = document.querySelector(".find input"), output = document.querySelector(".find output");
const find = text => {
  input.value = text;
  input.dispatchEvent(new Event("input"));
  return [names(), output.textContent];
};
return [find("PRAIS"), find("very bad compl"), find("never votes"), find("nothing such"), find("")[1]];
"""
    assert asked(tmp_path, page_of(), ORDER + script) == [
        [["praises"], "1 of 6 shown"],
        [["complains"], "1 of 6 shown"],
        [["silent"], "1 of 6 shown"],
        [[], "0 of 6 shown"],
        "6 shown",
    ]


@in_a_browser
def test_arrow_keys_read_the_map_aloud(tmp_path: Path) -> None:
    found = analyze_task(votes_of({"a": [0, 0, 0, 1], "b": [0, 0, 1, -1]}), {}, {})
    script = """
const map = document.querySelector(".agreement").parentElement, tip = document.querySelector(".tip");
const press = key => {
  map.dispatchEvent(new KeyboardEvent("keydown", {key}));
  return tip.textContent;
};
return [press("ArrowDown"), press("ArrowRight"), press("ArrowRight"), press("Escape")];
"""
    assert asked(tmp_path, page_of(found), script) == [
        "b and a: together on 3 tickets, alike on 67%",
        "b: votes on 3 tickets",
        "b: votes on 3 tickets",
        "",
    ]


@pytest.mark.parametrize("learned", [{}, {"praises": 0.9}])
@pytest.mark.parametrize("trusted", [{}, TRUSTED])
def test_the_page_is_well_formed_and_loads_nothing_from_outside(
    trusted: Mapping[str, Any], learned: Mapping[str, float]
) -> None:
    found = page_of(tone(trusted, learned))
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", found)
    ids = {attrs["id"] for _, attrs in tags.seen if attrs.get("id")}
    assert {link[1:] for link in links if link and link.startswith("#")} <= ids


def test_names_show_as_text() -> None:
    task = Task("<i>t", ("<u>", "b"), ("", ""))
    page = render_lfs("<s>p", [analyze_task(votes_of(COLUMNS, 12, task), TRUSTED, {BOLD: 0.5})])
    assert not re.search(r"<(b>x|i>t|u>|s>p)", page)
    assert page.count("</script>") == 1
    assert html.escape(BOLD) in page


def test_every_function_stands_in_the_table() -> None:
    found = wide(60)
    page = page_of(found)
    assert set(re.findall(r'<th scope="row">(\w+)', page)) >= {report.name for report in found.reports}


def test_the_map_holds_every_function_that_votes_by_label() -> None:
    page = page_of()
    rows = page.split('<div class="rows"')[1].split("</div>")[0]
    names = [html.unescape(name) for name in re.findall("<span>(.*?)</span>", rows)]
    assert names == ["praises", "backwards", "complains", "unmeasured", BOLD]
    assert re.findall(r"px\">([\w ]+)</span>", page) == ["good", "very bad", "several labels"]
    assert "as it never votes: 1 function" in page


def test_squares_are_as_many_as_pairs_that_meet_and_as_large_as_they_overlap() -> None:
    found = analyze_task(votes_of(COLUMNS, 20), {}, {})
    both = found.agreement.both
    strokes = re.findall(r'<path class="a(\d+)" stroke-width="(\d+)" d="(.*?)"/>', page_of(found))
    meet = int((both > 0).sum() - (np.diag(both) > 0).sum())
    assert sum(d.count("M") for _, _, d in strokes) == meet
    assert {step for step, _, _ in strokes} == {"0", "10"} and len({side for _, side, _ in strokes}) > 1


def test_figures_of_a_pair_stand_in_the_map() -> None:
    page = page_of(analyze_task(TOY, {}, {}))
    assert 'data-both="3 2 3 3 3 4"' in page and 'data-same="3 0 3 2 2 4"' in page


def test_functions_to_mend_are_named_with_words() -> None:
    page = page_of()
    rows = dict(re.findall(r'<th scope="row">(\w+) <span class="fault">(.*?)<', page))
    assert rows == {"backwards": "worse than a coin", "silent": "never votes"}
    assert "silent never votes on these tickets" in page
    assert "backwards is right on 0% of 5 trusted tickets" in page


def test_many_functions_to_mend_are_counted() -> None:
    page = page_of(wide(60))
    assert page.count(">worse than a coin<") > 6
    assert re.search(r"<li class=\"warn\">\d+ more are worse than a coin: sort by accuracy.</li>", page)


def test_a_label_without_a_function_is_to_mend() -> None:
    page = page_of(analyze_task(votes_of({"a": [0], "b": [0]}), {}, {}))
    assert "No function votes for very bad: write one." in page
    assert "No function votes for" not in page_of()


def test_without_trusted_labels_the_page_says_what_to_do() -> None:
    page = page_of(tone(trusted={}))
    assert "name [evaluate] gold in ticketloom.toml, or review tickets" in page
    assert ">Accuracy<" not in page and ">n<" not in page
    assert "[evaluate] gold" not in page_of() and ">Accuracy<" in page_of()


def test_learned_accuracies_have_a_column_where_a_label_model_gave_some() -> None:
    assert "Learned accuracy" not in page_of()
    page = page_of(tone(learned={"praises": 0.873}))
    assert "Learned accuracy" in page and ">87%<" in page


def test_pairs_show_the_most_pressing_and_how_many_there_are() -> None:
    found = wide(60)
    page = page_of(found)
    fights = page.split('aria-label="Pairs that fight"')[1].split("</table>")[0]
    assert fights.count("<tr>") == MOST_PAIRS + 1
    assert f"The {MOST_PAIRS} most pressing of {len(found.fighting):,}." in page
    assert "None: every function adds votes of its own." in page


def test_pairs_that_repeat_each_other_are_listed() -> None:
    page = page_of(analyze_task(votes_of({"first": [0, 1], "twin": [0, 1]}, 10), {}, {}))
    assert re.search(r"first <small>2 labels</small>.*twin.*>20<.*>100%<.*>100%<", page)
    assert "None: where functions meet, they mostly agree." in page


def test_a_function_of_many_labels_shows_the_first_and_holds_all() -> None:
    task = Task("topic", tuple("abcd"), tuple("abcd"))
    page = page_of(analyze_task(votes_of({"seed": [0, 1, 2, 3]}, 1, task), {}, {}))
    assert 'title="a, b, c, d">a, b and 2 more</td>' in page
    assert "Fewer than two functions vote" in page


@pytest.mark.parametrize(
    ("analyses", "said"),
    [
        ([], "No task has votes yet: run lfs apply"),
        ([analyze_task(votes_of({}), {}, {})], "No labeling function votes on this task: write one"),
        (
            [analyze_task(Votes(TONE, (), ("a", "b"), np.empty((0, 2), np.int8)), {}, {})],
            "a and b never vote",
        ),
    ],
)
def test_where_nothing_is_to_be_seen_the_page_says_what_to_do(
    analyses: list[TaskAnalysis], said: str
) -> None:
    page = render_lfs("p", analyses)
    assert said in page and not Tags(page).open


def test_tiles_add_up_the_tasks() -> None:
    both = (tone(), tone(learned={"praises": 0.5}))
    page = page_of(*both)
    tiles = dict(re.findall(r"<dt>(.*?)</dt><dd class=\"value\">(.*?)</dd>", page))
    pairs = sum(len(found.redundant) + len(found.fighting) for found in both)
    assert tiles == {
        "Labeling functions": "12",
        "To mend": "4",
        "Tickets": "10",
        "Mean coverage": "100%",
        "Trusted labels": "18",
        "Pairs to look at": str(pairs),
    }


def test_without_scripts_tables_are_whole_and_the_field_is_hidden() -> None:
    page = page_of()
    assert '<p class="find" hidden>' in page and "<tr hidden" not in page


def test_five_tasks_of_eighty_functions_that_all_meet_fit_a_small_file() -> None:
    page = render_lfs("p", [wide(80, seed) for seed in range(5)])
    assert len(page.encode()) < 1_500_000


def test_the_same_analysis_gives_the_same_page() -> None:
    assert page_of(tone()) == page_of(tone())

"""The page of label issues stands alone, filters in a browser, and shows every text as text."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

from app.pages.issues import issues_page
from labeling.issues import IssueKind, LabelIssue
from labeling.worklist import Worklist, worklist
from tests.app.test_explore_page import Tags
from tests.app.test_lfs_page import asked, in_a_browser

BOLD = "<b>x</b></script>"
TEXTS = {"t1": "my BAG is lost", "t2": "charged twice " + BOLD, "t3": "where is my refund"}


def issue(
    ticket_id: str,
    quality: float,
    task: str = "tone",
    given: str = "very_good",
    suggested: str = "bad",
    kind: IssueKind = "label",
) -> LabelIssue:
    return LabelIssue(ticket_id, task, given, suggested, quality, kind)


ISSUES = [
    issue("t1", 0.05),
    issue("t1", 0.2, "about", "", "bags", "missing"),
    issue("t2", 0.1, "about", "money", "", "surplus"),
    issue("t3", 0.4),
    issue("t4", 0.45),
]


def page_of(found: Worklist | None = None, texts: Mapping[str, str] = TEXTS, most: int = 500) -> str:
    found = worklist(ISSUES, first_of={"t4": "t3"}) if found is None else found
    return issues_page("p", found, texts, most=most)


FILTER = """
const filters = document.querySelector(".filters"), output = filters.querySelector("output");
const shown = () => [...document.querySelectorAll("ol.work > li")].filter(item => item.checkVisibility());
const said = () => [
  shown().map(item => item.querySelector("code").textContent),
  shown().flatMap(item => [...item.querySelectorAll(".doubts > li")]).filter(d => d.checkVisibility()).length,
  output.textContent,
];
const set = (name, value) => {
  const field = filters.querySelector(`[name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("input"));
  return said();
};
"""


@in_a_browser
def test_task_and_kind_leave_the_doubts_that_fit_both(tmp_path: Path) -> None:
    script = """
return [said(), set("task", "about"), set("kind", "surplus"), set("task", "tone"), set("kind", "")];
"""
    assert asked(tmp_path, page_of(), FILTER + script) == [
        [["t1", "t2", "t3"], 4, "3 shown"],
        [["t1", "t2"], 2, "2 of 3 shown"],
        [["t2"], 1, "1 of 3 shown"],
        [[], 0, "0 of 3 shown"],
        [["t1", "t3"], 2, "2 of 3 shown"],
    ]


@in_a_browser
def test_the_field_finds_words_labels_and_ids(tmp_path: Path) -> None:
    script = """
return [set("find", "lost bag")[0], set("find", "very_good")[0], set("find", "T2")[0],
        set("find", "zebra")[0], document.querySelector(".none").checkVisibility(),
        set("find", "")[0], document.querySelector(".none").checkVisibility()];
"""
    assert asked(tmp_path, page_of(), FILTER + script) == [
        ["t1"],
        ["t1", "t3"],
        ["t2"],
        [],
        True,
        ["t1", "t2", "t3"],
        False,
    ]


@in_a_browser
def test_nothing_runs_over_the_edge_of_a_phone(tmp_path: Path) -> None:
    long = {"t1": "x" * 400, "t2": "https://example.test/" + "y" * 300}
    frame = html.escape(page_of(texts=long), quote=True)
    phone = f'<iframe width="360" height="800" srcdoc="{frame}"></iframe>'
    outer = f"<!doctype html><title></title><body>{phone}</body>"
    script = """
const inner = document.querySelector("iframe").contentDocument.documentElement;
return [inner.clientWidth <= 360, inner.scrollWidth <= inner.clientWidth];
"""
    assert asked_after_load(tmp_path, outer, script) == [True, True]


def asked_after_load(folder: Path, page: str, script: str) -> object:
    """What `asked` gives, with the script run when all frames are loaded."""
    wait = "addEventListener('load', () => { document.title = JSON.stringify((() => { %s })()); }); return 0;"
    return asked(folder, page, wait % script)


def test_the_page_is_well_formed_and_loads_nothing_from_outside() -> None:
    found = page_of()
    tags = Tags(found)
    assert not tags.open
    links = [v for _, attrs in tags.seen for key, v in attrs.items() if key in ("src", "href", "srcset")]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import|https?://", found)


def test_texts_and_names_show_as_text() -> None:
    found = issues_page("<s>p", worklist([issue("<u>t", 0.1, "<i>task", "<em>", BOLD)]), {"<u>t": BOLD})
    assert not re.search(r"<(b>x|i>task|u>t|s>p|em>)", found)
    assert found.count("</script>") == 1
    assert html.escape(BOLD) in found


def test_each_kind_of_doubt_shows_its_change_and_its_reason() -> None:
    found = page_of()
    assert "<del>very good</del> → <ins>bad</ins>" in found
    assert "<ins>+ bags</ins>" in found and "<del>money</del> → <ins>not so</ins>" in found
    assert "Soft label says very_good, the cross-validated model says bad." in found


def test_near_duplicates_are_named() -> None:
    assert '<span class="tag" title="t4">1 near duplicate</span>' in page_of()


def test_tiles_add_up() -> None:
    tiles = dict(re.findall(r"<dt>(.*?)</dt><dd class=\"value\">(.*?)</dd>", page_of()))
    assert tiles == {
        "Tickets to look at": "3",
        "Doubted labels": "4",
        "Probably wrong": "3",
        "Almost surely wrong": "1",
    }


def test_only_the_first_tickets_are_shown_and_the_others_counted() -> None:
    found = page_of(most=1)
    assert found.count('<li class="card">') == 1
    assert "The first 1 tickets; 2 more are in the JSON." in found
    assert "more are in the JSON" not in page_of()


def test_filters_offer_what_is_there_in_the_order_of_the_tasks() -> None:
    found = issues_page("p", worklist(ISSUES), TEXTS, tasks=["about", "other", "tone"])
    assert re.findall(r'<option value="(\w+)">', found) == ["about", "tone", "label", "missing", "surplus"]
    assert '<p class="filters" hidden>' in found


def test_a_ticket_without_a_text_shows_its_id() -> None:
    found = page_of(texts={})
    assert "<code>t1</code>" in found and "<blockquote" not in found


def test_without_issues_the_page_says_so() -> None:
    found = page_of(worklist([]))
    assert "Nothing is doubted" in found and not Tags(found).open and 'class="filters"' not in found


def test_the_same_work_list_gives_the_same_page() -> None:
    assert page_of() == page_of()

"""The work-list: one entry a ticket, the most rewarding first, each doubt with its reason."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Task
from labeling.issues import LabelIssue
from labeling.votes import SoftLabels, Votes
from labeling.worklist import Evidence, worklist

TONE = Task("tone", ("good", "bad", "mixed"), ("",) * 3)
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
IDS = ("t1", "t2", "t3")


def issue(ticket_id, quality, task="tone", given="good", suggested="bad", kind="label"):
    return LabelIssue(ticket_id, task, given, suggested, quality, kind)


def tone_evidence():
    given = SoftLabels(TONE, IDS, np.array([[0.62, 0.3, 0.08]] * 3, np.float32), np.ones(3, bool))
    votes = Votes(TONE, IDS, ("a", "b", "c", "d"), np.array([[0, 0, 1, -2]] * 3, np.int8))
    return Evidence(given, np.array([[0.05, 0.91, 0.04]] * 3), votes)


def test_a_ticket_has_one_entry_with_all_its_doubts_worst_first():
    found = worklist([issue("t1", 0.4), issue("t2", 0.3), issue("t1", 0.2, "about", "", "money", "missing")])
    assert [item.ticket_id for item in found.items] == ["t1", "t2"]
    first = found.items[0]
    assert [doubt.task for doubt in first.doubts] == ["about", "tone"]
    assert first.expected_errors == pytest.approx(1.4)


def test_near_duplicates_stand_in_one_entry_and_the_worst_speaks():
    issues = [issue("t1", 0.4), issue("t2", 0.1), issue("t3", 0.2), issue("t1", 0.3, "other")]
    found = worklist(issues, first_of={"t2": "t1"})
    assert [(item.ticket_id, item.copies) for item in found.items] == [("t2", ("t1",)), ("t3", ())]
    assert [(doubt.task, doubt.label_quality) for doubt in found.items[0].doubts] == [
        ("tone", 0.1),
        ("other", 0.3),
    ]


def test_a_doubt_says_why():
    doubt = worklist([issue("t1", 0.05)], {"tone": tone_evidence()}).items[0].doubts[0]
    assert doubt.why == (
        "soft label says good (0.62, from LFs a, b), the cross-validated model says bad (0.91); "
        "so do LFs c, d"
    )
    assert (doubt.lfs, doubt.lfs_against) == (("a", "b"), ("c", "d"))
    assert (doubt.given_proba, doubt.suggested_proba) == (pytest.approx(0.62), pytest.approx(0.91))


def test_without_evidence_the_labels_alone_are_said():
    doubt = worklist([issue("t1", 0.05)]).items[0].doubts[0]
    assert doubt.why == "soft label says good, the cross-validated model says bad"
    assert doubt.given_proba is doubt.suggested_proba is None
    stranger = worklist([issue("t9", 0.05)], {"tone": tone_evidence()}).items[0].doubts[0]
    assert stranger.why == doubt.why


def test_many_functions_are_counted():
    values = np.zeros((1, 7), np.int8)
    given = SoftLabels(TONE, ("t1",), np.array([[1, 0, 0]], np.float32), np.ones(1, bool))
    evidence = Evidence(given, np.array([[0, 1, 0]]), Votes(TONE, ("t1",), tuple("abcdefg"), values))
    why = worklist([issue("t1", 0.05)], {"tone": evidence}).items[0].doubts[0].why
    assert "from LFs a, b, c, d and 3 more)" in why


def test_missing_and_surplus_labels_are_told_apart():
    given = SoftLabels(ABOUT, IDS, np.array([[0.1, 0.9]] * 3, np.float32), np.ones(3, bool))
    votes = Votes(ABOUT, IDS, ("m", "b", "not_b"), np.array([[0, 1, -3]] * 3, np.int8))
    evidence = {"about": Evidence(given, np.array([[0.8, 0.2]] * 3), votes)}
    issues = [
        issue("t1", 0.2, "about", "", "money", "missing"),
        issue("t1", 0.2, "about", "bags", "", "surplus"),
    ]
    whys = {doubt.kind: doubt.why for doubt in worklist(issues, evidence).items[0].doubts}
    assert whys == {
        "missing": (
            "soft label does not say money (0.10), the cross-validated model says money (0.80); so do LFs m"
        ),
        "surplus": (
            "soft label says bags (0.90, from LFs b), the cross-validated model does not say bags (0.20); "
            "LFs not_b vote against it"
        ),
    }


def test_only_some_tasks_are_ranked_anew():
    found = worklist([issue("t1", 0.9), issue("t1", 0.1, "other"), issue("t2", 0.5)])
    assert [item.ticket_id for item in found.items] == ["t1", "t2"]
    only = found.of(["tone"])
    assert [(item.ticket_id, round(item.expected_errors, 6)) for item in only.items] == [
        ("t2", 0.5),
        ("t1", 0.1),
    ]
    assert len(found.of([])) == 0


def test_the_json_form_holds_everything():
    found = worklist([issue("t1", 0.25)], {"tone": tone_evidence()})
    form = json.loads(json.dumps(found.to_dict()))
    assert (form["tickets"], form["doubts"]) == (1, 1)
    assert form["items"][0] == found.items[0].to_dict()
    assert form["items"][0]["doubts"][0]["lfs"] == ["a", "b"]


ISSUES = st.lists(
    st.builds(
        issue,
        st.sampled_from(IDS),
        st.floats(0, 1),
        st.sampled_from(("tone", "other")),
        suggested=st.sampled_from(("bad", "mixed")),
    ),
    max_size=12,
)


@given(ISSUES, st.randoms())
def test_the_order_of_issues_does_not_matter_and_no_ticket_comes_twice(issues, random):
    unique = list({(each.ticket_id, each.task): each for each in issues}.values())
    found = worklist(unique, first_of={"t3": "t1"})
    assert worklist(random.sample(unique, len(unique)), first_of={"t3": "t1"}) == found
    named = [name for item in found.items for name in (item.ticket_id, *item.copies)]
    assert sorted(named) == sorted({each.ticket_id for each in unique})
    errors = [item.expected_errors for item in found.items]
    assert errors == sorted(errors, reverse=True)

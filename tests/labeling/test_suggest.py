"""Suggestions: what is planted is found, people outrank predictions, the list is diverse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import LabelingError
from data.schema import Task
from labeling.analysis import wilson
from labeling.pattern import Pattern
from labeling.suggest import LabeledText, suggest

TONE = Task("tone", ("good", "bad"), ("pleased", "angry"))
TOPICS = Task("topics", ("card", "loan", "fees"), ("",) * 3, "multi")
WORDS = ("refund", "late", "late parcel", "thank you", "won't load", "gate", "crew", "@gate", "42", "the")


def labeled(texts, *labels, source="reviewed", start=0):
    return [LabeledText(f"{source}{start + i}", text, labels, source) for i, text in enumerate(texts)]


def phrases(found):
    return [suggestion.phrase for suggestion in found]


def uncovered(texts):
    return np.zeros(len(texts), bool)


def propose(items, pool, covered=None, task=TONE, **options):
    return suggest(task, items, pool, uncovered(pool) if covered is None else np.array(covered), **options)


GOOD = labeled(["cheers team", "cheers!", "CHEERS all", "oh cheers", "so kind"], 0)
BAD = labeled(["broken screen", "broken again", "it broken", "is broken", "oh broken cheers"], 1, start=5)
POOL = ["cheers", "broken", "Broken?", "hello", "cheers", "kind", "x", "y", "z", "w"]


def test_planted_phrases_are_found_with_their_figures_by_hand():
    (broken,) = propose(GOOD + BAD, POOL)
    assert (broken.label, broken.phrase) == ("bad", "broken")
    assert (broken.n, broken.right, broken.reviewed, broken.precision) == (5, 5, 5, 1.0)
    assert (broken.low, broken.new_coverage) == (wilson(5, 5)[0], 0.2)
    assert broken.score == wilson(5, 5)[0] * 0.2
    assert broken.examples == tuple((item.ticket_id, item.text) for item in BAD[:3])
    assert broken.counterexamples == ()


def test_a_phrase_must_beat_its_labels_base_rate_even_without_a_floor():
    assert wilson(4, 5)[0] < 0.5
    assert phrases(propose(GOOD + BAD, POOL, floor=0)) == ["broken"]
    rarer = GOOD + BAD + labeled(["so sad"] * 10, 1, start=20)
    cheers = {s.phrase: s for s in propose(rarer, POOL, floor=0)}["cheers"]
    assert (cheers.label, cheers.n, cheers.right) == ("good", 5, 4)
    assert cheers.counterexamples == (("reviewed9", "oh broken cheers"),)
    assert "cheers" not in phrases(propose(rarer, POOL))


def test_only_pool_texts_that_nothing_covers_count_as_new_coverage():
    items = GOOD[:4] + BAD[:4] + labeled(["so sad"] * 10, 1, start=20)
    covered = [False, True, True] + [False] * 7
    assert phrases(propose(items, POOL, covered)) == ["cheers"]
    assert propose(items, POOL, [True] * 10) == []
    assert propose(items, [], []) == []


def test_texts_that_hold_several_labels_or_none_count_for_and_against_each():
    both = labeled(["new card fee"] * 5, 0, 2)
    none = labeled(["card game"] * 2 + ["hello"] * 20, start=5)
    found = {s.phrase: s for s in propose(both + none, ["card", "fee", "x"], task=TOPICS, floor=0)}
    assert (found["card"].label, found["card"].n, found["card"].right) == ("card", 7, 5)
    assert (found["fee"].label, found["fee"].n, found["fee"].right) == ("card", 5, 5)
    assert propose(none, ["card"], task=TOPICS, floor=0, at_least=2) == []


def test_predictions_never_outvote_enough_people():
    wrong = labeled(["broken, fine"] * 50, 0, source="predicted")
    (broken,) = propose(BAD[:4] + GOOD + wrong, ["broken"])
    assert (broken.label, broken.n, broken.right, broken.reviewed) == ("bad", 4, 4, 4)


def test_predictions_against_a_single_person_suggest_nothing():
    wrong = labeled(["broken thing"] * 50, 0, source="predicted")
    others = labeled(["so sad"] * 80, 1, source="predicted", start=50)
    assert "broken" in phrases(propose(wrong + others, ["broken"]))
    assert "broken" not in phrases(propose(BAD[:1] + wrong + others, ["broken"]))
    (agreeing,) = propose(labeled(["broken"], 0) + wrong + others, ["broken"])
    assert (agreeing.label, agreeing.n, agreeing.reviewed) == ("good", 51, 1)


def test_people_who_disagree_are_not_overruled_by_predictions():
    people = labeled(["broken"], 0) + labeled(["broken"], 1, start=1)
    for label in (0, 1):
        agreeing = labeled(["broken thing"] * 50, label, source="predicted")
        others = labeled(["so so"] * 90, 1 - label, source="predicted", start=50)
        assert "broken" in phrases(propose(agreeing + others, ["broken"]))
        assert propose(people + agreeing + others, ["broken"]) == []


def test_a_prediction_on_a_ticket_that_was_reviewed_does_not_count():
    items = [LabeledText(f"t{i}", "broken", (1,)) for i in range(2)]
    items += [LabeledText(f"t{i}", "broken", (1,), "predicted") for i in range(2)]
    assert propose(items + GOOD, ["broken"], floor=0, at_least=3) == []
    assert phrases(propose(items + GOOD, ["broken"], floor=0, at_least=2)) == ["broken"]


def test_a_phrase_whose_matches_a_better_one_has_is_skipped():
    items = labeled(["screen broken badly"] * 6, 1) + labeled(["fine"] * 20, 0, start=6)
    found = propose(items, ["screen broken badly", "broken", "screen", "fine", "x"])
    assert set(phrases(found)) == {"broken", "screen", "fine"}
    nearly = propose(items, ["broken badly"] * 19 + ["badly"] + ["broken"] * 5 + ["x"] * 9)
    assert "badly" not in phrases(nearly)
    assert "badly" in phrases(propose(items, ["broken badly"] * 4 + ["badly"] + ["broken"] * 5 + ["x"] * 9))


def test_each_choice_takes_its_coverage_from_those_that_follow():
    items = (
        labeled(["alpha"] * 9, 0) + labeled(["beta"] * 8, 1, start=9) + labeled(["gamma"] * 7, 1, start=17)
    )
    pool = ["alpha beta"] * 6 + ["alpha"] * 3 + ["beta"] + ["gamma"] * 2 + ["x"] * 8
    found = propose(items, pool)
    # Of its seven matches, six are alpha's.
    assert [(s.phrase, s.new_coverage) for s in found] == [("alpha", 0.45), ("gamma", 0.1), ("beta", 0.05)]
    assert propose(items, pool, most=2) == found[:2]
    assert propose(items, pool, most=0) == []


def test_known_phrases_and_what_their_wildcards_take_in_are_left_out():
    items = BAD[:4] + GOOD
    assert phrases(propose(items, POOL, floor=0, known={"bro", "broken screen"})) == ["broken"]
    for known in ("broken", "Broken", "brok*", "*oken"):
        assert propose(items, POOL, floor=0, known=[known]) == []
    assert phrases(propose(items, POOL, floor=0, known=["re:.{1,9}"])) == ["broken"]


def test_words_that_occur_in_handles_for_the_most_part_are_left_out():
    items = labeled(["gate shut"] * 3 + ["@gate shut"] * 4, 1) + labeled(["fine"] * 20, 0, start=7)
    assert phrases(propose(items, ["gate", "shut"])) == ["shut"]
    few = items[:6] + items[7:]
    assert set(phrases(propose(few, ["gate", "shut"]))) == {"gate", "shut"}


def test_phrases_too_rare_are_no_candidates():
    items = labeled(["broken"] * 3, 1) + labeled(["fine"] * 6, 0, start=3)
    assert phrases(propose(items, POOL, floor=0)) == ["broken"]
    assert propose(items, POOL, floor=0, at_least=4) == []


def test_nothing_labeled_suggests_nothing():
    assert propose([], POOL) == []


def test_what_is_passed_in_stays_as_it_was():
    covered = np.zeros(len(POOL), bool)
    assert suggest(TONE, GOOD + BAD, POOL, covered)
    assert not covered.any()


def test_all_problems_of_a_call_are_named_together():
    items = [LabeledText("t1", "a", (2,)), LabeledText("t2", "b", (-1,))]
    with pytest.raises(LabelingError) as error:
        suggest(TONE, items, ["a", "b"], np.zeros(3, bool), at_least=0)
    assert str(error.value) == (
        "suggestions for task 'tone': at_least must be 1 or more, got 0; "
        "covered has shape (3,), expected (2,); label ids are 0 to 1, got those of tickets t1 (2,), t2 (-1,)"
    )


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(TEXTS, st.integers(0, 1)), max_size=25), st.lists(TEXTS, max_size=12), st.data())
def test_figures_are_those_of_pattern_and_scores_fall(rows, pool, data):
    items = [LabeledText(str(i), text, (label,)) for i, (text, label) in enumerate(rows)]
    covered = np.array(data.draw(st.lists(st.booleans(), min_size=len(pool), max_size=len(pool))), bool)
    found = suggest(TONE, items, pool, covered, floor=0, at_least=2)
    for suggestion in found:
        pattern, label = Pattern((suggestion.phrase,)), TONE.label_id(suggestion.label)
        matched = [item for item in items if pattern.matches(item.text)]
        assert suggestion.n == suggestion.reviewed == len(matched)
        assert suggestion.right == sum(label in item.labels for item in matched) >= suggestion.n / 2
        new = np.array([pattern.matches(text) for text in pool]) & ~covered
        assert suggestion.new_coverage == new.sum() / len(pool) > 0
        covered |= new
    scores = [suggestion.score for suggestion in found]
    assert scores == sorted(scores, reverse=True)

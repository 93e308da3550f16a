"""The pattern language: phrases, wildcards, apostrophes, regexes, exceptions, negation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import LabelingError
from labeling.pattern import Pattern


def hits(phrase, *texts):
    return [Pattern(any_of=(phrase,)).matches(text) for text in texts]


def test_a_phrase_is_words_matched_whole_whatever_their_case():
    assert hits("refund", "REFUND me", "a refund.", "refunds", "prerefund", "re fund") == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_blank_matches_any_run_of_white_space():
    assert hits("log in", "log in", "log \n\t in", "login", "log-in") == [True, True, False, False]


def test_blanks_around_a_phrase_do_not_change_it():
    assert hits(" refund ", "a refund", "prerefund", "refunds") == [True, False, False]


def test_a_star_matches_any_run_of_word_characters():
    assert hits("refund*", "refunds", "refund", "refund-able", "a refunding") == [True] * 4
    assert hits("*fund", "refund", "funds", "fund") == [True, False, True]
    assert hits("re*nd", "refund", "rend", "re nd") == [True, True, False]


@pytest.mark.parametrize("phrase", ["can't", "can’t", "cant"])
def test_an_apostrophe_may_be_straight_curly_or_missing(phrase):
    found = hits(phrase, "I can't", "I can’t", "I cant", "I can t")
    assert found == ([False, False, True, False] if phrase == "cant" else [True, True, True, False])


def test_punctuation_at_a_phrase_edge_needs_no_word_boundary():
    assert hits("#fail", "epic#fail", "#failing", "#fail!") == [True, False, True]
    assert hits("?", "what?", "what") == [True, False]
    assert hits("c++ (new)", "the C++  (NEW)x", "c+ new") == [True, False]


def test_a_regex_is_taken_as_it_stands():
    assert hits("re:n't\\b", "don't", "dont") == [True, False]
    assert hits("re:(?-i:[A-Z]{5,})", "HELLO", "hello") == [True, False]
    assert hits("re:fund", "refunds") == [True]


def test_groups_of_a_regex_keep_their_numbers_beside_other_phrases():
    pattern = Pattern(any_of=("re:(x)y", "re:(a)\\1", "re:(?P<n>b)(?P=n)", "plain"))
    assert [pattern.matches(text) for text in ("xy", "aa", "bb", "plain", "ax", "ab")] == [True] * 4 + [
        False
    ] * 2
    assert pattern.spans("plain aa") == [(0, 5), (6, 8)]
    assert Pattern(all_of=("x",), unless=("re:(q)w", "re:(a)\\1")).matches("x aa") is False


def test_any_of_wants_one_all_of_every_and_unless_none():
    pattern = Pattern(any_of=("refund", "money back"), all_of=("order", "late"), unless=("thanks",))
    assert pattern.matches("late order, refund!")
    assert pattern.matches("money back: order is late")
    assert not pattern.matches("late order")
    assert not pattern.matches("refund my order")
    assert not pattern.matches("late order, refund, thanks")
    assert Pattern(all_of=("order", "late")).matches("late order")


def test_a_negator_within_the_window_takes_the_match_back():
    pattern = Pattern(any_of=("refund",), negation=2)
    assert not pattern.matches("not a refund")
    assert not pattern.matches("I didn’t refund")
    assert not pattern.matches("NEVER, ever refund")
    assert pattern.matches("not that I want refund")
    assert pattern.matches("refund, not later")
    assert pattern.matches("not a refund but some other refund")
    assert Pattern(any_of=("refund",)).matches("not a refund")


def test_negation_does_not_touch_all_of():
    assert Pattern(all_of=("refund",), negation=2).matches("not a refund")


def test_the_order_of_phrases_does_not_matter_under_negation():
    for phrases in (("a b", "b"), ("b", "a b")):
        assert Pattern(any_of=phrases, negation=1).matches("not a b")
        assert Pattern(any_of=phrases, negation=1).spans("not a b") == [(6, 7)]


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_no_pattern_matches_nothing(text):
    pattern = Pattern(any_of=("refund", "re:[?!]"), unless=("x",))
    assert not pattern.matches(text)
    assert pattern.spans(text) == []


def test_lone_surrogates_are_text_like_any_other():
    assert Pattern(any_of=("refund",), negation=1).matches("\ud83d refund \udc00")
    assert Pattern(any_of=("\ud83d",)).spans("a\ud83d") == [(1, 2)]


def test_spans_lie_on_the_words_that_made_the_match():
    text = "Late order: refund, REFUNDS"
    pattern = Pattern(any_of=("refund*",), all_of=("late",))
    assert [text[start:end] for start, end in pattern.spans(text)] == ["Late", "refund", "REFUNDS"]
    assert pattern.spans("refund") == []


def test_a_match_of_no_width_is_a_span_of_no_width():
    assert Pattern(any_of=("re:(?=b)",)).spans("abb") == [(1, 1), (2, 2)]


def test_all_problems_of_a_pattern_are_reported_together():
    with pytest.raises(LabelingError) as error:
        Pattern(any_of=("", "re:(", "*"), all_of="refund", unless=(3, "re:x?"), negation=-1)
    message = str(error.value)
    for part in (
        "any_of holds ''; a phrase is a non-empty string",
        "any_of holds 're:(', which does not compile",
        "any_of holds '*', which matches the empty text",
        "all_of takes a tuple of phrases, got the string 'refund'",
        "unless holds 3",
        "unless holds 're:x?', which matches the empty text",
        "negation is a number of words, 0 or more, got -1",
    ):
        assert part in message


def test_a_pattern_without_a_phrase_to_find_is_an_error():
    with pytest.raises(LabelingError, match="at least one phrase in any_of or all_of"):
        Pattern(unless=("refund",))


def test_a_regex_that_compiles_only_alone_is_reported_when_it_is_declared():
    with pytest.raises(LabelingError, match="does not compile: global flags"):
        Pattern(any_of=("refund", "re:(?i)x"))


# An independent, naive reading of the same language, without `re`.

NEGATORS = {
    "not", "no", "never", "without", "nothing", "nobody", "none", "nor", "hardly", "cant", "dont", "didnt",
    "doesnt", "isnt", "wasnt", "arent", "wont", "havent", "hasnt", "couldnt", "wouldnt", "shouldnt",
}  # fmt: skip


def is_word(char):
    return char.isalnum() or char == "_"


def ends(units, text, at):
    """Every position at which a match of `units` that begins at `at` may end."""
    if not units:
        return {at}
    unit, rest, here = units[0], units[1:], text[at : at + 1]
    if unit == " ":
        return ends(rest, text, at + 1) | ends(units, text, at + 1) if here.isspace() else set()
    if unit == "*":
        return ends(rest, text, at) | (ends(units, text, at + 1) if here and is_word(here) else set())
    if unit == "'":
        return ends(rest, text, at) | (ends(rest, text, at + 1) if here and here in "'’" else set())
    return ends(rest, text, at + 1) if here.lower() == unit.lower() else set()


def at_boundary(text, at):
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    return (before != "" and is_word(before)) != (after != "" and is_word(after))


def naive_spans(phrase, text):
    phrase = " ".join(phrase.split()).replace("’", "'")
    return {
        (start, end)
        for start in range(len(text) + 1)
        if not is_word(phrase[0]) or at_boundary(text, start)
        for end in ends(phrase, text, start)
        if not is_word(phrase[-1]) or at_boundary(text, end)
    }


def naive_negated(text, start, window):
    def negator(word):
        while word and not is_word(word[-1]):
            word = word[:-1]
        word = word.lower().replace("’", "'")
        stem = word.removesuffix("n't")
        return word in NEGATORS or (stem != word and stem != "" and all(map(is_word, stem)))

    return window > 0 and any(negator(word) for word in text[:start].split()[-window:])


def naive_matches(pattern, text):
    if pattern.any_of and not any(
        not naive_negated(text, start, pattern.negation)
        for phrase in pattern.any_of
        for start, _ in naive_spans(phrase, text)
    ):
        return False
    has = [bool(naive_spans(phrase, text)) for phrase in pattern.all_of]
    return all(has) and not any(naive_spans(phrase, text) for phrase in pattern.unless)


WORDS = [
    "refund",
    "Refunds",
    "not",
    "NO",
    "can't",
    "can’t",
    "cant",
    "log",
    "in",
    "logs",
    "don't",
    "n't",
    "_x",
]
MARKS = ["#fail", "!", "\ud83d", "😡", "é", "9", "'"]
texts = st.lists(
    st.tuples(st.sampled_from(WORDS + MARKS), st.sampled_from([" ", " ", "  ", "\n", "", "-", "\u00a0"]))
).map(lambda pairs: "".join(word + gap for word, gap in pairs))
phrases = st.sampled_from(
    [
        "refund", "ref*", "*und", "re*s", "can't", "can’t", "cant", "log in", "log   in", " in ", "#fail",
        "!", "not", "n't", "don't log", "refund not", "in refund", "é", "\ud83d", "_x", "9*", "no*",
        "c*t log*",
    ]
)  # fmt: skip
several = st.lists(phrases, max_size=3).map(tuple)
patterns = st.builds(
    Pattern,
    any_of=st.lists(phrases, min_size=1, max_size=4).map(tuple),
    all_of=st.lists(phrases, max_size=1).map(tuple),
    unless=st.lists(phrases, max_size=1).map(tuple),
    negation=st.integers(0, 3),
)


@settings(deadline=None, max_examples=300)
@given(patterns, texts)
def test_matches_agree_with_a_naive_reading_of_the_language(pattern, text):
    assert pattern.matches(text) == naive_matches(pattern, text)


@settings(deadline=None, max_examples=200)
@given(patterns, texts)
def test_spans_lie_where_matches_are(pattern, text):
    spans = pattern.spans(text)
    assert bool(spans) == pattern.matches(text)
    assert spans == sorted(set(spans))
    allowed = {span for phrase in pattern.all_of for span in naive_spans(phrase, text)} | {
        span
        for phrase in pattern.any_of
        for span in naive_spans(phrase, text)
        if not naive_negated(text, span[0], pattern.negation)
    }
    assert set(spans) <= allowed

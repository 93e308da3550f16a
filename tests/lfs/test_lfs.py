"""The shipped labeling functions, all held to one law book, and their lexicons."""

import re
from collections import Counter
from importlib import import_module, resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.config import SUPPORT_LFS
from data.schema import ABSTAIN
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

LEXICONS = sorted(Path(str(resources.files("lfs.lexicons"))).glob("*.txt"))
SOURCES = {module: Path(import_module(module).__file__).read_text("utf-8") for module in SUPPORT_LFS}
NAMED = {name for source in SOURCES.values() for name in re.findall(r'lexicon\("(\w+)"\)', source)}
FEWEST_A_TASK = 40
FEWEST_A_LABEL = 3

every_module = pytest.mark.parametrize("module", SUPPORT_LFS)
every_lexicon = pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.stem)


def load(module, support):
    return load_lfs([module], support)


def test_every_task_of_the_support_schema_has_a_module(support):
    lfs = load_lfs(SUPPORT_LFS, support)
    assert {lf.task.name for lf in lfs} == set(support.names)


@every_module
def test_a_module_holds_forty_functions_and_more_with_names_of_their_own_in_one_task(module, support):
    lfs = load(module, support)
    assert {lf.task.name for lf in lfs} == {import_module(module).TASK}
    assert len({lf.name for lf in lfs}) == len(lfs) >= FEWEST_A_TASK
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", lf.name) for lf in lfs)


@every_module
def test_every_label_is_voted_for_by_three_functions_and_more(module, support, sample_tickets):
    lfs = load(module, support)
    (votes,) = apply_lfs(lfs, [sample_tickets])[0].values()
    voters = {(lf.label, lf.name) for lf in lfs if isinstance(lf, PatternLF)}
    for column, name in enumerate(votes.lf_names):
        voted = {label_id for label_id in votes.values[:, column].tolist() if label_id != ABSTAIN}
        voters |= {(votes.task.labels[label_id], name) for label_id in voted}
    counts = Counter(label for label, _ in voters)
    assert {label: n for label in votes.task.labels if (n := counts[label]) < FEWEST_A_LABEL} == {}


@every_module
def test_fingerprints_tell_the_functions_apart(module, support):
    lfs = load(module, support)
    assert len({lf.fingerprint() for lf in lfs}) == len(lfs)


SILENT = (Ticket("1", ""), Ticket("2", "", "", "brand", None, "", None, ""))


@every_module
def test_no_function_votes_on_the_empty_text(module, support):
    lfs = load(module, support)
    assert [(lf.name, lf(ticket)) for lf in lfs for ticket in SILENT if lf(ticket) != ABSTAIN] == []


WORDS = [
    "refund",
    "not",
    "@user",
    "#fail",
    "http",
    "can't",
    "???",
    "!!",
    "11.0.3",
    "$5",
    "^AB",
    ":(",
    "WORST",
]
HOSTILE = [
    "\ud83d",
    "\x00",
    "\u202e",
    "😡" * 30,
    "a" * 500,
    "\n",
    "'",
    "\\",
    "(",
    "[",
    "*",
    "İ",
    "\u0301",
    "٣",
    "@",
]
hostile = st.one_of(
    st.text(st.characters(codec=None, categories=None), max_size=60),
    st.lists(st.sampled_from(WORDS + HOSTILE), max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS + HOSTILE), max_size=12).map("".join),
)


@every_module
def test_no_function_raises_on_a_hostile_text(module, support):
    lfs = load(module, support)

    @settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
    @given(hostile, hostile)
    def survives(text, reply):
        for lf in lfs:
            assert lf(Ticket("1", text, text, brand_reply=reply)) >= ABSTAIN

    survives()


def test_every_lexicon_is_used_and_every_lexicon_named_is_there():
    assert {path.stem for path in LEXICONS} == NAMED


@every_module
def test_a_module_declares_cues_each_once(module):
    cues = import_module(module).CUES
    assert cues and all(isinstance(cue, Pattern) for cue in cues.values())
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in cues)
    assert [name for name, cue in cues.items() if list(cues.values()).count(cue) > 1] == []


@every_module
def test_no_cue_is_seen_in_the_empty_text_or_in_every_tweet(module, sample_tickets):
    cues = import_module(module).CUES
    assert [name for name, cue in cues.items() if cue.matches("")] == []
    texts = [ticket.text for ticket in sample_tickets]
    assert [name for name, cue in cues.items() if all(map(cue.matches, texts))] == []


@every_lexicon
def test_a_lexicon_holds_each_phrase_once(path):
    phrases = lexicon(path.stem)
    assert phrases
    known = Counter(" ".join(phrase.lower().replace("’", "'").split()) for phrase in phrases)
    assert [phrase for phrase, count in known.items() if count > 1] == []

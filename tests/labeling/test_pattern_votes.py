from hypothesis import given, settings
from hypothesis import strategies as st

from data.schema import ABSTAIN, Task
from labeling.lf import PatternLF
from labeling.pattern_votes import PatternVotes

TASK = Task("category", ("billing", "technical"), ("money", "faults"))
LFS = [
    lf.bind(TASK)
    for lf in (
        PatternLF("refund", label="billing", any_of=("refund*", "money back")),
        PatternLF("refund_unless", label="billing", any_of=("refund*",), unless=("thanks", "policy")),
        PatternLF("all_of", label="technical", all_of=("phone", "broken")),
        PatternLF("any_and_all", label="technical", any_of=("app", "phone"), all_of=("not", "re:work\\w*")),
        PatternLF("negated", label="billing", any_of=("refund*",), negation=2),
        PatternLF("alike", label="technical", any_of=("a",), all_of=(("phone", "app"), "not")),
        PatternLF("long", label="technical", words=(5, 0)),
        PatternLF("short", label="billing", any_of=("refund*",), words=(1, 3), negation=1),
        PatternLF("only_alike", label="technical", all_of=[["broken", "working"]]),
    )
]
VOTES = PatternVotes(LFS)
WORDS = "refund refunds money back thanks policy phone broken app not working never a ❤ REFUND no"
words = st.sampled_from(WORDS.split())


@given(st.lists(st.lists(words, max_size=9).map(" ".join), max_size=6))
@settings(max_examples=300, deadline=None)
def test_votes_are_those_of_each_function_by_itself(texts):
    together = VOTES.votes(texts)
    alone = [[lf.vote(text) for text in texts] for lf in LFS]
    assert [column.tolist() for column in together] == alone


def test_a_text_that_says_nothing_leaves_all_abstaining():
    assert {int(column[0]) for column in VOTES.votes(["hello there"])} == {ABSTAIN}

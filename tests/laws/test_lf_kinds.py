"""The law book of labeling functions: what each kind promises, snorkel's own beside ours."""

import copy
import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from snorkel.labeling import LabelingFunction, labeling_function
from snorkel.preprocess import Preprocessor, preprocessor

from data.errors import LabelingError
from data.schema import Task
from data.tickets import Ticket
from labeling.lf import BatchLF, PatternLF, RowLF

MOOD = Task("mood", ("glad", "cross"), ("thanks us", "is annoyed"))
TURNED = Task("turned", ("cross", "glad"), ("is annoyed", "thanks us"))
LATE, FINE = "where is my parcel, it is late", "all fine now"


def is_late(ticket):
    return 1 if "late" in ticket.text else -1


def says_late(texts):
    return ["cross" if "late" in text else None for text in texts]


@preprocessor()
def last_word(ticket):
    ticket.text = ticket.text.split()[-1]
    return ticket


class IsLate(LabelingFunction):
    def __init__(self):
        super().__init__("late", is_late)


def with_resource():
    return labeling_function("late", {"words": ("late", "slow")})(
        lambda ticket, words: 1 if any(word in ticket.text for word in words) else -1
    )


def with_preprocessor():
    return labeling_function("late", pre=[last_word])(lambda ticket: 1 if ticket.text == "late" else -1)


SNORKELS = {
    "class": lambda: LabelingFunction("late", is_late),
    "subclass": IsLate,
    "decorator": lambda: labeling_function("late")(is_late),
    "resource": with_resource,
    "preprocessor": with_preprocessor,
}
BOUND = {
    "pattern": lambda: PatternLF("late", label="cross", any_of=("late",)),
    "batch": lambda: BatchLF("late", says_late),
    **{f"row_{kind}": lambda make=make: RowLF(make()) for kind, make in SNORKELS.items()},
}
READY = SNORKELS | {kind: lambda make=make: make().bind(MOOD) for kind, make in BOUND.items()}

every_kind = pytest.mark.parametrize("make", READY.values(), ids=READY.keys())
every_bound_kind = pytest.mark.parametrize("make", BOUND.values(), ids=BOUND.keys())


# Calls


@every_kind
def test_a_function_is_snorkels_has_its_name_and_says_both(make):
    lf = make()
    assert isinstance(lf, LabelingFunction)
    assert lf.name == "late"
    assert repr(lf).startswith(f"{type(lf).__name__} late")


@every_kind
def test_a_function_votes_with_a_plain_integer_on_any_thing_that_has_the_fields(make):
    lf = make()
    for text, vote in ((LATE, 1), (FINE, -1)):
        points = [SimpleNamespace(text=text), pd.Series({"text": text})]
        votes = [lf(point) for point in points]
        assert votes == [vote, vote]
        assert [type(vote) for vote in votes] == [int, int]


@every_bound_kind
def test_a_bound_function_votes_on_tickets(make):
    lf = make().bind(MOOD)
    assert (lf(Ticket("1", LATE)), lf(Ticket("2", FINE))) == (1, -1)


@every_kind
def test_calling_a_function_changes_neither_the_point_nor_the_next_answer(make):
    lf, point = make(), SimpleNamespace(text=LATE)
    assert [lf(point), lf(SimpleNamespace(text=FINE)), lf(point)] == [1, -1, 1]
    assert vars(point) == {"text": LATE}


@pytest.mark.parametrize("kind", ["preprocessor", "row_preprocessor"])
def test_a_function_says_its_preprocessors(kind):
    assert "last_word" in repr(READY[kind]())


# snorkel's decorator


def test_the_decorator_takes_the_functions_name_unless_it_is_given_one():
    assert RowLF(labeling_function()(is_late)).name == "is_late"
    assert RowLF(labeling_function(name="late")(is_late)).name == "late"


@pytest.mark.parametrize("decorator", [labeling_function, preprocessor])
def test_a_decorator_without_parentheses_is_an_error(decorator):
    with pytest.raises(ValueError, match="missing parentheses"):
        decorator(is_late)


def test_resources_come_as_named_arguments():
    def votes(ticket, *, words, vote):
        return vote if words & set(ticket.text.split()) else -1

    given = {"words": {"late"}, "vote": 1}
    for lf in (
        labeling_function(resources=given)(votes),
        LabelingFunction("votes", votes, given),
    ):
        assert [RowLF(lf).bind(MOOD)(SimpleNamespace(text=text)) for text in (LATE, FINE)] == [1, -1]
    with pytest.raises(TypeError, match="vote"):
        RowLF(labeling_function(resources={"words": {"late"}})(votes)).bind(MOOD)(Ticket("1", LATE))
    with pytest.raises(TypeError, match="extra"):
        RowLF(labeling_function(resources=given | {"extra": 0})(votes)).bind(MOOD)(Ticket("1", LATE))


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_preprocessor_that_returns_nothing_is_an_error(wrapped):
    lf = labeling_function(pre=[preprocessor()(lambda ticket: None)])(is_late)
    with pytest.raises(ValueError, match="should not return None"):
        (RowLF(lf).bind(MOOD) if wrapped else lf)(SimpleNamespace(text=LATE))


def test_a_batch_functions_resources_are_for_the_fingerprint_and_not_passed_on():
    lf = BatchLF("late", says_late, resources={"words": ["late"]}).bind(MOOD)
    assert lf(Ticket("1", LATE)) == 1


# Binding and copying


@every_bound_kind
def test_binding_gives_a_copy_and_leaves_the_declaration_unbound(make):
    lf = make()
    before = dict(vars(lf))
    bound = lf.bind(MOOD)
    assert bound is not lf
    assert type(bound) is type(lf)
    assert (bound.task, lf.task) == (MOOD, None)
    assert vars(lf) == before
    with pytest.raises(LabelingError, match="'late' is not bound to a task"):
        lf(Ticket("1", LATE))


@pytest.mark.parametrize("kind", ["pattern", "batch"])
def test_one_declaration_serves_two_tasks_with_the_ids_of_each(kind):
    lf = BOUND[kind]()
    first, second = lf.bind(MOOD), lf.bind(TURNED)
    assert (first(Ticket("1", LATE)), second(Ticket("1", LATE))) == (1, 0)
    assert (first.bind(TURNED)(Ticket("1", LATE)), first(Ticket("1", LATE))) == (0, 1)


@pytest.mark.parametrize("kind", ["pattern", "batch"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda lf: pickle.loads(pickle.dumps(lf))])  # noqa: S301
def test_a_copy_votes_alike_and_binding_it_leaves_the_original_alone(kind, copied):
    lf = BOUND[kind]().bind(MOOD)
    twin = copied(lf)
    assert twin(Ticket("1", LATE)) == 1
    assert (twin.bind(TURNED)(Ticket("1", LATE)), twin(Ticket("1", LATE)), lf(Ticket("1", LATE))) == (0, 1, 1)


@every_bound_kind
def test_a_deep_copy_votes_alike_and_has_the_same_fingerprint(make):
    lf = make().bind(MOOD)
    twin = copy.deepcopy(lf)
    assert twin(Ticket("1", LATE)) == 1
    assert twin.fingerprint() == lf.fingerprint()


# Fingerprints


@every_bound_kind
def test_two_equal_declarations_have_one_fingerprint_bound_or_not_used_or_not(make):
    same = make().fingerprint()
    assert make().fingerprint() == same
    used = make().bind(MOOD)
    used(Ticket("1", LATE))
    assert used.fingerprint() == same
    assert len(same) == 64


def test_functions_of_different_kinds_have_different_fingerprints():
    kinds = ["pattern", "batch", "row_decorator", "row_resource", "row_preprocessor"]
    assert len({BOUND[kind]().fingerprint() for kind in kinds}) == len(kinds)


def test_one_function_of_one_name_has_one_fingerprint_however_it_was_wrapped():
    kinds = ["row_class", "row_subclass", "row_decorator"]
    assert len({BOUND[kind]().fingerprint() for kind in kinds}) == 1


class Longer(Preprocessor):
    def __init__(self, name="longer", limit=1, memoize=False, pre=None):
        super().__init__(name, {"text": "text"}, {"long": "long"}, pre, memoize)
        self.limit = limit

    def run(self, text):
        return {"long": len(text) > self.limit}


def pattern(
    name="x", label="glad", any_of=("a", "b"), all_of=("c",), unless=("d",), negation=1, field="text"
):
    return PatternLF(
        name, label=label, any_of=any_of, all_of=all_of, unless=unless, negation=negation, field=field
    )


def batch(name="x", votes=says_late, field="text", resources=None):
    return BatchLF(name, votes, field=field, resources=resources or {"words": ["a", "b"]})


def row(name="x", f=is_late, resources=None, pre=(), made=labeling_function):
    return RowLF(made(name=name, resources=resources or {"words": ["a", "b"]}, pre=list(pre))(f))


CHANGES = {
    pattern: [
        {"name": "y"}, {"label": "cross"}, {"any_of": ("a",)}, {"any_of": ("a", "b", "e")}, {"all_of": ()},
        {"any_of": ("a", "b", "c"), "all_of": ()}, {"unless": ()}, {"unless": ("D",)}, {"negation": 0},
        {"any_of": ("re:a", "b")}, {"field": "brand"}, {"any_of": ("a b",)},
    ],
    batch: [
        {"name": "y"}, {"votes": lambda texts: says_late(texts)}, {"field": "brand_reply"},
        {"resources": {"words": ["a"]}}, {"resources": {"words": ("a", "b")}},
        {"resources": {"words": ["b", "a"]}}, {"resources": {"word": ["a", "b"]}},
        {"resources": {"words": ["a", "b"], "more": 0}},
    ],
    row: [
        {"name": "y"}, {"f": lambda ticket: 1}, {"resources": {"words": ["a"]}},
        {"resources": {"words": ["a", "b"], "more": 0}}, {"pre": [last_word]},
        {"pre": [last_word, last_word]}, {"pre": [Longer()]}, {"pre": [Longer("other")]},
        {"pre": [Longer(limit=2)]}, {"pre": [Longer(memoize=True)]}, {"pre": [Longer(pre=[last_word])]},
        {"pre": [last_word, Longer()]}, {"pre": [Longer(), last_word]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__)
def test_each_change_of_a_declaration_changes_the_fingerprint(make):
    prints = [make().fingerprint(), *(make(**change).fingerprint() for change in CHANGES[make])]
    assert prints[0] == make().fingerprint()
    assert len(set(prints)) == len(prints)


def frame(middle):
    return pd.DataFrame({"word": [*["a"] * 200, middle, *["a"] * 200]})


def counts(middle):
    return np.array([[0.0] * 50 + [middle] + [1.0] * 50])


def fitted(way):
    """A classifier fitted on longer texts being late (1) or fine (−1)."""
    return LogisticRegression().fit([[0.0], [1.0]], [0, 1] if way > 0 else [1, 0])


@pytest.mark.parametrize(
    "old, new",
    [
        ("a", "b"),
        (1, 1.5),
        (0, None),
        (frozenset({"a", "b"}), frozenset({"a"})),
        ({"a": {"b": 1}}, {"a": {"b": 2}}),
        (counts(2.0), counts(3.0)),
        (is_late, says_late),
        (frame("b"), frame("c")),
        (frame("b")["word"], frame("c")["word"]),
        (csr_array(counts(2.0)), csr_array(counts(3.0))),
        (torch.tensor(counts(2.0)).repeat(20, 1), torch.tensor(counts(3.0)).repeat(20, 1)),
        (fitted(1), fitted(-1)),
    ],
    ids=[
        "text", "number", "none", "set", "nested", "array", "function", "data_frame", "series", "sparse",
        "tensor", "model",
    ],
)  # fmt: skip
def test_a_fingerprint_follows_what_a_resource_holds(old, new):
    for make in (batch, row):
        one, two, again = [make(resources={"it": it}).fingerprint() for it in (old, new, copy.deepcopy(old))]
        assert one == again
        assert one != two


def test_a_fingerprint_follows_what_a_preprocessing_function_holds():
    def lf(limit, default=0):
        @preprocessor()
        def longer(ticket, default=default):
            ticket.long = len(ticket.text) > limit + default
            return ticket

        return row(pre=[longer]).fingerprint()

    assert lf(1) == lf(1)
    assert len({lf(1), lf(2), lf(1, 1)}) == 3


def test_a_fingerprint_follows_what_a_preprocessors_class_holds():
    def lf(limit):
        class Long(Preprocessor):
            def run(self, text):
                return {"long": len(text) > limit}

        return row(pre=[Long("long")])

    assert lf(1).fingerprint() == lf(1).fingerprint()
    assert lf(1).fingerprint() != lf(2).fingerprint()

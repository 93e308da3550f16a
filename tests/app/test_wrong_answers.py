"""Wrong answers stand with their texts and votes; gold that is surely contradicted is doubted."""

from dataclasses import replace

import numpy as np
import pytest

from app.console import Terminal
from app.measured import Measured
from app.run import Run
from app.wrong_answers import doubted_gold, errors_of, votes_cast
from data.labels import LabeledTickets
from data.workspace import Workspace
from labeling.lf import BatchLF
from labeling.votes import Votes
from tests.app.evaluations import SCHEMA, measured


@pytest.fixture
def run(project):
    return Run(Workspace.open(project), "main", Terminal(quiet=True))


NO_VOTES = {task.name: {} for task in SCHEMA}


def test_every_wrong_answer_has_its_text_and_votes():
    cast = {"tone": {"t0": {"good": ["praises", "thanks"]}}, "about": {}}
    of = measured()
    found = errors_of(of, cast)["tone"]["wrong"]
    assert {each["ticket_id"] for each in found} == {f"t{i}" for i in range(1, 80, 2)}
    assert found[0]["ticket_id"] == "t79" and found[0]["text"] == "where is my bag 79"
    assert all(each["votes"] == {} for each in found), "t0 is right"


def test_confusions_are_shares_of_the_gold_label():
    found = errors_of(measured(), NO_VOTES)
    [pair] = found["tone"]["confusions"]
    assert (pair["gold"], pair["said"], pair["n"], pair["share"]) == ("very_bad", "good", 40, 1.0)
    pairs = {(pair["gold"], pair["said"]) for pair in found["about"]["confusions"]}
    assert pairs == {(None, "bags"), ("bags", None)}


def test_gold_that_the_classifier_surely_contradicts_is_doubted_first():
    n = 60
    sure = np.array([[0.97, 0.03] if i % 2 else [0.03, 0.97] for i in range(n)])
    tone = [(1 - i % 2,) for i in range(n)]
    tone[7] = (1,)
    labels = LabeledTickets(
        tuple(map(str, range(n))), ("x",) * n, {"tone": tuple(tone), "about": (None,) * n}
    )
    of = Measured(SCHEMA, labels, ("x",) * n, {"tone": sure, "about": np.full((n, 2), 0.5)}, None)
    found = doubted_gold(of, {"tone": {"7": {"good": ["praises"]}}, "about": {}})
    assert [(each["ticket_id"], each["given"], each["suggested"]) for each in found] == [
        ("7", "very_bad", "good")
    ]
    assert found[0]["label_quality"] == pytest.approx(0.03) and found[0]["votes"] == {"good": ["praises"]}


def test_tickets_of_the_pool_have_the_votes_of_the_run(run):
    ids = run.tickets.ticket_ids[:20]
    cast = votes_cast(run, _measured(run, ids))
    for task in run.schema:
        votes = Votes.load(run.votes().folder / f"{task.name}.parquet", task)
        for row, ticket_id in enumerate(ids):
            said = {name: vote for vote, names in cast[task.name][ticket_id].items() for name in names}
            due = {
                name: task.vote_name(int(vote))
                for name, vote in zip(votes.lf_names, votes.values[row], strict=True)
            }
            assert said == {name: vote for name, vote in due.items() if vote is not None}


def test_functions_without_a_model_are_asked_about_other_tickets(run):
    """Their votes on a text that the pool has, too, are those of the pool."""
    ids = run.tickets.ticket_ids[:12]
    pool = votes_cast(run, _measured(run, ids))
    of = _measured(run, ids)
    renamed = tuple(f"new {ticket_id}" for ticket_id in ids)
    asked = votes_cast(run, replace(of, labels=replace(of.labels, ticket_ids=renamed)))
    lfs = [
        lf
        for lf in run.labeling_functions
        if (not isinstance(lf, BatchLF) or lf.shared) and lf.field == "text"
    ]
    for task in run.schema:
        names = {lf.name for lf in lfs if lf.bound_task() == task}
        for old, new in zip(ids, renamed, strict=True):
            own, other = (
                {name for of in cast[task.name][i].values() for name in of} & names
                for cast, i in ((pool, old), (asked, new))
            )
            assert own == other


def _measured(run, ids):
    texts = tuple(run.tickets.texts[run.tickets.row_of[ticket_id]] for ticket_id in ids)
    answers = {task.name: ((0,),) * len(ids) for task in run.schema}
    probs = {task.name: np.full((len(ids), len(task.labels)), 0.5) for task in run.schema}
    return Measured(run.schema, LabeledTickets(tuple(ids), texts, answers), texts, probs, None)

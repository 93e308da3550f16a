"""Parts voted on by several processes: the same votes, faults and errors as in one."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loky import ProcessPoolExecutor
from snorkel.labeling import labeling_function

from data.errors import LabelingError
from data.schema import Schema, Task
from data.tickets import TICKET_TABLE, Ticket
from labeling import workers
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.load import load_lfs
from labeling.parts import Job, PartVoters, parts_of
from labeling.vote_files import Source, write_votes
from labeling.votes import Votes
from labeling.workers import Local

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TEXTS = ("a refund", "boom", "thanks a lot", "", "REFUNDS, now", "so good it is") * 3
LF_FILE = """
from labeling.lf import BatchLF, PatternLF
from snorkel.labeling import labeling_function

TASK = "tone"
WORD = "refund"

@labeling_function()
def row(ticket):
    return "bad" if said(ticket.text) else None

def said(text):
    return WORD in text

long = BatchLF("long", lambda texts: ["good" if len(text) > 9 else None for text in texts])
LFS = [row, long, PatternLF("thanks", label="good", any_of=("thanks",))]
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("tickets") / "tickets.parquet"
    rows = [vars(Ticket(f"t{at}", text)) for at, text in enumerate(TEXTS)]
    pq.write_table(pa.Table.from_pylist(rows, TICKET_TABLE), path, row_group_size=2)
    return path


def row(name, function):
    return RowLF(labeling_function(name=name)(function)).bind(TONE)


def run(folder, table, lfs, engine, **options):
    folder.mkdir()
    source = Source((table,), "hash", "code")
    said = write_votes(folder, source, [TONE], lfs, engine, faults_allowed=1, **options)
    return said, Votes.load(folder / "tone.parquet", TONE)


def jobs(table):
    return [Job(part) for part in parts_of([table])]


def children():
    """Processes below this one, loky's tracker of resources apart: it stays until the end."""
    below = psutil.Process().children(recursive=True)
    return {child.pid for child in below if "resource_tracker" not in " ".join(child.cmdline())}


def test_votes_faults_and_progress_of_two_processes_equal_those_of_one(tmp_path, table):
    (tmp_path / "my_lfs.py").write_text(LF_FILE)
    lfs = load_lfs(["my_lfs.py"], Schema((TONE,)), tmp_path)
    word = "good"

    def closure(ticket):
        if "boom" in ticket.text:
            raise ValueError(f"no {word} in {ticket.text}")
        return word if word in ticket.text else -1

    here = BatchLF(
        "here", lambda texts: [os.getpid() == main for _ in texts] and [0] * len(texts), shared=False
    )
    main = os.getpid()
    lfs += [row("closure", closure), here.bind(TONE)]
    told = {1: [], 2: []}
    (one, votes), (two, same) = (
        run(tmp_path / f"{count}", table, lfs, Local(count), progress=told[count].append) for count in (1, 2)
    )
    assert votes.values.tolist() == same.values.tolist()
    assert votes.ticket_ids == same.ticket_ids
    assert one == two
    assert two["faults"] == {
        "tone.closure": {"tickets": 3, "first": "t1", "error": "ValueError: no good in boom"}
    }
    assert told[1] == told[2] == list(range(2, 19, 2))


def test_the_calling_process_votes_alone_with_one_worker_and_on_short_work(tmp_path, table):
    pid = os.getpid()
    here = row("here", lambda ticket: 0 if os.getpid() == pid else 1)
    for count in (1, None):
        _, votes = run(tmp_path / str(count), table, [here], Local(count))
        assert set(votes.values.ravel().tolist()) == {0}


def test_processes_are_started_once_work_is_known_to_be_long(tmp_path, table, monkeypatch):
    monkeypatch.setattr(workers, "WORTH_STARTING", 0.0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    pid = os.getpid()
    lfs = [row("here", lambda ticket: 0 if os.getpid() == pid else 1)]
    _, votes = run(tmp_path / "auto", table, lfs, Local())
    assert votes.values.ravel().tolist() == [0] * 4 + [1] * 14
    assert votes.ticket_ids == tuple(f"t{at}" for at in range(18))


def test_a_vote_outside_the_labels_in_a_worker_is_an_error_with_its_text(tmp_path, table):
    lf = row("wrong", lambda ticket: "godo" if "good" in ticket.text else None)
    with pytest.raises(LabelingError, match=r"'wrong' \(task 'tone'\) voted 'godo'.*did you mean 'good'"):
        run(tmp_path / "2", table, [lf], Local(2))
    assert not children()


def test_a_function_that_cannot_travel_is_an_error_that_names_it(tmp_path, table):
    lock = threading.Lock()
    lfs = [row("fine", lambda ticket: 0), row("locked", lambda ticket: 0 if lock else 1)]
    with pytest.raises(LabelingError, match="locked"):
        run(tmp_path / "2", table, lfs, Local(2))


def test_a_worker_that_is_killed_is_an_error_that_says_so_and_leaves_no_process(tmp_path, table):
    killed = []

    def kill():
        deadline = time.monotonic() + 30
        while not killed and time.monotonic() < deadline:
            time.sleep(0.05)
            if (tmp_path / "voting").exists():
                killed.append(int((tmp_path / "voting").read_text()))
                os.kill(killed[0], signal.SIGKILL)

    def telling(ticket, path=str(tmp_path / "voting")):
        if ticket.ticket_id == "t4":
            Path(path + "~").write_text(str(os.getpid()))
            Path(path + "~").rename(path)
        time.sleep(0.5)
        return 0

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(LabelingError, match="a worker process died while it voted"):
            run(tmp_path / "2", table, [row("slow", telling)], Local(2))
    finally:
        killer.join()
    assert killed
    assert killed[0] != os.getpid()
    assert not children()


def test_no_more_than_a_few_jobs_are_under_way(table, monkeypatch):
    submitted = []

    class Pool(ProcessPoolExecutor):
        def submit(self, function, job):
            submitted.append(job)
            return super().submit(function, job)

    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    todo = jobs(table)
    voters = PartVoters([PatternLF("refund", label="bad", any_of=("refund*",)).bind(TONE)], [])
    answers = Local(2).answers(voters, todo)
    for done in range(1, len(todo) + 1):
        assert next(answers).job.part == todo[done - 1].part
        assert len(submitted) == min(len(todo), 4 + done)
    assert next(answers, None) is None


def test_answers_that_nobody_waits_for_leave_no_process(table):
    answers = Local(2).answers(PartVoters([row("fine", lambda ticket: 0)], []), jobs(table))
    next(answers)
    assert children()
    answers.close()
    assert not children()

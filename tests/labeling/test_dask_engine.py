"""Parts voted on by a real Dask cluster: the same votes, even when a worker is lost."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster
from snorkel.labeling import labeling_function

from data.errors import LabelingError
from data.schema import Schema, Task
from data.tickets import TICKET_TABLE, Ticket
from labeling.dask_engine import Dask
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.load import load_lfs
from labeling.vote_files import Source, write_votes
from labeling.votes import Votes
from labeling.workers import Local
from tests.labeling.test_workers import LF_FILE, TEXTS

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("tickets") / "tickets.parquet"
    rows = [vars(Ticket(f"t{at}", text)) for at, text in enumerate(TEXTS)]
    pq.write_table(pa.Table.from_pylist(rows, TICKET_TABLE), path, row_group_size=1)
    return path


@pytest.fixture(scope="module")
def cluster():
    """A scheduler with one worker that outlives each run."""
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", processes=True) as cluster:
        yield cluster


def row(name, function):
    return RowLF(labeling_function(name=name)(function)).bind(TONE)


def run(folder, table, lfs, engine):
    folder.mkdir()
    said = write_votes(folder, Source((table,), "hash", "code"), [TONE], lfs, engine, faults_allowed=1)
    return said, Votes.load(folder / "tone.parquet", TONE)


def same(folder, table, lfs, engine):
    """Whether an engine's votes, and what there is to say of them, are those of this process alone."""
    (said, votes), (expected, alone) = (
        run(folder / "dask", table, lfs, engine),
        run(folder / "one", table, lfs, Local(1)),
    )
    assert votes.ticket_ids == alone.ticket_ids
    assert votes.lf_names == alone.lf_names
    assert votes.values.tolist() == alone.values.tolist()
    assert said == expected
    return said


def mixed(folder):
    (folder / "my_lfs.py").write_text(LF_FILE)
    word = "boom"

    def raising(ticket):
        if word in ticket.text:
            raise ValueError(f"no good: {ticket.text}")
        return "bad"

    near = BatchLF("near", lambda texts: [0 if text else None for text in texts], shared=False).bind(TONE)
    return [*load_lfs(["my_lfs.py"], Schema((TONE,)), folder), row("raising", raising), near]


def test_votes_of_a_cluster_of_this_machine_survive_the_death_of_one_of_its_workers(tmp_path, table):
    voting = tmp_path / "voting"
    voting.mkdir()
    pid = os.getpid()

    def slow(ticket, folder=str(voting)):
        if os.getpid() != pid:
            Path(folder, f"{os.getpid()}").touch()
            time.sleep(0.25)
        return 0 if ticket.text else None

    killed = []

    def kill():
        """As soon as both workers vote, one dies."""
        deadline = time.monotonic() + 40
        while not killed and time.monotonic() < deadline:
            time.sleep(0.02)
            pids = [int(path.name) for path in voting.iterdir()]
            if len(pids) == 2:
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        said = same(tmp_path, table, [*mixed(tmp_path), row("slow", slow)], Dask(workers=2))
    finally:
        killer.join()
    assert killed
    assert not psutil.pid_exists(killed[0])
    assert said["faults"]["tone.raising"]["tickets"] == 3
    # The one that took its place, or the other, went on.
    assert [path for path in voting.iterdir() if path.name != str(killed[0])]


def test_a_cluster_at_an_address_votes_and_is_left_running(tmp_path, table, cluster):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        same(tmp_path / name, table, mixed(tmp_path), Dask(cluster.scheduler_address))
    with Client(cluster) as client:
        assert len(client.scheduler_info()["workers"]) == 1
        assert client.submit(sum, [1, 2]).result() == 3


def test_a_vote_outside_the_labels_in_a_worker_is_an_error_with_its_text(tmp_path, table, cluster):
    lf = row("wrong", lambda ticket: "godo" if "good" in ticket.text else None)
    with pytest.raises(LabelingError, match=r"'wrong' \(task 'tone'\) voted 'godo'.*did you mean 'good'"):
        run(tmp_path / "run", table, [lf], Dask(cluster.scheduler_address))


def test_a_part_that_no_worker_survives_is_an_error_that_says_so(tmp_path, table):
    pid = os.getpid()

    def dies(ticket):
        if os.getpid() != pid and not ticket.text:
            time.sleep(1)  # A worker that dies while it starts is not started again.
            os._exit(9)
        return 0

    deadly = row("deadly", dies)
    with pytest.raises(LabelingError, match="Dask lost each worker"):
        run(tmp_path / "run", table, [deadly], Dask(workers=1))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_nobody_at_the_address_is_an_error_before_long(tmp_path, table, address):
    started = time.monotonic()
    with pytest.raises(
        LabelingError, match=f"no Dask scheduler answers at '{address}'.*start one with `dask scheduler`"
    ):
        run(tmp_path / "run", table, [PatternLF("x", label="good", any_of=("x",)).bind(TONE)], Dask(address))
    assert time.monotonic() - started < 15


def test_no_tickets_are_no_votes(tmp_path, cluster):
    path = tmp_path / "none.parquet"
    pq.write_table(pa.Table.from_pylist([], TICKET_TABLE), path)
    assert same(tmp_path, path, mixed(tmp_path), Dask(cluster.scheduler_address))["coverage"] == {"tone": 0}

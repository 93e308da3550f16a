"""Parts voted on by a Dask cluster; dask's only importer."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from distributed import Client, Future, KilledWorker, LocalCluster

from data.errors import LabelingError
from labeling.parts import Answer, Job, PartVoters
from labeling.travel import check_travel

# Seconds between looks at the workers, and how long none of them may be there.
LOOK_EVERY, PATIENCE = 5.0, 60.0


class Dask:
    """The cluster of the scheduler at `address`; without one, `workers` processes of this machine.

    The workers read the table of tickets by its path, so it has to lie where they can reach it. A
    part whose worker is lost is voted on by another.
    """

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self._address = address
        self._workers = workers

    def answers(self, voters: PartVoters, jobs: Sequence[Job]) -> Iterator[Answer]:
        """The answer to each job, in the jobs' order."""
        check_travel(voters.lfs)
        with self._client() as client:
            there = client.submit(_unchanged, voters, pure=False)
            futures = deque(client.submit(PartVoters.vote, there, job, pure=False) for job in jobs)
            while futures:
                yield _result(client, futures.popleft())

    @contextmanager
    def _client(self) -> Iterator[Client]:
        if self._address is None:
            with (
                LocalCluster(
                    n_workers=self._workers, threads_per_worker=1, dashboard_address=":0", processes=True
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = Client(self._address, timeout=10)
        except (OSError, ValueError) as error:
            raise LabelingError(
                f"no Dask scheduler answers at '{self._address}': {error}; start one with `dask scheduler` "
                "and name its address, such as tcp://localhost:8786"
            ) from None
        with client:
            yield client


def _result(client: Client, future: Future[Answer]) -> Answer:
    seen = monotonic()
    while True:
        try:
            answer: Answer = future.result(timeout=LOOK_EVERY)
            return answer
        except KilledWorker as error:
            raise LabelingError(f"Dask lost each worker that voted on one part: {error}") from None
        except TimeoutError:
            if future.status == "error":
                raise
        if client.scheduler_info()["workers"]:
            seen = monotonic()
        elif monotonic() - seen > PATIENCE:
            raise LabelingError(
                f"Dask lost each worker and got no other in {PATIENCE:.0f} seconds; start one with "
                "`dask worker` and repeat the command"
            )


def _unchanged(voters: PartVoters) -> PartVoters:
    """The voters as a result of the cluster's own: what a lost worker held is made again."""
    return voters

"""Parts voted on by this process, or by several; loky's only importer."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from time import perf_counter

from loky import ProcessPoolExecutor
from loky.process_executor import TerminatedWorkerError

from data.errors import LabelingError
from labeling.parts import Answer, Job, PartVoters
from labeling.travel import check_travel, stay_behind

# Starting processes takes some seconds; where less than this is left to do, one process is faster.
WORTH_STARTING = 20.0
_IN_FLIGHT = 2
_voters: PartVoters | None = None


class Local:
    """This machine: `workers` processes, or by default as many as there are cores, where it pays."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers

    def answers(self, voters: PartVoters, jobs: Sequence[Job]) -> Iterator[Answer]:
        """The answer to each job, in the jobs' order."""
        if self._workers is not None and self._workers > 1:
            check_travel(voters.lfs)
            yield from in_processes(voters, jobs, self._workers)
            return
        cores = len(os.sched_getaffinity(0))
        for at, job in enumerate(jobs):
            started = perf_counter()
            answer = voters.vote(job)
            left = (perf_counter() - started) * (len(jobs) - at - 1)
            yield answer
            worth = self._workers is None and cores > 1 and at == 1 and left > WORTH_STARTING
            if worth and not stay_behind(voters.lfs):
                yield from in_processes(voters, jobs[at + 1 :], cores)
                return


def in_processes(voters: PartVoters, jobs: Sequence[Job], workers: int) -> Iterator[Answer]:
    """Answers in the jobs' order; a few jobs ahead are under way, so memory stays flat."""
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(voters,)) as pool:
        waiting = iter(jobs)
        under_way = deque(pool.submit(_vote, job) for job in islice(waiting, _IN_FLIGHT * workers))
        try:
            while under_way:
                answer = under_way.popleft().result()
                under_way.extend(pool.submit(_vote, job) for job in islice(waiting, 1))
                yield answer
        except TerminatedWorkerError as error:
            raise LabelingError(
                "a worker process died while it voted (killed, or out of memory?); earlier votes are intact; "
                f"repeat the command, perhaps with fewer --workers: {error}"
            ) from None
        finally:
            for future in under_way:
                future.cancel()


def _start(voters: PartVoters) -> None:
    """Runs once in each worker."""
    global _voters
    _voters = voters


def _vote(job: Job) -> Answer:
    assert _voters is not None
    return _voters.vote(job)

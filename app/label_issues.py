"""What cleanlab says of a run: doubted labels, odd tickets, reviewers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app import stages
from app.pages.issues import issues_page
from app.run import Run
from data.schema import Task
from data.store import whole_file
from labeling.outliers import Oddity, oddities
from labeling.reviewers import CrowdQuality, crowd_quality
from labeling.votes import SoftLabels, Votes
from labeling.worklist import Evidence, Worklist, worklist


def run_worklist(run: Run, tasks: Sequence[str]) -> Worklist:
    """The label issues of these tasks, ranked, a ticket and its near duplicates in one entry."""
    folder = run.issues().folder
    evidence = {
        name: _evidence(run, run.schema.task(name)) for name in tasks if _predicted(run, name).is_file()
    }
    copies = zip(run.tickets.ticket_ids, run.tickets.duplicate_of, strict=True)
    first_of = {ticket_id: first for ticket_id, first in copies if first is not None}
    found = [issue for issue in stages.read_issues(folder) if issue.task in tasks]
    return worklist(found, evidence, first_of)


def _predicted(run: Run, task: str) -> Path:
    return run.issues().folder / f"{task}.parquet"


def _evidence(run: Run, task: Task) -> Evidence:
    file = f"{task.name}.parquet"
    return Evidence(
        SoftLabels.load(run.labels().folder / file, task),
        SoftLabels.load(_predicted(run, task.name), task).probs,
        Votes.load(run.votes().folder / file, task),
    )


def write_page(run: Run, found: Worklist, path: Path) -> None:
    """Writes the work-list as a page."""
    texts = dict(zip(run.tickets.ticket_ids, run.tickets.texts, strict=True))
    page = issues_page(run.workspace.root.resolve().name, found, texts, tasks=run.schema.names)
    with whole_file(path) as temporary:
        temporary.write_text(page, "utf-8")


def odd_tickets(run: Run) -> list[Oddity]:
    """Outliers, oddest first, then tickets with near duplicates that ingest did not mark."""
    rows = run.tickets.rows(["train", "validation", "test"])
    embeddings = np.load(run.embeddings().folder / "embeddings.npy")[rows]
    found = oddities([run.tickets.ticket_ids[row] for row in rows], embeddings)
    odd = [each for each in found if each.is_outlier or each.near_duplicates]
    return sorted(odd, key=lambda each: (not each.is_outlier, each.outlier_score, each.ticket_id))


def judged_reviewers(run: Run, tasks: Sequence[str]) -> list[CrowdQuality]:
    """For each task what the reviewers in the ledger agree on, and how good each is.

    A reviewer's last word on a ticket counts; tickets that are not in the pool are left out.
    """
    said: dict[str, dict[str, dict[str, tuple[int, ...]]]] = {name: {} for name in tasks}
    for review in stages.ledger(run.workspace).events():
        if review.task in said and review.ticket_id in run.tickets.row_of:
            task = run.schema.task(review.task)
            labels = tuple(sorted(task.label_id(label) for label in review.labels))
            said[review.task].setdefault(review.reviewer, {})[review.ticket_id] = labels
    return [
        crowd_quality(run.schema.task(name), said[name], run.tickets.ticket_ids, _probs(run, name))
        for name in tasks
        if _predicted(run, name).is_file()
    ]


def _probs(run: Run, task: str) -> np.ndarray:
    return np.asarray(SoftLabels.load(_predicted(run, task), run.schema.task(task)).probs)

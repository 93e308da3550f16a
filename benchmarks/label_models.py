"""Label models side by side: how right they are, how long they take, and the default on a million tickets.

    python benchmarks/label_models.py [--wrench DIR …] [--project PROJECT [--tasks TASK …]] [--rows ROWS]

On each WRENCH folder and on a project's votes: medians of five seeds, each of which draws nine tenths of
the training tickets, the same for all models; it is snorkel's seed, too. Models see votes alone; gold
is read to measure. A ticket on which no function votes gets the model's most frequent answer.

The test votes of WRENCH's sms do not belong to its labels (a vote for spam is right 98 times in 100 on
train.json and 18 times on test.json), so the figures on the training tickets' own gold stand beside.

A million tickets are made up: five labels, a hundred functions with planted accuracies from .5 to .95
that vote on 8 % of the tickets each, five of them near copies of five others.
"""

import argparse
import resource
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from data.config import LABEL_MODELS, LabelModelSettings
from data.errors import LabelingError, TicketloomError
from data.labels import read_labels
from data.schema import ABSTAIN, Task
from data.workspace import Workspace
from labeling.label_models import label_model
from labeling.votes import SoftLabels, Votes
from labeling.wrench import WrenchSplit, read_wrench

Array = np.ndarray[Any, Any]
OURS, PEER = LabelModelSettings().name, "snorkel"
SHARE = 0.9
LFS, COPIES, VOTES_ON, COPIED = 100, 5, 0.08, 0.95
BALANCE = (0.35, 0.25, 0.2, 0.12, 0.08)


@dataclass(frozen=True)
class Contest:
    """Votes to fit on, and where to measure: name → votes with gold, the first the one that counts."""

    name: str
    train: Votes
    measured: Mapping[str, WrenchSplit]


@dataclass(frozen=True)
class Entry:
    """One model fitted once: place → accuracy and macro-F1."""

    seconds: float
    figures: Mapping[str, tuple[float, float]]


def of_wrench(folder: Path) -> Contest:
    splits = read_wrench(folder)
    train = splits["train"]
    return Contest(folder.resolve().name, train.votes, {"test": splits["test"], "train": train})


def of_project(root: Path, run: str, only: list[str]) -> Iterator[Contest]:
    workspace = Workspace.open(root)
    schema, gold = workspace.config.schema_, workspace.config.evaluate.gold
    if gold is None:
        raise LabelingError("nothing to measure against: name a file of trusted labels in [evaluate] gold")
    labels = read_labels(workspace.path(gold), schema)
    for task in [schema.task(name) for name in only or schema.names]:
        path = workspace.run(run) / "votes" / f"{task.name}.parquet"
        if not path.is_file():
            raise LabelingError(f"{path}: no votes here; `ticketloom run` in the project makes them")
        answers = labels.of(task)
        if task.multi or not answers:
            print(f"{task.name} left out: multi-label or without gold")
            continue
        votes = Votes.load(path, task)
        truth = [answers.get(ticket_id, ()) for ticket_id in votes.ticket_ids]
        known = np.array([answer[0] if answer else ABSTAIN for answer in truth], int)
        if not (known >= 0).any():
            raise LabelingError(f"{path}: none of the {len(answers)} gold tickets is among the votes")
        gold_rows = np.flatnonzero(known >= 0)
        yield Contest(task.name, votes, {"gold": WrenchSplit(rows_of(votes, gold_rows), known[gold_rows])})


def rows_of(votes: Votes, rows: Array) -> Votes:
    ids = tuple(votes.ticket_ids[row] for row in rows)
    return Votes(votes.task, ids, votes.lf_names, votes.values[rows])


def most_frequent(soft: SoftLabels) -> int:
    """The label that is most often the most probable one of a covered ticket."""
    answers = soft.probs[soft.covered].argmax(axis=1)
    return int(np.bincount(answers, minlength=len(soft.task.labels)).argmax())


def enter(contest: Contest, train: Votes, name: str, seed: int) -> Entry | str:
    """Fits and measures one model; says why where it cannot be fitted."""
    settings = LabelModelSettings.model_validate({"name": name, "seed": seed})
    started = perf_counter()
    try:
        model = label_model(settings, train.task.name).fit(train)
    except LabelingError as error:
        return str(error)
    seconds = perf_counter() - started
    fallback = most_frequent(model.predict_proba(train))
    figures = {}
    for place, split in contest.measured.items():
        soft = model.predict_proba(split.votes)
        answers = np.where(soft.covered, soft.probs.argmax(axis=1), fallback)
        known = split.gold >= 0
        truth, said = split.gold[known], answers[known]
        f1 = f1_score(truth, said, average="macro", labels=np.unique(truth))
        figures[place] = float((truth == said).mean()), float(f1)
    return Entry(seconds, figures)


def hold(contest: Contest, seeds: int) -> dict[str, float]:
    """Runs and prints one contest; median fit seconds by model."""
    tickets, lfs = contest.train.values.shape
    said = ", ".join(f"{(split.gold >= 0).sum()} on {place}" for place, split in contest.measured.items())
    print(f"\n{contest.name}: {tickets:,} tickets, {lfs} functions; measured: {said}")
    entries: dict[str, list[Entry]] = {name: [] for name in LABEL_MODELS}
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).choice(tickets, round(SHARE * tickets), replace=False)
        train = rows_of(contest.train, np.sort(drawn))
        for name in LABEL_MODELS:
            entry = enter(contest, train, name, seed)
            if isinstance(entry, Entry):
                entries[name].append(entry)
            elif seed == 0:
                print(f"{name} left out: {entry}")
    return report(contest, {name: found for name, found in entries.items() if found})


def report(contest: Contest, entries: Mapping[str, list[Entry]]) -> dict[str, float]:
    columns = [f"{place} {figure}" for place in contest.measured for figure in ("accuracy", "macro-F1")]
    print(f"{'':13}" + "".join(f"{column:>16}" for column in [*columns, "fit s"]))
    seconds = {}
    for name, found in entries.items():
        middle = [median(e.figures[place][i] for e in found) for place in contest.measured for i in (0, 1)]
        seconds[name] = median(entry.seconds for entry in found)
        print(f"{name:13}" + "".join(f"{value:>16.3f}" for value in middle) + f"{seconds[name]:>16.3f}")
    if PEER in seconds:
        print(f"fit seconds, {PEER}'s to those of {OURS}: {seconds[PEER] / seconds[OURS]:.1f}", flush=True)
    return seconds


def made_up(rows: int) -> tuple[Votes, Array]:
    """Votes with their truth int [rows]; the last functions follow the first, vote for vote but 5 in 100."""
    rng = np.random.default_rng(0)
    labels = len(BALANCE)
    truth = rng.choice(labels, rows, p=BALANCE).astype(np.int8)
    values = np.full((rows, LFS), ABSTAIN, np.int8)
    for lf, accuracy in enumerate(rng.permutation(np.linspace(0.5, 0.95, LFS))):
        if lf < LFS - COPIES:
            at = np.flatnonzero(rng.random(rows) < VOTES_ON)
            values[at, lf] = voted(truth[at], accuracy, labels, rng)
        else:
            values[:, lf] = values[:, lf - LFS + COPIES]
            at = np.flatnonzero((values[:, lf] >= 0) & (rng.random(rows) > COPIED))
            values[at, lf] = rng.integers(labels, size=len(at))
    names = [str(label) for label in range(labels)]
    task = Task("made_up", tuple(names), tuple(names))
    return Votes(task, tuple(map(str, range(rows))), tuple(f"lf{lf}" for lf in range(LFS)), values), truth


def voted(truth: Array, accuracy: float, labels: int, rng: np.random.Generator) -> Array:
    """The true label with this probability, else one of the others."""
    wrong = (truth + rng.integers(1, labels, len(truth))) % labels
    return np.where(rng.random(len(truth)) < accuracy, truth, wrong)


def peak() -> float:
    """Greatest resident set of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def at_scale(rows: int) -> dict[str, float]:
    """The default model on made-up votes, then majority vote."""
    votes, truth = made_up(rows)
    before = peak()
    started = perf_counter()
    model = label_model(LabelModelSettings()).fit(votes)
    fitted = perf_counter()
    soft = model.predict_proba(votes)
    predicted = perf_counter()
    said = {"fit": fitted - started, "predict": predicted - fitted, "before": before, "peak": peak()}
    majority = label_model(LabelModelSettings(name="majority")).fit(votes).predict_proba(votes)
    for name, each in ((OURS, soft), ("majority", majority)):
        said[name] = float((each.probs.argmax(axis=1) == truth)[soft.covered].mean())
    return said | {"coverage": float(soft.covered.mean())}


def scale(rows: int) -> None:
    """Prints what a process of its own finds, so that memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        said = pool.submit(at_scale, rows).result()
    print(f"{rows:,} made-up tickets, {LFS} functions, {len(BALANCE)} labels; {said['coverage']:.1%} covered")
    print(f"{OURS}: fit {said['fit']:.1f} s, predict {said['predict']:.1f} s")
    print(f"peak memory {said['peak']:.2f} GB, {said['before']:.2f} GB of it before the fit (the votes)")
    left = (1 - said[OURS]) / (1 - said["majority"])
    print(
        f"accuracy where covered {said[OURS]:.4f}, majority vote {said['majority']:.4f}: "
        f"{left:.2f} of its errors",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wrench", type=Path, nargs="*", default=[], metavar="DIR")
    parser.add_argument("--project", type=Path, help="a project with a run whose votes exist")
    parser.add_argument("--run", default="main")
    parser.add_argument("--tasks", nargs="*", default=[], metavar="TASK", help="these tasks alone")
    parser.add_argument("--seeds", type=int, default=5, help="%(default)s")
    parser.add_argument("--rows", type=int, default=1_000_000, help="made-up tickets (%(default)s; 0: none)")
    args = parser.parse_args()
    try:
        if args.rows:
            # First: on Linux a process counts as its own the memory of the one that started it.
            scale(args.rows)
        for folder in args.wrench:
            hold(of_wrench(folder), args.seeds)
        if args.project:
            for contest in of_project(args.project, args.run, args.tasks):
                hold(contest, args.seeds)
    except TicketloomError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()

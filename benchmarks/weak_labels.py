"""Labels without a human one: every label model on a project's votes, measured on its gold tickets.

    python benchmarks/weak_labels.py PROJECT [--run main] [--tasks TASK …] [--transformer] [--json FILE]

Each model is fitted on the votes of the whole pool and sees no human label; gold is read to measure
alone. "refined" is what a project makes by default: the default model's soft labels, refined by texts;
"transformer" what it makes with `[label_model] refine = "transformer"`, some minutes of training.
A ticket on which no function votes gets the model's most frequent answer. The sets of labeling functions
are all, those without the zero-shot seeds, the seeds alone, and those written by hand alone: neither
seeds nor examples nor models of public datasets. Intervals are of 2,000 bootstrap samples of
gold tickets, each measured in every task for both models.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from app.soft_labels import linear_predictions, refined_by, transformer_predictions
from app.stages import ticket_columns
from data.config import LABEL_MODELS, ZERO_SHOT, LabelModelSettings
from data.dataset import dataset_names
from data.errors import LabelingError, TicketloomError, listed
from data.labels import LabeledTickets, read_labels
from data.schema import Task
from data.workspace import Workspace
from labeling.label_models import label_model
from labeling.votes import SoftLabels, Votes

Array = np.ndarray[Any, Any]
SETS = ("all", "without seeds", "seeds alone", "hand-written alone")
OURS, REFINED = LabelModelSettings().name, "refined"
BY_TRANSFORMER = "transformer"
MODELS = (*LABEL_MODELS, REFINED, BY_TRANSFORMER)
PEERS = ("snorkel", "majority")
FIGURES = ("coverage", "covered_accuracy", "accuracy", "macro_f1")
HEAD = (
    f"{'':25}"
    + "".join(f"{each:>12}" for each in ("coverage", "acc. there", "accuracy", "macro-F1"))
    + "    fit s"
)
SAMPLES, LEAST_FOUND = 2000, 0.9
# snorkel's matrices are dense: a million tickets of 80 functions and 13 labels would take 8 GB each.
SNORKEL_MOST = 100_000


@dataclass(frozen=True)
class Result:
    """One model on one set of one task; `right` float [n_gold] is NaN where a ticket is not measured."""

    model: str
    figures: Mapping[str, float]
    seconds: float
    right: Array


class Bench:
    """The votes of a run and the texts that they stand on, beside the project's gold."""

    def __init__(self, workspace: Workspace, run: str, gold: LabeledTickets, snorkel_most: int) -> None:
        self._folder = workspace.run(run)
        self._config = workspace.config
        self._tickets = ticket_columns(workspace.tickets)
        self._embeddings = np.load(self._file("embeddings/embeddings.npy"))
        self.snorkel_most = snorkel_most
        self.gold = gold

    def _file(self, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise LabelingError(f"{path}: not here; `ticketloom label fit` in the project makes it")
        return path

    def votes(self, task: Task) -> Votes:
        votes = Votes.load(self._file(f"votes/{task.name}.parquet"), task)
        self._check(votes)
        return votes

    def _check(self, votes: Votes) -> None:
        found = len(set(self.gold.ticket_ids) & set(votes.ticket_ids))
        if found < LEAST_FOUND * len(self.gold):
            raise LabelingError(
                f"votes on '{votes.task.name}' stand on {found} of {len(self.gold)} gold tickets; "
                f"{LEAST_FOUND:.0%} are needed: ingest the others into the pool, then run again"
            )

    def results(self, votes: Mapping[str, Votes], transformer: bool) -> dict[str, list[Result]]:
        """For each task every label model that can be fitted on its votes, and ours refined by texts."""
        found: dict[str, list[Result]] = {name: [] for name in votes}
        ours = {}
        for task, of_task in votes.items():
            for name in LABEL_MODELS:
                started = perf_counter()
                try:
                    soft = self._fitted(name, of_task)
                except LabelingError as error:
                    print(f"{name} left out: {error}")
                    continue
                found[task].append(self._measured(name, soft, perf_counter() - started))
                if name == OURS:
                    ours[task] = soft
        for name in (REFINED, BY_TRANSFORMER) if transformer else (REFINED,):
            started = perf_counter()
            ours = refined_by(self._predicted(name, ours), ours, votes)
            for task, soft in ours.items():
                found[task].append(self._measured(name, soft, (perf_counter() - started) / len(ours)))
        return found

    def _predicted(self, name: str, soft: Mapping[str, SoftLabels]) -> dict[str, Array]:
        texts, groups = self._tickets.texts, self._tickets.groups
        if name == REFINED:
            return linear_predictions(soft, texts, self._embeddings, groups, {})
        return transformer_predictions(soft, texts, groups, {}, self._config.encoder, self._config.training)

    def _fitted(self, name: str, votes: Votes) -> SoftLabels:
        settings = self._config.label_model.model_copy(update={"name": name})
        train = thinned(votes, self.snorkel_most) if name == "snorkel" else votes
        return label_model(settings, votes.task.name).fit(train).predict_proba(votes)

    def _measured(self, name: str, soft: SoftLabels, seconds: float) -> Result:
        gold = self.gold.of(soft.task)
        row_of = {ticket_id: row for row, ticket_id in enumerate(soft.ticket_ids)}
        at = [
            i
            for i, ticket_id in enumerate(self.gold.ticket_ids)
            if gold.get(ticket_id) and ticket_id in row_of
        ]
        rows = [row_of[self.gold.ticket_ids[i]] for i in at]
        truth = np.array([gold[self.gold.ticket_ids[i]][0] for i in at], int)
        covered = soft.covered[rows]
        answers = np.where(covered, soft.probs[rows].argmax(axis=1), most_frequent(soft))
        right = np.full(len(self.gold), np.nan)
        right[at] = answers == truth
        figures = {
            "coverage": float(covered.mean()),
            "covered_accuracy": float(right[at][covered].mean()) if covered.any() else np.nan,
            "accuracy": float(right[at].mean()),
            "macro_f1": float(f1_score(truth, answers, average="macro", labels=np.unique(truth))),
        }
        return Result(name, figures, seconds, right)


def most_frequent(soft: SoftLabels) -> int:
    """The label that is most often the most probable one of a covered ticket."""
    answers = soft.probs[soft.covered].argmax(axis=1)
    return int(np.bincount(answers, minlength=len(soft.task.labels)).argmax())


def thinned(votes: Votes, most: int) -> Votes:
    """At most so many tickets, evenly spaced."""
    rows = np.arange(len(votes.ticket_ids))
    rows = rows[:: -(-len(rows) // most)]
    ids = tuple(votes.ticket_ids[row] for row in rows)
    return Votes(votes.task, ids, votes.lf_names, votes.values[rows])


def subset(votes: Votes, which: str) -> Votes:
    """The votes of one set of labeling functions."""
    names = votes.lf_names
    not_by_hand = {f"{name}_{level}" for name in dataset_names() for level in ("sure", "likely")} | {
        ZERO_SHOT
    }
    kept = {
        "all": names,
        "without seeds": [name for name in names if name != ZERO_SHOT],
        "seeds alone": [name for name in names if name == ZERO_SHOT],
        "hand-written alone": [
            name for name in names if name not in not_by_hand and not name.startswith("prototypes_")
        ],
    }[which]
    return Votes(votes.task, votes.ticket_ids, tuple(kept), votes.values[:, [names.index(n) for n in kept]])


def interval(values: Array) -> list[float]:
    return [float(each) for each in np.quantile(values, (0.025, 0.975))]


def bootstrap(right: Array) -> Array:
    """Mean accuracy over tasks in each bootstrap sample of tickets: float [SAMPLES]; `right` [n_tasks, n].

    The samples are the same in every call, so that differences of two models are paired.
    """
    rng = np.random.default_rng(0)
    drawn = (rng.integers(right.shape[1], size=right.shape[1]) for _ in range(SAMPLES))
    return np.array([np.nanmean(right[:, rows], axis=1).mean() for rows in drawn])


def means(which: str, tasks: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """The means over tasks of one set, and the default model less its peers, with intervals."""
    by_name = {name: [r for found in tasks.values() for r in found if r.model == name] for name in MODELS}
    whole = {name: found for name, found in by_name.items() if tasks and len(found) == len(tasks)}
    samples = {name: bootstrap(np.stack([r.right for r in found])) for name, found in whole.items()}
    said: dict[str, Any] = {"set": which, "models": {}, "differences": {}}
    for name, found in whole.items():
        mean = {key: float(np.mean([r.figures[key] for r in found])) for key in FIGURES}
        said["models"][name] = mean | {"accuracy_interval": interval(samples[name])}
    for name, peer in ((name, peer) for name in (OURS, REFINED, BY_TRANSFORMER) for peer in PEERS):
        if peer in whole and name in whole:
            said["differences"][f"{name} minus {peer}"] = difference(tasks, whole[name], whole[peer]) | {
                "accuracy_interval": interval(samples[name] - samples[peer])
            }
    return said


def difference(tasks: Iterable[str], ours: Sequence[Result], theirs: Sequence[Result]) -> dict[str, Any]:
    """What one model has over another in accuracy and macro-F1, by task and in the mean."""
    by_task = {
        task: {key: one.figures[key] - other.figures[key] for key in ("accuracy", "macro_f1")}
        for task, one, other in zip(tasks, ours, theirs, strict=True)
    }
    mean = {key: float(np.mean([e[key] for e in by_task.values()])) for key in ("accuracy", "macro_f1")}
    return {"tasks": by_task, "mean": mean}


def row(task: str, name: str, figures: Mapping[str, float], after: str) -> str:
    return f"{task:12}{name:13}" + "".join(f"{figures[key]:>12.3f}" for key in FIGURES) + after


def show_task(task: str, found: Iterable[Result]) -> None:
    for result in found:
        print(row(task, result.model, result.figures, f"{result.seconds:>9.1f}"), flush=True)


def show_means(said: Mapping[str, Any]) -> None:
    for name, mean in said["models"].items():
        low, high = mean["accuracy_interval"]
        print(row("mean", name, mean, f"         accuracy {low:.3f} to {high:.3f}"))
    for pair, found in said["differences"].items():
        by_task = ", ".join(f"{task} {each['accuracy']:+.3f}" for task, each in found["tasks"].items())
        low, high = found["accuracy_interval"]
        print(f"{pair}, accuracy: {by_task}")
        print(
            f"  mean {found['mean']['accuracy']:+.3f} ({low:+.3f} to {high:+.3f}), "
            f"macro-F1 {found['mean']['macro_f1']:+.3f}"
        )


def show_votes(bench: Bench, votes: Votes) -> dict[str, int]:
    """Says how many tickets there are, and how many gold ones."""
    name, pool = votes.task.name, len(votes.ticket_ids)
    found = len(set(bench.gold.ticket_ids) & set(votes.ticket_ids))
    print(f"{name}: {pool:,} tickets, {found} of {len(bench.gold)} gold ones among them")
    if pool > bench.snorkel_most:
        print(f"  snorkel is fitted on {len(thinned(votes, bench.snorkel_most).ticket_ids):,} of them")
    return {"pool": pool, "gold": len(bench.gold), "gold_found": found}


def measure(bench: Bench, tasks: Sequence[Task], transformer: bool) -> dict[str, Any]:
    """All sets of all tasks, printed as they come; a set like an earlier one is not fitted again."""
    votes = {task.name: bench.votes(task) for task in tasks}
    said: dict[str, Any] = {"tickets": {}, "results": [], "means": []}
    said["tickets"] = {name: show_votes(bench, each) for name, each in votes.items()}
    known: dict[tuple[tuple[str, ...], ...], dict[str, list[Result]]] = {}
    for which in SETS:
        chosen = {name: subset(each, which) for name, each in votes.items()}
        chosen = {name: each for name, each in chosen.items() if each.lf_names}
        numbers = [f"{len(each.lf_names)} on {name}" for name, each in chosen.items()]
        print(f"\n{which}: {', '.join(numbers) or 'no function'}\n{HEAD}")
        key = tuple(each.lf_names for each in chosen.values())
        known[key] = found = (
            known[key] if key in known else bench.results(chosen, transformer and which == SETS[0])
        )
        for name, each in chosen.items():
            show_task(name, found[name])
            said["results"] += [to_dict(which, each, result) for result in found[name]]
        said["means"].append(means(which, found))
        show_means(said["means"][-1])
    return said


def to_dict(which: str, votes: Votes, result: Result) -> dict[str, Any]:
    of = {"set": which, "task": votes.task.name, "lfs": len(votes.lf_names), "model": result.model}
    return {**of, **result.figures, "fit_seconds": result.seconds}


def open_bench(args: argparse.Namespace) -> tuple[Bench, list[Task]]:
    workspace = Workspace.open(args.project)
    schema, gold = workspace.config.schema_, workspace.config.evaluate.gold
    if gold is None:
        raise LabelingError("nothing to measure against: name a file of trusted labels in [evaluate] gold")
    labels = read_labels(workspace.path(gold), schema)
    tasks = [schema.task(name) for name in args.tasks or schema.names]
    if skipped := [task.name for task in tasks if task.multi or not labels.of(task)]:
        print(f"left out, multi-label or without gold: {listed(skipped)}")
    bench = Bench(workspace, args.run, labels, args.snorkel_most)
    return bench, [task for task in tasks if task.name not in skipped]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path, help="a project with a run whose votes exist")
    parser.add_argument("--run", default="main")
    parser.add_argument("--tasks", nargs="*", metavar="TASK", help="these tasks alone")
    parser.add_argument(
        "--snorkel-most", type=int, default=SNORKEL_MOST, metavar="TICKETS", help="%(default)s"
    )
    parser.add_argument(
        "--transformer", action="store_true", help="also refine all functions' labels by the transformer"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    args = parser.parse_args()
    try:
        said = measure(*open_bench(args), args.transformer)
    except TicketloomError as error:
        sys.exit(f"error: {error}")
    if args.json:
        args.json.write_text(json.dumps(said, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""What each stage of a run does: reads the artifacts of earlier stages, writes its own, returns a summary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from active.pool import Pool
from active.query import select
from active.review.ledger import Ledger
from active.review.oracle import Oracle
from app.face import Progress
from app.soft_labels import FOLDS, linear_predictions, refined_by, transformer_predictions
from data.cleaning import clean_text
from data.config import (
    ActiveSettings,
    Config,
    EncoderSettings,
    ExportSettings,
    IssueSettings,
    TrainingSettings,
)
from data.errors import ConfigError, IngestError, listed
from data.labels import Answer, LabeledTickets, read_labels
from data.mappings import LabelMapping, read_mappings, support_mappings
from data.schema import Schema, Task
from data.splits import hash64
from data.store import StageResult, read_json, write_json, write_table
from data.tickets import open_tickets, read_columns
from data.workspace import Workspace
from labeling.issues import LabelIssue, label_issues
from labeling.label_models import label_model
from labeling.lf import BoundLF
from labeling.load import load_cues, load_lfs
from labeling.memory import VoteMemory
from labeling.vote_files import Engine, Source, write_votes
from labeling.votes import SoftLabels, Votes

if TYPE_CHECKING:
    from model.augment import LabeledTexts
    from model.dataset import TrainingSet
    from model.net import TicketClassifier

Answers = Mapping[str, Mapping[str, Answer]]
Array = np.ndarray[Any, Any]
COLUMNS = ("ticket_id", "text", "split", "duplicate_of")
SEED_SAMPLE = 1000
STATE = "state.json"
NO_GOLD = "no trusted labels to measure against; name some in [evaluate] gold"


@dataclass(frozen=True)
class TicketColumns:
    """Columns of the pool, in its order; `duplicate_of[i]` is None for a first copy."""

    ticket_ids: tuple[str, ...]
    texts: tuple[str, ...]
    splits: tuple[str, ...]
    duplicate_of: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.ticket_ids)

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {ticket_id: row for row, ticket_id in enumerate(self.ticket_ids)}

    @cached_property
    def groups(self) -> Array:
        """int [n]: tickets that are near duplicates of each other have the same number."""
        firsts = zip(self.ticket_ids, self.duplicate_of, strict=True)
        return np.array([self.row_of[first or own] for own, first in firsts], int)

    def rows(self, splits: Sequence[str], without: Iterable[str] = ()) -> Array:
        """Row positions of the first copies in these splits, the tickets of `without` left out."""
        out = set(without)
        return np.array(
            [
                row
                for row, ticket_id in enumerate(self.ticket_ids)
                if self.splits[row] in splits and self.duplicate_of[row] is None and ticket_id not in out
            ],
            int,
        )


NO_TICKETS = TicketColumns((), (), (), ())


def check_tickets(path: Path) -> None:
    """Raises IngestError where there is no pool, or an empty one."""
    if open_tickets(path).metadata.num_rows == 0:
        raise IngestError(f"{path}: the pool is empty: every row was set aside; see quarantine.jsonl")


def ticket_columns(path: Path) -> TicketColumns:
    """The columns of the pool that stages need."""
    table = read_columns(path, COLUMNS)
    return TicketColumns(*(tuple(table[name].to_pylist()) for name in COLUMNS))


def ledger(workspace: Workspace) -> Ledger:
    """The project's ledger of human labels."""
    return Ledger(workspace.reviews)


def labeling_functions(workspace: Workspace, tickets: TicketColumns) -> list[BoundLF]:
    """The project's labeling functions; those that hold models come last: they take a look at the pool."""
    config, schema = workspace.config, workspace.config.schema_
    lfs = load_lfs(config.lf_modules, schema, workspace.root)
    rows = sample_rows(tickets, tickets.rows(["train"]), set(), SEED_SAMPLE)
    sample = [tickets.texts[row] for row in rows]
    lfs += _embedding_lfs(workspace, lfs, sample)
    if config.seeds.enabled:
        from lfs.seeds import seed_lfs

        named = config.seeds.examples
        examples = read_labels(workspace.path(named), schema) if named else None
        lfs += seed_lfs(schema, config.encoder, config.seeds, sample, examples)
    return lfs


def _embedding_lfs(workspace: Workspace, lfs: Sequence[BoundLF], sample: Sequence[str]) -> list[BoundLF]:
    """What tweets resemble, and models of public datasets; they share one pass of the encoder."""
    from lfs.prototypes import prototype_lfs, shipped_examples
    from lfs.shared_encoder import SharedEncoder
    from lfs.transfer import transfer_lfs

    config, schema = workspace.config, workspace.config.schema_
    encoder = SharedEncoder(config.encoder, workspace.cache)
    files = config.lfs.examples
    if files is not None:
        examples = [read_labels(workspace.path(name), schema) for name in files]
    else:
        examples = shipped_examples(schema) if config.tasks is None else []
    cues = load_cues(config.lf_modules, lfs, workspace.root)
    found = prototype_lfs(schema, examples, encoder, cues, sample, workspace.cache)
    if config.lfs.datasets:
        found += transfer_lfs(
            schema, encoder, workspace.path(config.lfs.datasets), _mappings(workspace), sample
        )
    return found


def _mappings(workspace: Workspace) -> tuple[LabelMapping, ...]:
    """What the labels of public datasets mean for the project's tasks."""
    config = workspace.config
    if config.lfs.mappings:
        return read_mappings(workspace.path(config.lfs.mappings), config.schema_)
    if config.tasks is None:
        return support_mappings()
    raise ConfigError(
        '[lfs] datasets needs a file of mappings for the project\'s own tasks: [lfs] mappings = "FILE"; '
        "data/schemas/support.mappings.toml is one"
    )


def build_votes(
    folder: Path,
    source: Source,
    tasks: Sequence[Task],
    lfs: Sequence[BoundLF],
    engine: Engine,
    old: Path,
    keep_others: bool,
    workspace: Workspace,
    progress: Progress,
) -> dict[str, Any]:
    """`<task>.parquet`: the votes on each task, taken over from the folder `old` where nothing changed."""
    said = write_votes(
        folder,
        source,
        tasks,
        lfs,
        engine,
        memory=VoteMemory.of(old, source.code),
        keep_others=keep_others,
        cache=workspace.cache,
        faults_allowed=workspace.config.lfs.faults_allowed,
        progress=progress,
    )
    faults = {name: fault["tickets"] for name, fault in said["faults"].items()}
    return {
        "labeling_functions": len(lfs),
        "asked": said["asked"],
        "coverage": said["coverage"],
        "faults": faults,
    }


def build_labels(
    folder: Path,
    votes_folder: Path,
    embeddings_folder: Path | None,
    tickets: TicketColumns,
    config: Config,
    answers: Answers,
    previous: Path | None,
    progress: Progress,
) -> dict[str, Any]:
    """`<task>.parquet`: soft labels; `weights.json`: what the label model thinks of each function.

    `answers` are people's: the label model learns from them how right the functions are. It starts
    where that of the last round, in the folder `previous`, came to; `state.json` is for the next one.
    With embeddings texts refine what it says, as [label_model] refine has it.
    """
    schema, settings = config.schema_, config.label_model
    before = read_json(previous / STATE) if previous else {}
    votes = {task.name: Votes.load(votes_folder / f"{task.name}.parquet", task) for task in schema}
    models = {
        name: label_model(settings, name, before.get(name)).fit(of_task, answers.get(name, {}))
        for name, of_task in votes.items()
    }
    by_votes = {name: model.predict_proba(votes[name]) for name, model in models.items()}
    soft = _refined(by_votes, votes, embeddings_folder, tickets, config, answers, progress)
    for name, of_task in soft.items():
        of_task.save(folder / f"{name}.parquet")
    write_json(folder / "weights.json", {name: model.weights() for name, model in models.items()})
    write_json(folder / STATE, {name: model.state() for name, model in models.items()})
    unvoted = {name: _unvoted(of_task) for name, of_task in votes.items()}
    return {
        "label_model": settings.name,
        "coverage": {name: float(of_task.covered.mean()) for name, of_task in soft.items()},
        "changed_by_texts": {name: _changed(by_votes[name], soft[name]) for name in soft},
        "reviewed": len({ticket_id for of_task in answers.values() for ticket_id in of_task}),
        "labels_without_a_vote": {name: labels for name, labels in unvoted.items() if labels},
    }


def _refined(
    soft: dict[str, SoftLabels],
    votes: Mapping[str, Votes],
    embeddings_folder: Path | None,
    tickets: TicketColumns,
    config: Config,
    answers: Answers,
    progress: Progress,
) -> dict[str, SoftLabels]:
    if embeddings_folder is None or len(np.unique(tickets.groups)) < FOLDS:
        return soft
    embeddings = np.load(embeddings_folder / "embeddings.npy")
    predicted = linear_predictions(soft, tickets.texts, embeddings, tickets.groups, answers)
    soft = refined_by(predicted, soft, votes)
    if config.label_model.refine == "transformer":
        predicted = transformer_predictions(
            soft, tickets.texts, tickets.groups, answers, config.encoder, config.training, progress
        )
        soft = refined_by(predicted, soft, votes)
    return soft


def _unvoted(votes: Votes) -> list[str]:
    """The labels that no function votes for on any ticket."""
    voted = set(np.unique(votes.values).tolist())
    return [label for i, label in enumerate(votes.task.labels) if i not in voted]


def _changed(before: SoftLabels, after: SoftLabels) -> float:
    """The share of tickets whose answer is another one."""
    pairs = zip(before.answers(), after.answers(), strict=True)
    return sum(one != other for one, other in pairs) / max(1, len(before.ticket_ids))


def build_embeddings(
    folder: Path, tickets: TicketColumns, settings: EncoderSettings, progress: Progress
) -> dict[str, Any]:
    """`embeddings.npy`: float32 [n_tickets, dim] in the pool's order."""
    from model.encoder import embed, load_encoder

    embeddings = embed(load_encoder(settings), tickets.texts, progress)
    np.save(folder / "embeddings.npy", embeddings)
    return {"tickets": len(embeddings), "dim": int(embeddings.shape[1])}


def build_issues(
    folder: Path,
    labels_folder: Path,
    embeddings_folder: Path,
    tickets: TicketColumns,
    schema: Schema,
    settings: IssueSettings,
) -> dict[str, Any]:
    """`issues.parquet`: label issues of all tasks, worst first within each; `<task>.parquet`: what the

    cross-validated model predicts for every ticket.
    """
    from model.probe import cross_val_proba, text_features

    embeddings = np.load(embeddings_folder / "embeddings.npy")
    issues: list[LabelIssue] = []
    counts = {}
    features = text_features(tickets.texts)
    for task in schema:
        soft = SoftLabels.load(labels_folder / f"{task.name}.parquet", task)
        folds = min(settings.folds, len(np.unique(tickets.groups)))
        found: list[LabelIssue] = []
        if soft.covered.any() and folds > 1:
            predicted = cross_val_proba(
                task, embeddings, soft.probs, soft.covered, tickets.groups, folds, features=features
            )
            found = label_issues(soft, predicted)
            replace(soft, probs=predicted).save(folder / f"{task.name}.parquet")
        issues += found
        counts[task.name] = len(found)
    write_table(folder / "issues.parquet", _issue_table(issues))
    return {"issues": counts}


_ISSUES = pa.schema(
    [(name, pa.string()) for name in ("ticket_id", "task", "given", "suggested", "kind")]
    + [("label_quality", pa.float64())]
)


def _issue_table(issues: Sequence[LabelIssue]) -> pa.Table:
    return pa.Table.from_pylist([asdict(issue) for issue in issues], _ISSUES)


def read_issues(folder: Path) -> list[LabelIssue]:
    """What `build_issues` wrote."""
    return [LabelIssue(**row) for row in pq.read_table(folder / "issues.parquet").to_pylist()]


def build_adapted(
    folder: Path,
    tickets: TicketColumns,
    gold: LabeledTickets | None,
    config: Config,
    checkpoints: Path,
    progress: Progress,
) -> dict[str, Any]:
    """The encoder after masked language modelling on the pool, gold tickets and duplicates left out."""
    from model.adapt import adapt_encoder

    rows = tickets.rows(["train"], gold.ticket_ids if gold else ())
    rows = sample_rows(tickets, rows, set(), config.adaptation.most_tickets)
    return adapt_encoder(
        [tickets.texts[row] for row in rows],
        config.encoder,
        config.adaptation,
        folder,
        progress,
        checkpoints,
    )


def build_model(
    folder: Path,
    labels_folder: Path,
    issues_folder: Path,
    tickets: TicketColumns,
    schema: Schema,
    answers: Answers,
    gold: LabeledTickets | None,
    encoder: EncoderSettings,
    datasets: list["LabeledTexts"],
    config: Config,
    last_round: Path | None,
    checkpoints: Path,
    progress: Progress,
) -> dict[str, Any]:
    """The trained classifier in the transformers form. Gold tickets and duplicates are left out.

    It starts from the encoder, or from a classifier if the settings say so. A training that was interrupted
    goes on from `checkpoints`.
    """
    from app.augmentation import augmented
    from model.train import train_classifier

    train, validation = training_sets(
        labels_folder, issues_folder, tickets, schema, answers, gold, config, rehearses=last_round is not None
    )
    if config.augmentation.enabled:
        train, validation = augmented(train, validation, datasets, config.augmentation)
    return train_classifier(
        train,
        validation,
        encoder,
        config.training,
        folder,
        progress,
        checkpoints,
        schema,
        start=first_classifier(config.training, last_round),
    )


def first_classifier(settings: TrainingSettings, last_round: Path | None) -> "TicketClassifier | None":
    """The classifier that training starts from; None for the encoder alone."""
    if settings.start == "pretrained":
        from model.restore import restore
        from model.runtime import PRETRAINED

        return restore(PRETRAINED)
    if last_round is not None:
        from model.predict import load_classifier

        return load_classifier(last_round)[0]
    return None


def training_sets(
    labels_folder: Path,
    issues_folder: Path,
    tickets: TicketColumns,
    schema: Schema,
    answers: Answers,
    gold: LabeledTickets | None,
    config: Config,
    *,
    rehearses: bool = False,
) -> tuple["TrainingSet", "TrainingSet"]:
    """What is trained on and what is validated on: soft labels after pruning, people's in their place.

    A training that goes on from an earlier one rehearses a part of the tickets that are not reviewed.
    """
    from model.dataset import training_set

    soft = _soft_labels(labels_folder, issues_folder, tickets, schema, config.issues)
    whole = training_set(
        schema, tickets.ticket_ids, tickets.texts, soft, answers, config.training.review_weight
    )
    without = gold.ticket_ids if gold else ()
    reviewed = {ticket_id for of_task in answers.values() for ticket_id in of_task}
    rows = tickets.rows(["train"], without)
    most = config.training.most_tickets
    if rehearses:
        known = sum(tickets.ticket_ids[row] in reviewed for row in rows)
        most = min(most, known + config.training.rehearsed)
    rows = sample_rows(tickets, rows, reviewed, most)
    held_out = sample_rows(
        tickets, tickets.rows(["validation"], without), reviewed, config.training.most_tickets // 5
    )
    return whole.take(rows), whole.take(held_out)


def _soft_labels(
    labels_folder: Path, issues_folder: Path, tickets: TicketColumns, schema: Schema, settings: IssueSettings
) -> dict[str, tuple[Array, Array]]:
    """Task → (probs, what each ticket counts): 0 where nothing is known, less or 0 for label issues."""
    soft = {}
    for task in schema:
        labels = SoftLabels.load(labels_folder / f"{task.name}.parquet", task)
        soft[task.name] = (labels.probs, labels.covered.astype(np.float32))
    issues = read_issues(issues_folder) if settings.action != "keep" else ()
    for issue in (each for each in issues if each.task in soft):
        counts = soft[issue.task][1]
        row = tickets.row_of[issue.ticket_id]
        counts[row] = min(counts[row], issue.label_quality if settings.action == "downweight" else 0)
    return soft


def sample_rows(tickets: TicketColumns, rows: Array, first: set[str], most: int) -> Array:
    """At most `most` of the rows, in their order: the tickets of `first`, then others by a stable hash."""
    if len(rows) <= most:
        return rows
    ranked = sorted(
        rows, key=lambda row: (tickets.ticket_ids[row] not in first, hash64(tickets.ticket_ids[row]))
    )
    return np.sort(np.array(ranked[:most], int))


def build_evaluation(
    folder: Path,
    model_folder: Path,
    schema: Schema,
    tickets: TicketColumns,
    gold: LabeledTickets | None,
    held_out: Answers | None,
) -> dict[str, Any]:
    """`evaluation.json`, and `<task>.parquet` with the predictions, on `trusted_labels`."""
    from model.evaluate import evaluate
    from model.predict import load_classifier, predict_proba

    trusted = trusted_labels(schema, tickets, gold, held_out)
    texts = texts_of(trusted, tickets)
    if not texts:
        write_json(folder / "evaluation.json", {})
        return {"n": 0, "note": NO_GOLD}
    classifier, tokenizer = load_classifier(model_folder)
    probs = predict_proba(classifier, tokenizer, texts)
    figures = evaluate(schema, probs, trusted.answers)
    write_json(folder / "evaluation.json", figures)
    for task in schema:
        covered = np.ones(len(texts), bool)
        SoftLabels(task, trusted.ticket_ids, probs[task.name], covered).save(folder / f"{task.name}.parquet")
    return {"n": len(texts)} | {name: figures[name] for name in ("mean_accuracy", "mean_macro_f1")}


def trusted_labels(
    schema: Schema, tickets: TicketColumns, gold: LabeledTickets | None, held_out: Answers | None
) -> LabeledTickets:
    """Gold, else the reviewed tickets of the test split."""
    return gold if gold else _reviewed(schema, tickets, held_out or {}, "test")


def _reviewed(schema: Schema, tickets: TicketColumns, answers: Answers, split: str) -> LabeledTickets:
    """The reviewed tickets of a split."""
    rows = tickets.rows([split])
    known = [
        tickets.ticket_ids[row] for row in rows if any(tickets.ticket_ids[row] in a for a in answers.values())
    ]
    return LabeledTickets(
        tuple(known),
        (None,) * len(known),
        {
            task.name: tuple(answers.get(task.name, {}).get(ticket_id) for ticket_id in known)
            for task in schema
        },
    )


def texts_of(trusted: LabeledTickets, tickets: TicketColumns, file: Path | None = None) -> list[str]:
    """Clean texts of trusted tickets: the file's own, else the pool's; IngestError where there is neither."""
    texts, missing = [], []
    for ticket_id, text in zip(trusted.ticket_ids, trusted.texts, strict=True):
        if own := clean_text(text) if isinstance(text, str) else "":
            texts.append(own)
        elif ticket_id in tickets.row_of:
            texts.append(tickets.texts[tickets.row_of[ticket_id]])
        else:
            missing.append(ticket_id)
    if missing:
        raise IngestError(
            (f"{file}: " if file else "")
            + f"{len(missing)} of {len(trusted)} labeled tickets have no text: neither the file nor the pool "
            f"has one; they are {listed(missing, 3)}"
            + (f"; ids of the pool are like {listed(tickets.ticket_ids[:3])}" if tickets.ticket_ids else "")
        )
    return texts


def build_selection(
    folder: Path,
    model_folder: Path,
    schema: Schema,
    tickets: TicketColumns,
    labeled: set[str],
    gold: LabeledTickets | None,
    oracle: LabeledTickets | None,
    settings: ActiveSettings,
    round_number: int,
    issues_folder: Path,
    progress: Progress,
) -> dict[str, Any]:
    """`selection.json`: whom to ask. With an oracle, only tickets that it can answer are in the pool."""
    from model.predict import load_classifier, predict_proba

    rows = tickets.rows(["train", "validation"], gold.ticket_ids if gold else ())
    known = set(oracle.ticket_ids) if oracle else None
    ids = [tickets.ticket_ids[row] for row in rows]
    pool = Pool.of((i for i in ids if known is None or i in known), labeled)
    asked = [ticket_id for ticket_id in ids if ticket_id in pool.unlabeled]
    classifier, tokenizer = load_classifier(model_folder)
    texts = [tickets.texts[tickets.row_of[ticket_id]] for ticket_id in asked]
    probs = predict_proba(
        classifier, tokenizer, texts, lambda done: progress(100 * done // max(1, len(texts)))
    )
    selection = select(
        schema,
        asked,
        probs,
        strategy=settings.strategy,
        batch=settings.batch,
        seed=settings.seed,
        round_number=round_number,
        expected_errors=_expected_errors(issues_folder),
    )
    write_json(folder / "selection.json", selection.to_dict())
    return {"unlabeled": len(asked), "selected": len(selection.ticket_ids), "strategy": settings.strategy}


def _expected_errors(issues_folder: Path) -> dict[str, float]:
    """Ticket id → how many of its soft labels are probably wrong."""
    found: dict[str, float] = {}
    for issue in read_issues(issues_folder):
        found[issue.ticket_id] = found.get(issue.ticket_id, 0.0) + 1 - issue.label_quality
    return found


def build_reviews(
    folder: Path,
    selection_folder: Path,
    schema: Schema,
    oracle: LabeledTickets,
    reviewer: str,
    reviews: Ledger,
    round_number: int,
) -> dict[str, Any]:
    """Asks the oracle; the ledger has the answers on disk before `reviews.json` lists them."""
    asked = read_json(selection_folder / "selection.json")["ticket_ids"]
    answers = Oracle(oracle, schema, reviewer).review(asked, round_number)
    reviews.append(answers)
    rows = [{"ticket_id": r.ticket_id, "task": r.task, "labels": list(r.labels)} for r in answers]
    write_json(folder / "reviews.json", rows)
    return {"tickets": len({review.ticket_id for review in answers}), "labels": len(answers)}


def _facts(model: StageResult, evaluation: StageResult, settings: ExportSettings) -> dict[str, Any]:
    """What there is to say of a classifier: its figures, what it was trained on, what the project states."""
    tasks = read_json(evaluation.folder / "evaluation.json").get("tasks", {})
    figures = {
        name: {figure: of[figure] for figure in ("accuracy", "macro_f1")} for name, of in tasks.items()
    }
    told = ("teachers", "tickets", "reviewed", "validation_tickets")
    return {
        "evaluation": evaluation.summary | ({"tasks": figures} if figures else {}),
        "trained_on": {name: model.summary[name] for name in told if name in model.summary},
        "about": settings.model_dump(exclude={"precision"}, exclude_defaults=True),
    }


def build_export(
    folder: Path,
    model: StageResult,
    schema: Schema,
    tickets: TicketColumns,
    answers: Answers,
    settings: ExportSettings,
    evaluation: StageResult,
) -> dict[str, Any]:
    """The exported classifier, with its scores on its card.

    It is calibrated on the reviewed tickets of the validation split, where there are enough of them.
    """
    from model.export import export_classifier
    from model.predict import load_classifier, predict_proba
    from model.thresholds import calibrate

    reviewed = _reviewed(schema, tickets, answers, "validation")
    probs = predict_proba(*load_classifier(model.folder), texts_of(reviewed, tickets))
    card = export_classifier(
        model.folder,
        folder,
        _facts(model, evaluation, settings),
        precision=settings.precision,
        calibration=calibrate(schema, probs, reviewed.answers),
    )
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "tasks": [task["name"] for task in card["tasks"]],
        "precision": settings.precision,
        "calibrated": list(card["calibration"]),
        "megabytes": round(size / 1e6, 1),
    }

"""`ticketloom predict`: labels for one text or a file, from an export."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import Terminal, console, errors, label_text, table
from data.config import CONFIG_FILE
from data.errors import ConfigError, IngestError, TrainingError
from data.readers import SUFFIXES
from data.schema import support_schema
from data.store import read_json
from data.workspace import Workspace

DEMO = Path("demo") / "export"


def predict(
    ctx: typer.Context,
    text_or_file: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A tweet, or a CSV, JSONL or Parquet file.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write a file's predictions here (.jsonl, .csv or .parquet).")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="An export; the project's by default, else the package's own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Predicts every task of the schema, with confidences.

    A file keeps its ids; rows without text are set aside and counted.
    """
    from model.runtime import Classifier

    path = Path(text_or_file)
    is_file = _is_file(path)
    classifier = Classifier.load(model or export_folder(ctx))
    if is_file:
        _predict_file(classifier, path, out, as_json)
        return
    answer = {
        task: prediction.to_dict() for task, prediction in classifier.predict([text_or_file])[0].items()
    }
    if as_json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    rows = [
        [task, label_text(found["label"]), f"{found['confidence']:.2f}"] for task, found in answer.items()
    ]
    console.print(table("", ["task", "label", "confidence"], rows))


def _is_file(path: Path) -> bool:
    try:
        if path.is_file():
            return True
    except OSError:
        return False
    if path.suffix.lower() in SUFFIXES and " " not in path.name:
        raise IngestError(f"{path}: no such file")
    return False


def export_folder(ctx: typer.Context) -> Path:
    """Where the classifier is: the project's export, or the demo's where there is no project.

    Where nothing is exported yet, the classifier that comes with ticketloom answers, if it has the
    project's schema.
    """
    root: Path = ctx.obj or Path()
    try:
        workspace = Workspace.open(root)
        export, schema = workspace.export, workspace.config.schema_
    except ConfigError:
        if (root / CONFIG_FILE).is_file():
            raise
        export, schema = root / DEMO, support_schema()
    if export.is_dir():
        return export
    from model.runtime import PRETRAINED

    if schema.fingerprint != _schema_of(PRETRAINED):
        raise TrainingError(
            f"{export}: no exported classifier; run `ticketloom run`, or name one with --model; "
            "the one that comes with ticketloom answers another schema"
        )
    errors.print(f"no classifier in {export} yet: the one that comes with ticketloom answers", soft_wrap=True)
    return PRETRAINED


def _schema_of(export: Path) -> str:
    """The fingerprint of the schema that an export answers."""
    from model.runtime import CARD

    return str(read_json(export / CARD)["schema_fingerprint"])


def _predict_file(classifier: Any, path: Path, out: Path | None, as_json: bool) -> None:
    from app.batch import predict_file

    with Terminal(quiet=as_json).working(f"predicting {path.name}", None) as progress:
        summary = predict_file(classifier, path, out, progress, sys.stdout)
    if as_json and out:
        print(json.dumps(summary, indent=2))
    elif summary["set_aside"] and not out:
        errors.print(
            f"{summary['set_aside']} rows set aside; --out FILE lists them with their reasons", soft_wrap=True
        )
    elif out:
        console.print(
            f"wrote {summary['predicted']} predictions to {out}; {summary['set_aside']} rows set aside",
            soft_wrap=True,
        )

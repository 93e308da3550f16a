"""`ticketloom predict`: labels for one text or a file, from an export."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import Terminal, console, errors, label_text, table
from data.errors import ConfigError, IngestError, TrainingError
from data.readers import SUFFIXES
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
        Path | None, typer.Option(help="An export; the project's by default, else the demo's.")
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
    """Where the classifier is: the project's export, or the demo's where there is no project."""
    root: Path = ctx.obj or Path()
    try:
        export = Workspace.open(root).export
    except ConfigError:
        export = root / DEMO if (root / DEMO).is_dir() else root / "export"
    if not export.is_dir():
        raise TrainingError(
            f"{export}: no exported classifier; run `ticketloom run`, or name one with --model"
        )
    return export


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

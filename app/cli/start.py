"""`ticketloom init`: a new project."""

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from app.console import console
from data.config import CONFIG_FILE
from data.errors import ConfigError

SAMPLE_FILES = ("twcs.csv", "reviewed.jsonl", "gold.jsonl")


def init(
    folder: Annotated[Path, typer.Argument(help="The new project's folder.")] = Path(),
    data: Annotated[list[Path] | None, typer.Option(help="A file of tweets; may be repeated.")] = None,
    oracle: Annotated[Path | None, typer.Option(help="Labels that answer in a reviewer's place.")] = None,
    gold: Annotated[Path | None, typer.Option(help="Labels to measure against.")] = None,
    sample: Annotated[bool, typer.Option(help="Start from the sample corpus.")] = False,
) -> None:
    """Makes a project: a folder with a ticketloom.toml to read and edit."""
    config = folder / CONFIG_FILE
    if config.exists():
        raise ConfigError(f"{config}: exists already; nothing was changed")
    folder.mkdir(parents=True, exist_ok=True)
    names = [str(path.resolve()) for path in data or []]
    answers = [str(path.resolve()) if path else None for path in (oracle, gold)]
    if sample:
        for name in SAMPLE_FILES:
            with resources.as_file(resources.files("data") / "sample" / name) as path:
                shutil.copyfile(path, folder / name)
        names, answers = ["twcs.csv"], ["reviewed.jsonl", "gold.jsonl"]
    config.write_text(_document(names, *answers), "utf-8")
    console.print(f"made {config}; next: ticketloom --project {folder} run", soft_wrap=True)


def _document(files: list[str], oracle: str | None, gold: str | None) -> str:
    quoted = ", ".join(map(_quoted, files))
    return f"""\
# A ticketloom project. Settings left out have their defaults; unknown ones are errors.
# The tasks are those of customer support (category, priority, sentiment, intent, department)
# unless you declare your own:
#
#   [tasks.topic]
#   [tasks.topic.labels]
#   delivery = "where a parcel is and when it comes"
#   payment = "charges, refunds and prices"

[data]
files = [{quoted}]

[review]
{_setting("oracle", oracle)}  # a file of trusted labels that answers in a reviewer's place

[evaluate]
{_setting("gold", gold)}  # a file of trusted labels to measure against; never trained on
"""


def _quoted(text: str) -> str:
    """A TOML string; JSON's are TOML's, too."""
    return json.dumps(text, ensure_ascii=False)


def _setting(name: str, value: str | None) -> str:
    return f"{name} = {_quoted(value)}" if value else f'# {name} = "labels.jsonl"'

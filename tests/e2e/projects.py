"""Small projects cut from the sample corpus, and the commands that run them."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from data.readers import Row, read_rows
from data.store import file_hash, read_json

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SCRIPTS = Path(sys.executable).parent
# One thread: training is too small to gain by more, and two that share a busy core wait for each other.
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "200"}
FAST = """
[issues]
folds = 2
[training]
epochs = 1
batch_size = 16
[active]
batch = 8
"""

TOPICS = {
    "money": ("refund", "charge", "charged", "pay", "paid", "bill", "card", "price", "money"),
    "travel": ("flight", "train", "bag", "seat", "gate", "driver", "ride", "room"),
    "things": ("phone", "app", "wifi", "screen", "machine", "order", "parcel", "delivery"),
}
TOPIC_CONFIG = """
[tasks.topics]
kind = "multi"
labels = ["money", "travel", "things"]
[tasks.length]
labels = ["short", "long"]
[lfs]
modules = ["topic_lfs.py"]
[seeds]
enabled = false
"""
TOPIC_LFS = f"""
from snorkel.labeling import labeling_function

from labeling.lf import BatchLF, PatternLF

TASK = "topics"
WORDS = {TOPICS!r}


@labeling_function()
def few_words(ticket):
    return "short" if len(ticket.text) < 90 else None


def many_words(texts):
    return ["long" if len(text) >= 90 else None for text in texts]


long = BatchLF("many_words", many_words)
few_words.task_name = long.task_name = "length"
LFS = [PatternLF(label, label=label, any_of=words) for label, words in WORDS.items()] + [few_words, long]
"""

WORDS = (  # noqa: SIM905
    "phone card driver account shop order email delivery chat month room parcel flight bank staff "
    "machine door gate house kids page code week night morning friday sunday hour call name"
).split()
WORD_CONFIG = f"""
[tasks.word]
question = "Which of these words comes first?"
labels = {WORDS!r}
[lfs]
modules = ["word_lfs.py"]
[label_model]
name = "snorkel"
epochs = 20
[seeds]
enabled = false
"""
WORD_LFS = f"""
from snorkel.labeling import LabelingFunction

from labeling.lf import PatternLF

TASK = "word"
WORDS = {WORDS!r}


def says(ticket, word):
    return word if word in ticket.text.lower().split() else -1


LFS = [PatternLF(f"has_{{word}}", label=word, any_of=(word,)) for word in WORDS[:24]] + [
    LabelingFunction(f"has_{{word}}", says, resources={{"word": word}}) for word in WORDS[24:]
]
"""


def script(name: str, *arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a console script in a folder."""
    command = [str(SCRIPTS / name), *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=600, check=False
    )


def ticketloom(folder: Path, *arguments: object) -> str:
    """Standard output of a command that must end well and say nothing on standard error."""
    done = script("ticketloom", *arguments, folder=folder)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    return done.stdout


def answer(folder: Path, *arguments: object) -> Any:
    """What a command prints with `--json`."""
    return json.loads(ticketloom(folder, *arguments, "--json"))


def sample_rows() -> list[dict[str, Any]]:
    """The whole rows of the sample corpus."""
    return [row.values for row in read_rows(SAMPLE / "twcs.csv") if isinstance(row, Row)]


def sample_labels(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text("utf-8").splitlines()]


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def make(folder: Path, config: str) -> Path:
    """A project whose files are tweets.csv, oracle.jsonl and gold.jsonl."""
    named = '[data]\nfiles = ["tweets.csv"]\n[review]\noracle = "oracle.jsonl"\n'
    document = f'{named}[evaluate]\ngold = "gold.jsonl"\n{FAST}{config}'
    (folder / "ticketloom.toml").write_text(document, "utf-8")
    return folder


def support_project(folder: Path) -> Path:
    """The five support tasks on 120 tickets, 30 of them gold and 40 reviewed, with two bad rows."""
    gold, reviewed = sample_labels("gold.jsonl")[:30], sample_labels("reviewed.jsonl")[:40]
    labeled = {row["id"] for row in gold + reviewed}
    rows = sample_rows()
    others = [row for row in rows if row["inbound"] == "True" and not row["in_response_to_tweet_id"]]
    others = [row for row in others if row["tweet_id"] not in labeled][:50]
    taken = labeled | {row["tweet_id"] for row in others}
    folder.mkdir()
    write_csv(folder / "tweets.csv", [row for row in rows if row["tweet_id"] in taken])
    with (folder / "tweets.csv").open("a", encoding="utf-8") as file:
        file.write("not-a-number,1,True,,hello,,\n1,2\n")
    write_lines(folder / "gold.jsonl", gold)
    write_lines(folder / "oracle.jsonl", reviewed)
    texts = {row["tweet_id"]: row["text"] for row in rows}
    examples = sample_labels("reviewed.jsonl")[40:80]
    write_lines(folder / "examples.jsonl", (row | {"text": texts[row["id"]]} for row in examples))
    return make(folder, '[seeds]\nsteps = 2\n[lfs]\nexamples = ["examples.jsonl"]\n')


def _opening_texts() -> list[tuple[str, str]]:
    rows = sample_rows()
    return [
        (row["tweet_id"], row["text"])
        for row in rows
        if row["inbound"] == "True" and not row["in_response_to_tweet_id"] and (row["text"] or "").strip()
    ]


def _write_labeled(folder: Path, tickets: list[tuple[str, str]], labels: list[dict[str, Any]]) -> None:
    """Every fourth ticket is gold, every other one may be asked."""
    folder.mkdir()
    write_csv(folder / "tweets.csv", [{"id": ticket_id, "text": text} for ticket_id, text in tickets])
    rows = [{"id": ticket_id} | found for (ticket_id, _), found in zip(tickets, labels, strict=True)]
    write_lines(folder / "gold.jsonl", rows[::4])
    write_lines(folder / "oracle.jsonl", (row for at, row in enumerate(rows) if at % 4))


def topic_project(folder: Path) -> Path:
    """A multi-label task and a single-label one on 100 tickets."""
    tickets = _opening_texts()[:100]
    labels = [
        {
            "topics": [label for label, words in TOPICS.items() if set(words) & set(text.lower().split())],
            "length": "short" if len(text) < 90 else "long",
        }
        for _, text in tickets
    ]
    _write_labeled(folder, tickets, labels)
    (folder / "topic_lfs.py").write_text(TOPIC_LFS, "utf-8")
    return make(folder, TOPIC_CONFIG)


def word_project(folder: Path) -> Path:
    """One task of thirty labels on some 100 tickets, labeled by patterns and snorkel row functions."""
    found = [(ticket, [w for w in ticket[1].lower().split() if w in WORDS]) for ticket in _opening_texts()]
    found = [(ticket, words[0]) for ticket, words in found if words]
    taken = [pair for word in WORDS for pair in [pair for pair in found if pair[1] == word][:4]]
    _write_labeled(folder, [ticket for ticket, _ in taken], [{"word": word} for _, word in taken])
    (folder / "word_lfs.py").write_text(WORD_LFS, "utf-8")
    return make(folder, WORD_CONFIG)


def clone(project: Path, folder: Path) -> Path:
    """A copy of a project; weights are linked, since nothing writes into them."""

    def copy(source: str, target: str) -> object:
        heavy = source.endswith((".safetensors", ".onnx"))
        return os.link(source, target) if heavy else shutil.copy2(source, target)

    return Path(shutil.copytree(project, folder, copy_function=copy))


@cache
def road(base: Path) -> tuple[Path, str]:
    """The support project after `ticketloom run`, and what that printed; run once per session."""
    folder = support_project(base / "road")
    return folder, ticketloom(folder, "run")


@cache
def topics(base: Path) -> tuple[Path, str]:
    """The multi-label project after `ticketloom run`, and what that printed."""
    folder = topic_project(base / "topics")
    return folder, ticketloom(folder, "run")


def stages(output: str) -> dict[str, str]:
    """Stage → what a run's output says of it: "ok …", or "skipped: …"."""
    lines = [line.split(maxsplit=2) for line in output.splitlines() if line.startswith(("ok ", "-  "))]
    return {stage: said if mark == "-" else f"ok {said}" for mark, stage, said in lines}


def artifacts(project: Path) -> dict[str, dict[str, str]]:
    """Folder of each finished stage → hashes of its files, as its manifest has them."""
    manifests = [path for path in project.rglob("manifest.json") if not _hidden(path.relative_to(project))]
    return {str(path.parent.relative_to(project)): read_json(path)["files"] for path in sorted(manifests)}


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def check_artifacts(project: Path) -> None:
    """Whatever passes as finished is whole: a manifest's files are there, with its hashes."""
    for folder, files in artifacts(project).items():
        for name, expected in files.items():
            assert file_hash(project / folder / name) == expected, f"{folder}/{name}"

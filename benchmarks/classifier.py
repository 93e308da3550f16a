"""The classifier's targets: a table from saved runs, and how these are made.

    python benchmarks/classifier.py [--markdown FILE]
    python benchmarks/classifier.py train NAME … --data FOLDER [--gold FOLDER] [--seeds 3] [--work FOLDER]
                                          [--ship]

NAME is `support` (the five tasks on real tweets), banking77, clinc150, airline_sentiment or complaints.
Training writes `benchmarks/results/NAME.json`; the table reads what lies there. `support` makes a project
in `--work`, which goes on where it was stopped, and exports its best classifier to `export/` there; with
`--ship` that goes into `model/pretrained/`, if it is better than the one there by a point of accuracy.
Intervals are of 2,000 bootstrap samples of the tested texts, each with the mean of the seeds.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import classifier_datasets as datasets
import classifier_support as support

from app.console import Terminal
from data.errors import TicketloomError
from data.store import read_json, write_json
from model.runtime import CARD, FILES, PRETRAINED, read_card

BETTER = 0.01
RESULTS = Path(__file__).parent / "results"
NAMES = ("support", *datasets.GOALS)
TARGETS = {"accuracy": 0.85, "macro_f1": 0.80}
SHOWN = {"accuracy": "accuracy", "macro_f1": "macro-F1"}


def table() -> str:
    """What is saved, as Markdown."""
    saved = {name: read_json(path) for name in NAMES if (path := RESULTS / f"{name}.json").is_file()}
    if not saved:
        raise SystemExit(f"{RESULTS}: no saved run yet; `python benchmarks/classifier.py train` makes one")
    parts = [
        "# Results of the classifier",
        "",
        "Made by `python benchmarks/classifier.py --markdown FILE`.",
        "",
    ]
    if "support" in saved:
        parts += _support(saved["support"])
    if others := [found for name, found in saved.items() if name != "support"]:
        parts += _datasets(others)
    return "\n".join(parts)


def _support(found: dict[str, Any]) -> Iterator[str]:
    yield "## Five tasks on real tweets"
    yield ""
    yield (
        f"A pool of {found['pool']:,} tickets, measured on {found['test']:,} others; {len(found['seeds'])} "
        "seeds. Labels to measure on, and reviewed ones, are by language models under written guidelines."
    )
    yield ""
    first = next(iter(found["lines"].values()))
    tasks = list(first["tasks"])
    yield f"| | tickets | {' | '.join(tasks)} | mean accuracy | mean macro-F1 |"
    yield "|---" * (len(tasks) + 4) + "|"
    for name, line in found["lines"].items():
        cells = [
            " / ".join(f"{line['tasks'][task][figure]['value']:.3f}" for figure in SHOWN) for task in tasks
        ]
        means = [_with_interval(line["mean"][figure]) for figure in SHOWN]
        yield f"| {name} | {found['trained_on'][name]:,} | {' | '.join(cells + means)} |"
    yield ""
    wanted = ", ".join(f"{SHOWN[figure]} {of:.2f}" for figure, of in TARGETS.items())
    yield f"Cells are accuracy / macro-F1. Wanted on average: {wanted}; of priority accuracy 0.90."
    by_seed = [
        f"{name} {', '.join(format(each['accuracy'], '.3f') for each in of)}"
        for name, of in found["trainings"].items()
    ]
    yield f"By seed, mean accuracy: {'; '.join(by_seed)}."
    yield ""


def _datasets(found: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Other schemas, the same code"
    yield ""
    yield "| dataset | labels | train | test | figure | wanted | reached | seeds | seconds a training |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for each in found:
        goal = datasets.GOALS[each["name"]]
        figure = each["figures"]["mean"][goal.figure]
        seeds = ", ".join(f"{training[goal.figure]:.3f}" for training in each["trainings"])
        yield (
            f"| {each['name']} | {each['labels']} | {each['train']:,} | {each['test']:,} | "
            f"{SHOWN[goal.figure]} | {goal.wanted:.3f} | {_with_interval(figure)} | {seeds} | "
            f"{max(each['seconds'])} |"
        )
    yield ""
    for each in found:
        for seed, of in zip(each["seeds"], each.get("outside", ()), strict=False):
            yield (
                f"{each['name']}, seed {seed}: below a confidence of {of['threshold']:.3f}, chosen on "
                f"validation, it abstains on {of['outside_abstained']:.1%} of what lies outside, answers "
                f"{of['inside_answered']:.1%} of the rest, {of['accuracy_of_answered']:.1%} of that right; "
                f"AUROC {of['auroc']:.3f}."
            )
            yield ""


def _with_interval(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['value']:.3f} ({low:.3f}–{high:.3f})"


def train(names: list[str], args: argparse.Namespace) -> None:
    """Trains and saves each."""
    for name in names:
        if name == "support":
            found = support.measured(args.work, args.data, args.gold, args.seeds, Terminal(quiet=False))
            if args.ship:
                print(ship(args.work / "export", PRETRAINED))
        else:
            found = datasets.measured(datasets.GOALS[name], args.data, range(args.seeds))
        RESULTS.mkdir(exist_ok=True)
        write_json(RESULTS / f"{name}.json", found)


def ship(export: Path, into: Path) -> str:
    """Puts an export in the place of a worse one; what was done."""
    new, old = (_accuracy(folder) for folder in (export, into))
    if new < old + BETTER:
        return f"{into} stays: {old:.3f}, and {new:.3f} is not better by {BETTER}"
    into.mkdir(exist_ok=True)
    for name in (CARD, "README.md", *FILES):
        shutil.copyfile(export / name, into / name)
    return f"{into}: {new:.3f} in the place of {old:.3f}"


def _accuracy(export: Path) -> float:
    """The mean accuracy on the card of an export; 0 where there is none."""
    if not (export / CARD).is_file():
        return 0.0
    return float(read_card(export)["facts"]["evaluation"]["mean_accuracy"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--markdown", type=Path, help="write the table here, too")
    commands = parser.add_subparsers(dest="command")
    training = commands.add_parser("train")
    training.add_argument("names", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    training.add_argument("--data", type=Path, required=True, help="folder of the datasets")
    training.add_argument("--gold", type=Path, help="folder of dev.jsonl and reviewed.jsonl, for `support`")
    training.add_argument("--seeds", type=int, default=3, help="%(default)s")
    training.add_argument("--work", type=Path, default=Path("support-project"), help="%(default)s")
    training.add_argument("--ship", action="store_true", help="put a better one into model/pretrained/")
    args = parser.parse_args()
    if args.command == "train":
        if "support" in args.names and args.gold is None:
            parser.error("support needs --gold FOLDER")
        try:
            train(args.names, args)
        except TicketloomError as error:
            sys.exit(f"error: {error}")
    made = table()
    print(made)
    if args.markdown:
        args.markdown.write_text(made, "utf-8")


if __name__ == "__main__":
    main()

"""The five-task classifier: without a human label, with reviewed ones, and one student of several."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.console import Terminal
from app.distillation import DistillationRun
from app.ingest import ingest_files
from app.run import Run
from app.stored_predictions import predictions
from data.config import CONFIG_FILE
from data.workspace import Workspace
from model.repeats import compare_repeats

WEAK, REVIEWED, STUDENT = "no human label", "with reviewed labels", "one student of these"
RECIPE = """\
# How the classifier in model/pretrained/ was made.
[data]
splits = {{ train = 0.9, validation = 0.08, test = 0.02 }}

[lfs]
datasets = "{data}"

[evaluate]
gold = "{gold}/dev.jsonl"

[review]
oracle = "{gold}/reviewed.jsonl"
reviewer = "reviewed.jsonl"

[active]
strategy = "random"
batch = 100000

[training]
start = "round"
most_tickets = 50000
rehearsed = 20000
epochs = 1

[distillation]
layers = 6
soft_labels = 0.0
epochs = 1

[export]
precision = "int8"
licence = "cc-by-nc-sa-4.0"
data = '''
First tweets of customers to brands: Customer Support on Twitter (thoughtvector on Kaggle), 49,834 tickets
with soft labels of labeling functions, a reviewed part of them with labels by a language model under written
guidelines; trained models of BANKING77 (CC BY 4.0), CLINC150 (CC BY 3.0), Bitext (CDLA-Sharing 1.0), Twitter
US Airline Sentiment (CC BY-NC-SA 4.0) and TweetEval voted among the functions. The figures are on 1,000
other tweets, labeled by two language models under the same guidelines, which agreed on 95 to 97 %, and an
adjudicator.'''
data_licence = "CC BY-NC-SA 4.0: not for commercial use."
limits = '''
English tweets to brands, most of them of 2017. Labels follow one set of guidelines, and language models
applied them, not people. Rare intents are found least. Brands, slang and products of later years are unknown
to it; its answers are no ground for decisions about people.'''
"""


def measured(folder: Path, data: Path, gold: Path, seeds: int, face: Terminal) -> dict[str, Any]:
    """Makes a project in `folder`, trains what is compared, exports the student; repeat it to go on."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe = RECIPE.format(data=data.resolve(), gold=gold.resolve())
    (folder / CONFIG_FILE).write_text(recipe, "utf-8")
    workspace = Workspace.open(folder)
    ingest_files(workspace, [data / "pool.parquet", data / "twcs" / "twcs.csv"], face)
    run = DistillationRun(workspace, "main", face)
    lines = {
        name: [predictions(each.evaluation(number).folder, run.schema) for each in _repeated(run, seeds)]
        for number, name in enumerate((WEAK, REVIEWED))
    }
    student = run.distilled(seeds=seeds)
    evaluation = run.measured(student)
    run.exported(student, evaluation)
    lines[STUDENT] = [predictions(evaluation.folder, run.schema)]
    if run.gold is None:
        raise AssertionError("the recipe names gold")
    found = compare_repeats(run.schema, lines, run.gold.answers)
    return {
        "name": "support",
        "pool": len(run.tickets),
        "test": len(run.gold),
        "training": {
            table: getattr(run.config, table).model_dump(exclude_defaults=True)
            for table in ("training", "distillation")
        },
        "seeds": list(range(seeds)),
        "trained_on": {WEAK: run.model(0).summary["tickets"], REVIEWED: run.model(1).summary["tickets"]}
        | {STUDENT: student.summary["tickets"]},
        "lines": found["classifiers"],
        "trainings": found["trainings"],
    }


def _repeated(run: DistillationRun, seeds: int) -> Iterator[Run]:
    """The run, and the runs that train it from further seeds."""
    yield run
    yield from run.other_seeds(seeds)

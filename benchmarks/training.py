"""Training speed: the classifier's training against a plain fp32 loop over the same model and data.

    python benchmarks/training.py LABELED.jsonl GOLD.jsonl [--tickets 1600] [--rounds 3] [--epochs 3]

The plain loop is what one writes first: batches in random order padded to their longest text, AdamW on
all weights, fp32. Both train one epoch on the first tickets of LABELED, `--rounds` times in turn, at the
same batch size and learning rates; ours is timed with everything that belongs to it, from tokenizing to
the files on disk. Then both train `--epochs` epochs on all of LABELED and are measured on GOLD; 0 leaves
that out.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch
from transformers import AutoTokenizer, get_linear_schedule_with_warmup, set_seed

from data.cleaning import clean_text
from data.config import EncoderSettings, TrainingSettings
from data.labels import LabeledTickets, read_labels
from data.schema import Schema, support_schema
from model.dataset import PaddingCollator, TokenizedSet, TrainingSet, training_set
from model.encoder import encoder_path
from model.evaluate import evaluate
from model.net import TicketClassifier, new_classifier
from model.predict import load_classifier, predict_proba
from model.train import train_classifier

ENCODER = EncoderSettings()


def labeled_set(schema: Schema, labels: LabeledTickets) -> TrainingSet:
    texts = [clean_text(text or "") for text in labels.texts]
    answers = {task.name: labels.of(task) for task in schema}
    return training_set(schema, labels.ticket_ids, texts, {}, answers, 1.0)


def ours(items: TrainingSet, settings: TrainingSettings) -> tuple[float, TicketClassifier]:
    """Seconds, and the trained classifier."""
    nothing = items.take(np.arange(0))
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        train_classifier(items, nothing, ENCODER, settings, Path(folder))
        seconds = perf_counter() - started
        return seconds, load_classifier(Path(folder))[0]


def plain(items: TrainingSet, settings: TrainingSettings) -> tuple[float, TicketClassifier]:
    """Seconds, and the trained classifier."""
    torch.use_deterministic_algorithms(False)  # Ours asked for them; what one writes first does not.
    started = perf_counter()
    set_seed(settings.seed)
    rows = TokenizedSet(items, AutoTokenizer.from_pretrained(encoder_path(ENCODER.name)), ENCODER.max_length)
    classifier = new_classifier(items.schema, ENCODER.name, ENCODER.max_length).train()
    heads = [p for name, p in classifier.named_parameters() if name.startswith("heads.")]
    body = [p for name, p in classifier.named_parameters() if not name.startswith("heads.")]
    rates = [
        {"params": heads, "lr": settings.head_learning_rate},
        {"params": body, "lr": settings.learning_rate},
    ]
    optimizer = torch.optim.AdamW(rates, weight_decay=settings.weight_decay)
    steps = -(-len(rows) // settings.batch_size) * int(settings.epochs)
    schedule = get_linear_schedule_with_warmup(optimizer, int(settings.warmup * steps), steps)
    collate, rng = PaddingCollator(0), np.random.default_rng(settings.seed)
    for _ in range(int(settings.epochs)):
        order = rng.permutation(len(rows))
        for start in range(0, len(order), settings.batch_size):
            batch = collate([rows[row] for row in order[start : start + settings.batch_size]])
            classifier(**batch)["loss"].backward()
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return perf_counter() - started, classifier.eval()


SIDES = {"ours": ours, "plain fp32": plain}


def speed(items: TrainingSet, rounds: int) -> None:
    """One epoch of each side in turn."""
    settings = TrainingSettings(epochs=1)
    rates: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, side in SIDES.items():
            rates[name].append(len(items) / side(items, settings)[0])
            print(f"{name:12} {rates[name][-1]:8.1f} tickets/s", flush=True)
    found = {name: median(of_side) for name, of_side in rates.items()}
    print(
        f"medians of {rounds}: ours {found['ours']:.1f}, plain fp32 {found['plain fp32']:.1f} tickets/s; "
        f"ratio {found['ours'] / found['plain fp32']:.2f}"
    )


def accuracy(items: TrainingSet, gold: LabeledTickets, epochs: int) -> None:
    """Both sides trained to the end, measured on gold."""
    tokenizer = AutoTokenizer.from_pretrained(encoder_path(ENCODER.name))
    texts = [clean_text(text or "") for text in gold.texts]
    print(f"{len(items)} tickets, {epochs} epochs, measured on {len(texts)}")
    for name, side in SIDES.items():
        seconds, classifier = side(items, TrainingSettings(epochs=epochs))
        probs = predict_proba(classifier, tokenizer, texts)
        found = evaluate(items.schema, probs, gold.answers)
        print(
            f"{name:12} accuracy {found['mean_accuracy']:.3f}, macro-F1 {found['mean_macro_f1']:.3f}, "
            f"{seconds:.0f} s",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labeled", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--tickets", type=int, default=1600, help="%(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="%(default)s")
    parser.add_argument("--epochs", type=int, default=3, help="%(default)s; 0: speed alone")
    args = parser.parse_args()
    schema = support_schema()
    items = labeled_set(schema, read_labels(args.labeled, schema))
    speed(items.take(np.arange(min(args.tickets, len(items)))), args.rounds)
    if args.epochs:
        accuracy(items, read_labels(args.gold, schema), args.epochs)


if __name__ == "__main__":
    main()

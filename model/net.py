"""The multi-task net: one shared encoder, mean pooling, a head per task of the schema."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from data.schema import Schema
from model.encoder import encoder_path


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
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        targets: Tensor | None = None,
        weights: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """`input_ids`, `attention_mask` int64 [batch, length]; `targets` float [batch, labels of all
        tasks] are label probabilities; `weights` float [batch, tasks], 0 where a target is missing.
        """
        logits = self.logits(input_ids, attention_mask)
        if targets is None or weights is None:
            return {"logits": logits}
        return {"loss": soft_loss(self.schema, logits, targets, weights), "logits": logits}

    def logits(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """float [batch, labels of all tasks]."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = self.dropout(mean_pool(hidden, attention_mask))
        return torch.cat([head(pooled) for head in self.heads], dim=1)


def mean_pool(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean of the token vectors that the mask keeps: float [batch, hidden]."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)


def soft_loss(schema: Schema, logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean over tasks and tickets of the cross-entropy against soft labels.

    Softmax for single-label tasks, mean binary cross-entropy over the labels for multi-label ones.
    A weight of 0 masks a missing label.
    """
    losses = []
    for task, task_logits, task_targets in zip(
        schema, split_tasks(schema, logits), split_tasks(schema, targets), strict=True
    ):
        if task.multi:
            loss = F.binary_cross_entropy_with_logits(task_logits, task_targets, reduction="none").mean(1)
        else:
            loss = -(task_targets * F.log_softmax(task_logits, dim=1)).sum(1)
        losses.append(loss)
    return (torch.stack(losses, dim=1) * weights).sum() / weights.sum().clamp(min=1e-9)


def split_tasks(schema: Schema, side_by_side: Tensor) -> tuple[Tensor, ...]:
    """Cuts [batch, labels of all tasks] into one [batch, labels] per task."""
    return torch.split(side_by_side, [len(task.labels) for task in schema], dim=1)


def new_classifier(schema: Schema, encoder_name: str, max_length: int) -> TicketClassifier:
    """A classifier with a pre-trained encoder and untrained heads."""
    encoder = AutoModel.from_pretrained(encoder_path(encoder_name))
    config = TicketClassifierConfig(
        encoder=encoder.config.to_dict(), tasks=schema.to_list(), most_tokens=max_length
    )
    classifier = TicketClassifier(config)
    classifier.encoder.load_state_dict(encoder.state_dict())
    return classifier


AutoConfig.register(TicketClassifierConfig.model_type, TicketClassifierConfig)
AutoModel.register(TicketClassifierConfig, TicketClassifier)

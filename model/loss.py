"""The loss of a multi-task classifier: cross-entropy against soft labels, and what bends it."""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data.schema import Schema, Task

TaskWeighting = Literal["equal", "uncertainty"] | Mapping[str, float]
LEAST_SHARE = 1e-3


class SoftLoss(nn.Module):
    """Weighted mean over tickets and tasks of the cross-entropy against soft labels.

    Softmax for single-label tasks, mean binary cross-entropy over the labels for multi-label ones. A
    weight of 0 masks a missing label.

    `label_weights`, float [n_labels] of each task, weigh rare labels heavier. `smoothing` moves that
    share of each target to all labels alike. `focal` is the exponent by which what is predicted well
    counts less (Lin et al., 2017). `robust` is q of the generalized cross-entropy (Zhang and Sabuncu,
    2018): 0 is cross-entropy, towards 1 a wrong label weighs no more than one that is doubted.
    `task_weights` are factors by task, or "uncertainty": learned (Kendall et al., 2018).
    """

    def __init__(
        self,
        schema: Schema,
        *,
        label_weights: Sequence[Tensor] | None = None,
        smoothing: float = 0.0,
        focal: float = 0.0,
        robust: float = 0.0,
        task_weights: TaskWeighting = "equal",
    ) -> None:
        super().__init__()
        self.schema = schema
        self.smoothing, self.focal, self.robust = smoothing, focal, robust
        # Lists: buffers that are not saved would be lost where a model is loaded without memory of its own.
        given = [each.tolist() for each in label_weights or ()] or [[1.0] * len(t.labels) for t in schema]
        self._label_weights = [weight for of_task in given for weight in of_task]
        named = task_weights if isinstance(task_weights, Mapping) else {}
        self._factors = [float(named.get(task.name, 1.0)) for task in schema]
        self.log_variance = nn.Parameter(torch.zeros(len(schema))) if task_weights == "uncertainty" else None

    def forward(self, logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """`logits` and `targets` float [batch, labels of all tasks], `weights` float [batch, n_tasks]."""
        label_weights = logits.new_tensor(self._label_weights)[None]
        parts = (split_tasks(self.schema, each) for each in (logits, targets, label_weights))
        losses = torch.stack(
            [self._of_task(task, *part) for task, *part in zip(self.schema, *parts, strict=True)], dim=1
        )
        if self.log_variance is None:
            weights = weights * weights.new_tensor(self._factors)
            return (losses * weights).sum() / weights.sum().clamp(min=1e-9)
        of_tasks = (losses * weights).sum(0) / weights.sum(0).clamp(min=1e-9)
        known = (weights.sum(0) > 0).float()
        return (known * (of_tasks * torch.exp(-self.log_variance) + self.log_variance / 2)).sum()

    def _of_task(self, task: Task, logits: Tensor, targets: Tensor, label_weights: Tensor) -> Tensor:
        """float [batch]: the loss of each ticket on one task."""
        if not task.multi:
            log_probs = F.log_softmax(logits, dim=1)
            targets = self._smoothed(targets, 1 / targets.shape[1])
            return (label_weights * targets * self._surprise(log_probs)).sum(1)
        targets = self._smoothed(targets, 0.5)
        holds = label_weights * targets * self._surprise(F.logsigmoid(logits))
        return (holds + (1 - targets) * self._surprise(F.logsigmoid(-logits))).mean(1)

    def _smoothed(self, targets: Tensor, even: float) -> Tensor:
        return targets * (1 - self.smoothing) + self.smoothing * even

    def _surprise(self, log_probs: Tensor) -> Tensor:
        """What it costs if a label of this log-probability is the right one."""
        cost = (1 - torch.exp(self.robust * log_probs)) / self.robust if self.robust else -log_probs
        return cost * (1 - log_probs.exp()) ** self.focal if self.focal else cost


def balanced_weights(schema: Schema, targets: Tensor, weights: Tensor) -> list[Tensor]:
    """For each task float [n_labels], so that all labels weigh alike, whatever their shares.

    The mean over tickets is 1; on a multi-label task a label weighs as much where it holds as where it
    does not. A label that nobody has is taken for one of a thousandth. `targets` [n, labels of all
    tasks], `weights` [n, n_tasks].
    """
    found = []
    for at, (task, of_task) in enumerate(zip(schema, split_tasks(schema, targets), strict=True)):
        known = weights[:, at : at + 1]
        share = (of_task * known).sum(0) / known.sum().clamp(min=1e-9)
        rarity = 1 / share.clamp(min=LEAST_SHARE)
        found.append(rarity - 1 if task.multi else rarity / (share * rarity).sum().clamp(min=1e-9))
    return found


def split_tasks(schema: Schema, side_by_side: Tensor) -> tuple[Tensor, ...]:
    """Cuts [batch, labels of all tasks] into one [batch, labels] per task."""
    return torch.split(side_by_side, [len(task.labels) for task in schema], dim=1)

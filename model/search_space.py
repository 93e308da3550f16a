"""Which settings of `[training]` are tuned, and between which bounds."""

from dataclasses import asdict, dataclass
from typing import Any

from data.config import TrainingSettings

Value = float | int | str


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`; `log` draws their logarithms evenly, `whole` takes integers alone."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def with_(self, value: Any) -> "Span":
        """The same, wide enough for this value."""
        return Span(min(self.low, value), max(self.high, value), self.log, self.whole)


@dataclass(frozen=True)
class Choice:
    """One of these values."""

    values: tuple[Value, ...]

    def with_(self, value: Any) -> "Choice":
        """The same with this value among them."""
        return self if value in self.values else Choice((*self.values, value))


Space = dict[str, Span | Choice]
# Rates: Mosbach et al. (2021) for encoders; heads are new and take ten to a hundred times more.
SPACE: Space = {
    "learning_rate": Span(1e-5, 3e-4, log=True),
    "head_learning_rate": Span(1e-4, 1e-2, log=True),
    "epochs": Span(2, 6, whole=True),
    "schedule": Choice(("linear", "cosine", "constant")),
    "warmup": Span(0.0, 0.3),
    "weight_decay": Span(0.0, 0.2),
    "label_smoothing": Span(0.0, 0.2),
    "focal": Choice((0.0, 1.0, 2.0)),
    "robust": Choice((0.0, 0.3, 0.7)),
    "label_weights": Choice(("none", "balanced")),
    "sampling": Choice(("plain", "balanced")),
}


def search_space(settings: TrainingSettings, layers: int | None, *, reviewed: bool) -> Space:
    """What is tried, wide enough for the project's own settings.

    The layers' settings need an encoder whose `layers` are known, `review_weight` a reviewed ticket.
    Epochs stay as they are where they are not whole.
    """
    space = dict(SPACE)
    if settings.epochs % 1:
        del space["epochs"]
    if layers:
        space["layer_decay"] = Span(0.6, 1.0)
        space["freeze_layers"] = Span(0, 2 * layers // 3, whole=True)
    if reviewed:
        space["review_weight"] = Span(1.0, 16.0, log=True)
    return {name: each.with_(getattr(settings, name)) for name, each in space.items()}


def described(space: Space) -> dict[str, Any]:
    """The bounds by name, for JSON."""
    return {name: asdict(each) for name, each in space.items()}

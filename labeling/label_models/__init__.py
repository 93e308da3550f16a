"""Label models: votes in, soft labels out."""

from data.config import LabelModelSettings
from labeling.label_models.base import LabelModel
from labeling.label_models.majority import MajorityVote


def label_model(settings: LabelModelSettings) -> LabelModel:
    """A fresh label model of the kind that the settings name."""
    if settings.name == "snorkel":
        from labeling.label_models.snorkel import SnorkelLabelModel

        return SnorkelLabelModel(epochs=settings.epochs, seed=settings.seed)
    return MajorityVote()

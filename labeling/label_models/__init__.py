"""Label models: votes in, soft labels out."""

from collections.abc import Mapping

from data.config import LabelModelSettings
from labeling.label_models.agreement import AgreementModel
from labeling.label_models.base import LabelModel
from labeling.label_models.majority import MajorityVote


def label_model(
    settings: LabelModelSettings,
    task: str = "",
    start: Mapping[str, Mapping[str, float]] | None = None,
) -> LabelModel:
    """A fresh label model of the kind that the settings name.

    `task` picks the class balance that they give for it; `start` is the state of an earlier fit.
    """
    if settings.name == "snorkel":
        from labeling.label_models.snorkel import SnorkelLabelModel

        return SnorkelLabelModel(epochs=settings.epochs, seed=settings.seed)
    if settings.name == "dawid_skene":
        from labeling.label_models.dawid_skene import DawidSkeneModel

        return DawidSkeneModel()
    if settings.name == "majority":
        return MajorityVote()
    return AgreementModel(balance=settings.balance_of(task), start=start)

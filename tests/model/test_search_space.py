"""The bounds between which settings are tuned."""

import pytest

from data.config import TrainingSettings
from model.search_space import SPACE, Choice, Span, described, search_space


def test_every_tuned_setting_is_one_of_training():
    space = search_space(TrainingSettings(), 6, reviewed=True)
    assert set(space) <= set(TrainingSettings.model_fields) and set(SPACE) < set(space)


@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_every_span_are_settings_that_are_allowed(end):
    space = search_space(TrainingSettings(), 6, reviewed=True)
    TrainingSettings.model_validate(
        {n: getattr(each, end) for n, each in space.items() if isinstance(each, Span)}
    )


def test_every_choice_is_a_setting_that_is_allowed():
    for name, each in SPACE.items():
        for value in each.values if isinstance(each, Choice) else ():
            assert getattr(TrainingSettings.model_validate({name: value}), name) == value


def test_the_space_holds_the_settings_of_the_project():
    settings = TrainingSettings(learning_rate=1e-3, epochs=20, focal=3, layer_decay=0.5, warmup=0.5)
    space = search_space(settings, 6, reviewed=False)
    assert (space["learning_rate"].high, space["epochs"].high, space["layer_decay"].low) == (1e-3, 20, 0.5)
    assert space["focal"].values == (0, 1, 2, 3) and space["warmup"].high == 0.5
    assert SPACE["learning_rate"].high == 3e-4


def test_what_cannot_matter_is_not_tuned():
    space = search_space(TrainingSettings(epochs=0.5), None, reviewed=False)
    assert not {"layer_decay", "freeze_layers", "review_weight", "epochs"} & set(space)


def test_at_most_two_thirds_of_the_layers_are_frozen():
    assert search_space(TrainingSettings(), 6, reviewed=False)["freeze_layers"] == Span(0, 4, whole=True)


def test_the_bounds_can_be_written_as_json():
    assert described({"a": Span(0, 1, whole=True), "b": Choice(("x",))}) == {
        "a": {"low": 0, "high": 1, "log": False, "whole": True},
        "b": {"values": ("x",)},
    }

"""What an ablation leaves out: each variant changes one thing, or says that there is nothing to change."""

import pytest

from app.ablation_variants import VARIANTS, chosen_variants, with_settings
from data.config import Config
from data.errors import TrainingError
from data.schema import Schema
from labeling.lf import PatternLF


def lfs(*names, field="text"):
    return [PatternLF(name, label="good", any_of=("x",), field=field) for name in names]


EVERYTHING = with_settings(Config(), {"adaptation": {"enabled": True}, "augmentation": {"enabled": True}})
ALL_LFS = [*lfs("words", "zero_shot"), *lfs("reply", field="brand_reply")]


@pytest.mark.parametrize("name", VARIANTS)
def test_each_variant_differs_from_a_run_that_has_everything(name, small_schema):
    variant = VARIANTS[name]
    assert not variant.is_full(EVERYTHING, small_schema, ALL_LFS)
    assert (
        variant.config(EVERYTHING) != EVERYTHING
        or variant.single_task
        or not all(map(variant.keeps, ALL_LFS))
    )


@pytest.mark.parametrize("name", ["label_model", "refinement", "cleanlab", "adaptation", "augmentation"])
def test_leaving_it_out_twice_is_leaving_out_nothing(name, small_schema):
    variant = VARIANTS[name]
    assert variant.is_full(variant.config(EVERYTHING), small_schema, ALL_LFS)


def test_functions_that_are_not_there_cannot_be_left_out(small_schema):
    few = lfs("words")
    assert VARIANTS["seeds"].is_full(Config(), small_schema, few)
    assert VARIANTS["brand_replies"].is_full(Config(), small_schema, few)
    assert [lf.name for lf in ALL_LFS if VARIANTS["seeds"].keeps(lf)] == ["words", "reply"]
    assert [lf.name for lf in ALL_LFS if VARIANTS["brand_replies"].keeps(lf)] == ["words", "zero_shot"]


def test_one_task_alone_has_no_heads_to_part(small_schema):
    assert VARIANTS["multi_task"].is_full(Config(), Schema(small_schema.tasks[:1]), [])


def test_only_the_settings_named_change():
    changed = VARIANTS["label_model"].config(Config())
    assert changed.label_model.name == "majority" and changed.label_model.refine == "linear"
    assert changed.model_copy(update={"label_model": Config().label_model}) == Config()


def test_names_choose_in_the_order_of_the_table_and_wrong_ones_are_told_together():
    assert list(chosen_variants(())) == list(VARIANTS)
    assert list(chosen_variants(("cleanlab", "seeds"))) == ["seeds", "cleanlab"]
    with pytest.raises(TrainingError) as error:
        chosen_variants(("seed", "clean_lab"))
    assert "did you mean 'seeds'?" in str(error.value) and "did you mean 'cleanlab'?" in str(error.value)
    assert "weak_labels" in str(error.value)


def test_every_variant_says_why_there_may_be_nothing_to_leave_out():
    assert all(variant.nothing and variant.title for variant in VARIANTS.values())
    assert len({variant.title for variant in VARIANTS.values()}) == len(VARIANTS)

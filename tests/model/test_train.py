"""Training: it learns, repeats itself bit for bit, and says what is wrong."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from data.errors import TrainingError
from data.schema import Schema, Task
from model.dataset import PaddingCollator, TokenizedSet, training_set
from model.net import new_classifier
from model.predict import load_classifier, predict_proba
from model.train import train_classifier
from tests.model.conftest import ENCODER, SCHEMA, SETTINGS, TEXTS, corpus

SAVED = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]


def train(
    folder, train=None, validation=None, progress=lambda done, total: None, checkpoints=None, **settings
):
    folder.mkdir(exist_ok=True)
    return train_classifier(
        train or corpus(24),
        validation or corpus(0),
        ENCODER,
        SETTINGS.model_copy(update=settings),
        folder,
        progress,
        checkpoints,
    )


def weights(folder):
    return load_file(folder / "model.safetensors")


def test_the_loss_falls_and_the_training_texts_are_learned(tmp_path):
    steps = []
    figures = train(
        tmp_path, corpus(), corpus(), lambda done, total: steps.append((done, total)), epochs=4, patience=4
    )
    losses = [epoch["loss"] for epoch in figures["history"]]
    assert len(losses) == 4 and losses[-1] < losses[0]
    assert figures["history"][-1]["eval_loss"] < figures["history"][0]["eval_loss"]
    assert steps == [(8 * step, 192) for step in range(1, 25)]
    probs = predict_proba(*load_classifier(tmp_path), TEXTS)
    assert (probs["tone"].argmax(axis=1) == corpus().of_task("tone")[0].argmax(axis=1)).mean() > 0.9


def test_the_same_seed_gives_the_same_weights_bit_for_bit(tmp_path):
    train(tmp_path / "a"), train(tmp_path / "b"), train(tmp_path / "c", seed=4)
    first, second, other = (weights(tmp_path / name) for name in "abc")
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in SAVED)


def test_nothing_but_the_model_is_left_in_the_folder(tmp_path):
    figures = train(tmp_path, corpus(24), corpus(16))
    assert sorted(path.name for path in tmp_path.iterdir()) == SAVED
    assert (figures["tickets"], figures["validation_tickets"]) == (24, 16)


@pytest.mark.parametrize("tickets", [0, 15])
def test_with_few_validation_tickets_the_last_epoch_is_kept(tmp_path, tickets):
    figures = train(tmp_path, validation=corpus(tickets))
    assert figures["validation_tickets"] == tickets
    assert [set(epoch) for epoch in figures["history"]] == [{"epoch", "loss"}]


def validation_loss(folder, items):
    """The loss of a saved classifier on some items, as the net itself reckons it."""
    classifier, tokenizer = load_classifier(folder)
    rows = TokenizedSet(items, tokenizer, ENCODER.max_length)
    batch = PaddingCollator(tokenizer.pad_token_id)([rows[i] for i in range(len(rows))])
    with torch.inference_mode():
        return classifier(**batch)["loss"].item()


def test_the_epoch_with_the_lowest_validation_loss_is_kept(tmp_path):
    """Validation labels are the opposite of those in training, so every epoch is worse than the first."""
    opposite = corpus(24)
    opposite.targets[:] = 1 - opposite.targets
    figures = train(tmp_path, corpus(), opposite, epochs=5, patience=2, schedule="constant")
    losses = [epoch["eval_loss"] for epoch in figures["history"]]
    assert losses == sorted(losses) and len(losses) == 3
    assert validation_loss(tmp_path, opposite) == pytest.approx(losses[0], rel=1e-2)


def test_tickets_of_which_nothing_is_known_are_left_out(tmp_path):
    soft = {"tone": (np.array([[1.0, 0.0]] * 20), np.arange(20) < 12)}
    items = training_set(SCHEMA, [str(i) for i in range(20)], TEXTS[:20], soft, {}, 4.0)
    assert train(tmp_path, items)["tickets"] == 12


def test_an_empty_training_set_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(TrainingError, match=r"no ticket to train on.*labeling functions or review"):
        train(tmp_path, training_set(SCHEMA, ["a"], ["A"], {}, {}, 4.0))
    assert not list(tmp_path.iterdir())


def test_one_ticket_is_enough_to_train_and_labels_never_seen_are_told(tmp_path):
    figures = train(tmp_path, corpus(1))
    assert figures["tickets"] == 1
    assert figures["labels_without_a_ticket"] == {"tone": ["angry"], "about": ["bags", "apps"]}
    assert train(tmp_path, corpus(48))["labels_without_a_ticket"] == {}


def test_a_task_of_one_label_is_an_error(tmp_path):
    schema = Schema((Task("tone", ("good",), ("pleased",)),))
    items = training_set(schema, ["a"], ["A"], {}, {"tone": {"a": (0,)}}, 4.0)
    with pytest.raises(TrainingError, match="task 'tone' has one label alone"):
        train(tmp_path, items)
    assert not list(tmp_path.iterdir())


def test_a_task_in_which_all_tickets_have_one_label_is_trained_and_told(tmp_path):
    answers = {"tone": {str(i): (1,) for i in range(12)}}
    items = training_set(SCHEMA, [str(i) for i in range(12)], TEXTS[:12], {}, answers, 4.0)
    figures = train(tmp_path, items)
    assert figures["labels_without_a_ticket"]["tone"] == ["pleased"]
    probs = predict_proba(*load_classifier(tmp_path), TEXTS[:4])["tone"]
    assert np.isfinite(probs).all() and (probs.argmax(axis=1) == 1).all()


def test_a_loss_that_is_not_a_number_names_the_setting_to_lower(tmp_path):
    with pytest.raises(TrainingError, match=r"the training loss became .* lower \[training\] learning_rate"):
        train(tmp_path, learning_rate=1e30, head_learning_rate=1e30, epochs=2)
    assert not list(tmp_path.iterdir())


def test_frozen_embeddings_stay_as_they_came(tmp_path):
    train(tmp_path / "frozen", freeze_embeddings=True), train(tmp_path / "free")
    name = next(n for n in weights(tmp_path / "free") if n.endswith("word_embeddings.weight"))
    before = new_classifier(SCHEMA, ENCODER.name, 32).state_dict()[name].numpy()
    assert np.array_equal(weights(tmp_path / "frozen")[name], before)
    assert not np.array_equal(weights(tmp_path / "free")[name], before)


def test_gradient_accumulation_takes_fewer_steps(tmp_path):
    seen = []
    train(tmp_path, progress=lambda *step: seen.append(step), gradient_accumulation=3)
    assert seen == [(24, 24)]


def test_progress_counts_the_tickets_of_all_epochs(tmp_path):
    seen = []
    train(tmp_path, progress=lambda *counts: seen.append(counts), epochs=2)
    assert seen == [(done, 48) for done in (8, 16, 24, 32, 40, 48)]


def test_training_prints_nothing(tmp_path, capfd):
    capfd.readouterr()
    train(tmp_path, corpus(24), corpus(16))
    assert not capfd.readouterr().out


@pytest.mark.parametrize("stop", [1, 4, 5, 8])
@pytest.mark.parametrize("settings", [{}, {"task_weights": "uncertainty", "sampling": "balanced"}])
def test_a_training_that_is_stopped_goes_on_to_the_same_end(tmp_path, stop, settings):
    """Stopped after so many of nine steps, the last of which begin the third epoch."""
    settings |= {"epochs": 3, "checkpoint_minutes": 1e-9}
    whole = train(tmp_path / "whole", corpus(24), corpus(16), **settings)
    seen = []

    def interrupt(done, total):
        seen.append(done)
        if len(seen) == stop + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "parts", corpus(24), corpus(16), interrupt, tmp_path / "kept", **settings)
    assert list((tmp_path / "kept").glob("checkpoint-*")) and not list((tmp_path / "parts").iterdir())
    later = []
    parts = train(
        tmp_path / "parts", corpus(24), corpus(16), lambda done, total: later.append(done),
        tmp_path / "kept", **settings,
    )  # fmt: skip
    assert later == [8 * step for step in range(stop + 1, 10)], "what was trained is not trained again"
    assert parts == whole
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
    assert not (tmp_path / "kept").exists()


def test_a_checkpoint_that_was_not_written_to_its_end_is_passed_over(tmp_path):
    broken = tmp_path / "kept" / "checkpoint-2"
    broken.mkdir(parents=True)
    (broken / "trainer_state.json").write_text('{"global_step": ')
    train(tmp_path / "a", checkpoints=tmp_path / "kept"), train(tmp_path / "b")
    first, second = weights(tmp_path / "a"), weights(tmp_path / "b")
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_an_unknown_task_among_the_weights_is_named(tmp_path):
    with pytest.raises(TrainingError, match=r"task_weights names 'tune'.*did you mean 'tone'"):
        train(tmp_path, task_weights={"tune": 2.0})


def test_a_task_of_weight_zero_is_not_learned(tmp_path):
    train(tmp_path / "a", task_weights={"about": 0}), train(tmp_path / "b")
    start = new_classifier(SCHEMA, ENCODER.name, 32).heads[1].weight.shape
    heads = [weights(tmp_path / name)["heads.1.weight"] for name in "ab"]
    assert heads[0].shape == tuple(start) and np.abs(heads[0] - heads[1]).max() > 1e-4


@pytest.mark.parametrize(
    "bent",
    [
        {"label_weights": "balanced"},
        {"sampling": "balanced"},
        {"focal": 2.0},
        {"robust": 0.7},
        {"label_smoothing": 0.1},
        {"task_weights": "uncertainty"},
        {"layer_decay": 0.8},
        {"freeze_layers": 2},
    ],
    ids=lambda bent: next(iter(bent)),
)
def test_every_setting_changes_what_is_learned_and_leaves_the_same_files(tmp_path, bent):
    train(tmp_path / "plain"), train(tmp_path / "bent", **bent)
    plain, other = weights(tmp_path / "plain"), weights(tmp_path / "bent")
    assert plain.keys() == other.keys()
    assert any(not np.array_equal(plain[name], other[name]) for name in plain)
    assert sorted(path.name for path in (tmp_path / "bent").iterdir()) == SAVED

"""A real classifier, trained for one epoch on a few dozen texts, that many tests look at."""

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from data.config import EncoderSettings, TrainingSettings
from data.schema import Schema, Task
from model.dataset import training_set
from model.encoder import encoder_path
from model.train import train_classifier

# Not in alphabetical order, neither tasks nor labels: an order that is lost shows.
SCHEMA = Schema(
    (
        Task("tone", ("pleased", "angry"), ("pleased", "displeased")),
        Task("about", ("money", "bags", "apps"), ("money", "bags", "apps"), "multi"),
    )
)
ENCODER = EncoderSettings(max_length=32)
SETTINGS = TrainingSettings(epochs=1, batch_size=8, seed=3)
PLEASED = ("thank you so much", "what a lovely crew", "great service today", "love this, well done")
ANGRY = ("this is a disgrace", "worst company ever", "still waiting, useless", "nobody answers me")
ABOUT = ("about my refund", "about my lost bag", "about your app")
TEXTS = tuple(f"{mood} {about}" for mood in PLEASED + ANGRY for about in ABOUT) * 2


def corpus(n=48):
    """The first `n` of the 48 texts with labels that they show by their words."""
    ids, texts = [str(i) for i in range(n)], TEXTS[:n]
    tone = np.array([[text.startswith(PLEASED), not text.startswith(PLEASED)] for text in texts], float)
    about = np.array([[word in text for word in ("refund", "bag", "app")] for text in texts], float)
    known = np.ones(n, bool)
    soft = {"tone": (tone.reshape(n, 2), known), "about": (about.reshape(n, 3), known)}
    return training_set(SCHEMA, ids, texts, soft, {}, 4.0)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Training is too small here to gain by more threads, and they fight for a busy core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tokenizer():
    return AutoTokenizer.from_pretrained(encoder_path(ENCODER.name))


@pytest.fixture(scope="session")
def trained(tmp_path_factory, one_thread):
    """The folder of a trained classifier."""
    folder = tmp_path_factory.mktemp("trained")
    train_classifier(corpus(), corpus(0), ENCODER, SETTINGS, folder)
    return folder

"""The layers of an encoder."""

import pytest
from transformers import BertConfig, DistilBertConfig, RobertaConfig

from data.errors import TrainingError
from model.layers import depth, freeze, layers_of
from model.net import TicketClassifier, TicketClassifierConfig, new_classifier
from tests.model.conftest import ENCODER, SCHEMA


@pytest.fixture
def classifier():
    return new_classifier(SCHEMA, ENCODER.name, 32)


def trained(classifier):
    return {name for name, parameter in classifier.named_parameters() if parameter.requires_grad}


def test_frozen_layers_are_the_lowest_with_all_embeddings_below(classifier):
    freeze(classifier, 2, embeddings=True)
    assert {depth(name) for name in trained(classifier) if name.startswith("encoder.encoder")} == {3, 4, 5, 6}
    assert not any("embeddings" in name for name in trained(classifier))
    assert any(name.startswith("heads.") for name in trained(classifier))


def test_embeddings_alone_are_the_table_of_tokens(classifier):
    whole = trained(classifier)
    freeze(classifier, 0, embeddings=True)
    assert whole - trained(classifier) == {"encoder.embeddings.word_embeddings.weight"}


def test_more_layers_than_there_are_is_an_error(classifier):
    with pytest.raises(TrainingError, match=r"freeze_layers is 7; the encoder has 6 layers"):
        freeze(classifier, 7, embeddings=True)


@pytest.mark.parametrize("config", [BertConfig, RobertaConfig, DistilBertConfig])
def test_layers_of_other_encoders_are_found(config):
    sizes = {"vocab_size": 50, "hidden_size": 8, "num_hidden_layers": 3, "num_attention_heads": 2}
    other_names = {"dim": 8, "n_layers": 3, "n_heads": 2, "hidden_dim": 16, "intermediate_size": 16}
    small = config(**sizes, **other_names).to_dict()
    classifier = TicketClassifier(TicketClassifierConfig(encoder=small, tasks=SCHEMA.to_list()))
    assert len(layers_of(classifier)) == 3
    assert {depth(name) for name, _ in classifier.named_parameters() if name.startswith("encoder.")} >= {
        0,
        1,
        2,
        3,
    }

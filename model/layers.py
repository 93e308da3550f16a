"""The layers of an encoder, from its embeddings up: which are trained, and how high one lies."""

import re

from torch import nn

from data.errors import TrainingError
from model.net import TicketClassifier

_LAYER = re.compile(r"\.(?:layer|layers|h)\.(\d+)\.")


def layers_of(classifier: TicketClassifier) -> nn.ModuleList:
    """The encoder's transformer layers, lowest first; TrainingError where it has none that are known."""
    for name, module in classifier.encoder.named_modules():
        if isinstance(module, nn.ModuleList) and name.rpartition(".")[2] in ("layer", "layers", "h"):
            return module
    raise TrainingError(
        f"the layers of a {type(classifier.encoder).__name__} are not known here; "
        "leave [training] freeze_layers at 0 and layer_decay at 1"
    )


def depth(name: str) -> int:
    """How high a parameter of the encoder lies: 0 for embeddings, 1 for the lowest layer, and so on.

    >>> depth("encoder.embeddings.word_embeddings.weight"), depth("encoder.encoder.layer.2.output.dense.bias")
    (0, 3)
    """
    found = _LAYER.search(name)
    return int(found.group(1)) + 1 if found else 0


def freeze(classifier: TicketClassifier, layers: int, embeddings: bool) -> None:
    """The `layers` lowest layers stay as they are, with all embeddings below; else the token table alone.

    Raises TrainingError for more layers than there are.
    """
    if embeddings:
        classifier.encoder.get_input_embeddings().weight.requires_grad_(False)
    if not layers:
        return
    known = layers_of(classifier)
    if layers > len(known):
        raise TrainingError(f"[training] freeze_layers is {layers}; the encoder has {len(known)} layers")
    for name, parameter in classifier.encoder.named_parameters(prefix="encoder"):
        if depth(name) <= layers:
            parameter.requires_grad_(False)

"""Labels to predictions: encoder, net, training, evaluation, explanation, export, runtime."""

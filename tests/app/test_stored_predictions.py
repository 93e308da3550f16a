"""Predictions come back as they were saved."""

import numpy as np

from app.stored_predictions import predictions, save_predictions


def test_predictions_come_back_as_they_were_saved(tmp_path, small_schema):
    probs = {"tone": np.array([[0.25, 0.75], [1, 0]]), "topics": np.array([[0.5, 0, 1]] * 2)}
    save_predictions(tmp_path, small_schema, ("b", "a"), probs)
    found = predictions(tmp_path, small_schema)
    assert {name: of.tolist() for name, of in found.items()} == {n: of.tolist() for n, of in probs.items()}
    assert all(of.dtype == np.float32 for of in found.values())

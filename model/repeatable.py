"""Trainings that come out the same, bit for bit, on the same machine."""

import torch
from transformers import set_seed


def repeatable(seed: int) -> None:
    """Seeds every source of chance, and has torch choose algorithms that give the same sums each time."""
    set_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # It would write to all new memory, for who reads what was never written.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]

"""Content: the labeling functions of the five tasks, their lexicons and zero-shot seeds."""

"""Votes to labels: labeling-function types, apply engines, analysis, label models, label issues."""

"""Tests of the ground: data/."""

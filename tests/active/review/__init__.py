"""Tests of active/review/."""

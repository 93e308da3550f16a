"""Tests of active/."""

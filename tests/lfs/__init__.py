"""Tests of lfs/."""

"""Whole projects, from tickets to an exported classifier."""

"""Errors and the parts of their messages."""

import inspect

from data import errors
from data.errors import TicketloomError, listed, near


def test_every_error_is_of_one_family():
    kinds = inspect.getmembers(errors, inspect.isclass)
    found = [kind for _, kind in kinds if kind.__module__ == errors.__name__]
    assert len(found) > 5
    assert all(issubclass(kind, TicketloomError) for kind in found)


def test_a_near_match_is_named_and_a_far_one_is_not():
    assert near("bankin77", ["banking77", "twcs"]) == "; did you mean 'banking77'?"
    assert near("zzz", ["banking77", "twcs"]) == ""
    assert near("anything", []) == ""


def test_a_long_list_is_cut_and_counted():
    assert listed(["a", "b"]) == "a, b"
    assert listed((str(i) for i in range(20)), most=3) == "0, 1, 2, … (20 in all)"
    assert listed([]) == ""

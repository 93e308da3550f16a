"""The rounds of a project's runs: which stages of them are finished."""

import pytest

from app.rounds import finished, last_round
from data.config import Config
from data.store import MANIFEST, write_json
from data.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    for name in ("main/round-0", "main/round-10", "main/round-9", "other/round-0", "other/round-x"):
        write_json(tmp_path / "runs" / name / "model" / MANIFEST, {})
    (tmp_path / "runs/main/round-11/model").mkdir(parents=True)
    return Workspace(tmp_path, Config())


def test_rounds_are_told_in_the_order_of_their_numbers(workspace):
    expected = {
        name: workspace.root / "runs" / name / "model"
        for name in ("main/round-0", "main/round-9", "main/round-10", "other/round-0")
    }
    assert list(finished(workspace, "model").items()) == list(expected.items())
    assert finished(workspace, "evaluation") == {}


def test_the_last_round_is_the_last_that_was_finished(workspace):
    assert last_round(workspace, "main", "model") == 10
    assert last_round(workspace, "other", "model") == 0
    assert last_round(workspace, "main", "evaluation") == last_round(workspace, "nobody", "model") == 0

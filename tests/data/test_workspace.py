"""A project's folder."""

from pathlib import Path

import pytest

from data.errors import ConfigError
from data.workspace import Workspace


def test_a_project_knows_the_places_of_its_files(tmp_path):
    (tmp_path / "ticketloom.toml").write_text("[training]\nseed = 7\n")
    workspace = Workspace.open(tmp_path)
    assert workspace.config.training.seed == 7
    assert workspace.tickets == tmp_path / "tickets.parquet"
    assert workspace.quarantine == tmp_path / "quarantine.jsonl"
    assert workspace.reviews == tmp_path / "reviews.db"
    assert workspace.export == tmp_path / "export"
    assert workspace.run("one") == tmp_path / "runs" / "one"


def test_paths_of_settings_start_at_the_project_unless_they_are_absolute(tmp_path):
    (tmp_path / "ticketloom.toml").write_text("")
    workspace = Workspace.open(tmp_path)
    assert workspace.path("gold.jsonl") == tmp_path / "gold.jsonl"
    assert workspace.path("/gold.jsonl") == Path("/gold.jsonl")
    assert workspace.path("~/gold.jsonl") == Path.home() / "gold.jsonl"


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match="make a project with `ticketloom init`"):
        Workspace.open(tmp_path)

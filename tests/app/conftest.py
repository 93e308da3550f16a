"""What the tests of the app share: projects that were run once, and the command line in this process."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from tests.e2e.conftest import road, topics

__all__ = ["road", "topics"]


@pytest.fixture(scope="session")
def project(road):
    """The folder of the support project after one run; read it, do not write to it."""
    return road[0]


@pytest.fixture
def command():
    """Runs a command that must end well; returns what it printed."""

    def run(folder, *arguments):
        found = CliRunner().invoke(app, ["--project", str(folder), *map(str, arguments)])
        assert found.exit_code == 0, found.output + repr(found.exception)
        return found.stdout

    return run


@pytest.fixture
def answer(command):
    """What a command prints with `--json`."""
    return lambda folder, *arguments: json.loads(command(folder, *arguments, "--json"))

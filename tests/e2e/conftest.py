"""The projects that several end-to-end tests look at, each run once."""

import pytest

from tests.e2e import projects


@pytest.fixture(scope="session")
def road(tmp_path_factory):
    """(folder, output) of the support project after one run."""
    return projects.road(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def topics(tmp_path_factory):
    """(folder, output) of the multi-label project after one run."""
    return projects.topics(tmp_path_factory.getbasetemp())

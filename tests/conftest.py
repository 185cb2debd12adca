"""Fixtures that every folder of tests may use, and how much Hypothesis tries."""

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.postgres", "tests.prefect_server"]

# Deadlines measure how busy the machine is.
settings.register_profile("ordinary", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile("ordinary")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What belongs together is done by one worker; pytest-xdist says so in the name of the test."""
    is_grouped = config.getoption("loadgroup", False)
    lost = [item.nodeid for item in items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if is_grouped and lost:
        raise pytest.UsageError(f"pytest-xdist does not see the groups of {len(lost)} tests: {lost[0]}, …")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind, as `Store.open` takes it."""
    if request.param == "sqlite":
        return str(tmp_path / "scholarwatch.db")
    return str(request.getfixturevalue("postgres_database"))

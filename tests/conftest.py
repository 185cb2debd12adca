"""Fixtures that every folder of tests may use, how much Hypothesis tries, and when garbage is collected."""

import gc
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from scrapers.fetch import FetchSettings
from tests.new_databases import new_sqlite

pytest_plugins = ["tests.postgres", "tests.prefect_server"]

# Deadlines, and the check for what is drawn too slowly, measure how busy the machine is. The ordinary run tries the
# same examples every time: what it says of a change is said of the change. The soak looks for others, and for more.
settings.register_profile(
    "ordinary", max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ordinary")

_DATABASES = ("sqlite", "postgresql")
_STORAGE = Path(__file__).parent / "storage"

# Until all tests are there, nothing of what is made goes away: looking for what does takes a quarter of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """What stays is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, object, object]:
    """Of two stories that differ by their database one waits for the soak, and what belongs together stays so."""
    for item in items:
        if _is_told_elsewhere(item):
            item.add_marker("slow")
    result = yield
    # What belongs together is done by one worker: pytest-xdist says so in the name of the test.
    is_grouped = config.getoption("loadgroup", False)
    lost = [item.nodeid for item in items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if is_grouped and lost:
        raise pytest.UsageError(f"pytest-xdist does not see the groups of {len(lost)} tests: {lost[0]}, …")
    return result


def _is_told_elsewhere(item: pytest.Item) -> bool:
    """What holds SQL is tested on either database, and of its cases each on one of them, in turns.

    A story without, or a law, is told on one of them, half of them on each.
    """
    if not (isinstance(item, pytest.Function) and hasattr(item, "callspec")):
        return False
    named = next((name for name in ("database", "new_database") if name in item.callspec.params), None)
    if named is None:
        return False
    kind = item.callspec.params[named]
    if item.path.is_relative_to(_STORAGE) and not is_hypothesis_test(item.obj):
        cases = [index for name, index in item.callspec.indices.items() if name != named]
        # What goes from one database to another goes to one of the other kind.
        return bool(cases and kind != _DATABASES[(sum(cases) + 1) % 2])
    name = item.nodeid.partition("[")[0]
    return bool(kind != _DATABASES[crc32(name.encode()) % 2])


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is secret in one test is none in the next: a process of its own would know nothing of it."""
    if redaction := sys.modules.get("flows.redaction"):
        monkeypatch.setattr(redaction, "_known", redaction._Known())


@pytest.fixture(autouse=True)
def _tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story waits a second or two before a request that failed is made again; `tests.scrapers` have it that one does."""
    if fetching := sys.modules.get("flows.fetching"):
        monkeypatch.setattr(fetching, "FetchSettings", partial(FetchSettings, retry_wait_seconds=0))


@pytest.fixture(params=_DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of either kind that has the tables and nothing in them, as `Store.open` takes it."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path / "scholarwatch.db")
    return str(request.getfixturevalue("postgres_database"))

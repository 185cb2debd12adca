"""Sources of other packages: what is taken, and what is left out with a reason."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from scrapers.plugins import GROUP, load_plugins, sources_of
from scrapers.sources.scholarfeed import SCHOLAR_FEED

_MODULE = """
from dataclasses import replace
from scrapers.sources.scholarfeed import SCHOLAR_FEED
GOOD = replace(SCHOLAR_FEED, name="good")
TWIN = replace(SCHOLAR_FEED, name="good", title="Twin")
TAKEN = SCHOLAR_FEED
MISNAMED = replace(SCHOLAR_FEED, name="Not A Name")
NOTHING = object()
"""


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    (tmp_path / "some_plugin.py").write_text(_MODULE, "utf-8")
    (tmp_path / "broken_plugin.py").write_text("1 / 0", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    def point(value: str) -> EntryPoint:
        return EntryPoint(name=value.rpartition(":")[2].lower(), value=value, group=GROUP)

    return point


def test_a_good_one_is_taken(points) -> None:
    sources, broken = sources_of([points("some_plugin:GOOD")], {"scholarfeed"})
    assert sources == [replace(SCHOLAR_FEED, name="good")]
    assert broken == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["some_plugin:TAKEN"], "there is a source 'scholarfeed' already"),
        (["some_plugin:GOOD", "some_plugin:TWIN"], "there is a source 'good' already"),
        (["some_plugin:MISNAMED"], "'Not A Name' is no name for a source: small letters, digits and _"),
        (["some_plugin:NOTHING"], "some_plugin:NOTHING is a object, not a Source"),
        (["broken_plugin:GOOD"], "broken_plugin:GOOD cannot be imported: ZeroDivisionError: division by zero"),
        (["no_such_plugin:GOOD"], "no_such_plugin:GOOD cannot be imported: ModuleNotFoundError: No module named"),
    ],
    ids=["taken", "twice", "misnamed", "no source", "raises", "missing"],
)
def test_one_that_cannot_be_used_is_left_out(points, values: list[str], reason: str) -> None:
    sources, broken = sources_of(map(points, values), {"scholarfeed"})
    assert len(sources) == len(values) - 1
    [left_out] = broken
    assert left_out.reason.startswith(reason)


def test_without_plugins_there_are_none() -> None:
    assert load_plugins(()) == ([], [])

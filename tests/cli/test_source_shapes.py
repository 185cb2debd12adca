"""``sources drift``."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.program import Program
from tests.flows.several_sources import OLD, sources
from tests.imitations.scholars import work


@pytest.fixture
def lived(program: Program) -> Iterator[Program]:
    """Two runs of OpenAlex; the second shows one work more."""
    with sources(program.folder, "scholarwatch.db") as ada:
        ada.follow("openalex")
        ada.show("openalex", OLD, citations=100)
        ada.check()
        ada.add("openalex", work("Rivers below a glacier", year=2026, key="2"))
        ada.check()
        yield program


def test_a_column_for_each_run(lived: Program) -> None:
    lines = [line.split() for line in lived("sources", "drift", "openalex").out.splitlines()]
    assert lines[0][0] == "openalex"
    assert ["pages", "1", "1"] in lines
    assert ["papers", "2", "1"] in lines
    assert ["arxiv", "id", "50", "%", "100", "%"] in lines


def test_an_object_for_each_run(lived: Program) -> None:
    found = [json.loads(line) for line in lived("sources", "drift", "--json").out.splitlines()]
    assert [(one["source"], one["known"], one["papers"], one["shown"]["arxiv_id"]) for one in found] == [
        ("openalex", 1, 2, 1),
        ("openalex", 0, 1, 1),
    ]
    (last,) = [json.loads(line) for line in lived("sources", "drift", "--last", "1", "--json").out.splitlines()]
    assert last == found[0]


def test_where_nothing_was_read(lived: Program) -> None:
    assert "No page of it was read yet." in lived("sources", "drift", "dblp").out


def test_a_source_that_is_none(lived: Program) -> None:
    refused = lived("sources", "drift", "openalx")
    assert refused.code == 2
    assert "openalex" in refused.err

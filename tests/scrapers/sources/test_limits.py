"""No page of 5 MB takes a source more than a second, or 200 MB, whatever is in it.

Most of what hostile pages can be is tried in the soak; of that, the ordinary run tries some of each kind.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scrapers.sources.good_pages import good_pages
from tests.scrapers.sources.measuring import Measured

_ROOT = Path(__file__).resolve().parents[3]
_SECONDS_MAX = 1.0
_MEGABYTES_MAX = 200.0
#: By source, what a part of its good pages has in its name, and one in how many of the grown pages is tried.
_SOME = {
    "openalex": ("three papers", 150),
    "semantic_scholar": ("three papers", 80),
    "arxiv": ("three papers", 30),
    "dblp": ("page of today", 40),
    "orcid": ("three papers", 110),
    "openreview": ("three papers", 130),
    "inspire": ("three papers", 120),
    "scholarfeed_api": ("three papers", 80),
    "scholarfeed": ("3 papers, articles", 40),
    "google_scholar": ("three papers, since", 200),
    "generic": ("JSON-LD", 40),
}
_SOURCES = sorted({good.source.name for good in good_pages()})


def _measured(source: str, every: int, pages: str) -> list[Measured]:
    command = [sys.executable, "-m", "tests.scrapers.sources.measuring", source, str(every), pages]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    return [Measured(**json.loads(line)) for line in done.stdout.splitlines()]


def _refused(measured: list[Measured]) -> list[Measured]:
    return [
        one
        for one in measured
        if one.seconds > _SECONDS_MAX
        or one.megabytes > _MEGABYTES_MAX
        or one.came.startswith(("raises", "died"))
    ]


@pytest.mark.parametrize("source", _SOURCES)
def test_some_grown_pages_are_read_or_refused_in_time(source: str) -> None:
    pages, every = _SOME[source]
    measured = _measured(source, every, pages)
    assert len(measured) >= 3
    assert _refused(measured) == []


@pytest.mark.slow
@pytest.mark.parametrize("source", _SOURCES)
def test_all_grown_pages_are_read_or_refused_in_time(source: str) -> None:
    pages, _ = _SOME[source]
    assert _refused(_measured(source, 1, pages)) == []

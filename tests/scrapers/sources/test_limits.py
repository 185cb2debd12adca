"""No page of 5 MB takes a source more than a second, or 200 MB, whatever is in it.

The soak tries all that `blown_up` makes of a page of each source, some thousand pages; the ordinary run tries those that
once took longest.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scrapers.registry import SOURCES
from tests.scrapers.sources.measuring import Measured

_ROOT = Path(__file__).resolve().parents[3]
#: Of the processor, on an idle machine half of it suffices.
_SECONDS_MAX = 1.0
_MEGABYTES_MAX = 200.0
#: One good page of each source.
_PAGES = "(?:three papers(?:, since 2018)?|3 papers, (?:articles|text_copy)|page of today|JSON-LD|microdata)"
#: Attributes that the parser compares with each other, names that it must remember, lists within lists, and many lines.
_ONCE_SLOW = (
    rf"{_PAGES}: answer 0, (?:attributes|XML names|JSON lists)$",
    r"scholarfeed: 3 papers, text_copy: answer 0, (?:b'h-index 12.*|line 3 is lines)$",
    r"(?:openreview|scholarfeed_api): three papers: answer 1, 990 items of \w+, and of \S*authors in each",
)


def _measured(pattern: str) -> list[Measured]:
    command = [sys.executable, "-m", "tests.scrapers.sources.measuring", pattern]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    return [Measured(**json.loads(line)) for line in done.stdout.splitlines()]


def _refused(measured: list[Measured]) -> list[Measured]:
    return [
        one
        for one in measured
        if one.seconds > _SECONDS_MAX or one.megabytes > _MEGABYTES_MAX or one.came.startswith(("raises", "died"))
    ]


def test_grown_pages_that_once_took_long_are_read_or_refused_in_time() -> None:
    measured = _measured("|".join(_ONCE_SLOW))
    assert {one.what.partition(":")[0] for one in measured} == set(SOURCES)
    assert _refused(measured) == []


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
def test_all_grown_pages_are_read_or_refused_in_time(source: str) -> None:
    measured = _measured(f"^{source}: {_PAGES}: ")
    assert len(measured) > 50
    assert _refused(measured) == []

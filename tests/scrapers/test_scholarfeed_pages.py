"""Made-up pages of Scholar Feed, each beside what it must read as, compared whole."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrapers.parse import parse_page, saved_page
from tracking.check import Failure, Parsed
from tracking.reading_json import reading_to_json

_PAGES = sorted(path for path in (Path(__file__).parent / "scholarfeed").iterdir() if path.suffix != ".json")
_OBSERVED_ON = date(2026, 3, 10)


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
def test_page_reads_as_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    page = saved_page(path, url="https://www.scholarfeed.org/author/4711")
    assert _as_json(parse_page("scholarfeed", page, _OBSERVED_ON)) == expected


def _as_json(answer: Parsed | Failure) -> dict[str, Any]:
    match answer:
        case Parsed(reading=reading):
            return reading_to_json(reading)
        case Failure(outcome=outcome, detail=detail):
            return {"outcome": outcome.value, "detail": detail}

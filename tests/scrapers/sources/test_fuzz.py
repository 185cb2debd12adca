"""Whatever the structure of an answer: a reading that can be stored, the same each time, or a ParseError."""

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from scrapers.parse_error import ParseError
from tests.laws import tried
from tests.scrapers.sources.good_pages import OBSERVED_ON, GoodPage, good_pages
from tests.scrapers.sources.mutating import mutated
from tracking.check import Page
from tracking.reading import ProfileReading

#: By source. Long pages say nothing here that short ones do not.
_SHORT = {
    name: [good for good in good_pages() if good.source.name == name and len(good.page.body) < 8_000]
    for name in dict.fromkeys(good.source.name for good in good_pages())
}


@pytest.mark.parametrize("name", _SHORT)
@tried(60, *HealthCheck)
@given(choice=st.data(), draw=st.randoms(use_true_random=False), times=st.integers(1, 6))
def test_any_structure_gives_a_reading_or_a_parse_error(
    name: str, choice: st.DataObject, draw: Random, times: int
) -> None:
    good: GoodPage = choice.draw(st.sampled_from(_SHORT[name]))
    page = mutated(good.page, draw, times=times)
    reading = _read(good, page)
    assert reading == _read(good, page)
    if reading is not None:
        _refuse_what_cannot_be_kept(reading)


@pytest.mark.parametrize("name", _SHORT)
@tried(25, *HealthCheck)
@given(choice=st.data(), noise=st.binary(max_size=60), start=st.integers(0, 8_000), length=st.integers(0, 400))
def test_any_bytes_give_a_reading_or_a_parse_error(
    name: str, choice: st.DataObject, noise: bytes, start: int, length: int
) -> None:
    good: GoodPage = choice.draw(st.sampled_from(_SHORT[name]))
    body = good.page.body
    page = Page(
        url=good.page.url, status=200, headers=good.page.headers, body=body[:start] + noise + body[start + length :]
    )
    assert _read(good, page) == _read(good, page)


def _read(good: GoodPage, page: Page) -> ProfileReading | None:
    try:
        return good.source.parse(page, OBSERVED_ON)
    except ParseError as error:
        # It is shown and stored.
        str(error).encode()
        return None


def _refuse_what_cannot_be_kept(reading: ProfileReading) -> None:
    """Whole numbers of 8 bytes, finite other numbers, and text that is not blank and can be encoded."""
    assert reading.name.strip()
    assert all(paper.title.strip() for paper in reading.papers)
    values = [reading.name, reading.field, *reading.metrics, *reading.metrics.values(), *reading.warnings]
    for paper in reading.papers:
        values += [paper.title, paper.category, paper.score, paper.abstract, paper.arxiv_id, paper.version, paper.doi]
        values += [paper.source_id, paper.url, paper.citations, *paper.authors, *paper.institutions]
    for value in values:
        if isinstance(value, str):
            assert "\0" not in value
            value.encode()
        elif isinstance(value, int):
            assert abs(value) < 2**63
    json.dumps(values, allow_nan=False)

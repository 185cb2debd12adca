"""The law of the Scholar Feed parser: the same visible text reads the same, whatever the markup."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given

from scrapers.sources.scholarfeed import page as scholarfeed
from tests.laws import tried
from tests.scrapers.made_up import OBSERVED_ON, ShownProfile, profiles
from tests.scrapers.markups import HTML_MARKUPS, TEXT_COPIES, Markup
from tests.scrapers.real_pages import PROFILE, needs_real_pages, real_profile
from tracking.check import Page
from tracking.reading import ProfileReading

_EVERY_MARKUP = pytest.mark.parametrize("markup", [*HTML_MARKUPS, *TEXT_COPIES], ids=lambda markup: markup.__name__)


def _read(markup: Markup, profile: ShownProfile) -> ProfileReading:
    content_type = "text/plain" if markup in TEXT_COPIES else "text/html; charset=utf-8"
    page = Page(
        url="https://www.scholarfeed.org/author/1",
        status=200,
        headers={"content-type": content_type},
        body=markup(profile).encode(),
    )
    return scholarfeed.parse(page, OBSERVED_ON)


@_EVERY_MARKUP
@given(profile=profiles())
@tried(25, *HealthCheck)
def test_the_same_text_reads_the_same(markup: Markup, profile: ShownProfile) -> None:
    assert replace(_read(markup, profile), warnings=()) == profile.reading


@needs_real_pages
@_EVERY_MARKUP
def test_the_real_papers_read_the_same(markup: Markup) -> None:
    profile = real_profile()
    assert replace(_read(markup, profile), warnings=()) == profile.reading


@needs_real_pages
def test_the_real_text_copy_reads_exactly() -> None:
    page = Page(url="", status=200, headers={"content-type": "text/plain"}, body=PROFILE.read_bytes())
    reading = scholarfeed.parse(page, OBSERVED_ON)
    assert replace(reading, warnings=()) == real_profile().reading
    assert reading.warnings == ("The h-index, 117, is larger than the number of papers shown, 50.",)


@needs_real_pages
def test_the_real_page_adds_up() -> None:
    """The totals that were counted by eye."""
    reading = real_profile().reading
    categories = [paper.category for paper in reading.papers]
    assert {name: categories.count(name) for name in set(categories)} == {
        "LG": 34, "CL": 12, "AI": 2, "RO": 1, "MES-HALL": 1,
    }  # fmt: skip
    assert sum(paper.has_code is True for paper in reading.papers) == 6
    assert [paper.score for paper in reading.papers if paper.year_inferred] == [98.1]
    assert sorted(len(paper.authors) for paper in reading.papers if paper.authors_complete) == [1, 3, 3]
    assert not reading.complete
    assert reading.metrics == {"h_index": 117, "papers": 50, "citations": 17576, "novelty": 0.55, "ai_score": 63}

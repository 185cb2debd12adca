"""A person of DBLP: the XML of today, or a page for people, from 2015 on, as web archives have kept it."""

from datetime import date

from scrapers.bundle import answers_of
from scrapers.sources.dblp.person_html import read_person_page
from scrapers.sources.dblp.person_xml import read_person_xml
from tracking.check import Page
from tracking.reading import ProfileReading


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date is a whole year
    """Read a person. Raises ParseError, also for a page that tells several people of one name apart."""
    answer = answers_of(page)[-1]
    return read_person_xml(answer) if _is_xml(answer) else read_person_page(answer)


def _is_xml(page: Page) -> bool:
    """By what it holds: archives and saved files often name another type."""
    return b"<dblpperson" in page.body[:1000]

"""A parser that has learned the layout which the imitation site shows as a script.

A function of a module, because a worker process finds a parser by its name.
"""

from dataclasses import replace
from datetime import date

from scrapers.parse import parse_page
from tracking.check import Failure, Page, Parsed
from world.shell import unscripted

#: Its version, one after the real one.
PARSER = "scholarfeed/next"


def mended(source: str, page: Page, on: date) -> Parsed | Failure:
    """The real parser, after a browser; the page is the one that came."""
    answer = parse_page(source, replace(page, body=unscripted(page.body)), on)
    return replace(answer, page=page) if isinstance(answer, Parsed) else answer


def mended_and_renamed(source: str, page: Page, on: date) -> Parsed | Failure:
    """The same as a new version, as a release would have it."""
    answer = mended(source, page, on)
    return replace(answer, parser=PARSER) if isinstance(answer, Parsed) else answer

"""CSS selectors that say where on a page the papers are: written by whoever follows it, kept with each page.

sources: {generic: {selectors: {www.example.edu: {paper: "ul.pubs > li", title: ".title"}}}}
  ──note_for──> header of the page as it is stored ──selectors_of──> what it is read by, on any later day
"""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import soupsieve

from scrapers.parse_error import ParseError
from scrapers.source import READING_HEADER, SourceOptions
from scrapers.sources.generic.urls import authority_of
from tracking.check import Page

#: What a selector may be for. ``name`` is on the page, the others but ``paper`` itself are within a paper.
NAMES = ("paper", "title", "authors", "year", "link", "name")
_LONGEST = 1000

Selectors = Mapping[str, str]


def check_selector(selector: str) -> None:
    """Raises ValueError, saying in one line what is wrong, for what is no CSS selector."""
    if not selector.strip():
        raise ValueError("it is empty")
    if len(selector) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters")
    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, RecursionError) as error:
        raise ValueError(str(error).partition("\n")[0] or "nested too deeply") from None


def note_for(url: str, options: SourceOptions) -> str | None:
    """The selectors for a page, as text of ASCII; None where there are none.

    They are given for ``host``, ``host:port`` or a part of a host, ``host/~ada``: the longest that fits holds.
    """
    path = urlsplit(url).path
    hosts = {authority_of(url), urlsplit(url).hostname or ""}
    fitting = [place for place in options.selectors if _fits(place, hosts, path)]
    if not fitting:
        return None
    return note_of(options.selectors[max(fitting, key=len)])


def note_of(selectors: Selectors) -> str:
    """The same selectors always give the same text."""
    return json.dumps(dict(selectors), sort_keys=True, separators=(",", ":"))


def selectors_of(page: Page) -> Selectors | None:
    """What stands in the header of the page; None without one. Raises ParseError for what is not of `note_of`."""
    note = page.headers.get(READING_HEADER)
    if note is None:
        return None
    try:
        selectors = json.loads(note)
        if not isinstance(selectors, dict) or "paper" not in selectors or not set(selectors) <= set(NAMES):
            raise ValueError("not a mapping of what is known to selectors")
        for selector in selectors.values():
            check_selector(selector if isinstance(selector, str) else "")
    except (ValueError, RecursionError) as error:
        raise ParseError(f"cannot be used: {error}", stage="selectors", excerpt=note) from None
    return selectors


def _fits(place: str, hosts: set[str], path: str) -> bool:
    host, slash, part = place.partition("/")
    return host in hosts and (not slash or f"{path}/".startswith(f"/{part.rstrip('/')}/"))

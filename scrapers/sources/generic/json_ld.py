"""JSON-LD: items of schema.org in the scripts of a page."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup

from scrapers.parse_error import ParseError
from scrapers.sources.generic.schema_org import Item

#: A thousand papers of ten authors each are not so many.
_MAX_THINGS = 15_000
_MAX_CHARACTERS = 2_000_000
_SCRIPTS = 'script[type^="application/ld+json" i]'
#: What was put around a script for browsers of long ago.
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$")


def items_of_json_ld(soup: BeautifulSoup) -> tuple[list[Item], int]:
    """The items, and how many scripts could not be read. Raises ParseError for more than a page's worth."""
    items: list[Item] = []
    unreadable = 0
    scripts = [script.get_text() for script in soup.select(_SCRIPTS)]
    if sum(script.count("{") for script in scripts) > _MAX_THINGS or sum(map(len, scripts)) > _MAX_CHARACTERS:
        raise ParseError("there is far too much for a personal page", stage="papers", where="JSON-LD")
    for script in scripts:
        try:
            items += _items(json.loads(_WRAPPING.sub("", script)))
        except (ValueError, RecursionError):
            unreadable += 1
    return items, unreadable


def _items(value: Any) -> Iterator[Item]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one

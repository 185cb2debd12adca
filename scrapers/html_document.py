"""HTML answers as elements: strict where a layout is relied upon.

>>> soup = read_html(page)
>>> seen_text(one(soup, "#gsc_prf_in", stage="name"))
>>> [seen_text(row) for row in many(soup, "tr.gsc_a_tr", stage="papers")]

For pages that are read by their ids and classes; `scrapers.page_text` reads a page by what is seen on it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from scrapers.markup import Layout, look_of
from scrapers.page_source import decode, whole_markup
from scrapers.page_text import visible
from scrapers.parse_error import ParseError
from scrapers.soup import make_soup
from tracking.check import Page

#: What is parsed well within a second; a list of a thousand papers has about 30,000 tags.
_MAX_TAGS = 50_000
#: An image may be written into a tag, and has no blanks; so many attributes take longer than all other tags.
_LONG_TAG = re.compile(r"<[^<>]{20000,}")
_MAX_ATTRIBUTES = 1_000
_MAX_DEPTH = 256
#: Of what is read as one text; the longest lists of authors have 60,000 characters.
_MAX_CHARACTERS = 200_000


def read_html(page: Page) -> BeautifulSoup:
    """The elements of a page; attributes are text. Raises ParseError (stage ``page``), also for a page that is cut."""
    text = whole_markup(decode(page))
    tags = text.count("<")
    if tags > _MAX_TAGS:
        raise ParseError(f"{tags} tags are too many for a profile page", stage="page")
    if any(len(tag[0].split()) > _MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise ParseError(f"a tag has more than {_MAX_ATTRIBUTES} attributes", stage="page")
    soup = make_soup(text)
    _refuse_depth(soup)
    return soup


def _refuse_depth(soup: BeautifulSoup) -> None:
    level: list[Tag] = [soup]
    for _ in range(_MAX_DEPTH):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
        if not level:
            return
    raise ParseError(f"elements are nested deeper than {_MAX_DEPTH}", stage="page")


def one(node: Tag, selector: str, *, stage: str) -> Tag:
    """The one element within that the selector finds. Raises ParseError for none and for several."""
    found = node.select(selector, limit=2)
    if len(found) != 1:
        raise ParseError("is not there" if not found else "is there several times", stage=stage, where=selector)
    return found[0]


def many(node: Tag, selector: str, *, stage: str) -> list[Tag]:
    """The elements within that the selector finds, in their order. Raises ParseError for none."""
    found = node.select(selector)
    if not found:
        raise ParseError("is not there", stage=stage, where=selector)
    return list(found)


def attribute(tag: Tag, name: str) -> str:
    """The attribute without blanks around it, empty where there is none."""
    value = tag.attrs.get(name, "")
    return value.strip() if isinstance(value, str) else " ".join(value)


def seen_text(tag: Tag) -> str:
    """What is seen of an element, on one line: scripts and hidden elements are not, what stands on lines is parted.

    Raises ParseError (stage ``page``) for what is much longer than anything that is one text.
    """
    return visible("".join(_pieces(tag)))


def _pieces(tag: Tag) -> Iterator[str]:
    length = 0
    waiting: list[PageElement | str] = [tag]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            look = look_of(node)
            if node is not tag and look.unseen_in_card:
                continue
            border = [" "] if look.layout in (Layout.BLOCK, Layout.BREAK) else []
            waiting += [*border, *reversed(node.contents), *border]
        elif type(node) in (NavigableString, CData, str):
            length += len(str(node))
            if length > _MAX_CHARACTERS:
                raise ParseError(f"more than {_MAX_CHARACTERS} characters in one text", stage="page", where=tag.name)
            yield str(node)


def absolute_url(href: str, base: str) -> str | None:
    """The web page that a link leads to, without a fragment; None for what leads nowhere else."""
    if not href or href.startswith("#"):
        return None
    try:
        url = urldefrag(urljoin(base, href)).url
    except ValueError:
        return None
    return url if url.startswith(("https://", "http://")) else None

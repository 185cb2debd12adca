"""A person's page as people see it: each record an ``<li class="entry …" id="KEY">``, marked up with schema.org.

    until about 2018    <div class="data" itemprop="headline">authors: title. venue year</div>
    since then          <cite class="data tts-content" itemprop="headline">authors: title. venue year</cite>

Both are read by the ``itemprop`` of what is in them. Rows with a year alone stand between the entries.
"""

import re
from itertools import islice
from typing import Any

# Not through BeautifulSoup: an entry has a hundred tags, and the page of a busy professor a thousand entries.
from lxml import etree

from scrapers.page_source import decode, refuse_endless_tags
from scrapers.parse_error import ParseError
from scrapers.sources.dblp.record import Record, reading_of
from tracking.check import Page
from tracking.reading import ProfileReading

_TAGS_MAX = 300_000
_END = re.compile(r"</html\s*>", re.IGNORECASE)
_DISAMBIGUATION = "is just a disambiguation page"
_HEAD_TITLE = re.compile(r"dblp:? (.+)", re.IGNORECASE)
#: ``[j82]``: the newest of 82 articles.
_LABEL = re.compile(r"\[?([a-z]{1,3})([0-9]{1,5})\]?")
#: Of a title or a name, in characters.
_LONGEST_TEXT = 20_000
#: From the element with a name up to the one that says whose it is.
_LEVELS = 4


def read_person_page(page: Page) -> ProfileReading:
    """Read a person from HTML. Raises ParseError, also for pages of DBLP that are not a person's, and for cut ones."""
    root = _elements(page)
    name = _name(root)
    records: list[Record] = []
    labels: list[tuple[str, int]] = []
    year = None
    for row in root.iter("li"):
        classes = _classes(row)
        if classes == ["year"]:
            year = _text(row)
        elif "entry" in classes:
            entry = _Entry(row, len(records) + 1)
            records.append(entry.record(classes, year))
            labels += entry.labels
    if not records:
        raise ParseError("no publications", stage="papers", where="li.entry")
    return reading_of(name, records, _named(labels, len(records)))


def _elements(page: Page) -> Any:
    text = decode(page)
    if text.count("<") > _TAGS_MAX:
        raise ParseError(f"{text.count('<')} tags are too many for a person's page", stage="page")
    refuse_endless_tags(text)
    if _END.search(text) is None:
        raise ParseError("the page is cut: its end is missing", stage="page", excerpt=text[-80:])
    if _DISAMBIGUATION in text:
        raise ParseError(
            "several people have this name: the page only tells them apart; follow the one who is meant", stage="name"
        )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.LxmlError as error:
        raise ParseError(f"the markup cannot be parsed: {error}", stage="page") from None
    if root is None:
        raise ParseError("the page is empty", stage="page")
    return root


def _name(root: Any) -> str:
    """The name in the headline, else what the title of the page says after ``dblp:``."""
    shown = [_text(span) for span in root.iter("span") if {"name", "primary"} <= set(_classes(span))]
    if not shown:
        titles = [_HEAD_TITLE.fullmatch(_text(title)) for title in root.iter("title")]
        shown = [title[1] for title in titles if title is not None]
    if not shown or not shown[0]:
        raise ParseError("no name", stage="name", where="span.name.primary, title")
    return shown[0]


def _named(labels: list[tuple[str, int]], shown: int) -> int | None:
    """How many records there are by their labels, which count down to 1 for each letter; None where some have none."""
    if len(labels) < shown:
        return None
    highest: dict[str, int] = {}
    for letter, number in labels:
        highest[letter] = max(number, highest.get(letter, 0))
    return sum(highest.values())


class _Entry:
    """What one ``<li class="entry">`` holds."""

    def __init__(self, row: Any, number: int) -> None:
        self._where = f"entry {number}"
        self._key = (row.get("id") or "").strip()
        self._titles: list[str] = []
        self._authors: list[str] = []
        self._parts: dict[str, str] = {}
        self._links: list[str] = []
        self._is_persons = False
        self.labels: list[tuple[str, int]] = []
        for element in row.iterdescendants("*"):
            self._take(element)

    def record(self, classes: list[str], year: str | None) -> Record:
        """``year`` is that of the row above."""
        if not self._key or len(self._titles) != 1:
            raise self._error("no key" if not self._key else f"{len(self._titles)} titles")
        if not self._is_persons:
            raise self._error("no person is marked: it is not the page of a person")
        kinds = [name for name in classes if name not in ("entry", "toc", "marked")]
        if not kinds:
            raise self._error("no kind of record")
        return Record(
            key=self._key,
            kind=kinds[0],
            title=self._titles[0],
            authors=tuple(self._authors),
            year=self._parts.get("datePublished") or year,
            links=tuple(dict.fromkeys(self._links)),
            journal=self._parts.get("name"),
            volume=self._parts.get("volumeNumber"),
        )

    def _take(self, element: Any) -> None:
        if element.tag == "a":
            self._links.append(element.get("href") or "")
        if not element.get("class") and not element.get("itemprop"):
            return
        classes = _classes(element)
        prop = element.get("itemprop")
        if element.tag == "li" and "entry" in classes:
            raise self._error("an entry within an entry")
        if "title" in classes and prop == "name":
            if self._titles:
                raise self._error("two titles")
            self._titles.append(_text(element))
        elif "nr" in classes and (label := _LABEL.fullmatch(_text(element))) is not None:
            self.labels.append((label[1], int(label[2])))
        elif prop == "name" and _is_within(element, "author"):
            self._authors.append(_text(element))
            self._is_persons = self._is_persons or "this-person" in classes
        elif prop in ("name", "volumeNumber", "datePublished"):
            self._is_persons = self._is_persons or "this-person" in classes
            self._parts.setdefault(prop, _text(element) or (element.get("content") or "").strip())

    def _error(self, reason: str) -> ParseError:
        return ParseError(reason, stage="papers", where=f"{self._where}, {self._key or 'li.entry'}")


def _is_within(element: Any, prop: str) -> bool:
    return any(outer.get("itemprop") == prop for outer in islice(element.iterancestors(), _LEVELS))


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _text(element: Any) -> str:
    text = "".join(element.itertext("*"))
    if len(text) > _LONGEST_TEXT:
        raise ParseError(f"{len(text)} characters are no title and no name", stage="papers", excerpt=text[:200])
    return " ".join(text.split())

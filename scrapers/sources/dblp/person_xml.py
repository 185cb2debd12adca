"""The XML of a person: ``<dblpperson name pid n>``, who they are, then every record in an ``<r>``."""

import re
from xml.etree.ElementTree import Element

from scrapers.parse_error import ParseError
from scrapers.sources.dblp.record import EDITED, Record, reading_of
from scrapers.xml_document import read_xml, text_of
from tracking.check import Page
from tracking.reading import ProfileReading

_KINDS = {"phdthesis": "book", "mastersthesis": "book"}


def read_person_xml(page: Page) -> ProfileReading:
    """Read a person from XML. Raises ParseError."""
    root = read_xml(page, stage="page")
    name = " ".join(root.get("name", "").split())
    if root.tag != "dblpperson" or not name:
        raise ParseError("not the XML of a person", stage="name", excerpt=f"<{root.tag}>")
    person = root.find("person")
    if person is not None and person.get("publtype") == "disambiguation":
        raise ParseError(
            "several people have this name: the page only tells them apart; follow the one who is meant",
            stage="name",
            excerpt=name,
        )
    records = [_record(item, number) for number, item in enumerate(root.findall("r"), start=1)]
    named = _named(root)
    if named is None and not records:
        raise ParseError("no records, and no count of them", stage="papers")
    return reading_of(name, records, named)


def _named(root: Element) -> int | None:
    text = root.get("n")
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", text) is None:
        raise ParseError("no count of records", stage="papers", excerpt=text)
    return int(text)


def _record(item: Element, number: int) -> Record:
    where = f"record {number}"
    if len(item) != 1:
        raise ParseError(f"{len(item)} records in the place of one", stage="papers", where=where)
    record = item[0]
    key = record.get("key", "").strip()
    if not key:
        raise ParseError("no key", stage="papers", where=where, excerpt=f"<{record.tag}>")
    authors = _names(record, "author")
    if not authors and not _names(record, "editor"):
        raise ParseError("neither author nor editor", stage="papers", where=f"{where}, {key}")
    title = text_of(record.find("title"))
    if title is None:
        raise ParseError("no title", stage="papers", where=f"{where}, {key}")
    return Record(
        key=key,
        kind=_kind(record) if authors else EDITED,
        title=title,
        authors=authors,
        year=text_of(record.find("year")),
        links=tuple(link for place in record.findall("ee") if (link := text_of(place))),
        journal=text_of(record.find("journal")),
        volume=text_of(record.find("volume")),
    )


def _names(record: Element, role: str) -> tuple[str, ...]:
    return tuple(name for person in record.findall(role) if (name := text_of(person)))


def _kind(record: Element) -> str:
    """The kind that the pages of DBLP show the record under."""
    marks = record.get("publtype", "").split()
    if "informal" in marks:
        return "informal"
    if "encyclopedia" in marks:
        return "reference"
    return _KINDS.get(record.tag, record.tag)

"""The works of an ORCID record as XML, of any version of its schemas: elements are known by their local names."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from scrapers.parse_error import ParseError
from scrapers.sources.orcid.works import WORKS_MAX, Identifier, Summary, kind_of, published, title_of, web_url
from scrapers.xml_document import read_xml, text_of
from tracking.check import Page


def read_works_xml(page: Page) -> tuple[str, list[list[Summary]]]:
    """The path of the works, which holds the iD, and the groups of summaries. Raises ParseError."""
    root = read_xml(page, stage="works")
    path = root.get("path")
    if _local(root) != "works" or path is None:
        raise ParseError("is not the works of a record", stage="works", where=_local(root))
    groups = [_children(group, "work-summary") for group in _children(root, "group")]
    if sum(map(len, groups)) > WORKS_MAX:
        raise ParseError(f"more than {WORKS_MAX} works", stage="works")
    return path, [[_summary(item) for item in group] for group in groups]


def _summary(item: Element) -> Summary:
    put_code, index = item.get("put-code", ""), item.get("display-index", "0")
    # ASCII only: a digit of another script is no code.
    if not (put_code.isascii() and put_code.isdecimal() and len(put_code) < 20):
        raise ParseError("a work has no put-code", stage="works", excerpt=put_code)
    if not (index.isascii() and index.removeprefix("-").isdecimal() and len(index) < 10):
        raise ParseError("a display index is not a number", stage="works", where=put_code, excerpt=index)
    when = _child(item, "publication-date")
    return Summary(
        put_code=put_code,
        display_index=int(index),
        title=title_of(text_of(_child(_child(item, "title"), "title"))),
        kind=kind_of(text_of(_child(item, "type"))),
        published=published(*(text_of(_child(when, part)) for part in ("year", "month", "day"))),
        url=web_url(text_of(_child(item, "url"))),
        identifiers=tuple(_identifiers(item)),
    )


def _identifiers(item: Element) -> Iterator[Identifier]:
    for one in _children(_child(item, "external-ids"), "external-id"):
        parts = [text_of(_child(one, f"external-id-{part}")) for part in ("type", "value", "relationship")]
        if all(parts):
            kind, value, relation = (part or "" for part in parts)
            yield Identifier(kind.lower(), value, relation.lower())


def _children(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [child for child in element if _local(child) == name]


def _child(element: Element | None, name: str) -> Element | None:
    return next(iter(_children(element, name)), None)


def _local(element: Element) -> str:
    # A comment has a function for a tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""

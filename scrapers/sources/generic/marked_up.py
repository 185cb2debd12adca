"""Microdata and RDFa Lite: items of schema.org in the attributes of a page, brought into the form of JSON-LD."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from scrapers.html_document import attribute, seen_text
from scrapers.sources.generic.schema_org import Item

#: Deeper than things stand in things, and properties in properties.
_MAX_DEPTH = 20
_MAX_NESTED = 5
#: What is read of an item, or leads to one.
_READ = frozenset({
    "name", "headline", "author", "creator", "givenName", "familyName", "url", "sameAs", "mainEntityOfPage",
    "mainEntity", "about", "datePublished", "identifier", "doi", "value", "abstract", "itemListElement", "item",
})  # fmt: skip
#: The attribute that holds the value, where an element of this name has it.
_VALUES = {"a": "href", "area": "href", "link": "href", "img": "src", "time": "datetime", "data": "value"}
#: Of these the text is meant, although they stand on links often.
_SEEN = frozenset({"name", "headline", "author", "creator", "abstract", "givenName", "familyName"})


@dataclass(frozen=True, slots=True)
class _Syntax:
    """The attributes that begin an item, name its type, and name a property."""

    scope: str
    type: str
    name: str


_MICRODATA = _Syntax("itemscope", "itemtype", "itemprop")
_RDFA = _Syntax("typeof", "typeof", "property")


def items_of_microdata(soup: BeautifulSoup) -> list[Item]:
    return _items(soup, _MICRODATA)


def items_of_rdfa(soup: BeautifulSoup) -> list[Item]:
    return _items(soup, _RDFA)


def _items(soup: BeautifulSoup, syntax: _Syntax) -> list[Item]:
    """Every item that is not the value of another's property."""
    return [_item(tag, syntax, 0) for tag in soup.select(f"[{syntax.scope}]") if not _is_value(tag, syntax)]


def _is_value(tag: Tag, syntax: _Syntax) -> bool:
    return syntax.name in tag.attrs and tag.find_parent(attrs={syntax.scope: True}) is not None


def _item(tag: Tag, syntax: _Syntax, depth: int) -> Item:
    item: dict[str, Any] = {"@type": attribute(tag, syntax.type).split()}
    if identifier := attribute(tag, "itemid") or attribute(tag, "resource"):
        item["@id"] = identifier
    for name, value in _properties(tag, syntax, depth):
        item.setdefault(name, []).append(value)
    return item


def _properties(item: Tag, syntax: _Syntax, depth: int) -> Iterator[tuple[str, Any]]:
    """Names and values in the order of the page."""
    waiting: list[tuple[PageElement, int]] = [(child, 0) for child in reversed(item.contents)]
    while waiting:
        node, nested = waiting.pop()
        if not isinstance(node, Tag):
            continue
        names = [name for name in attribute(node, syntax.name).split() if _bare(name) in _READ]
        if syntax.scope in node.attrs:
            # What stands in an item without being its property is an item by itself.
            if names and depth < _MAX_DEPTH:
                inner = _item(node, syntax, depth + 1)
                yield from ((name, inner) for name in names)
            continue
        if nested < _MAX_NESTED:
            yield from ((name, _value(node, name)) for name in names)
        waiting += [(child, nested + bool(names)) for child in reversed(node.contents)]


def _value(tag: Tag, name: str) -> str:
    if content := attribute(tag, "content"):
        return content
    holder = _VALUES.get(tag.name)
    if holder is not None and _bare(name) not in _SEEN:
        return attribute(tag, holder) or seen_text(tag)
    return seen_text(tag)


def _bare(name: str) -> str:
    """``schema:name`` and ``https://schema.org/name`` are ``name``."""
    return name.rpartition(":")[2].rpartition("/")[2]

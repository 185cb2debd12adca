"""XML answers, read without a DTD, entities of its own, or anything fetched.

>>> feed = read_xml(page, stage="feed")
>>> feed.tag, text_of(feed.find("{http://www.w3.org/2005/Atom}title"))
"""

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from scrapers.parse_error import ParseError
from tracking.check import Page

#: Deeper than any answer of a source.
_DEPTH_MAX = 100
#: The longest lists of DBLP have 115,000.
_ELEMENTS_MAX = 200_000
#: Of elements; each new one takes longer than one that was met before.
_NAMES_MAX = 1_000


def read_xml(page: Page, *, stage: str) -> Element:
    """The root element of the XML document that a page is. Raises ParseError, also for a document that is cut."""
    parser = XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(page.body)
        root: Element = parser.close()
    except XmlError as error:
        excerpt = page.body[:200].decode("utf-8", "replace")
        raise ParseError(f"not XML: {error}", stage=stage, excerpt=excerpt) from None
    except DefusedXmlException as error:
        raise ParseError(f"refused XML: {error}", stage=stage) from None
    except (LookupError, ValueError) as error:
        raise ParseError(f"not XML that can be read: {error}", stage=stage) from None
    return root


class _Bounded(TreeBuilder):
    """Builds the tree, and gives up on one that only wants to be deep, long, or full of names."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0
        self._names: set[str] = set()

    def start(self, tag: str, attributes: dict[str, Any], /) -> Element:
        self._depth += 1
        self._elements += 1
        self._names.add(tag)
        if self._depth > _DEPTH_MAX:
            raise ValueError(f"elements stand more than {_DEPTH_MAX} deep")
        if self._elements > _ELEMENTS_MAX or len(self._names) > _NAMES_MAX:
            raise ValueError(f"more than {_ELEMENTS_MAX} elements, or {_NAMES_MAX} names of elements")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def text_of(element: Element | None) -> str | None:
    """All text within an element, single blanks between its words; None where there is none."""
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split()) or None

"""XML answers, read without a DTD, entities of its own, or anything fetched.

>>> feed = read_xml(page, stage="feed")
>>> feed.tag, text_of(feed.find("{http://www.w3.org/2005/Atom}title"))
"""

from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from scrapers.parse_error import ParseError
from tracking.check import Page


def read_xml(page: Page, *, stage: str) -> Element:
    """The root element of the XML document that a page is. Raises ParseError, also for a document that is cut."""
    try:
        root: Element = fromstring(page.body, forbid_dtd=True)
    except XmlError as error:
        excerpt = page.body[:200].decode("utf-8", "replace")
        raise ParseError(f"not XML: {error}", stage=stage, excerpt=excerpt) from None
    except DefusedXmlException as error:
        raise ParseError(f"refused XML: {error}", stage=stage) from None
    except (LookupError, ValueError) as error:
        raise ParseError(f"not XML that can be read: {error}", stage=stage) from None
    return root


def text_of(element: Element | None) -> str | None:
    """All text within an element, single blanks between its words; None where there is none."""
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split()) or None

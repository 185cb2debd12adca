"""A feed as Atom, RFC 4287."""

from datetime import datetime
from typing import Any

from alerts.feeds.entry import FeedEntry
from alerts.feeds.feed import Feed

_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed, feed_url: str) -> bytes:
    """A document in UTF-8; ``feed_url`` is where it is, empty if nobody said."""
    from lxml import etree

    root = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _time(feed.updated_at))
    _add(_add(root, "author"), "name", "Scholarwatch")
    _add(root, "generator", "Scholarwatch")
    if feed_url:
        _add(root, "link", rel="self", type="application/atom+xml", href=feed_url)
    for entry in feed.entries:
        _add_entry(root, entry)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _add_entry(root: Any, entry: FeedEntry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _time(entry.at))
    _add(element, "published", _time(entry.at))
    if entry.url:
        _add(element, "link", rel="alternate", href=entry.url)
    for tag in entry.tags:
        _add(element, "category", term=tag)
    _add(element, "content", entry.html, type="html")


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)
    element.text = text
    return element


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")

"""What a feed reader and the standards make of the files of a feed."""

import json
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"

#: https://www.jsonfeed.org/version/1.1/, what of it is used here; a name that the standard does not have begins with “_”.
_URL = {"type": "string", "pattern": "^https?://"}
_TEXT = {"type": "string", "minLength": 1}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "patternProperties": {"^_[A-Za-z]": {"type": "object"}},
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "feed_url": _URL,
        "language": {"type": "string", "pattern": "^[a-z]{2}"},
        "authors": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": _TEXT}, "minProperties": 1},
        },
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text", "content_html"],
                "additionalProperties": False,
                "properties": {
                    "id": _TEXT,
                    "title": _TEXT,
                    "url": _URL,
                    "content_text": _TEXT,
                    "content_html": _TEXT,
                    "date_published": {"type": "string", "format": "date-time"},
                    "tags": {"type": "array", "items": _TEXT},
                },
            },
        },
    },
}


def read_feed(path: Path) -> Any:
    """The Atom file as feedparser reads it, once both files are found to be what they must be."""
    values = json.loads(path.with_suffix(".json").read_bytes())
    jsonschema.validate(values, JSON_FEED, format_checker=jsonschema.FormatChecker())
    _check_atom(path.with_suffix(".atom"))
    parsed = feedparser.parse(path.with_suffix(".atom").read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in values["items"]]
    assert [entry.title for entry in parsed.entries] == [item["title"] for item in values["items"]]
    return parsed


def _check_atom(path: Path) -> None:
    """What RFC 4287 asks of a feed and of each entry, 4.1.1 and 4.1.2."""
    feed = etree.parse(path).getroot()
    assert feed.tag == f"{_ATOM}feed"
    assert len(feed.findall(f"{_ATOM}author")) == 1
    for element in (feed, *feed.iter(f"{_ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{_ATOM}{name}")) == 1, (name, etree.tostring(element))
        assert element.findtext(f"{_ATOM}id").startswith("tag:")
        for link in element.findall(f"{_ATOM}link"):
            assert link.get("href").startswith("http")
    for entry in feed.iter(f"{_ATOM}entry"):
        [content] = entry.findall(f"{_ATOM}content")
        assert content.get("type") == "html"
    ids = [element.text for element in feed.iter(f"{_ATOM}id")]
    assert len(ids) == len(set(ids))

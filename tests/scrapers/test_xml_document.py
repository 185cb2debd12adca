"""Strict reading of XML: what is refused, whatever it would cost to read it."""

import pytest

from scrapers.parse_error import ParseError
from scrapers.xml_document import read_xml, text_of
from tracking.check import Page

_BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
_FILE = '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>'


def page(body: str | bytes) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url="https://export.example.org/feed", status=200, headers={}, body=raw)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not XML"),
        ("<a><b></a>", "mismatched tag"),
        ("<a><b>", "no element found"),
        ('{"a": 1}', "not XML"),
        (_BOMB, "refused XML"),
        (_FILE, "refused XML"),
        ("<a>" * 700_000, "more than 100 deep"),
        ("<a>" * 101 + "</a>" * 101, "more than 100 deep"),
        ("<a>" + "<b/>" * 200_000 + "</a>", "more than 200000 elements"),
        ("<a>" + "".join(f"<b{number}/>" for number in range(1_001)) + "</a>", "1000 names"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not XML"),
        (b"<a>\xff</a>", "not well-formed"),
    ],
    ids=["empty", "crossed", "cut", "JSON", "bomb", "file", "bottomless", "deep", "long", "names", "encoding", "bytes"],
)
def test_what_is_refused(body: str | bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_xml(page(body), stage="feed")


def test_depth_counts_what_is_open_at_once() -> None:
    root = read_xml(page("<a>" + "<b><c/></b>" * 1000 + "<b>" * 99 + "</b>" * 99 + "</a>"), stage="feed")
    assert len(root) == 1001


def test_text_is_what_stands_within() -> None:
    root = read_xml(page("<a>  On <i>H<sub>2</sub>O</i>\n and more <b/></a>"), stage="feed")
    assert text_of(root) == "On H2O and more"
    assert text_of(root.find("b")) is None
    assert text_of(root.find("missing")) is None

"""Strict reading of JSON: what a value may be, and how a complaint names the place."""

import pytest

from scrapers.json_document import Json, read_json
from scrapers.parse_error import ParseError
from tracking.check import Page


def document(text: str | bytes) -> Json:
    body = text.encode() if isinstance(text, str) else text
    return read_json(Page(url="https://api.example.org/1", status=200, headers={}, body=body), stage="author")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("<html>", "not JSON"),
        ('{"a": NaN}', "NaN is no JSON number"),
        (b"\xff\xfe\xfd", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 100 + "]" * 100, "nested too deeply"),
        ("1" * 10_000, "not JSON"),
        ("[" + "1," * 500_000 + "1]", "commas and brackets are too many"),
    ],
    ids=["empty", "cut", "HTML", "NaN", "no text", "bottomless", "deep", "many digits", "many values"],
)
def test_what_is_no_document(text: str | bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        document(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"  A  title\\n here "', "A title here"),
        ('""', None),
        ("null", None),
        ('"a\\u0000b"', "a\N{REPLACEMENT CHARACTER}b"),
        ('"half \\ud83d"', "half \N{REPLACEMENT CHARACTER}"),
        ('"whole \\ud83d\\ude00"', "whole 😀"),
    ],
    ids=["blanks", "empty", "null", "NUL", "half a character", "a pair"],
)
def test_text(text: str, read: str | None) -> None:
    assert document(text).text_or_none() == read


@pytest.mark.parametrize(("text", "read"), [("12", 12), ("12.0", 12), ("0", 0), ("null", None)])
def test_whole_numbers(text: str, read: int | None) -> None:
    assert document(text).whole_or_none() == read


@pytest.mark.parametrize("text", ["-1", "1.5", "true", '"12"', "[]", "1e300", str(2**53 + 1)])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(ParseError, match="a whole number"):
        document(text).whole_or_none()


@pytest.mark.parametrize(("text", "read"), [("12", 12.0), ("-0.5", -0.5), ("null", None)])
def test_numbers(text: str, read: float | None) -> None:
    assert document(text).number_or_none() == read


@pytest.mark.parametrize("text", ["true", '"1"', "[]", "1" + "0" * 400], ids=["flag", "text", "list", "huge"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ParseError, match="a number"):
        document(text).number_or_none()


def test_a_complaint_names_the_place() -> None:
    papers = document('{"author": {"papers": [{"title": "A"}, {"title": 7}]}}')["author"]["papers"]
    first, second = papers.each()
    assert first["title"].text() == "A"
    with pytest.raises(ParseError) as error:
        second["title"].text()
    assert str(error.value) == "author, author.papers[1].title: is not text: '7'"


def test_what_is_not_there_is_null_all_the_way_down() -> None:
    assert document("{}")["ids"]["doi"].text_or_none() is None
    assert list(document("{}")["papers"].each_or_none()) == []
    with pytest.raises(ParseError, match="not a list"):
        list(document("{}")["papers"].each())

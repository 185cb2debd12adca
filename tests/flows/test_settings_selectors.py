"""The key ``selectors`` of the source `generic`: what is read, what is refused, and what the schema says of both."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from flows.config.document import parse_document
from flows.config.schema import schema
from flows.settings import ConfigError, load

_SCHEMA = Draft202012Validator(schema())


def written(folder: Path, text: str) -> Path:
    config = folder / "scholarwatch.yaml"
    config.write_text(text, "utf-8")
    return config


def test_selectors_are_read_by_place(tmp_path: Path) -> None:
    text = """
sources:
  generic:
    selectors:
      WWW.example.edu:
        paper: "ul.pubs > li"
        title: .title
      www.example.edu:8080/~Ada: {paper: "li:has(> b)", name: h1, authors: .by, year: .year, link: "a[href$='.pdf']"}
"""
    sources = load(written(tmp_path, text)).sources
    assert sources["generic"].selectors == {
        "www.example.edu": {"paper": "ul.pubs > li", "title": ".title"},
        "www.example.edu:8080/~Ada": {
            "paper": "li:has(> b)",
            "name": "h1",
            "authors": ".by",
            "year": ".year",
            "link": "a[href$='.pdf']",
        },
    }
    assert sources["scholarfeed"].selectors == {}
    assert _SCHEMA.is_valid(parse_document(text, "x", {}).root)


@pytest.mark.parametrize(
    ("selectors", "message", "schema_sees_it"),
    [
        ("[]", "3: sources.generic.selectors: must be a mapping of keys to values, not a list", True),
        ("{'https://a.org': {paper: li}}", "3: sources.generic.selectors.https://a.org: not a host; write it like www.example.edu or www.example.edu/~ada, without https://", True),
        ("{a.org: {title: b}}", '3: sources.generic.selectors.a.org: “paper” is missing; write paper: "ul.publications > li"', True),
        ("{a.org: {paper: li, tilte: b}}", "3: sources.generic.selectors.a.org.tilte: unknown key; did you mean “title”?", True),
        ("{a.org: {paper: 7}}", "3: sources.generic.selectors.a.org.paper: must be text, not a number; put it in quotes", True),
        ("{a.org: {paper: 'li['}}", "3: sources.generic.selectors.a.org.paper: not a CSS selector: Malformed attribute selector at position 2", False),
        ("{a.org: {paper: 'p::text'}}", "3: sources.generic.selectors.a.org.paper: not a CSS selector: Pseudo-element found at position 1", False),
    ],
)  # fmt: skip
def test_what_is_refused(selectors: str, message: str, schema_sees_it: bool, tmp_path: Path) -> None:
    text = f"sources:\n  generic:\n    selectors: {selectors}\n"
    config = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load(config)
    assert str(raised.value) == f"{config}:{message}"
    assert _SCHEMA.is_valid(parse_document(text, "x", {}).root) is not schema_sees_it


def test_no_other_source_has_them(tmp_path: Path) -> None:
    text = "sources:\n  scholarfeed:\n    selectors: {a.org: {paper: li}}\n"
    with pytest.raises(ConfigError, match=r"scholarfeed\.selectors: unknown key"):
        load(written(tmp_path, text))
    assert not _SCHEMA.is_valid(parse_document(text, "x", {}).root)


def test_google_scholar_is_followed_by_those_who_switch_it_on(tmp_path: Path) -> None:
    text = (
        "fetch: {user_agent: me@example.org}\npeople: ['https://scholar.google.de/citations?hl=de&user=AdaQuill0AAJ']\n"
    )
    with pytest.raises(ConfigError, match="google_scholar is not asked unless the owner wants it"):
        load(written(tmp_path, text))
    (person,) = load(written(tmp_path, f"{text}sources: {{google_scholar: {{enabled: true}}}}\n")).people
    assert [(profile.source, profile.key) for profile in person.profiles] == [("google_scholar", "AdaQuill0AAJ")]

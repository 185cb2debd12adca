"""The HTML part: the same lines as the text, well-formed, and nothing in it that runs or is fetched."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings

from alerts.chart import charts_of
from alerts.html import html_of
from alerts.layout import letter_of
from alerts.letter import Letter, Line
from alerts.message import Message
from alerts.wording import wording_of
from tests.alerts.examples import NOW, message, metric_item, paper_item
from tests.alerts.letters import ZURICH, letters
from tests.alerts.opened import open_html
from tests.alerts.texts import items

LETTERS = letters()
TAGS = {"html", "head", "meta", "title", "body", "div", "p", "h1", "h2", "a", "code", "img"}
ATTRIBUTES = {
    "xmlns", "lang", "dir", "charset", "name", "content", "style", "href", "src", "alt", "width", "height",
}  # fmt: skip


def assert_says_what_the_text_says(message: Message) -> None:
    """Line by line; what can be opened is spelt out in the text."""
    letter, wording = letter_of(message, ZURICH), wording_of(message, ZURICH)
    opened = open_html(html_of(message, ZURICH, {}))
    assert opened.title == letter.subject == wording.subject
    lines = list(lines_of(letter))
    assert opened.lines == [f"{line.text}: {line.command}" if line.command else line.text for line in lines]
    assert opened.links == [(line.address, line.text) for line in lines if line.address]
    spoken = [line for line in wording.body.split("\n") if line]
    assert [line.text for line, said in zip(lines, spoken, strict=True) if line.text not in said] == []
    assert [line.address for line in lines if line.address not in wording.body] == []


def lines_of(letter: Letter) -> Iterator[Line]:
    if letter.summary:
        yield Line(letter.summary)
    for section in letter.sections:
        if section.heading:
            yield Line(section.heading)
        for entry in section.entries:
            yield from (Line(entry.head), *entry.lines)
    yield from (*letter.notes, Line(letter.footer))


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_of_each_kind(name: str) -> None:
    assert_says_what_the_text_says(LETTERS[name])


@settings(max_examples=50)
@given(items)
def test_any_text_of_a_site_is_only_text(item: dict[str, Any]) -> None:
    letter = message(item)
    assert_says_what_the_text_says(letter)
    opened = open_html(html_of(letter, ZURICH, {}))
    assert set(opened.tags) <= TAGS
    assert opened.attributes <= ATTRIBUTES
    assert all(re.match("https?://", address) for address, _ in opened.links)
    assert opened.pictures == []
    assert all(line.isprintable() for line in [opened.title, *opened.lines])


def test_the_picture_is_one_that_comes_along() -> None:
    letter = LETTERS["metric.changed"]
    [event] = charts_of(letter)
    opened = open_html(html_of(letter, ZURICH, {event: "c1@scholarwatch"}))
    assert opened.pictures == [("cid:c1@scholarwatch", "Citations: 16,676 to 17,683, 2026-03-14 to 2026-05-13")]
    assert open_html(html_of(letter, ZURICH, {})).pictures == []


def test_a_picture_that_does_not_belong_there_is_not_shown() -> None:
    letter = message(paper_item(events=["e1"]), metric_item("citations", 1, 2, events=["e2"]))
    assert open_html(html_of(letter, ZURICH, {"e1": "c1", "e2": "c2", "e3": "c3"})).pictures == []


def test_nothing_is_fetched_and_nothing_runs() -> None:
    document = html_of(replace(LETTERS["digest"], histories={}), ZURICH, {})
    assert not re.search(r"<(script|style|link|iframe|object|form)|@import|url\(|\bon\w+=", document)


def test_scenario_32_a_mail_parser_finds_the_parts_and_no_more() -> None:
    title = "</title><script>alert(1)</script>\r\nBcc: all@example.org\r\n\r\n<img src=x onerror=y> \u202e&lt;b&gt;"
    letter = message(paper_item(title=title, person="<b>Ada</b>", url="https://x.example/?a=1&b=2'"))
    wording = wording_of(letter, ZURICH)
    mail = EmailMessage()
    mail["Subject"] = wording.subject
    mail.set_content(wording.body)
    mail.add_alternative(html_of(letter, ZURICH, {}), subtype="html")
    received = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(received, EmailMessage)
    assert sorted(received.keys()) == ["Content-Type", "MIME-Version", "Subject"]
    assert received["Subject"] == wording.subject
    html = received.get_body(("html",))
    assert html is not None
    opened = open_html(html.get_content().replace("\r\n", "\n"))
    inert = "</title><script>alert(1)</script> Bcc: all@example.org <img src=x onerror=y> &lt;b&gt;"
    assert opened.lines[:2] == ["New paper by <b>Ada</b>", inert]
    assert opened.links[0] == ("https://x.example/?a=1&b=2'", inert)
    assert set(opened.tags) <= TAGS


@pytest.mark.parametrize("digest", [False, True])
@pytest.mark.parametrize("count", [0, 1, 19, 20, 60])
def test_any_number_of_items(count: int, digest: bool) -> None:
    many = [paper_item(title=f"Paper {number}", people=["Ada", "Bo"][: 1 + number % 2]) for number in range(count)]
    letter = message(paper_item(observed_at=NOW.isoformat()), *many, digest=digest)
    assert_says_what_the_text_says(letter)

"""Scenario 32: what a page wants to do to whoever reads of it, it does nowhere."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from alerts.html import html_of
from alerts.message import Message
from tests.alerts.opened import open_html
from tests.alerts.servers import MailServer, mail_server
from tests.cli.program import Program
from world.papers import paper, papers
from world.site import Site

SCRIPT = "<script>alert('1')</script> Considered"
FORMULA = '=HYPERLINK("http://127.0.0.1/","=1+1")'
COLOURS = "\x1b[31mRed\x1b[0m Shift \x1b]0;owned\x07Revisited"
OVERRIDE = "\u202eWorks \u2066Reading Right to Left\u2069\u202c"
CALLS = "@everyone: <!channel> Bells and Whistles"
TITLES = (SCRIPT, FORMULA, COLOURS, OVERRIDE, CALLS)
NAME = "Ada \u202eExample\u202c <b>PhD</b>"
#: No title adds to the headers of a mail.
HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "X-Application", "X-Peer", "X-MailFrom", "X-RcptTo", "Reply-To",
}  # fmt: skip
#: What is left of the titles where all that acts is taken away.
SEEN = (FORMULA, "Shift", "Works Reading Right to Left", "Bells and Whistles")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: str, mail: MailServer
) -> Program:
    """Somebody of that name has published papers of these titles; the owner hears of it in every way."""
    program = Program(tmp_path, monkeypatch, capsys)
    with Site() as site:
        key = site.author(NAME, papers(20, before=date(2026, 6, 1)), total=60, h_index=9, citations=900)
        follow(program, site.url(key), database, mail)
        assert_inert(program, "run", "--now", "2026-11-22T09:00")
        mail.received.clear()
        site.on(date(2026, 11, 23))
        for title in TITLES:
            site.add_paper(key, paper(title, published=date(2026, 11, 21), authors=(NAME, "Bo Sample")))
        said = assert_inert(program, "run", "--now", "2026-11-23T09:00")
        assert [title for title in SEEN if title not in said] == []
        # And another day on which all that is too much at once.
        site.on(date(2026, 11, 24))
        for title in TITLES * 2:
            site.add_paper(
                key, paper(f"{title} of {len(site.profile(key).papers)} hours", published=date(2026, 11, 22))
            )
        assert_inert(program, "run", "--now", "2026-11-24T09:00")
    return program


def follow(program: Program, url: str, database: str, mail: MailServer) -> None:
    receivers = {
        "file": {"file": "alerts.jsonl"},
        "screen": {"terminal": True},
        "mail": {"apprise": mail.address},
        "html": {"apprise": f"{mail.address}&format=html"},
    }
    written = {
        "people": [{"profiles": [{"url": url, "source": "scholarfeed"}]}],
        "receivers": receivers,
        "rules": [{"name": "all", "on": ["profile.baseline", "profile.suspect", "paper.new"], "notify": [*receivers]}],
        "database": database,
    }
    program.write("scholarwatch.yaml", yaml.safe_dump(written))


def assert_inert(program: Program, *words: str) -> str:
    """What a verb prints shows characters, and has none that acts."""
    ended = program(*words)
    assert ended.code == 0, ended.out + ended.err
    for line in (ended.out + ended.err).split("\n"):
        assert line.isprintable(), repr(line)
    return ended.out


def test_32_the_site_has_got_it_into_the_store(program: Program) -> None:
    told = {event["paper"]["title"] for event in program("events", "--kind", "paper.new", "--json").json_lines()}
    assert {SCRIPT, FORMULA, OVERRIDE, CALLS} <= told
    assert any("31m" in title for title in told)


def test_32_on_a_terminal(program: Program) -> None:
    for words in (
        ("show", "Ada", "--all"), ("events",), ("people",), ("run", "list"), ("papers", "links"), ("quarantine", "list"),
        ("quarantine", "show", "Ada", "--all"), ("why-not", "Ada"), ("why-not", "Bells and Whistles of 29 hours"),
        ("why-not", "reading right to left"), ("outbox", "list", "--all"), ("mute", "all", "Ada"), ("silence", "list"),
        ("quarantine", "reject", "Ada"),
    ):  # fmt: skip
        out = assert_inert(program, *words)
        if words[0] in ("show", "events") or words[1:2] == ("show",):
            assert [title for title in SEEN if title not in out] == []
    for event in program("events", "--kind", "paper.new", "--json").json_lines():
        assert_inert(program, "why", event["id"])
        assert_inert(program, "ack", event["id"], "--note", COLOURS)


def test_32_as_json_on_a_terminal(program: Program) -> None:
    for words in (
        ("show", "Ada"), ("events",), ("people",), ("quarantine", "list"), ("quarantine", "show", "Ada"), ("why-not", "Ada"),
        ("why-not", "reading right to left"), ("outbox", "list", "--all"),
    ):  # fmt: skip
        assert_inert(program, *words, "--json")


@pytest.mark.usefixtures("program")
def test_32_in_a_mail(mail: MailServer) -> None:
    plain, html = "", ""
    for received in mail.received:
        assert set(received.keys()) <= HEADERS
        assert str(received["subject"]).isprintable()
        for kind, text in texts(received):
            assert all(line.isprintable() for line in text.splitlines())
            assert "@everyone" not in text
            plain += text if kind == "text/plain" else ""
            html += text if kind == "text/html" else ""
    assert [title for title in SEEN if title not in plain] == []
    assert "Bells and Whistles" in html.replace("&nbsp;", " ")
    assert [tag for tag in ("<script", "<b>", "<!channel") if tag in html] == []


def texts(mail: EmailMessage) -> list[tuple[str, str]]:
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return [(part.get_content_type(), part.get_content()) for part in parts]


def test_32_in_the_lines_of_the_file_receiver_and_in_html(program: Program) -> None:
    raw = (program.folder / "alerts.jsonl").read_text("utf-8")
    assert all(line.isprintable() for line in raw.split("\n"))
    items = [item for line in raw.splitlines() for item in json.loads(line)["items"]]
    assert sum(item["kind"] == "paper.new" for item in items) == len(TITLES)
    assert_inert_letters(raw.splitlines())


def assert_inert_letters(written: Iterable[str]) -> None:
    """What the file receiver wrote, as the HTML part of a mail."""
    lines: list[str] = []
    for line in written:
        opened = open_html(html_of(message_of(json.loads(line)), ZoneInfo("Asia/Tokyo"), {}))
        assert set(opened.tags) <= {"html", "head", "meta", "title", "body", "div", "p", "a", "code"}
        assert all(line.isprintable() for line in [opened.title, *opened.lines])
        assert all(address.startswith("http") for address, _ in opened.links)
        lines += opened.lines
    assert [title for title in (SCRIPT, *SEEN) if title not in "\n".join(lines)] == []


def message_of(written: dict[str, Any]) -> Message:
    """The message that the file receiver wrote down."""
    return Message(
        id=written["id"],
        receiver=written["receiver"],
        rules=(written["rule"],),
        created_at=datetime.fromisoformat(written["created_at"]),
        digest=False,
        items=tuple(written["items"]),
    )


def test_32_in_a_table(program: Program) -> None:
    assert_inert(program, "export", "out", "--format", "csv")
    cells = []
    for path in sorted((program.folder / "out").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert all(cell.isprintable() for cell in cells)

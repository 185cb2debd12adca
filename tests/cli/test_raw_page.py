"""``page``: the bytes of a page as they came, and what becomes of pages that a later parser can read."""

import hashlib
import os
import pty
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from storage.store import Store
from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by, begin
from tests.cli.program import Program
from tests.scenarios.command import BIN
from tracking.check import CheckIntent, Outcome, Page
from world.site import Site


@pytest.fixture
def page(site: Site, program: Program) -> bytes:
    """What Zoë's page was on Tuesday, when it could not be read."""
    begin(site, program)
    a_day_goes_by(site)
    site.script()
    assert program("run", "--now", TUESDAY).code == 1
    kept = program("page", "Zoë", "--output", "kept.html")
    assert (kept.code, kept.err) == (0, "")
    return (program.folder / "kept.html").read_bytes()


def scholarwatch(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([str(BIN / "scholarwatch"), *words], cwd=folder, capture_output=True, timeout=300)


def test_a_pipe_gets_the_bytes_and_nothing_else(page: bytes, program: Program) -> None:
    done = scholarwatch(program.folder, "page", "1001")
    assert (done.returncode, done.stdout) == (0, page)
    assert b"document.write" in page
    assert f"2026-11-24 09:00 UTC, not accepted: {len(page):,} bytes" in done.stderr.decode()
    monday = scholarwatch(program.folder, "page", "1001", "--at", "2026-11-23")
    assert b"Sheaves on a Torus" in monday.stdout
    assert b"2026-11-23 09:00 UTC: " in monday.stderr


def test_the_command_of_a_message_can_be_typed(page: bytes, program: Program, site: Site) -> None:
    words = ("page", site.url("1001"), "--at", "2026-11-24T09:00:00+00:00", "--output", "page.html")
    ended = program(*words)
    assert ended.code == 0
    assert ended.out.endswith(f"{len(page):,} bytes → page.html\n")
    assert (program.folder / "page.html").read_bytes() == page
    again = program(*words)
    assert again.code == 2
    assert "'page.html' is there already" in again.err


def test_what_is_known_of_it_as_json(page: bytes, program: Program, site: Site) -> None:
    known = program("page", "Zoë Example", "--json").json()
    assert known["headers"].pop("etag")
    assert known["headers"].pop("last-modified")
    assert known == {
        "person": "Zoë Example",
        "profile": site.url("1001"),
        "source": "scholarfeed",
        "observed_at": "2026-11-24T09:00:00+00:00",
        "accepted": False,
        "url": site.url("1001"),
        "status": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "size": len(page),
        "sha256": hashlib.sha256(page).hexdigest(),
        "file": None,
    }
    assert program("page", "Zoë", "--at", MONDAY, "--json").json()["accepted"] is True


@pytest.mark.usefixtures("page")
def test_a_page_is_not_let_loose_on_a_terminal(program: Program) -> None:
    person, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [str(BIN / "scholarwatch"), "page", "Zoë"],
            cwd=program.folder,
            stdout=terminal,
            stderr=subprocess.PIPE,
            timeout=300,
        )
        os.write(terminal, b"the end")
        seen = os.read(person, 65536)
    finally:
        os.close(person)
        os.close(terminal)
    assert (done.returncode, seen) == (2, b"the end")
    assert b"may do anything to a terminal" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("Nobody",), 2, "nobody is followed as “Nobody”"),
        (("Zoë", "--at", "2026-11-01"), 1, "no page of “Zoë” had come by then"),
    ],
    ids=["person", "time"],
)
@pytest.mark.usefixtures("page")
def test_no_such_page(words: tuple[str, ...], code: int, said: str, program: Program) -> None:
    ended = program("page", *words, "--json")
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


@pytest.mark.usefixtures("page")
def test_replay_says_of_pages_that_could_not_be_read(program: Program) -> None:
    ended = program("replay")
    assert ended.code == 0
    assert ended.out.splitlines()[1:] == ["1 page could not be read when it came: 1 still cannot."]
    assert program("replay", "--json").json()["unread"] == {"readable": 0, "unreadable": 1, "recorded": {}}


def test_replay_records_what_can_be_read_at_last(site: Site, program: Program) -> None:
    begin(site, program)
    a_day_goes_by(site)
    could_not_be_read(program.folder, datetime.fromisoformat(TUESDAY))
    found = program("replay")
    assert found.code == 1
    assert found.out.splitlines()[1:] == [
        "1 page could not be read when it came: 1 can be read now.",
        "",
        "Nothing was recorded; --apply does that.",
    ]
    recorded = program("replay", "--apply", "--now", "2026-11-25")
    assert recorded.code == 0
    assert recorded.out.splitlines()[1:] == [
        "1 page could not be read when it came: 1 can be read now.",
        "  recorded: 1 ok",
        "",
        "Recorded; 2 events wait to be delivered: scholarwatch deliver",
    ]
    delivered = program("deliver", "--now", "2026-11-26T09:00")
    assert delivered.code == 0
    assert delivered.out.count("\n  A New Thing\n") == 1
    assert delivered.out.count("\n  Citations 1,204 → 1,311 ") == 1
    assert program("replay").code == 0


def could_not_be_read(folder: Path, at: datetime) -> None:
    """The page that is shown now came, and a parser of that time did not understand it."""
    with Store.open_existing(str(folder / "scholarwatch.db")) as store:
        (watch,) = store.due(at, cadence=None)
        with urlopen(watch.url) as answer:
            headers = {"content-type": answer.headers["content-type"]}
            page = Page(url=watch.url, status=200, headers=headers, body=answer.read())
        intent = CheckIntent(
            profile_id=watch.profile_id,
            revision=watch.revision,
            observed_at=at,
            outcome=Outcome.PARSE_FAILED,
            detail="papers: no title",
            unread=page,
        )
        store.apply([(intent, ())], run_id=store.begin_run("track", at), recorded_at=at)

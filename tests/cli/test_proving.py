"""``verify`` as it is typed: what it prints, and how it ends."""

import re
from collections import Counter

import pytest
from sqlalchemy import update

from storage import tables
from storage.engine import Database
from tests.cli.days import TUESDAY, a_day_goes_by, begin, monday
from tests.cli.kept import Kept
from tests.cli.program import Program
from world.site import Site


@pytest.fixture
def site(lasting_site: Site) -> Site:
    monday(lasting_site)
    return lasting_site


@pytest.fixture
def lived(program: Program, site: Site, kept: Kept) -> Program:
    """Two days, on the second of which a paper was new and citations rose."""

    def live() -> None:
        begin(site, program)
        a_day_goes_by(site)
        assert program("run", "--now", TUESDAY).code == 0

    return kept.begin(program, live)


def _event(program: Program, field: str) -> str:
    [found] = [event["id"] for event in program("events", "--json").json_lines() if event["field"] == field]
    assert isinstance(found, str)
    return found


def _damage(program: Program, field: str) -> None:
    database = Database.at(str(program.folder / "scholarwatch.db"))
    with database.writing() as connection:
        change = update(tables.event).where(tables.event.c.field == field).values(after=1312)
        assert connection.execute(change).rowcount == 1
    database.engine.dispose()


def test_an_event_step_by_step(lived: Program) -> None:
    event = _event(lived, "citations")
    ended = lived("verify", event[:10])
    assert (ended.code, ended.err) == (0, "")
    first, *steps, last = ended.out.splitlines()
    assert first == "2026-11-24 09:00 UTC  metric.changed    Zoë Example: citations 1,204 → 1,311 (+107, +8.9 %)"
    assert last == "Proven."
    assert Counter(line.split()[1] for line in steps) == {
        "event": 1, "seal": 1, "facts": 1, "reading": 2, "page": 2, "headers": 2, "message": 1,
    }  # fmt: skip
    assert {line[0] for line in steps} == {"✓"}
    assert f"✓ event    metric.changed {event}: follows from the pages" in steps
    assert "✓ reading  2026-11-24 09:00: parsed again by scholarfeed/1: the same, down to 3 papers" in steps
    [page] = [line for line in steps if line.startswith("✓ page     2026-11-24")]
    assert re.search(r": [\d,]+ bytes, whole by their CRC-32 and their sha256 [0-9a-f]{16}…$", page)
    [headers] = [line for line in steps if line.startswith("✓ headers  2026-11-24")]
    assert "live, recorded 2026-11-24 09:00 UTC, status 200, headers content-type, " in headers


def test_an_event_that_was_touched(lived: Program) -> None:
    event = _event(lived, "citations")
    _damage(lived, "citations")
    ended = lived("verify", event)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert f"✗ event    metric.changed {event}: after: 1312 is recorded, 1311 is right" in lines
    assert f"✗ seal     metric.changed {event}: the row is not as it was written" in lines
    assert lines[-1] == "Not proven: 2 steps fail."


def test_an_event_as_json(lived: Program) -> None:
    event = _event(lived, "citations")
    ended = lived("verify", event, "--json")
    answer = ended.json()
    assert answer["event"] == next(one for one in lived("events", "--json").json_lines() if one["id"] == event)
    assert answer["state"] == "ok"
    assert {step["standing"] for step in answer["steps"]} == {"holds"}
    assert answer["steps"][0] == {
        "step": "event",
        "standing": "holds",
        "place": f"Zoë Example (scholarfeed/1001), metric.changed {event}",
        "text": "follows from the pages",
    }
    assert ended.err.splitlines()[-1] == "Proven."


def test_everything(lived: Program) -> None:
    ended = lived("verify", "--all")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].split() == ["event", "✓", "4", "✗", "0", "–", "0"]
    assert [line.split()[0] for line in lines[:-1]] == [
        "event", "seal", "facts", "reading", "page", "headers", "message", "archive", "tables",
    ]  # fmt: skip
    assert lines[-1] == "Proven."


def test_everything_where_something_was_touched(lived: Program) -> None:
    event = _event(lived, "citations")
    _damage(lived, "citations")
    ended = lived("verify", "--all", "--json")
    assert ended.code == 1
    answer = ended.json()
    assert (answer["state"], answer["failed"]) == ("failed", 2)
    assert answer["steps"]["event"] == {"holds": 3, "fails": 1, "open": 0}
    place = f"Zoë Example (scholarfeed/1001), metric.changed {event}"
    assert {(fault["step"], fault["place"]) for fault in answer["faults"]} == {("event", place), ("seal", place)}
    assert ended.err.splitlines()[-1] == "Not proven: 2 steps fail."


def test_pages_that_were_let_go_of_are_named_once(lived: Program) -> None:
    assert lived("prune", "--older-than", "1d", "--even-told", "--now", "2027-11-24").code == 0
    ended = lived("verify", "--all")
    assert ended.code == 0
    open_steps = [line for line in ended.out.splitlines() if line.startswith("–")]
    assert all("let go of" in line for line in open_steps)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "name one event, or all of them with --all"),
        (("0123", "--all"), "name one event, or all of them with --all"),
        (("no-such",), "no event has an id that begins with “no-such”"),
        (("",), "the ids of several events begin with “”: "),
    ],
    ids=["nothing", "one and all", "unknown", "several"],
)
def test_wrong_use(lived: Program, words: tuple[str, ...], complaint: str) -> None:
    ended = lived("verify", *words)
    assert (ended.code, ended.out) == (2, "")
    assert complaint in " ".join(ended.err.split())

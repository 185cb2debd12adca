"""``backup``, ``restore``, ``prune`` and ``vacuum``, as they are typed."""

from datetime import timedelta

import pytest
import typer

from cli.keeping import age, size
from tests.cli.days import TUESDAY, a_day_goes_by, begin
from tests.cli.program import Program
from tests.storage.lived import live
from world.site import Site

#: The days of `tests.storage.lived` begin on the first of March 2026.
APRIL = ("--now", "2026-04-20")


@pytest.fixture
def lived(program: Program) -> str:
    """The name of a database with forty days of two profiles, of whose papers nobody was told."""
    live(str(program.folder / "lived.db"), days=40, told=False)
    return "lived.db"


def test_a_backup_is_restored_and_life_goes_on(program: Program, site: Site) -> None:
    begin(site, program)
    shown = program("show", "zoë", "--json").json()
    made = program("backup", "monday.backup", "--now", "2026-11-23T20:00:00Z", "--json")
    assert made.code == 0
    assert made.err.startswith("monday.backup: ")
    (program.folder / "scholarwatch.db").rename(program.folder / "lost.db")
    restored = program("restore", "monday.backup")
    assert (restored.code, restored.err) == (0, "")
    rows = made.json()["rows"]
    assert restored.out == f"Restored {rows:,} rows as of 2026-11-23 20:00 UTC.\n"
    assert program("show", "zoë", "--json").json() == shown
    a_day_goes_by(site)
    assert program("run", "--now", TUESDAY).code == 0
    assert "A New Thing" in program("events").out


def test_json_says_the_same_of_a_backup_and_of_what_was_restored(program: Program, lived: str) -> None:
    made = program("backup", "april.backup", "--database", lived, *APRIL, "--json").json()
    assert made.keys() == {"file", "created_at", "schema", "rows", "size_bytes"}
    assert made["size_bytes"] == (program.folder / "april.backup").stat().st_size
    assert program("restore", "april.backup", "--database", "again.db", "--json").json() == made


def test_a_backup_takes_the_place_of_nothing(program: Program, lived: str) -> None:
    before = (program.folder / lived).read_bytes()
    ended = program("backup", lived, "--database", lived)
    assert (ended.code, ended.out) == (2, "")
    assert "'lived.db' is there already" in ended.err
    assert (program.folder / lived).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ("restore lived.db --database new.db", 1, "lived.db: this is no backup of Scholarwatch"),
        ("restore cut.backup --database new.db", 1, "cut.backup: the backup is damaged or not whole"),
        ("restore whole.backup --database lived.db", 1, "lived.db is not empty"),
        ("restore nowhere --database new.db", 2, "'nowhere' does not exist"),
        ("restore . --database new.db", 2, "is a directory"),
        ("backup nowhere/x.backup --database lived.db", 1, "nowhere"),
        ("backup x.backup --database new.db", 1, "there is no database"),
        ("vacuum --database new.db", 1, "there is no database"),
        ("prune --older-than 1y --database new.db", 1, "there is no database"),
        ("prune --database lived.db", 2, "--older-than"),
        ("prune --older-than 0d --database lived.db", 2, "'0d' is no age; write 90d, 26w or 1y"),
    ],
)
def test_what_can_not_be_done_is_said(program: Program, lived: str, words: str, code: int, named: str) -> None:
    assert program("backup", "whole.backup", "--database", lived).code == 0
    program.write("cut.backup", (program.folder / "whole.backup").read_bytes()[:-1])
    before = sorted(program.folder.iterdir())
    ended = program(*words.split())
    assert (ended.code, ended.out) == (code, "")
    assert named in ended.err
    assert "Traceback" not in ended.err
    assert sorted(program.folder.iterdir()) == before


def test_old_pages_go_and_their_room_is_given_back(program: Program, lived: str) -> None:
    # The forty days but the young ones, the first of each month, and the last: of each profile.
    old = 2 * (40 - 10 - 1)
    words = ("prune", "--older-than", "20d", "--database", lived, *APRIL)
    would = program(*words, "--dry-run", "--json").json()
    assert would["pages"] == old
    assert would["before"] == "2026-03-31T00:00:00+00:00"
    assert program(*words, "--dry-run").out.startswith(f"{old} pages would go: ")
    pruned = program(*words, "--json")
    assert pruned.json() == would | {"dry_run": False, "freed_bytes": pruned.json()["freed_bytes"]}
    assert pruned.err.splitlines()[0].startswith(f"Let go of {old} pages: ")
    assert program(*words).out == "No page is that old and need not be kept.\n"
    vacuumed = program("vacuum", "--database", lived, "--json")
    assert vacuumed.code == 0
    assert vacuumed.json().keys() == {"blobs", "before_bytes", "after_bytes"}
    assert vacuumed.json()["after_bytes"] == (program.folder / lived).stat().st_size
    assert vacuumed.err.endswith(" now.\n")


def test_what_was_told_is_kept_unless_said_otherwise(program: Program) -> None:
    live(str(program.folder / "lived.db"), days=40, profiles=1)
    words = ("prune", "--older-than", "1w", "--database", "lived.db", *APRIL, "--dry-run", "--json")
    with_proof, without = program(*words).json(), program(*words, "--even-told").json()
    assert 0 < with_proof["pages"] < without["pages"] == 37


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("26w", 182), ("1y", 365), ("9999d", 9999)])
def test_age(text: str, days: int) -> None:
    assert age(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "1", "y", "1m", "-1y", "1.5y", "1 y", "00d", "10000y"])
def test_no_age(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no age"):
        age(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_200, "1.2 kB"), (5e6, "5.0 MB"), (1.25e12, "1,250.0 GB")],
)
def test_size(number: int, text: str) -> None:
    assert size(number) == text

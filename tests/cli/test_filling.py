"""``backfill``: what it takes, what it says, and how it ends."""

from pathlib import Path

import pytest

from tests.cli.program import Ended, Program
from tests.flows.past_pages import ADA, BROKEN, NOW, march, save_three_days, say_whose, settings_for

AT = ("--now", NOW.isoformat())


@pytest.fixture
def ada(program: Program) -> Program:
    """Somebody who follows Ada, and has her page of three days."""
    settings_for(program.folder, people={"Ada Example": ADA})
    save_three_days(program.folder / "saved")
    return program


def test_a_dry_run_says_what_there_is_and_makes_no_database(ada: Program) -> None:
    ended = ada("backfill", "--pages", "saved", "--dry-run", *AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Saved pages: 3 captures of 1 profile, 3 of them new.",
        f"  Ada Example ({ADA}): 3 captures, 3 new",
        "They are at hand: reading them asks nobody.",
        "Nothing was read or recorded; the same without --dry-run does it.",
    ]
    assert not (ada.folder / "scholarwatch.db").exists()


def test_filled_in_and_again(ada: Program) -> None:
    first = ada("backfill", "--pages", "saved", *AT)
    assert (first.code, first.err) == (0, "")
    assert without_seconds(first) == [
        "Saved pages: 3 captures of 1 profile.",
        "3 read in … s: 3 ok.",
        "Recorded: 2 metric.changed, 1 paper.new, 1 profile.baseline.",
    ]
    again = ada("backfill", "Ada", "--pages", "saved", *AT)
    assert again.out.splitlines() == [
        "Saved pages: 3 captures of 1 profile, 3 recorded before.",
        "Recorded: nothing new.",
    ]
    shown = ada("show", "Ada", "--at", "2026-03-01").out
    assert "citations           100   since 2026-03-01" in shown


def without_seconds(ended: Ended) -> list[str]:
    words = [line.split(" ") for line in ended.out.splitlines()]
    return [
        " ".join("…" if word.replace(".", "").isdigit() and "." in word else word for word in line) for line in words
    ]


def test_json_is_the_manifest(ada: Program) -> None:
    planned = ada("backfill", "--pages", "saved", "--dry-run", "--json", *AT)
    assert (planned.json()["dry_run"], planned.json()["new"]) == (True, 3)
    filled = ada("backfill", "--pages", "saved", "--json", *AT)
    assert (filled.json()["kind"], filled.json()["outcomes"]) == ("backfill", {"ok": 3})
    assert filled.err.startswith("Saved pages: 3 captures of 1 profile.")


def test_what_could_not_be_read_is_named(ada: Program) -> None:
    (ada.folder / "saved" / "ada_2026-03-03.html").write_bytes(BROKEN)
    (ada.folder / "saved" / "undated.html").write_bytes(BROKEN)
    ended = ada("backfill", "--pages", "saved", *AT)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert "3 ok, 1 parse failed." in lines[1]
    assert lines[2].startswith("  parse failed: Ada Example, 2026-03-03 12:00 UTC, ada_2026-03-03.html: ")
    assert lines[3:5] == ["Left out:", "  undated.html: has no date in its name; give --at or a manifest"]
    assert ada("backfill", "--pages", "saved", "--until", "2026-03-02", *AT).code == 0


def test_of_many_the_rest_is_counted(ada: Program) -> None:
    for number in range(25):
        (ada.folder / "saved" / f"2026-04-{number + 1:02d}.html").write_bytes(BROKEN)
        (ada.folder / "saved" / f"undated_{chr(97 + number)}.html").write_bytes(BROKEN)
    ended = ada("backfill", "--pages", "saved", *AT)
    assert "  and 5 more that could not be read" in ended.out.splitlines()
    assert "  and 5 more" in ended.out.splitlines()


def test_an_older_beginning_is_told(ada: Program) -> None:
    assert ada("backfill", "--pages", "saved", "--since", "2026-03-02", *AT).code == 0
    ended = ada("backfill", "--pages", "saved", *AT)
    assert ended.out.splitlines()[-1] == "1 event recorded before now reads otherwise, or happened earlier."


def test_notify_delivers_a_digest(ada: Program) -> None:
    ended = ada("backfill", "--pages", "saved", "--notify", *AT)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "1 of 1 message delivered.")
    assert len((ada.folder / "alerts.jsonl").read_text().splitlines()) == 1
    again = ada("backfill", "--pages", "saved", "--notify", "--json", *AT)
    assert (again.code, again.json()["deliver"]["messages"]) == (0, 0)
    assert "There is nothing to tell: no rule asks for any of this." in again.err


def test_a_digest_that_cannot_be_delivered(program: Program) -> None:
    settings_for(program.folder, people={"Ada Example": ADA}, receivers={"me": {"file": "saved"}})
    save_three_days(program.folder / "saved")
    ended = program("backfill", "--pages", "saved", "--notify", *AT)
    assert ended.code == 1
    assert ended.out.splitlines()[-2] == "0 of 1 message delivered."
    assert ended.out.splitlines()[-1].startswith("  me: ")


def test_a_page_of_a_day_to_come_is_left_out(ada: Program) -> None:
    _, body = march(9, 120)
    (ada.folder / "2031-05-01.html").write_bytes(body)
    assert ada("backfill", "--pages", "2031-05-01.html", *AT).out.splitlines()[1:] == [
        "Left out:",
        "  2031-05-01.html: is dated 2031-05-01 12:00 UTC, later than now",
        "Recorded: nothing new.",
    ]


def test_one_page_at_a_time_that_is_said(ada: Program) -> None:
    name, body = march(9, 120)
    (ada.folder / "page.html").write_bytes(body)
    assert ada("backfill", "--pages", "page.html", *AT).out.splitlines()[1:] == [
        "Left out:",
        "  page.html: has no date in its name; give --at or a manifest",
        "Recorded: nothing new.",
    ]
    ended = ada("backfill", "--pages", "page.html", "--at", "2026-03-09T10:00:00+01:00", *AT)
    assert ended.out.splitlines()[-1] == "Recorded: 1 profile.baseline."
    assert "2026-03-09 09:00 UTC" in ada("show", "Ada").out
    assert name == "ada_2026-03-09.html"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--wayback --pages saved", ("choose one of --wayback, --archive, --pages, --warc and --git",)),
        ("--archive nowhere", ("'nowhere' is not the URL of an archive",)),
        ("--pages nowhere", ("'--pages'", "'nowhere' does not exist")),
        ("--warc nowhere", ("'--warc'", "'nowhere' does not exist")),
        ("--git saved", ("say which file of the repository is the saved page",)),
        ("--file ada.html", ("only a repository has a file in it",)),
        ("--at 2026-03-01", ("only a saved page can be told its time",)),
        ("--pages saved --manifest saved", ("'--manifest'", "is a directory")),
        ("--pages saved --since 2026-03-02 --until 2026-03-01", ("nothing is since 2026-03-02 and until 2026-03-01",)),
        ("--pages saved --since 2026-03-02T10:00", ("'--since'", "is no date; write 2026-11-22")),
        ("--pages saved Bob", ("nobody is followed as “Bob”",)),
        ("--pages saved --profile https://example.org/x", ("no followed profile is at https://example.org/x",)),
        ("--pages saved Ada --profile https://example.org/x", ("name people or a profile, not both",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use(words: str, named: tuple[str, ...], ada: Program) -> None:
    for dry in ((), ("--dry-run",)):
        ended = ada("backfill", *words.split(), *dry, *AT)
        assert (ended.code, ended.out) == (2, "")
        assert [name for name in named if name not in " ".join(ended.err.split())] == []
        assert "Traceback" not in ended.err


def test_somebody_who_follows_nobody(program: Program) -> None:
    settings_for(program.folder, people={})
    ended = program("backfill", "--wayback", *AT)
    assert ended.code == 2
    assert "nobody is followed yet; next: scholarwatch follow URL" in " ".join(ended.err.split())


def test_pages_of_two_people_need_a_manifest(program: Program, tmp_path: Path) -> None:
    settings_for(program.folder)
    save_three_days(program.folder / "saved")
    ended = program("backfill", "--pages", "saved", *AT)
    assert (ended.code, "2 profiles are meant" in ended.err) == (2, True)
    table = say_whose(tmp_path / "saved.csv", *(f"ada_2026-03-0{day}.html,2026-03-0{day},1002" for day in (1, 2, 4)))
    ended = program("backfill", "--pages", "saved", "--manifest", str(table), *AT)
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Saved pages: 3 captures of 2 profiles.")


def test_what_a_broken_archive_is_called(ada: Program) -> None:
    (ada.folder / "repository").mkdir()
    ended = ada("backfill", "--git", "repository", "--file", "ada.html", *AT)
    assert ended.code == 1
    assert ended.out.splitlines()[0] == "Repository: 0 captures of 1 profile."
    assert "is not a git repository" in ended.out.splitlines()[1]
    dry = ada("backfill", "--git", "repository", "--file", "ada.html", "--dry-run", *AT)
    assert (dry.code, "is not a git repository" in dry.out) == (1, True)

"""``replay`` as it is called: what it prints, how it ends, and that it changes nothing unasked."""

import re
from dataclasses import replace

import pytest

from scrapers.registry import SOURCES
from storage.store import Store
from tests.cli.program import Program
from tests.flows.stored_pages import DAY, FIRST_DAY, Opinion, a_day, follow
from tracking.reading import ProfileReading

DATABASE = ("--database", "scholarwatch.db")


def as_before(reading: ProfileReading) -> ProfileReading:
    return reading


def misread(reading: ProfileReading) -> ProfileReading:
    """No score, other authors, an abstract with a slip far inside, and one citation too few."""
    first = reading.papers[0]
    assert first.abstract is not None
    slip = f"{first.abstract[:200]}(sic){first.abstract[200:]}"
    metrics = {**reading.metrics, "citations": (reading.metrics["citations"] or 0) - 1}
    changed = replace(first, score=None, abstract=slip, authors=("A. Nother",))
    return replace(reading, metrics=metrics, papers=(changed, *reading.papers[1:]))


def stored(program: Program, *opinions: Opinion, parser: str = "scholarfeed/0") -> None:
    """A page a day of two people, as these parsers read them."""
    assert program("init", "--contact", "me@example.org").code == 0
    with Store.open(str(program.folder / "scholarwatch.db")) as store:
        follow(store, "Ada Example", "Zoë Example")
        for number, opinion in enumerate(opinions):
            a_day(store, FIRST_DAY + number * DAY, opinion, parser)


def test_nothing_differs(program: Program) -> None:
    stored(program, as_before, as_before)
    ended = program("replay", *DATABASE)
    assert ended.code == 0
    assert re.fullmatch(r"4 stored pages in \d+\.\d s: 4 read as before\.\n", ended.out)
    assert ended.err == ""


def test_what_differs_is_said_by_field_with_examples(program: Program) -> None:
    stored(program, as_before, misread)
    ended = program("replay", *DATABASE)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert re.fullmatch(r"4 stored pages in \d+\.\d s: 2 read as before, 2 differ\.", lines[0])
    assert "metrics.citations: 2 changed, on 2 profiles" in lines
    assert "  Ada Example, 2026-11-23 09:00 UTC: 1,204 → 1,205" in lines
    assert "papers.score: 2 appeared, on 2 profiles" in lines
    assert "  Zoë Example, 2026-11-23 09:00 UTC: A New Thing: – → 98.1" in lines
    assert "  Ada Example, 2026-11-23 09:00 UTC: A New Thing: A. Nother → Ada Example, Ben Example" in lines
    [slip] = [line for line in lines if "(sic)" in line and line.startswith("  Ada")]
    before, after = slip.split(": ", 2)[2].split(" → ")
    assert before[21:26] == "(sic)"
    assert {before[0], before[-1], after[0], after[-1]} == {"…"}
    assert lines[-1] == "Nothing was recorded; --apply does that."


def test_the_same_as_json(program: Program) -> None:
    stored(program, misread)
    ended = program("replay", *DATABASE, "--json", "--now", "2026-12-01")
    assert ended.code == 1
    manifest = ended.json()
    assert (manifest["kind"], manifest["state"], manifest["now"]) == ("replay", "ok", "2026-12-01T00:00:00+00:00")
    assert (manifest["run"], manifest["applied"]) == (None, False)
    assert (manifest["pages"], manifest["same"], manifest["different"], manifest["failed"]) == (2, 0, 2, 0)
    assert manifest["facts"] == {
        "metrics.citations": 2,
        "papers.abstract": 2,
        "papers.authors": 2,
        "papers.score": 2,
    }
    assert "2 differ." in ended.err


def test_a_parser_that_was_changed_without_a_new_number(program: Program) -> None:
    stored(program, misread, parser=SOURCES["scholarfeed"].parser)
    lines = program("replay", *DATABASE).out.splitlines()
    assert (
        "2 pages of these had been read by the same version of the parser: it was changed and its number was not."
    ) in lines


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        (("--person", "zoë"), 3),
        (("--source", "scholarfeed"), 6),
        (("--since", "2026-11-23"), 4),
        (("--until", "2026-11-23"), 4),
        (("--since", "2026-11-23", "--until", "2026-11-23", "--person", "Ada Example"), 1),
        (("--since", "2026-12-01"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_pages_can_be_chosen(program: Program, words: tuple[str, ...], pages: int) -> None:
    stored(program, as_before, as_before, as_before)
    ended = program("replay", *DATABASE, *words, "--json")
    assert ended.code == 0
    assert ended.json()["pages"] == pages
    assert ("No such page is stored." in ended.err) == (pages == 0)


def test_a_page_that_cannot_be_read_any_more(program: Program) -> None:
    stored(program, as_before)
    with Store.open(str(program.folder / "scholarwatch.db")) as store:
        a_day(store, FIRST_DAY + DAY, body=b"<html><title>Something else</title></html>")
    ended = program("replay", *DATABASE)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[0].endswith("2 read as before, 2 cannot be read any more.")
    assert lines[1].startswith("  parse failed: Ada Example, 2026-11-23 09:00 UTC: ")
    assert program("replay", *DATABASE, "--until", "2026-11-22").code == 0


def test_a_replay_leaves_no_trace(program: Program) -> None:
    stored(program, misread)
    status = ("status", *DATABASE, "--json", "--now", "2026-12-01")
    before = program(*status).json()
    assert program("replay", *DATABASE).code == 1
    assert program(*status).json() == before


def test_what_differs_is_recorded_and_nobody_is_told(program: Program) -> None:
    stored(program, misread, misread)
    recorded = program("replay", *DATABASE, "--apply", "--now", "2026-12-01")
    assert recorded.code == 0
    assert recorded.out.splitlines()[-1] == "Recorded; nobody is told."
    again = program("replay", *DATABASE, "--json")
    assert again.code == 0
    assert (again.json()["same"], again.json()["fields"]) == (4, [])
    [state] = program("show", "Ada", *DATABASE, "--json").json()["profiles"]
    assert state["metrics"]["citations"] == 1205
    [score] = [paper["score"] for paper in state["papers"] if paper["title"] == "A New Thing"]
    assert score == 98.1
    assert program("status", *DATABASE, "--json").json()["undelivered"] == 0


def test_a_recorded_replay_is_a_run(program: Program) -> None:
    stored(program, misread)
    manifest = program("replay", *DATABASE, "--apply", "--person", "Ada", "--now", "2026-12-01", "--json").json()
    assert manifest["applied"] is True
    assert manifest["run"] is not None
    assert program("replay", *DATABASE, "--json").json()["different"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "scolarfeed"), "no source is called 'scolarfeed'"),
        (("--person", "Nobody"), "nobody is followed as “Nobody”"),
        (("--since", "yesterday"), "'yesterday' is no date or time"),
    ],
    ids=["source", "person", "time"],
)
def test_wrong_use(program: Program, words: tuple[str, ...], said: str) -> None:
    stored(program)
    ended = program("replay", *DATABASE, *words)
    assert ended.code == 2
    assert said in ended.err


def test_without_a_database(program: Program) -> None:
    ended = program("replay", *DATABASE)
    assert ended.code == 1
    assert "there is no database" in ended.err
    assert not (program.folder / "scholarwatch.db").exists()

"""Where researchers can be followed, and whether that works today."""

import json
from pathlib import Path

import pytest

from scrapers.registry import SOURCES
from tests.cli.program import Program
from tests.imitations.openalex import OpenAlexSite
from tests.imitations.scholars import Scholar, work
from tests.imitations.semantic_scholar import SemanticScholarSite

_PAGES = Path(__file__).parents[2] / "docs" / "sources"

ADA = Scholar(key="A5000000001", name="Ada Example", works=(work("On Rings", year=2025),), h_index=3, citations=40)
BEA = Scholar(key="77", name="Bea Sample", works=(work("On Fields", year=2024),), h_index=2)


def test_every_source_is_listed_with_all_that_is_known_of_it(program: Program) -> None:
    listed = {source["name"]: source for source in program("sources", "--json").json_lines()}
    assert listed.keys() == SOURCES.keys()
    assert listed["google_scholar"]["on_by_default"] is False
    assert listed["openalex"]["base"] == "https://api.openalex.org"
    assert listed["arxiv"]["min_interval_seconds"] >= 3
    for name, source in listed.items():
        assert source["offers"], name
        assert source["terms"].startswith("https://") or name == "generic", name
        assert source["interface"] in ("page", "api"), name


def test_every_source_has_a_page() -> None:
    assert {page.stem for page in _PAGES.glob("*.md")} - {"README"} == set(SOURCES)
    index = (_PAGES / "README.md").read_text("utf-8")
    assert [name for name in SOURCES if f"({name}.md)" not in index] == []


def test_a_table_for_people(program: Program) -> None:
    lines = program("sources").out.splitlines()
    assert len(lines) == 1 + len(SOURCES)
    [google] = [line for line in lines if line.startswith("google_scholar")]
    assert "page, when switched on" in google


def configured(**canaries: str) -> None:
    sources = {name: {"canary": url, "min_interval_seconds": 0} for name, url in canaries.items()}
    user_agent = "Tests (mailto:me@example.org)"
    Path("scholarwatch.yaml").write_text(json.dumps({"fetch": {"user_agent": user_agent}, "sources": sources}), "utf-8")


def test_the_doctor_reads_a_profile_of_each(program: Program) -> None:
    with OpenAlexSite([ADA]) as openalex, SemanticScholarSite([BEA]) as semantic_scholar:
        configured(openalex=f"{openalex.url}/authors/A5000000001", semantic_scholar=f"{semantic_scholar.url}/author/77")
        said = program("sources", "doctor", "openalex", "semantic_scholar")
    assert said.code == 0
    assert said.out.splitlines()[0].startswith("well  openalex: Ada Example, 1 paper (http://127.0.0.1:")
    assert said.out.splitlines()[-1] == "2 sources of 2 read as they should."


@pytest.mark.parametrize(
    ("status", "works", "complaint"),
    [(200, (), "the page was read and shows no paper"), (500, ADA.works, "500"), (404, ADA.works, "404")],
    ids=["empty", "broken", "gone"],
)
def test_the_doctor_says_what_is_ill(program: Program, status: int, works: tuple[object, ...], complaint: str) -> None:
    with OpenAlexSite([Scholar(key=ADA.key, name=ADA.name, works=works)]) as site:
        configured(openalex=f"{site.url}/authors/{ADA.key}")
        if status != 200:
            site.fails(status, times=10)
        said = program("sources", "doctor", "openalex", "--json")
    assert said.code == 1
    [examined] = said.json_lines()
    assert examined["well"] is False
    assert complaint in examined["detail"]
    assert said.err.splitlines()[-1] == "0 sources of 1 read as they should."


def test_a_source_that_nobody_knows(program: Program) -> None:
    configured()
    said = program("sources", "doctor", "openalx")
    assert said.code == 2
    assert "did you mean “openalex”?" in said.err


def test_a_source_without_a_canary_asks_for_one(program: Program) -> None:
    Path("scholarwatch.yaml").write_text("", "utf-8")
    said = program("sources", "doctor", "generic")
    assert said.code == 0
    assert "sources: {generic: {canary: https://…}}" in said.out


def test_nobody_is_asked_who_cannot_see_who_asks(program: Program) -> None:
    Path("scholarwatch.yaml").write_text("", "utf-8")
    said = program("sources", "doctor", "openalex")
    assert said.code == 2
    assert "openalex.org must be able to see who asks; write user_agent" in said.err

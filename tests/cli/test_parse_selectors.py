"""``parse --select``: trying selectors on a saved page before they go into the configuration."""

import pytest

from tests.cli.program import Program
from tests.imitations.personal_page import Markup, render
from tests.imitations.scholars import Scholar, work

ADA = Scholar(key="ada", name="Ada Quill", works=(work("Bees at Night", year=2026), work("Trees by Day", year=2024)))


@pytest.fixture
def page(program: Program) -> str:
    return program.write("ada.html", render(ADA, Markup.CLASSES)).name


def test_selectors_find_the_papers(page: str, program: Program) -> None:
    url = "https://www.example.edu/~ada"
    selectors = ("--select", "paper=ul.pubs > li", "--select", "title=.title", "--select", "year=.year")
    ended = program("parse", page, "--source", "generic", "--url", url, *selectors, "--json")
    assert (ended.code, ended.err) == (0, "")
    reading = ended.json()
    assert (reading["name"], reading["complete"], reading["metrics"]) == ("Ada Quill", False, {})
    assert [(paper["title"], paper["published"]) for paper in reading["papers"]] == [
        ("Bees at Night", "2026"),
        ("Trees by Day", "2024"),
    ]
    assert reading["papers"][0]["url"].startswith("https://www.example.edu/papers/")


def test_without_them_the_message_says_that_they_help(page: str, program: Program) -> None:
    ended = program("parse", page, "--source", "generic")
    assert ended.code == 1
    assert "parse failed: papers: no papers are marked up" in ended.err
    assert "sources.generic.selectors" in ended.err


@pytest.mark.parametrize(
    ("source", "given", "complaint"),
    [
        ("scholarfeed", "paper=li", "only --source generic reads by selectors"),
        ("generic", "title=li", "paper=… is missing"),
        ("generic", "papers=li", "begins with none of paper, title, authors, year, link, name"),
        ("generic", "paper=li[", "not a CSS selector: Malformed attribute selector"),
        ("generic", "paper=", "not a CSS selector: it is empty"),
    ],
)
def test_wrong_use(source: str, given: str, complaint: str, page: str, program: Program) -> None:
    ended = program("parse", page, "--source", source, "--select", given)
    assert ended.code == 2
    assert complaint in " ".join(ended.err.replace("│", " ").split())

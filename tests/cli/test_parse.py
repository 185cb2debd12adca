"""``parse``: the reading of one saved page, in the form of design section 10."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from world.markup import Style, render_page, text_copy
from world.papers import paper
from world.profile import Profile

#: Beside the repository; not part of it.
SHARED = Path(__file__).parents[3] / "shared" / "pages" / "scholarfeed"
SAVED_ON = date(2026, 11, 22)
PROFILE = Profile(
    key="1001",
    name="Zoë Example",
    field="LG",
    metrics={"h_index": 2, "papers": 2, "citations": 1204, "novelty": 0.55, "ai_score": None},
    papers=(
        paper(
            "Sheaves & <Bundles> on a Torus",
            published=date(2026, 11, 20),
            authors=("Zoë Example", "Ben Example", "Cy Example", "Di Example"),
            institutions=("a-lab",),
            score=98.1,
            abstract="What holds on the torus, and why.",
            arxiv_id="2611.00001",
        ),
        paper(
            "An Older Thing",
            published=date(2024, 12, 30),
            authors=("Zoë Example",),
            category="CL",
            has_code=True,
            abstract="It was shown long ago.",
            arxiv_id="2412.00002",
        ),
    ),
)
NEWER: dict[str, Any] = {
    "key": "arxiv:2611.00001",
    "title": "Sheaves & <Bundles> on a Torus",
    "authors": ["Zoë Example", "Ben Example", "Cy Example"],
    "authors_complete": False,
    "institutions": ["a-lab"],
    "category": "LG",
    "published": "2026-11-20",
    "year_inferred": False,
    "has_code": False,
    "score": 98.1,
    "abstract": "What holds on the torus, and why.",
    "arxiv_id": "2611.00001",
    "doi": None,
    "url": "https://www.scholarfeed.org/paper/2611.00001",
    "citations": None,
}
OLDER: dict[str, Any] = NEWER | {
    "key": "arxiv:2412.00002",
    "title": "An Older Thing",
    "authors": ["Zoë Example"],
    "authors_complete": True,
    "institutions": [],
    "category": "CL",
    "published": "2024-12-30",
    "has_code": True,
    "score": None,
    "abstract": "It was shown long ago.",
    "arxiv_id": "2412.00002",
    "url": "https://www.scholarfeed.org/paper/2412.00002",
}
READING: dict[str, Any] = {
    "source": "scholarfeed",
    "name": "Zoë Example",
    "field": "LG",
    "complete": True,
    "warnings": [],
    "metrics": {"h_index": 2, "papers": 2, "citations": 1204, "novelty": 0.55, "ai_score": None},
    "papers": [NEWER, OLDER],
}


@pytest.fixture
def page(program: Program) -> Path:
    return program.write("page.html", render_page(PROFILE, SAVED_ON, Style()))


def test_saved_page_reads_exactly(page: Path, program: Program) -> None:
    url = "https://www.scholarfeed.org/author/1001"
    ended = program("parse", page.name, "--source", "scholarfeed", "--at", "2026-11-22", "--url", url, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json() == READING
    assert list(ended.json()) == list(READING)
    assert list(ended.json()["papers"][0]) == list(NEWER)


def test_text_copy_reads_the_same_but_for_the_links(program: Program) -> None:
    program.write("page.txt", text_copy(PROFILE, SAVED_ON))
    ended = program("parse", "page.txt", "--source", "scholarfeed", "--at", "2026-11-22", "--json")
    reading = ended.json()
    keys = [shown.pop("key") for shown in reading["papers"]]
    newer = NEWER | {"arxiv_id": None, "url": None, "year_inferred": True}
    older = OLDER | {"arxiv_id": None, "url": None}
    for expected in (newer, older):
        del expected["key"]
    assert reading == READING | {"papers": [newer, older]}
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("at", "published"),
    [
        ("2026-11-22", "2026-11-20"),
        ("2026-11-19", "2026-11-20"),
        ("2026-11-18", "2025-11-20"),
        ("2025-12-01", "2025-11-20"),
    ],
)
def test_the_day_on_which_a_page_was_saved_gives_dates_their_year(at: str, published: str, program: Program) -> None:
    program.write("page.txt", text_copy(PROFILE, SAVED_ON))
    ended = program("parse", "page.txt", "--source", "scholarfeed", "--at", at, "--json")
    assert ended.json()["papers"][0]["published"] == published


def test_reading_in_words(page: Path, program: Program) -> None:
    ended = program("parse", page.name, "--source", "scholarfeed", "--at", "2026-11-22")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Zoë Example · LG",
        "  h-index               2",
        "  papers                2",
        "  citations         1,204",
        "  novelty            55 %",
        "  AI score              –",
        "",
        "2 papers",
        "  2026-11-20  Sheaves & <Bundles> on a Torus",
        "  2024-12-30  An Older Thing",
    ]


@pytest.mark.parametrize(
    ("name", "body", "outcome"),
    [
        ("empty.html", b"", "parse_failed"),
        ("words.txt", b"hello\n", "parse_failed"),
        ("noise.html", bytes(range(256)), "parse_failed"),
        (
            "captcha.html",
            b"<title>Just a moment...</title><p>Checking your browser. Verify you are human</p>",
            "blocked",
        ),
    ],
)
def test_what_cannot_be_read_says_why(name: str, body: bytes, outcome: str, program: Program) -> None:
    program.write(name, body)
    ended = program("parse", name, "--source", "scholarfeed", "--json")
    assert ended.code == 1
    answer = ended.json()
    assert answer == {"source": "scholarfeed", "outcome": outcome, "detail": answer["detail"]}
    assert ended.err == f"{name}: {outcome.replace('_', ' ')}: {answer['detail']}\n"
    in_words = program("parse", name, "--source", "scholarfeed")
    assert (in_words.code, in_words.out, in_words.err) == (1, "", ended.err)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real pages are not beside the repository")
def test_a_real_page_has_the_form_of_the_design(program: Program) -> None:
    [saved] = SHARED.glob("*.txt")
    ended = program("parse", str(saved), "--source", "scholarfeed", "--at", "2026-11-22", "--json")
    assert (ended.code, ended.err) == (0, "")
    reading = ended.json()
    assert list(reading) == list(READING)
    assert reading["metrics"] == {"h_index": 117, "papers": 50, "citations": 17576, "novelty": 0.55, "ai_score": 63}
    assert len(reading["papers"]) == 50
    assert {tuple(shown) for shown in reading["papers"]} == {tuple(NEWER)}

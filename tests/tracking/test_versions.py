"""When two papers of one person are versions of one work. A wrong answer "yes" silences a paper: most rows say no."""

from dataclasses import replace

import pytest

from tracking.reading import PaperReading, Published
from tracking.versions import are_ambiguous, is_preprint, version_evidence

TITLE = "Rivers below a glacier"


def shown(title: str = TITLE, year: int | None = 2021, **facts: object) -> PaperReading:
    authors = facts.pop("authors", ("Ada Example", "Ben Sample", "Cy Probe"))
    published = Published(year) if year else None
    return PaperReading(title=title, published=published, authors=authors, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (shown(arxiv_id="2106.00001"), shown(year=2022, doi="10.1109/abc")),
        (shown(year=2020), shown(year=2022)),
        (shown(), shown("Rivers Below a Glacier.", year=2022, authors=("A Example", "B Sample"), authors_complete=False)),
        (shown(), shown(year=2022, authors=("Example, A.", "Sample, B.", "Probe, C."))),
        (shown(), shown(year=2022, authors=("Ada Example 0003", "Ben Sample"))),
        (shown(authors=("Åsa Krämer",)), shown(year=2022, authors=("A. Kraemer",))),
        (shown(), shown(year=None)),
        (shown(doi="10.1109/abc"), shown(doi="10.1145/xyz")),
        (shown(doi="10.1101/2021.01"), shown(year=2022, doi="10.1145/xyz", authors=("Ada Example",))),
        (shown(arxiv_id="2106.00001"), shown(year=2022, doi="10.48550/arXiv.2106.00001")),
        (shown("Über Flüsse und Seen"), shown("\ufffdber Fl\ufffdsse und Seen", year=2022)),
        (shown("A report on rivers below a glacier"), shown("A report on rivers below a glacier")),
    ],
    ids=[
        "preprint and published", "two years apart", "cut list of initials", "commas", "namesake's number",
        "another spelling", "no year, several authors", "two publishers", "preprint server, one author",
        "arXiv id and its DOI", "damaged title", "a report, same year",
    ],
)  # fmt: skip
def test_versions_of_one_work(one: PaperReading, other: PaperReading) -> None:
    assert version_evidence(one, other)
    assert version_evidence(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (shown("Rivers below a glacier, Part I"), shown("Rivers below a glacier, Part II")),
        (shown("The state of rivers 2023", 2023), shown("The state of rivers 2024", 2024)),
        (shown("Annual report of the rivers"), shown("Annual report of the rivers", year=2022)),
        (shown("Editorial"), shown("Editorial", year=2022)),
        (shown("Guest editors introduction"), shown("Guest editors introduction", year=2022)),
        (shown(f"Reply to: {TITLE}"), shown(f"Reply to: {TITLE}", year=2022)),
        (shown(f"Comment on {TITLE}"), shown(TITLE)),
        (shown(f"Erratum: {TITLE}"), shown(f"Erratum: {TITLE}", year=2022)),
        (shown(f"Corrigendum to {TITLE}"), shown(TITLE, year=2022)),
        (shown(), shown("Lakes below a glacier", year=2022)),
        (shown(), shown(f"{TITLE}: a closer look", year=2022)),
        (shown("Rivers"), shown("Rivers", year=2022)),
        (shown(), shown(year=2024)),
        (shown(arxiv_id="2106.00001"), shown(arxiv_id="2206.00002")),
        (shown(), shown(authors=("Ben Sample", "Ada Example"), year=2022)),
        (shown(), shown(authors=("Zoe Example",), year=2022)),
        (shown(), shown(authors=(), year=2022)),
        (shown(authors=(" ",)), shown(authors=(" ",), year=2022)),
        (shown(), shown(authors=("Ada Example", "Dee Other", "Eve Third"), year=2022)),
        (shown(authors=("Ada Example",)), shown(authors=("Ada Example",), year=None)),
        (shown(authors=("Ada Example",), doi="10.1109/a"), shown(authors=("Ada Example",), doi="10.1145/b")),
    ],
    ids=[
        "parts", "years in the title", "annual", "editorial", "guest editorial", "two replies", "comment", "two errata",
        "corrigendum", "another title", "a subtitle more", "a short title", "three years", "two arXiv ids",
        "another first author", "another given name", "no authors", "authors without a name", "other co-authors",
        "no year, one author", "two publishers, one author",
    ],
)  # fmt: skip
def test_two_works(one: PaperReading, other: PaperReading) -> None:
    assert version_evidence(one, other) is None
    assert version_evidence(other, one) is None


def test_the_evidence_is_in_words() -> None:
    preprint = shown(arxiv_id="2106.00001", authors=("Ada Example",))
    assert version_evidence(preprint, shown(year=2022, doi="10.1109/ABC", authors=("A Example",))) == (
        "both are called “Rivers below a glacier”, the first author of both is Ada Example, published 2021 and 2022, "
        "arXiv 2106.00001 and DOI 10.1109/abc"
    )
    assert version_evidence(replace(preprint, title="Rivers below a glac\ufffder"), shown()) == (
        "both are called “Rivers below a glacier”, the first author of both is Ada Example, published 2021"
    )


@pytest.mark.parametrize(
    ("namesakes", "ambiguous"),
    [
        ([shown()], False),
        ([shown(arxiv_id="2106.00001"), shown(year=2022, doi="10.1109/abc")], False),
        ([shown(), shown(year=2022)], True),
        ([shown(arxiv_id="2106.00001"), shown(), shown(year=2022)], True),
    ],
    ids=["one", "preprint and published", "two of a year each", "three"],
)
def test_a_profile_with_namesakes_says_nothing_about_another_paper(
    namesakes: list[PaperReading], ambiguous: bool
) -> None:
    assert are_ambiguous(namesakes) is ambiguous


@pytest.mark.parametrize(
    ("facts", "preprint"),
    [
        ({"arxiv_id": "2106.00001"}, True),
        ({"arxiv_id": "2106.00001", "doi": "10.1109/abc"}, False),
        ({"doi": "10.48550/arXiv.2106.00001"}, True),
        ({"doi": "10.1101/2021.01"}, True),
        ({}, False),
    ],
    ids=str,
)
def test_what_is_known_as_a_preprint(facts: dict[str, object], preprint: bool) -> None:
    assert is_preprint(shown(**facts)) is preprint  # type: ignore[arg-type]

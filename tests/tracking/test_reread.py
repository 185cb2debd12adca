"""What differs between a stored reading and the same page read again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking import strategies
from tests.tracking.builders import paper, reading, twenty
from tracking.identity import issue_keys
from tracking.reading import PaperReading, ProfileReading
from tracking.reread import Change, FactDiffers, differences

A, B, C = (
    paper("Waves on Water", abstract="a" * 90),
    paper("Proofs of Nothing", "2024-01-02"),
    paper("Bees and Bytes", "2023-05-06"),
)


def found(stored: ProfileReading, again: ProfileReading) -> list[FactDiffers]:
    return list(differences(stored, issue_keys(stored.source, stored.papers), again))


def fact(field: str, before: Any, after: Any, paper: str | None = None) -> FactDiffers:
    return FactDiffers(field=field, before=before, after=after, paper=paper)


@pytest.mark.parametrize(
    ("again", "facts"),
    [
        (reading([A, B]), []),
        (reading([B, A]), []),
        (reading([A, B], metrics={"h_index": 12, "citations": 1204, "novelty": None}), []),
        (reading([A, B], metrics={"h_index": 12}), [fact("metrics.citations", 1204, None)]),
        (reading([A, B], metrics={"h_index": 12, "citations": None}), [fact("metrics.citations", 1204, None)]),
        (reading([A, B], metrics={"h_index": 0, "citations": 1204}), [fact("metrics.h_index", 12, 0)]),
        (
            reading([A, B], metrics={"h_index": 12, "citations": 1204, "novelty": 0}),
            [fact("metrics.novelty", None, 0)],
        ),
        (reading([A, B], name="Ada"), [fact("name", "Ada Example", "Ada")]),
        (reading([A, B], complete=False), [fact("complete", True, False)]),
        (replace(reading([A, B]), field=None), [fact("field", "LG", None)]),
        (replace(reading([A, B]), warnings=("odd",)), [fact("warnings", [], ["odd"])]),
        (reading([A]), [fact("papers", B.title, None, B.title)]),
        (reading([B]), [fact("papers", A.title, None, A.title)]),
        (reading([A, B, C]), [fact("papers", None, C.title, C.title)]),
        (reading([]), [fact("papers", A.title, None, A.title), fact("papers", B.title, None, B.title)]),
        (
            reading([A, replace(B, title="Proofs of Nothing at all")]),
            [fact("papers.title", B.title, "Proofs of Nothing at all", B.title)],
        ),
        (
            reading([replace(A, title="?", authors=(), published=None, abstract=None), B]),
            [
                fact("papers.title", A.title, "?", A.title),
                fact("papers.authors", ["Ada Example", "Bo Sample"], [], A.title),
                fact("papers.published", "2025-03-04", None, A.title),
                fact("papers.abstract", "a" * 90, None, A.title),
            ],
        ),
        (reading([replace(A, has_code=None), B]), [fact("papers.has_code", False, None, A.title)]),
        (reading([A, A, B]), [fact("papers", None, A.title, A.title)]),
        (
            reading([B, replace(A, score=1.5)]),
            [fact("papers.score", None, 1.5, A.title)],
        ),
    ],
    ids=[
        "nothing",
        "the order",
        "a metric named without a value",
        "a metric not named",
        "a metric without its value",
        "a metric that is zero",
        "a metric that appears as zero",
        "the name",
        "complete or not",
        "the field",
        "a warning",
        "the last paper missing",
        "the first paper missing",
        "one paper more",
        "no paper",
        "a title",
        "a card that is not recognised any more stands where it stood",
        "a badge that is not known",
        "a paper twice",
        "a score in another order",
    ],
)
def test_facts_that_differ(again: ProfileReading, facts: list[FactDiffers]) -> None:
    assert found(reading([A, B]), again) == facts


def test_a_paper_shown_twice_is_compared_showing_by_showing() -> None:
    twice = reading([A, B, replace(A, score=1.0)])
    assert found(twice, twice) == []
    assert found(twice, reading([B, A, replace(A, score=2.0)])) == [fact("papers.score", 1.0, 2.0, A.title)]
    assert found(twice, reading([A, B])) == [fact("papers", A.title, None, A.title)]


def test_a_paper_lost_at_the_top_and_one_invented_at_the_end_are_two_things() -> None:
    junk = PaperReading(title="About this site")
    assert found(reading([A, B, C]), reading([B, C, junk])) == [
        fact("papers", A.title, None, A.title),
        fact("papers", None, junk.title, junk.title),
    ]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, 0, Change.APPEARS),
        (None, False, Change.APPEARS),
        ([], ["a"], Change.APPEARS),
        (0, None, Change.VANISHES),
        ("", None, Change.VANISHES),
        (["a"], [], Change.VANISHES),
        (0, 1, Change.CHANGES),
        (True, False, Change.CHANGES),
        ("", "a", Change.CHANGES),
    ],
)
def test_unknown_is_not_zero(before: object, after: object, change: Change) -> None:
    assert fact("papers.score", before, after).change is change


@given(strategies.readings())
def test_a_reading_does_not_differ_from_itself(read: ProfileReading) -> None:
    assert found(read, read) == []


@given(strategies.readings(), st.data())
def test_the_order_is_no_fact(read: ProfileReading, data: st.DataObject) -> None:
    assert found(read, replace(read, papers=tuple(data.draw(st.permutations(read.papers))))) == []


@given(strategies.readings(), strategies.readings())
def test_nothing_that_is_read_otherwise_is_passed_over(one: ProfileReading, other: ProfileReading) -> None:
    """As many papers are gained as the lists differ by; with no difference both say the same."""
    facts = found(one, other)
    papers = [each for each in facts if each.field == "papers"]
    gained = sum(each.change is Change.APPEARS for each in papers)
    assert gained - (len(papers) - gained) == len(other.papers) - len(one.papers)
    if not facts:
        assert sorted(map(repr, one.papers)) == sorted(map(repr, other.papers))
        assert (one.name, one.complete) == (other.name, other.complete)
        assert {k: v for k, v in one.metrics.items() if v is not None} == {
            k: v for k, v in other.metrics.items() if v is not None
        }


_FIELDS: dict[str, Callable[[PaperReading], Any]] = {
    "title": lambda paper: f"{paper.title}, revised",
    "authors": lambda paper: (*paper.authors, "N. Nomen"),
    "authors_complete": lambda paper: not paper.authors_complete,
    "institutions": lambda paper: (*paper.institutions, "elsewhere"),
    "category": lambda paper: f"{paper.category}?",
    "year_inferred": lambda paper: not paper.year_inferred,
    "has_code": lambda paper: not paper.has_code,
    "score": lambda paper: (paper.score or 0) + 1,
    "abstract": lambda paper: f"{paper.abstract} And more.",
    "version": lambda paper: (paper.version or 1) + 1,
    "doi": lambda _: "10.1000/182",
    "source_id": lambda _: "p-1",
    "url": lambda _: "https://example.org/elsewhere",
    "citations": lambda paper: (paper.citations or 0) + 1,
}


@given(strategies.readings(min_papers=1), st.sampled_from(sorted(_FIELDS)), st.data())
def test_one_field_of_one_paper_is_one_difference(read: ProfileReading, name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(read.papers) - 1))
    changed = replace(read.papers[place], **{name: _FIELDS[name](read.papers[place])})
    again = replace(read, papers=(*read.papers[:place], changed, *read.papers[place + 1 :]))
    [only] = found(read, again)
    assert (only.field, only.paper) == (f"papers.{name}", read.papers[place].title)


@pytest.mark.parametrize("gone", range(0, 20, 7))
def test_one_paper_of_many_is_missed(gone: int) -> None:
    many = twenty()
    without = [each for place, each in enumerate(many) if place != gone]
    assert found(reading(many), reading(without)) == [fact("papers", many[gone].title, None, many[gone].title)]

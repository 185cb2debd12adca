"""What becomes of the traits of one profile from one page to the next."""

from dataclasses import replace

import pytest

from tests.tracking.builders import paper, reading
from tracking.reading import PaperReading, ProfileReading
from tracking.traits import Fate, fates, is_of_pages

PAPERS = tuple(
    paper(f"Sheaves {number}", score=50.5, citations=20, abstract=f"We study {number}.") for number in range(10)
)
BEFORE = reading(PAPERS, metrics={"h_index": 12, "citations": 1204, "novelty": 0.5, "citations_in_2026": 40})


def page(papers: tuple[PaperReading, ...] = PAPERS, **facts: object) -> ProfileReading:
    return replace(BEFORE, papers=papers, **facts)  # type: ignore[arg-type]


def each(**facts: object) -> tuple[PaperReading, ...]:
    return tuple(replace(one, **facts) for one in PAPERS)  # type: ignore[arg-type]


def first(count: int, **facts: object) -> tuple[PaperReading, ...]:
    """So many papers say something else."""
    return each(**facts)[:count] + PAPERS[count:]


def metrics(**moved: float | None) -> dict[str, float | int | None]:
    return {**BEFORE.metrics, **moved}


def struck(before: ProfileReading, now: ProfileReading) -> dict[str, Fate]:
    return {trait: fate for trait, fate in fates(before, now).items() if fate is not Fate.KEPT}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(page(), {}, id="the same"),
        pytest.param(page(PAPERS[::-1]), {}, id="another order"),
        pytest.param(page(PAPERS[:8]), {}, id="two papers fewer"),
        pytest.param(page(PAPERS[:6]), {"papers": Fate.LOST}, id="four fewer: nothing is said of fields"),
        pytest.param(page(()), {"papers": Fate.LOST}, id="none"),
        pytest.param(page((*PAPERS, paper("A New Thing"))), {}, id="one more"),
        pytest.param(
            page(PAPERS + tuple(paper(f"Other {n}", score=60, citations=9) for n in range(11))),
            {"papers": Fate.CHANGED, "score": Fate.CHANGED},
            id="a multiple",
        ),
        pytest.param(page(each(abstract=None)), {"abstract": Fate.LOST}, id="no abstract"),
        pytest.param(page(first(3, abstract=None)), {}, id="three without"),
        pytest.param(page(first(4, abstract=None)), {"abstract": Fate.LOST}, id="four without"),
        pytest.param(page(each(abstract="Cut…")), {"abstract": Fate.CHANGED}, id="all cut"),
        pytest.param(page(each(authors=())), {"authors": Fate.LOST}, id="no authors"),
        pytest.param(page(each(title="Sheaves")), {"title": Fate.CHANGED}, id="titles cut"),
        pytest.param(page(each(doi="10.5555/1")), {"doi": Fate.GAINED}, id="identifiers appear"),
        pytest.param(page(each(score=None)), {"score": Fate.LOST}, id="no score"),
        pytest.param(page(each(score=0.505)), {"score": Fate.CHANGED}, id="score as a fraction"),
        pytest.param(page(each(citations=22)), {}, id="more citations"),
        pytest.param(page(each(citations=2020)), {"citations": Fate.CHANGED}, id="the year for citations"),
        pytest.param(page(each(version=2)), {"version": Fate.GAINED}, id="versions appear"),
        pytest.param(page(name="Bo Sample"), {"name": Fate.CHANGED}, id="another name"),
        pytest.param(page(name="ADA EXAMPLE"), {}, id="the name in capitals"),
        pytest.param(page(field=None), {"research field": Fate.LOST}, id="no field"),
        pytest.param(page(complete=False), {"complete list": Fate.LOST}, id="a part of the list"),
        pytest.param(page(metrics=metrics(h_index=None)), {"metric h_index": Fate.LOST}, id="a dash"),
        pytest.param(page(metrics=metrics(citations=1)), {"metric citations": Fate.CHANGED}, id="thousands"),
        pytest.param(page(metrics=metrics(citations=1300)), {}, id="cited"),
        pytest.param(page(metrics=metrics(h_index=10)), {}, id="a small fall"),
        pytest.param(page(metrics=metrics(novelty=0.1)), {"metric novelty": Fate.CHANGED}, id="a fraction falls"),
        pytest.param(page(metrics=metrics(h_index=24)), {"metric h_index": Fate.CHANGED}, id="twice as much"),
        pytest.param(page(metrics=metrics(i10_index=3)), {"metric i10_index": Fate.GAINED}, id="a metric more"),
        pytest.param(page(metrics=metrics(citations_in_2026=None, citations_in_2027=1)), {}, id="a new year"),
    ],
)
def test_fates(now: ProfileReading, expected: dict[str, Fate]) -> None:
    assert struck(BEFORE, now) == expected


def test_what_was_empty() -> None:
    empty = page(())
    assert "papers" not in fates(empty, empty)
    assert fates(empty, BEFORE)["papers"] is fates(empty, BEFORE)["title"] is Fate.GAINED


def test_of_what_a_trait_is() -> None:
    assert [is_of_pages(trait) for trait in ("metric citations", "papers", "citations")] == [True, True, False]

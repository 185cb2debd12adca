from datetime import date

import pytest
from hypothesis import given

from tests.tracking.strategies import papers, readings
from tracking.identity import issue_keys
from tracking.reading import PaperReading, ProfileReading, Published
from tracking.reading_json import paper_from_json, paper_to_json, public_reading, reading_from_json, reading_to_json


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-31", date(2024, 12, 31), date(2024, 12, 31)),
    ],
)
def test_published_keeps_its_precision(text: str, earliest: date, latest: date) -> None:
    published = Published.parse(text)
    assert (str(published), published.earliest, published.latest) == (text, earliest, latest)


@pytest.mark.parametrize("text", ["", "24", "2024-2", "2023-02-29", "2024-13", "May 12", "2024-02-01T00:00"])
def test_published_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day"):
        Published.parse(text)


def test_published_refuses_a_day_without_a_month() -> None:
    with pytest.raises(ValueError, match="a day without a month"):
        Published(2024, None, 3)


@given(readings())
def test_a_reading_survives_json(reading: ProfileReading) -> None:
    assert reading_from_json(reading_to_json(reading)) == reading


@given(papers())
def test_a_paper_survives_json(paper: PaperReading) -> None:
    assert paper_from_json(paper_to_json(paper)) == paper


def test_a_paper_with_a_title_alone_is_read_from_json() -> None:
    assert paper_from_json({"title": "Alone"}) == PaperReading(title="Alone")


@given(readings())
def test_the_public_form_has_the_fields_of_the_contract(reading: ProfileReading) -> None:
    public = public_reading(reading, issue_keys(reading.source, reading.papers))
    assert list(public) == ["source", "name", "field", "complete", "warnings", "metrics", "papers"]
    for paper in public["papers"]:
        assert set(paper) == {
            "key", "title", "authors", "authors_complete", "institutions", "category", "published", "year_inferred",
            "has_code", "score", "abstract", "arxiv_id", "doi", "url", "citations",
        }  # fmt: skip

"""Which lines of an index are captures of a profile."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.archives.cdx import CdxRow
from scrapers.archives.survey import captures_among
from tests.scrapers.archives.lines import URL, row
from tracking.capture import Capture, Skipped

ARCHIVE = "http://archive.example/coll/"


def survey(*rows: CdxRow) -> tuple[tuple[Capture, ...], tuple[Skipped, ...]]:
    return captures_among(rows, url=URL, memento_url=ARCHIVE)


def test_a_capture_says_where_it_is() -> None:
    assert survey(row(2)) == (
        (
            Capture(
                observed_at=datetime(2024, 1, 2, tzinfo=UTC),
                place=f"http://archive.example/coll/20240102000000id_/{URL}",
                url=URL,
                digest="AAAA",
            ),
        ),
        (),
    )


def test_equal_neighbours_are_all_listed() -> None:
    captures, _ = survey(row(1), row(2), row(3, mime="warc/revisit", status="-"))
    assert [(capture.observed_at.day, capture.digest) for capture in captures] == [
        (1, "AAAA"),
        (2, "AAAA"),
        (3, "AAAA"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(status="301"), "an archived redirect (status 301)"),
        (row(status="404"), "an archived error (status 404)"),
        (row(status="503"), "an archived error (status 503)"),
        (row(status="204"), "an archived odd answer (status 204)"),
        (row(mime="application/json"), "not a page: application/json"),
        (row(mime="image/png"), "not a page: image/png"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_no_capture(line: CdxRow, reason: str) -> None:
    assert survey(line) == ((), (Skipped(f"{ARCHIVE}20240101000000id_/{URL}", reason),))


@pytest.mark.parametrize("mime", ["text/html", "TEXT/HTML", "application/xhtml+xml", "unk", "-", "warc/revisit"])
def test_what_may_be_a_page(mime: str) -> None:
    captures, skipped = survey(row(mime=mime))
    assert (len(captures), skipped) == (1, ())


def test_many_of_a_kind_are_told_once() -> None:
    captures, skipped = survey(*(row(day, status="301") for day in range(1, 21)), row(21), row(22, status="404"))
    assert len(captures) == 1
    assert [line.reason for line in skipped] == [
        "an archived redirect (status 301); 20 like this until 2024-01-20",
        "an archived error (status 404)",
    ]


@pytest.mark.parametrize(
    ("lines", "taken", "reasons"),
    [
        ([row(), row()], row(), []),
        ([row(), row(url="https://scholarfeed.org/author/7")], row(), []),
        ([row(url="https://scholarfeed.org/author/7"), row()], row(), []),
        ([row(mime="warc/revisit", status="-"), row()], row(), []),
        ([row(status="301"), row()], row(), ["an archived redirect (status 301)"]),
        (
            [row(url="https://scholarfeed.org/author/7", digest="BBBB"), row()],
            row(),
            ["another capture of the same second, with other content"],
        ),
    ],
    ids=[
        "listed twice",
        "another spelling after",
        "another spelling before",
        "a revisit",
        "a redirect",
        "other content",
    ],
)
def test_each_time_once(lines: list[CdxRow], taken: CdxRow, reasons: list[str]) -> None:
    captures, skipped = survey(*lines)
    assert [(capture.url, capture.digest) for capture in captures] == [(taken.url, taken.digest)]
    assert [line.reason for line in skipped] == reasons


rows = st.builds(
    row,
    st.integers(1, 9),
    status=st.sampled_from(["200", "-", "301", "404"]),
    digest=st.sampled_from(["AAAA", "BBBB", None]),
)


@given(st.lists(rows).flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))))
def test_the_order_and_number_of_lines_means_nothing(lines: tuple[list[CdxRow], list[CdxRow]]) -> None:
    listed, shuffled = lines
    times = [capture.observed_at for capture in survey(*listed)[0]]
    assert times == sorted({line.captured_at for line in listed if line.status in ("200", "-")})
    assert times == [capture.observed_at for capture in survey(*shuffled, *listed)[0]]

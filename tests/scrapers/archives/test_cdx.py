"""The dialects of CDX: every line becomes a row or is told, and none loses another."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.archives.cdx import BadLine, CdxPage, CdxRow, read_cdx
from scrapers.archives.survey import captures_among
from tests.scrapers.archives.lines import KEY, URL, cdxj, plain, row
from tests.scrapers.real_pages import PAGES, needs_real_pages

COLUMNS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def ndjson(row: CdxRow) -> str:
    key, timestamp, described = cdxj(row).split(" ", 2)
    return json.dumps({"urlkey": key, "timestamp": timestamp, **json.loads(described)})


def document(*rows: list[str]) -> str:
    """One row on each line, as the Wayback Machine writes it."""
    return "[" + ",\n".join(json.dumps(row) for row in [COLUMNS, *rows]) + "]\n"


ROWS = (row(1), row(2, mime="warc/revisit", status="-"), row(3, status="301", digest=None), row(4, mime="unk"))

ANSWERS = {
    "plain": "\n".join(map(plain, ROWS)) + "\n",
    "plain, ends of lines of another world": "\r\n".join(map(plain, ROWS)),
    "plain, without the length": "\n".join(plain(row).removesuffix(" 100") for row in ROWS),
    "CDXJ": "\n".join(map(cdxj, ROWS)) + "\n",
    "NDJSON": "\n".join(map(ndjson, ROWS)),
    "JSON": document(*(plain(row).split() for row in ROWS)),
    "JSON on one line": json.dumps([COLUMNS, *(plain(row).split() for row in ROWS)]),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_dialects_say_the_same(answer: str) -> None:
    assert read_cdx(answer) == CdxPage(rows=ROWS)


@pytest.mark.parametrize("answer", ["", "\n", "[]", "[]\n", document()], ids=repr)
def test_an_empty_list(answer: str) -> None:
    assert read_cdx(answer) == CdxPage(rows=())


@pytest.mark.parametrize(
    "answer",
    [
        plain(row()) + "\n\norg%2Cscholarfeed%29%2F+20240101000001\n",
        document(plain(row()).split(), [], ["org%2Cscholarfeed%29%2F+20240101000001"]),
    ],
    ids=["plain", "JSON"],
)
def test_the_key_with_which_the_list_goes_on(answer: str) -> None:
    assert read_cdx(answer) == CdxPage(rows=(row(),), resume_key="org,scholarfeed)/ 20240101000001")


def test_a_key_alone() -> None:
    assert read_cdx("\norg%2Cscholarfeed%29%2F+2024\n") == CdxPage(rows=(), resume_key="org,scholarfeed)/ 2024")


BAD_LINES = {
    "too few columns": f"{KEY} 20240101000000 {URL}",
    "a day that never was": plain(row()).replace("20240101", "20240231"),
    "a time that is too short": plain(row()).replace("20240101000000", "202401010000"),
    "digits of another script": plain(row()).replace("20240101000000", "٢٠٢٤٠١٠١٠٠٠٠٠٠"),
    "no URL": plain(row(url="some/not/even/url/thing")),
    "a URL of another kind": plain(row(url="mailto:ada@example.org")),
    "a URL with a space": plain(row(url="http://www.scholarfeed.org/author 7")),
    "no status": plain(row(status="unk")),
    "cut JSON": cdxj(row())[:-10],
    "cut NDJSON": ndjson(row())[:-10],
    "JSON that is no object": f"{KEY} 20240101000000 [1]",
    "NDJSON without a time": json.dumps({"url": URL, "status": "200"}),
    "binary": "\x00\x01\x02 \x1b[31m",
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_told_and_loses_no_other(bad: str) -> None:
    page = read_cdx("\n".join([plain(row(1)), bad, plain(row(2))]))
    assert page.rows == (row(1), row(2))
    assert [line.number for line in page.bad_lines] == [2]
    assert page.bad_lines[0].excerpt[:5].isprintable()
    assert page.lines == 3


def test_a_bad_row_of_a_document_is_told() -> None:
    page = read_cdx(document(plain(row(1)).split(), ["too", "short"], plain(row(2)).split()))
    assert page == CdxPage(rows=(row(1), row(2)), bad_lines=(BadLine(3, '["too", "short"]'),))


def test_a_long_line_is_shown_by_its_beginning() -> None:
    (bad,) = read_cdx("x" * 100_000).bad_lines
    assert bad == BadLine(1, "x" * 80 + "…")


@pytest.mark.parametrize(
    "answer",
    [
        "<html><p>Sorry</p>",
        "\n <!DOCTYPE html>",
        "\ufeff<html>",
        '[["urlkey", "time',
        '[["a", "b"], ["c", "d"]]',
        "[1, 2]",
    ],
)
def test_what_is_no_list_at_all(answer: str) -> None:
    with pytest.raises(ValueError, match=r"markup|names no columns|delimiter|Unterminated"):
        read_cdx(answer)


printable_lines = st.text(st.characters(exclude_characters="\r\n<[", exclude_categories=["Cs"]), min_size=1).filter(
    str.strip
)


@given(st.lists(st.sampled_from(ROWS) | printable_lines, min_size=1))
def test_whatever_stands_between_them_good_lines_are_read(lines: list[CdxRow | str]) -> None:
    answer = "\n".join(plain(line) if isinstance(line, CdxRow) else line for line in [ROWS[0], *lines])
    page = read_cdx(answer)
    assert page.rows == (ROWS[0], *(line for line in lines if isinstance(line, CdxRow)))
    assert page.lines == len(lines) + 1


@given(st.text())
def test_no_answer_crashes(answer: str) -> None:
    try:
        page = read_cdx(answer)
    except ValueError:
        return
    assert page.lines <= answer.count("\n") + 1 or answer.lstrip().startswith("[")


def _real(name: str) -> CdxPage:
    return read_cdx((PAGES / "cdx" / name).read_text(encoding="utf-8"))


@needs_real_pages
def test_real_page_with_a_key() -> None:
    page = _real("wb_search_multipage_0.txt")
    assert len(page.rows) == 25
    assert page.bad_lines == ()
    assert page.resume_key == "com,cnn)/ 2001041400593:"
    captures, skipped = captures_among(page.rows, url="http://www.cnn.com/", memento_url="https://web.archive.org/web/")
    assert len(captures) == len({row.captured_at for row in page.rows})
    assert skipped == ()
    assert captures[0].place == "https://web.archive.org/web/20010410213930id_/http://www.cnn.com:80/"
    assert captures[0].digest == "YTEQQRWKL47VHUWFV2NXX7XLEOHMNWZ6"


@needs_real_pages
def test_real_empty_page() -> None:
    assert _real("wb_search_multipage_14.txt") == CdxPage(rows=())


@needs_real_pages
def test_real_revisits_are_captures() -> None:
    page = _real("wb_search_with_date_2.txt")
    assert len(page.rows) == 245
    assert page.bad_lines == ()
    revisits = [row for row in page.rows if row.status == "-"]
    assert revisits
    assert all(row.mime == "warc/revisit" and row.digest for row in revisits)
    captures, _ = captures_among(page.rows, url="https://www.dw.com/", memento_url="https://web.archive.org/web/")
    assert {row.captured_at for row in revisits} <= {capture.observed_at for capture in captures}


@needs_real_pages
def test_real_malformed_lines() -> None:
    page = _real("malformed_cdx.txt")
    assert [line.number for line in page.bad_lines] == [5]
    assert "some/not/even/url/thing" in page.bad_lines[0].excerpt
    captures, skipped = captures_among(
        page.rows, url="https://www.epa.gov/", memento_url="https://web.archive.org/web/"
    )
    assert [f"{capture.observed_at:%H%M%S}" for capture in captures] == ["003811", "005903"]
    assert [line.reason for line in skipped] == ["an archived redirect (status 301)", "an archived error (status 404)"]

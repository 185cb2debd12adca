"""Saved pages: what they are dated by, whose they are, and what is no page."""

import asyncio
import gzip
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from scrapers.origins.pages import PagesOrigin
from tests.scrapers.origins.asking import OTHER_URL, URL, ask, survey_all, utc
from tracking.capture import OriginError, Skipped
from tracking.check import Failure, Outcome, Page

HTML = "<html><body><p>Zürich</p></body></html>"


def _save(folder: Path, *names: str, text: str = HTML) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())


def _mhtml(location: str = "", *, date: str = "", body: str = HTML, encoding: str = "quoted-printable") -> bytes:
    message = EmailMessage()
    if location:
        message["Snapshot-Content-Location"] = location
    if date:
        message["Date"] = date
    message.set_content(body, subtype="html", cte=encoding)
    message.add_related(bytes(range(256)), maintype="image", subtype="png")
    return message.as_bytes()


def test_a_folder_is_read_oldest_first(tmp_path: Path) -> None:
    _save(tmp_path, "2026-03-02.html", "b/20260301T083000Z.htm", "2026-02-28_23-59.txt", "2026/01/15/p.html.gz")
    _save(tmp_path, "2026-04-01.png", ".2026-04-01.html", ".git/2026-04-01.html", "2026-04-01.html~")
    answer = ask(PagesOrigin(tmp_path))
    assert answer.places == [
        "2026/01/15/p.html.gz",
        "2026-02-28_23-59.txt",
        "b/20260301T083000Z.htm",
        "2026-03-02.html",
    ]
    assert answer.times == [
        f"2026-{time}:00+00:00" for time in ("01-15T12:00", "02-28T23:59", "03-01T08:30", "03-02T12:00")
    ]
    assert answer.skipped == ()
    assert answer.bodies == [HTML.encode()] * 4
    assert [page.headers["content-type"] for page in answer.pages if isinstance(page, Page)] == [
        "text/html", "text/plain", "text/html", "text/html",
    ]  # fmt: skip
    assert {(page.url, page.status) for page in answer.pages if isinstance(page, Page)} == {(URL, 200)}
    assert len({capture.digest for capture in answer.captures}) == 1
    assert {capture.url for capture in answer.captures} == {URL}


def test_what_a_browser_put_beside_a_page_is_no_page(tmp_path: Path) -> None:
    _save(tmp_path, "2026-03-01.html", "2026-03-01_files/frame.html", "2026-03-02_files/frame.html")
    assert ask(PagesOrigin(tmp_path)).places == ["2026-03-01.html", "2026-03-02_files/frame.html"]


def test_since_and_until_are_included(tmp_path: Path) -> None:
    _save(tmp_path, *(f"2026-03-0{day}.html" for day in range(1, 6)))
    answer = ask(PagesOrigin(tmp_path), since=utc("2026-03-02T12:00"), until=utc("2026-03-04T12:00"))
    assert answer.places == ["2026-03-02.html", "2026-03-03.html", "2026-03-04.html"]


def test_what_has_no_time_or_two_or_that_of_another_is_skipped(tmp_path: Path) -> None:
    _save(tmp_path, "a/2026-03-01.html", "b/2026-03-01.txt", "profile.html", "2026-03-01_2026-03-02.html")
    answer = ask(PagesOrigin(tmp_path))
    assert answer.places == ["a/2026-03-01.html"]
    assert set(answer.skipped) == {
        Skipped("b/2026-03-01.txt", "is of the same time as a/2026-03-01.html"),
        Skipped("profile.html", "has no date in its name; give --at or a manifest"),
        Skipped(
            "2026-03-01_2026-03-02.html", "2026-03-01_2026-03-02.html holds several dates; give --at or a manifest"
        ),
    }


def test_when_a_file_was_modified_is_not_believed(tmp_path: Path) -> None:
    _save(tmp_path, "profile.html")
    assert ask(PagesOrigin(tmp_path / "profile.html")).captures == ()


def test_at_dates_a_single_file(tmp_path: Path) -> None:
    _save(tmp_path, "2026-03-01.html")
    answer = ask(PagesOrigin(tmp_path / "2026-03-01.html", at=datetime(2026, 3, 5, tzinfo=UTC)))
    assert (answer.places, answer.times) == (["2026-03-01.html"], ["2026-03-05T00:00:00+00:00"])
    assert answer.bodies == [HTML.encode()]


def test_a_manifest_goes_before_names_and_may_tell_profiles_apart(tmp_path: Path) -> None:
    _save(tmp_path, "2026-03-01.html", "mine.html", "hers.html")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        "file,observed_at,profile\n"
        "2026-03-01.html,2026-02-01T00:00:00Z,\n"
        f"mine.html,2026-02-02,{URL}\n"
        "hers.html,2026-02-03,2\n"
    )
    mine, hers = survey_all(PagesOrigin(tmp_path, manifest=manifest), URL, OTHER_URL)
    assert [capture.place for capture in mine.captures] == ["2026-03-01.html", "mine.html"]
    assert [capture.place for capture in hers.captures] == ["2026-03-01.html", "hers.html"]
    assert mine.captures[0].observed_at == utc("2026-02-01T00:00")
    assert mine.skipped == hers.skipped == ()


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_mhtml(tmp_path: Path, encoding: str) -> None:
    content = _mhtml("http://scholarfeed.org/author/1/", date="Sun, 1 Mar 2026 09:30:00 +0100", encoding=encoding)
    (tmp_path / "page.mhtml").write_bytes(content)
    (tmp_path / "2026-03-02.mht.gz").write_bytes(gzip.compress(content))
    answer = ask(PagesOrigin(tmp_path))
    assert answer.times == ["2026-03-01T09:30:00+01:00", "2026-03-02T12:00:00+00:00"]
    assert [body.decode().strip() for body in answer.bodies] == [HTML, HTML]
    assert all(isinstance(page, Page) and page.url == "http://scholarfeed.org/author/1/" for page in answer.pages)
    assert answer.captures[0].digest == answer.captures[1].digest


def test_mhtml_of_another_profile_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "2026-03-01.mhtml").write_bytes(_mhtml(OTHER_URL))
    (tmp_path / "2026-03-02.mhtml").write_bytes(_mhtml("file:///home/me/page.html"))
    (tmp_path / "page.mhtml").write_bytes(_mhtml(URL, date="some day"))
    answer = ask(PagesOrigin(tmp_path))
    assert answer.places == ["2026-03-02.mhtml"]
    assert answer.captures[0].url == URL
    assert answer.skipped == (
        Skipped("2026-03-01.mhtml", f"was saved from {OTHER_URL}"),
        Skipped("page.mhtml", "has no date in its name; give --at or a manifest"),
    )


@pytest.mark.parametrize(
    ("name", "content", "outcome", "detail"),
    [
        ("2026-03-01.html", b"x" * 5_000_001, Outcome.TOO_BIG, "2026-03-01.html is larger than 5000000 bytes"),
        ("2026-03-01.html.gz", gzip.compress(b"x" * 5_000_001), Outcome.TOO_BIG, "larger than 5000000 bytes"),
        ("2026-03-01.html.gz", gzip.compress(b"x" * 100)[:-9], Outcome.UNREACHABLE, "cannot be read"),
        ("2026-03-01.html.gz", b"<html>", Outcome.UNREACHABLE, "cannot be read: Not a gzipped file"),
        ("2026-03-01.mhtml", b"Subject: none\r\n\r\ntext", Outcome.UNREACHABLE, "holds no HTML part"),
        ("2026-03-01.mhtml", b"", Outcome.UNREACHABLE, "holds no HTML part"),
        (
            "2026-03-01.mhtml",
            b"Content-Type: text/html\r\n\r\n" + b"x" * 5_000_001,
            Outcome.TOO_BIG,
            "larger than 5000000",
        ),
    ],
    ids=["big", "big when unpacked", "cut gzip", "no gzip", "no HTML", "empty", "big part"],
)
def test_what_is_bad_on_disk_is_a_failure(
    tmp_path: Path, name: str, content: bytes, outcome: Outcome, detail: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (failure,) = ask(PagesOrigin(tmp_path)).failures
    assert (failure.outcome, failure.url) == (outcome, URL)
    assert failure.detail.startswith(name)
    assert detail in failure.detail


def test_a_file_that_went_away_is_a_failure(tmp_path: Path) -> None:
    _save(tmp_path, "2026-03-01.html", "2026-03-02.html")
    origin = PagesOrigin(tmp_path)
    (survey,) = survey_all(origin, URL, close=False)
    (tmp_path / "2026-03-01.html").unlink()
    failure = asyncio.run(origin.read(survey.captures[0]))
    assert isinstance(failure, Failure)
    assert failure.detail == "2026-03-01.html cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("path", "at", "complaint"),
    [
        ("absent", None, r"there is no file or folder .*absent"),
        ("empty", None, r"empty holds no saved page \(\.html"),
        ("notes.pdf", None, r"notes.pdf is not a saved page \(\.html"),
        (".", utc("2026-03-01T00:00"), r"is a folder: one time cannot be that of all its pages"),
    ],
)
def test_what_was_named_wrongly_is_an_error(tmp_path: Path, path: str, at: datetime | None, complaint: str) -> None:
    (tmp_path / "empty").mkdir()
    _save(tmp_path, "2026-03-01.html", "notes.pdf")
    with pytest.raises(OriginError, match=complaint):
        ask(PagesOrigin(tmp_path / path, at=at))


def test_a_manifest_may_name_pages_only(tmp_path: Path) -> None:
    _save(tmp_path, "pages/2026-03-01.html", "outside.html")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,observed_at\n../outside.html,2026-03-01\n")
    with pytest.raises(OriginError, match=r"names \.\./outside\.html, which is not among the pages"):
        ask(PagesOrigin(tmp_path / "pages", manifest=manifest))

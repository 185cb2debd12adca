"""One profile through every origin reads the same as the page itself."""

import gzip
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from scrapers.origins.git import GitOrigin
from scrapers.origins.pages import PagesOrigin
from scrapers.origins.warc import WarcOrigin
from tests.scrapers.made_up import OBSERVED_ON, ShownProfile
from tests.scrapers.markups import articles, text_copy
from tests.scrapers.origins.asking import URL, OpenedOrigin, ask, made_up_profile, reading_of
from tests.scrapers.origins.repositories import Repository, needs_git
from tests.scrapers.origins.warcs import Archive, arc, chunked, http_answer
from tracking.capture import Origin

_PROFILE = made_up_profile("A Title", "Über Replay, Part II", "学習 “quoted” & <b>bold</b>")
_TIME = "2026-03-01T12:00:00Z"


def _html(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    (folder / "2026-03-01.html").write_text(articles(profile), encoding="utf-8")
    return PagesOrigin(folder)


def _text(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    (folder / "2026-03-01.txt.gz").write_bytes(gzip.compress(text_copy(profile).encode()))
    return PagesOrigin(folder)


def _mhtml(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = URL
    message.set_content(articles(profile), subtype="html", cte="quoted-printable")
    (folder / "2026-03-01.mhtml").write_bytes(message.as_bytes())
    return PagesOrigin(folder)


def _warc(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    archive = Archive(zipped=True)
    archive.response(_TIME, chunked(gzip.compress(articles(profile).encode())), headers=headers)
    return WarcOrigin([archive.save(folder / "a.warc.gz")])


def _arc(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    (folder / "a.arc").write_bytes(arc([("20260301120000", URL, http_answer(articles(profile).encode()))]))
    return WarcOrigin([folder])


def _git(folder: Path, profile: ShownProfile) -> OpenedOrigin:
    repository = Repository(folder / "repository")
    repository.write("ada.html", articles(profile).encode())
    repository.commit(_TIME)
    return GitOrigin(repository.path, "ada.html")


@pytest.mark.parametrize("make", [_html, _text, _mhtml, _warc, _arc, pytest.param(_git, marks=needs_git)])
def test_a_profile_reads_the_same_from_everywhere(
    tmp_path: Path, make: Callable[[Path, ShownProfile], OpenedOrigin]
) -> None:
    answer = ask(make(tmp_path, _PROFILE))
    assert answer.times == ["2026-03-01T12:00:00+00:00"]
    assert reading_of(answer.pages[0], OBSERVED_ON) == _PROFILE.reading


def test_origins_are_named_as_they_are_stored(tmp_path: Path) -> None:
    origins: list[Origin] = [PagesOrigin(tmp_path), WarcOrigin([tmp_path]), GitOrigin(tmp_path, "ada.html")]
    assert [(origin.name, origin.seconds_per_read) for origin in origins] == [("pages", 0), ("warc", 0), ("git", 0)]

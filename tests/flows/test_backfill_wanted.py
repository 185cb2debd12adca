"""What can be wished for, and how politely an archive is then asked."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.backfill_origin import archive_for, origin_for
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted, WrongWish
from flows.config.error import ConfigError
from tests.flows.past_pages import ADA, BO, settings_for
from tracking.late import ProfileToFill

A_TIME = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = OriginChoice(kind=OriginKind.PAGES, where=("saved",))
WAYBACK = OriginChoice()
OWN = ("http://127.0.0.1:8080/all",)
AGENT = "tests (mailto:me@example.org)"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (lambda: OriginChoice(where=("x",)), "the Wayback Machine is one place"),
        (lambda: OriginChoice(kind=OriginKind.ARCHIVE), "an archive is one URL"),
        (lambda: OriginChoice(kind=OriginKind.ARCHIVE, where=("archive",)), "is not the URL of an archive"),
        (lambda: OriginChoice(kind=OriginKind.PAGES, where=("a", "b")), "one file or one folder"),
        (lambda: OriginChoice(kind=OriginKind.WARC), "the paths of the WARC files"),
        (lambda: OriginChoice(kind=OriginKind.GIT, where=("repo",)), "which file of the repository"),
        (lambda: OriginChoice(kind=OriginKind.GIT, file="a.html"), "the path of one repository"),
        (lambda: replace(PAGES, file="a.html"), "only a repository has a file in it"),
        (lambda: OriginChoice(at=A_TIME), "only a saved page can be told its time"),
        (lambda: OriginChoice(manifest=Path("a.csv")), "a manifest is for saved pages"),
        (
            lambda: Wanted(origin=WAYBACK, since=date(2026, 3, 2), until=date(2026, 3, 1)),
            "nothing is since 2026-03-02 and until 2026-03-01",
        ),
        (lambda: Wanted(origin=WAYBACK, people=("Ada",), profile=ADA), "name people or a profile, not both"),
    ],
)
def test_wishes_that_cannot_be(wish: Callable[[], object], sentence: str) -> None:
    with pytest.raises(WrongWish, match=sentence):
        wish()


def test_days_are_included_from_their_first_to_their_last_instant() -> None:
    wanted = Wanted(origin=WAYBACK, since=date(2026, 3, 1), until=date(2026, 3, 1))
    assert wanted.first == datetime(2026, 3, 1, tzinfo=UTC)
    assert wanted.last == datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    assert (Wanted(origin=WAYBACK).first, Wanted(origin=WAYBACK).last) == (None, None)


def profile(url: str) -> ProfileToFill:
    key = url.rpartition("/")[2]
    return ProfileToFill(
        profile_id=int(key),
        person_id=int(key),
        person=key,
        tags=(),
        source="scholarfeed",
        key=key,
        url=url,
        seen=frozenset(),
    )


def test_a_profile_is_found_by_any_spelling_of_its_url() -> None:
    both = [profile(ADA), profile(BO)]
    assert Wanted(origin=PAGES, profile="http://scholarfeed.org/author/1002/").among(both) == both[1:]
    assert Wanted(origin=WAYBACK).among(both) == both


@pytest.mark.parametrize(
    ("wanted", "profiles", "sentence"),
    [
        (Wanted(origin=PAGES), [ADA, BO], "2 profiles are meant"),
        (Wanted(origin=OriginChoice(kind=OriginKind.GIT, where=("r",), file="f")), [ADA, BO], "2 profiles are meant"),
        (Wanted(origin=WAYBACK, profile="https://example.org/x"), [ADA], "no followed profile is at"),
        (Wanted(origin=WAYBACK), [], "nobody is followed yet"),
    ],
    ids=["pages", "git", "profile", "nobody"],
)
def test_whose_past_it_is_must_be_clear(wanted: Wanted, profiles: list[str], sentence: str) -> None:
    with pytest.raises(WrongWish, match=sentence):
        wanted.among([profile(url) for url in profiles])


@pytest.mark.parametrize(
    ("text", "is_clear"),
    [
        (f"file,observed_at,profile\na.html,2026-03-01,{ADA}\n", True),
        ("file,observed_at,profile\na.html,2026-03-01,\n", False),
        ("file,observed_at\na.html,2026-03-01\n", False),
    ],
    ids=["names them", "names nobody", "has no column for it"],
)
def test_a_manifest_may_say_whose_pages_are(text: str, is_clear: bool, tmp_path: Path) -> None:
    table = tmp_path / "saved.csv"
    table.write_text(text)
    assert replace(PAGES, manifest=table).tells_profiles_apart is is_clear


def test_a_manifest_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(WrongWish, match="cannot be read"):
        assert replace(PAGES, manifest=tmp_path / "nowhere.csv").tells_profiles_apart


@pytest.mark.parametrize(
    ("where", "interval", "read_seconds", "per_minute"),
    [
        ((), None, 4.0, 24),
        ((), 10, 10.0, 6),
        ((), 0.01, 4.0, 24),
        (("https://archive.example.org/all",), None, 4.0, 24),
        (OWN, None, 0.0, math.inf),
        (OWN, 0.5, 0.5, 120),
    ],
    ids=["wayback", "wayback, slower", "wayback, never faster", "archive", "own archive", "own archive, slower"],
)
def test_manners(
    where: tuple[str, ...], interval: float | None, read_seconds: float, per_minute: float, tmp_path: Path
) -> None:
    fetch: dict[str, object] = {"user_agent": AGENT} | ({"min_interval_seconds": interval} if interval else {})
    kind = OriginKind.ARCHIVE if where else OriginKind.WAYBACK
    archive = archive_for(OriginChoice(kind=kind, where=where), settings_for(tmp_path, fetch=fetch))
    assert (archive.read_interval_seconds, archive.cdx_per_minute) == (read_seconds, per_minute)
    assert archive.user_agent == AGENT


def test_an_archive_must_see_who_asks(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, people={"Ada": "http://127.0.0.1:9/author/1"}, fetch={})
    with pytest.raises(ConfigError, match=r"fetch\.user_agent: is not set, and web\.archive\.org must be able"):
        origin_for(WAYBACK, settings)
    assert archive_for(OriginChoice(kind=OriginKind.ARCHIVE, where=OWN), settings).read_interval_seconds == 0


def test_which_origins_are_web_archives() -> None:
    assert [kind for kind in OriginKind if kind.is_archive] == [OriginKind.WAYBACK, OriginKind.ARCHIVE]

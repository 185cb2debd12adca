"""A backfill from other places than a folder: a repository, and archives that would rather be left alone."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flows.backfill import backfill
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted
from storage.store import Store
from tests.flows.past_pages import ADA, NOW, fill, march, page, recorded, settings_for
from tests.scrapers.archives.archive_site import gives
from tests.scrapers.origins.repositories import Repository, needs_git
from tests.servers import Answer, Site, status
from tracking.check import Outcome


@needs_git
def test_a_file_under_version_control(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    for number, (name, body) in enumerate([march(1, 100), march(2, 107), march(3, 107)]):
        repository.write("ada.html", body)
        repository.commit(f"{name[4:14]}T08:00:0{number}+01:00")
    settings = settings_for(tmp_path)
    choice = OriginChoice(kind=OriginKind.GIT, where=(str(repository.path),), file="ada.html")
    filled = fill(settings, choice, people=("Ada",))
    # Bytes that were there before are no version of their own.
    assert filled.tally.outcomes == {Outcome.OK: 2}
    assert recorded(settings) == [("profile.baseline", ""), ("metric.changed", "citations")]


def test_an_archive_that_has_had_enough_is_asked_on_another_day(tmp_path: Path) -> None:
    async def story(site: Site) -> tuple[dict[str, Any], dict[str, Any], int]:
        fetch = {"user_agent": "tests (mailto:me@example.org)", "min_interval_seconds": 0.001}
        settings = settings_for(tmp_path, people={"Ada Example": ADA}, fetch=fetch)
        wanted = Wanted(origin=OriginChoice(kind=OriginKind.ARCHIVE, where=(f"{site.url}/coll",)))
        lists_ten(site)
        manifests = []
        with Store.open(settings.database) as store:
            manifests.append(await backfill(store, settings, NOW, wanted))
            asked = len(site.requests)
            lists_ten(site, refusing=False)
            # An hour is an hour, for another process as well.
            refused = await backfill(store, settings, NOW + timedelta(minutes=50), wanted)
            assert (len(site.requests), refused.to_json()["failed"]) == (asked, 1)
            manifests.append(await backfill(store, settings, NOW + timedelta(minutes=70), wanted))
        return manifests[0].to_json(), manifests[1].to_json(), asked

    async def visit() -> tuple[dict[str, Any], dict[str, Any], int]:
        async with Site.open() as site:
            return await story(site)

    first, second, asked = asyncio.run(visit())
    assert (first["state"], first["outcomes"]["ok"], sum(first["outcomes"].values())) == ("degraded", 3, 10)
    assert first["outcomes"]["throttled"] + first["outcomes"]["cooling_down"] == 7
    assert first["requests"] == asked == first["read"] + 1
    assert "127.0.0.1 asks for fewer requests, for 3600 s" in first["failures"][-1]["detail"]
    assert (second["state"], second["known"], second["outcomes"]) == ("ok", 3, {"ok": 7})


def lists_ten(site: Site, *, refusing: bool = True) -> None:
    """An archive of ten days in March; from the fourth on it wants to be left alone for an hour."""
    enough: Answer = status(429, retry_after="3600")
    lines = []
    for day in range(1, 11):
        stamp = f"202603{day:02d}000000"
        lines.append(f"org,scholarfeed)/author/1001 {stamp} {ADA} text/html 200 DIGEST{day:02d} 100")
        body = page(date(2026, 3, day), 100 + day)
        given = gives(body, at=f"{datetime(2026, 3, day):%a, %d %b %Y} 00:00:00 GMT")
        site.answers(f"/coll/{stamp}id_/{ADA}", enough if refusing and day > 3 else given)
    site.answers(cdx_path_of_ada(), status(200, "\n".join([*lines, ""]).encode(), content_type="text/plain"))


def cdx_path_of_ada() -> str:
    return "/coll/cdx?" + urlencode({"url": ADA, "matchType": "exact", "limit": 5000, "showResumeKey": "true"})


def test_an_archive_that_refuses_to_say_what_it_has(tmp_path: Path) -> None:
    people = {f"Person {number}": f"https://www.scholarfeed.org/author/{number}" for number in range(5)}

    async def visit() -> tuple[dict[str, Any], int]:
        async with Site.open() as site:
            settings = settings_for(tmp_path, people=people)
            wanted = Wanted(origin=OriginChoice(kind=OriginKind.ARCHIVE, where=(f"{site.url}/coll",)))
            with Store.open(settings.database) as store:
                return (await backfill(store, settings, NOW, wanted)).to_json(), len(site.requests)

    filled, asked = asyncio.run(visit())
    assert (filled["state"], filled["captures"], filled["failed"], asked) == ("degraded", 0, 5, 3)
    details = [failure["detail"] for failure in filled["failures"]]
    assert all("answered 404, not with a list of captures" in detail for detail in details[:3])
    assert details[3:] == ["not asked: memento refused 3 times in a row"] * 2
    assert {failure["place"] for failure in filled["failures"]} == {None}

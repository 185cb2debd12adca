"""A year of a profile in a real archive: it arrives once, at the stated rate, whatever happens on the way."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.archive_server import start_archive
from tests.forked import is_killed_at
from tests.scenarios.command import follow_urls, scholarwatch
from tests.scenarios.saved import Saved, into_warc, save
from world.papers import paper, papers
from world.site import Site

pytestmark = pytest.mark.xdist_group("pywb")

URL = "https://www.scholarfeed.org/author/1001"
NOW = "2026-11-22T09:00:00+00:00"
START = datetime(2024, 9, 4, 4, 5, 6, tzinfo=UTC)
WEEKS = 52
INTERVAL_SECONDS = 0.04
READS_AT_ONCE = 6
_READ = re.compile(r"\[(?P<second>[^]]+)\] \"GET /\S+?/(?P<time>\d{14})id_/\S* HTTP")


@dataclass(frozen=True)
class Archive:
    url: str
    log: Path
    captures: int
    #: Captures that differ from the one before.
    different: int

    def reads(self) -> list[str]:
        """The times of the captures that were asked for."""
        return [found["time"] for found in _READ.finditer(self.log.read_text())]

    def busiest_second(self) -> int:
        """The most captures that were given within one second of the clock."""
        return max(Counter(found["second"] for found in _READ.finditer(self.log.read_text())).values())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    pages = a_year_of_a_page()
    with start_archive([into_warc(folder / "crawl.warc.gz", pages)], folder) as url:
        different = 1 + sum(one.body != other.body for one, other in pairwise(pages))
        yield Archive(url, folder / "wayback.log", len(pages), different)


def a_year_of_a_page() -> list[Saved]:
    """A capture a week; every third week nothing has changed."""
    pages = []
    with Site() as site:
        key = site.author("Ada Example", papers(5, before=date(2024, 1, 1)), citations=100)
        for week in range(WEEKS):
            at = START + week * timedelta(days=7, seconds=1)
            site.on(at.date())
            if week % 3:
                site.set_metric(key, "citations", 100 + week)
            if week % 10 == 1:
                site.add_paper(key, paper(f"Bees Counted in Week {week}", published=at.date() - timedelta(days=3)))
            pages += [replace(page, url=URL) for page in save(site.url(key), at)]
    return pages


def follower(folder: Path) -> Path:
    """A folder in which the profile is followed and was never looked at."""
    fetch = {"user_agent": "tests (mailto:me@example.org)", "min_interval_seconds": INTERVAL_SECONDS}
    follow_urls(folder, {"Ada Example": URL}, fetch=fetch)
    return folder


def words(archive: Archive) -> list[str]:
    return ["backfill", "--archive", archive.url, "--now", NOW, "--json"]


def fill(folder: Path, archive: Archive, *more: str) -> dict[str, Any]:
    filled: dict[str, Any] = json.loads(scholarwatch(*words(archive), *more, cwd=folder).stdout)
    return filled


def history(folder: Path) -> dict[str, Any]:
    """What is recorded, with when and by what cause."""
    with Store.open_existing(str(folder / "scholarwatch.db")) as store:
        return {
            "events": list(store.events()),
            "months": [store.person("Ada Example", START + month * timedelta(days=30)) for month in range(0, 14, 2)],
            "snapshots": store.status().snapshots,
        }


@pytest.fixture(scope="module")
def undisturbed(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which everything was filled in one go."""
    folder = follower(tmp_path_factory.mktemp("undisturbed") / "home")
    before = len(archive.reads())
    filled = fill(folder, archive)
    reads = archive.reads()[before:]
    assert (filled["captures"], filled["known"], filled["read"]) == (WEEKS, 0, archive.different)
    assert filled["outcomes"] == {"ok": archive.different, "unchanged": WEEKS - archive.different}
    assert filled["requests"] == len(reads) + 1
    assert len(set(reads)) == len(reads)
    return folder


def test_a_dry_run_foretells_what_it_takes(archive: Archive, tmp_path: Path) -> None:
    folder = follower(tmp_path / "home")
    before = archive.reads()
    plan = fill(folder, archive, "--dry-run")
    assert (plan["captures"], plan["new"], plan["requests"]) == (WEEKS, WEEKS, archive.different + 1)
    assert plan["seconds"] == round(archive.different * INTERVAL_SECONDS, 1)
    assert archive.reads() == before
    assert not (folder / "scholarwatch.db").exists()


def test_a_second_time_reads_and_changes_nothing(archive: Archive, undisturbed: Path) -> None:
    recorded, before = history(undisturbed), archive.reads()
    again = fill(undisturbed, archive)
    assert (again["known"], again["read"], again["outcomes"], again["requests"]) == (WEEKS, 0, {}, 1)
    assert archive.reads() == before
    assert history(undisturbed) == recorded


def test_a_range_of_days_and_then_the_rest(archive: Archive, undisturbed: Path, tmp_path: Path) -> None:
    folder = follower(tmp_path / "home")
    middle = fill(folder, archive, "--since", "2024-11-06", "--until", "2025-03-05")
    assert middle["captures"] == 18
    rest = fill(folder, archive)
    assert (rest["captures"], rest["known"], rest["withdrawn"]) == (WEEKS, 18, 1)
    assert history(folder)["events"] == history(undisturbed)["events"]
    assert history(folder)["months"] == history(undisturbed)["months"]


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_killed_at_random_transactions_it_goes_on(
    kills: int, archive: Archive, undisturbed: Path, tmp_path: Path
) -> None:
    draw = random.Random(kills)
    folder = follower(tmp_path / "home")
    before = len(archive.reads())
    killed = [is_killed_at(draw.randint(2, 4), *words(archive), cwd=folder) for _ in range(kills)]
    assert sum(killed) >= kills // 2
    filled = fill(folder, archive)
    assert filled["known"] + sum(filled["outcomes"].values()) == filled["captures"] == WEEKS
    assert history(folder) == history(undisturbed)
    # A kill costs what was read and not written: what is written together, and what was read meanwhile.
    assert len(archive.reads()) - before <= archive.different + kills * 32
    # The log tells when an answer was out: those that were under way together may be out together.
    assert archive.busiest_second() <= 1 / INTERVAL_SECONDS + 1 + READS_AT_ONCE

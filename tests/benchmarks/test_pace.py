"""What a check costs beside the least that it could: a bare soup of the page, a bare request.

A ratio that is too high is a mistake of ours; time itself is never looked at. What is measured when nobody else works
stands in docs/performance.md; the limits here leave room for a busy machine.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import thread_time

import httpx
import pytest
from bs4 import BeautifulSoup

from benchmarks.made_up import FIRST_DAY, page, parsed, person, profile
from scrapers.asking import fetch_profile
from scrapers.fetch import Fetcher, FetchSettings
from scrapers.page_text import read_page_text
from scrapers.registry import SOURCES
from scrapers.source import SourceOptions
from scrapers.sources.scholarfeed.page import read_text
from storage.store import Store
from tests.benchmarks.ratios import least_ratio
from tracking.check import Finding, NotModified, Outcome, Page, Validators, Watch
from tracking.decide import decide
from tracking.view import FollowedPerson, FollowedProfile
from world.site import Site

_DAY = FIRST_DAY.date()
_PROFILES = 8
_UNCHANGED = 60
#: The site's pages are older.
_SEEN_TODAY = Validators(last_modified="Sat, 28 Nov 2026 00:00:00 GMT")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_reading_a_page() -> None:
    """About 0.8 bare soups; it was 1.8 once."""
    shown = page(profile(1), _DAY)
    markup = shown.body.decode()
    parsed(shown, _DAY)
    assert least_ratio(lambda: parsed(shown, _DAY), lambda: BeautifulSoup(markup, "lxml"), enough=1.4) < 1.4


def test_finding_papers_in_the_text() -> None:
    """About a fifth of a bare soup, for pages that were not seen before; it was a half once."""
    pages = [page(profile(number), _DAY) for number in range(1, 10)]
    texts = iter([read_page_text(shown) for shown in pages])
    markup = pages[0].body.decode()
    read_text(next(texts), pages[0].url, _DAY)
    ratio = least_ratio(
        lambda: read_text(next(texts), pages[0].url, _DAY), lambda: BeautifulSoup(markup, "lxml"), enough=0.4
    )
    assert ratio < 0.4


def test_a_changed_profile(tmp_path: Path) -> None:
    """Parsed, decided and stored, with all that is asked of the store."""
    everybody = [profile(number) for number in range(_PROFILES)]
    numbers = count(1)

    with Store.open(str(tmp_path / "scholarwatch.db")) as store:
        store.follow([person(number) for number in range(_PROFILES)], FIRST_DAY)

        def pages() -> dict[str, Page]:
            citations = 1000 + 7 * next(numbers)
            return {shown.key: page(shown, _DAY, citations=citations) for shown in everybody}

        days = [pages() for _ in range(9)]
        markup = [shown.body.decode() for shown in days[0].values()]
        _check(store, 0, lambda watch: parsed(days[0][watch.key], _DAY))
        later = count(1)

        def changed() -> None:
            number = next(later)
            outcomes = _check(store, number, lambda watch: parsed(days[number][watch.key], _DAY))
            assert outcomes == [Outcome.OK] * _PROFILES

        def soups() -> None:
            for text in markup:
                BeautifulSoup(text, "lxml")

        assert least_ratio(changed, soups, enough=2.5) < 2.5


async def _asked_for(watches: Sequence[Watch]) -> list[Finding]:
    settings = FetchSettings(user_agent="Scholarwatch tests (mailto:tests@example.org)", min_interval_seconds=0)
    async with Fetcher(settings) as fetcher:
        source = SOURCES["scholarfeed"]
        found: list[Finding] = []
        for watch in watches:
            hosts = [httpx.URL(watch.url).netloc.decode()]
            answer = await fetch_profile(
                fetcher, source, watch.url, options=SourceOptions(), hosts=hosts, validators=_SEEN_TODAY
            )
            assert not isinstance(answer, Page)
            found.append(answer)
        return found


async def _bare_requests(urls: Sequence[str], tls: ssl.SSLContext) -> list[int]:
    headers = {"If-Modified-Since": _SEEN_TODAY.last_modified or ""}
    async with httpx.AsyncClient(verify=tls, trust_env=False) as client:
        return [(await client.get(url, headers=headers)).status_code for url in urls]


def _check(store: Store, number: int, find: Callable[[Watch], Finding]) -> list[Outcome]:
    """What the daily run does of one day, in this thread."""
    now = FIRST_DAY + number * timedelta(days=1)
    run_id = store.begin_run("track", now)
    watches = store.due(now, cadence=None)
    findings = [(watch, find(watch)) for watch in watches]
    known = store.known([watch.profile_id for watch, found in findings if not isinstance(found, NotModified)])
    intents = [decide(watch, found, known.get(watch.profile_id), now) for watch, found in findings]
    store.apply([(intent, ()) for intent in intents], run_id=run_id, recorded_at=now)
    store.end_run(run_id, {})
    return [intent.outcome for intent in intents]


def test_an_unchanged_profile(site: Site, tmp_path: Path) -> None:
    """Asked for with validators, answered with a 304, decided and stored."""
    keys = [site.author(f"Ada Example {number}", key=str(number)) for number in range(_UNCHANGED)]
    people = [
        FollowedPerson(
            name=f"Ada Example {key}",
            profiles=(FollowedProfile(source="scholarfeed", key=key, url=site.url(key)),),
        )
        for key in keys
    ]
    numbers = count()
    with Store.open(str(tmp_path / "scholarwatch.db")) as store, asyncio.Runner() as runner:
        store.follow(people, FIRST_DAY)
        watches = store.due(FIRST_DAY, cadence=None)

        def ours() -> None:
            answers = dict(zip(keys, runner.run(_asked_for(watches)), strict=True))
            outcomes = _check(store, next(numbers), lambda watch: answers[watch.key])
            assert outcomes == [Outcome.NOT_MODIFIED] * _UNCHANGED

        # To make one takes as long as several requests; a run makes one.
        tls = httpx.create_ssl_context(trust_env=False)

        def bare() -> None:
            assert runner.run(_bare_requests([site.url(key) for key in keys], tls)) == [304] * _UNCHANGED

        ours()
        bare()
        assert least_ratio(ours, bare, enough=2.8, clock=thread_time) < 2.8

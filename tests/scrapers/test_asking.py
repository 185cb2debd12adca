"""Asking for all answers of a profile: what one of them comes to is what the check comes to."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from scrapers.asking import MAX_BYTES, fetch_profile
from scrapers.fetch import Fetcher, FetchSettings
from scrapers.source import MAX_ANSWERS, Asked, Interface, Request, Source, SourceOptions
from scrapers.sources.scholarfeed import SCHOLAR_FEED
from scrapers.sources.semantic_scholar import SEMANTIC_SCHOLAR
from tests.imitations.scholars import Imitation, Question, Scholar, json_reply, work
from tests.imitations.semantic_scholar import SemanticScholarSite
from tracking.check import Failure, NotModified, Outcome, Page, Validators
from world.wire import Reply


def fetch(source: Source, url: str) -> object:
    async def ask() -> object:
        settings = FetchSettings(user_agent="Tests (mailto:me@example.org)", min_interval_seconds=0, attempts=1)
        async with Fetcher(settings) as fetcher:
            host = url.split("/")[2]
            return await fetch_profile(fetcher, source, url, options=SourceOptions(), hosts=[host], validators=None)

    return asyncio.run(ask())


ADA = Scholar(key="7", name="Ada Example", works=tuple(work(f"On Rings {n}", year=2025) for n in range(12)))


@pytest.mark.parametrize(
    ("good", "status", "outcome"),
    [
        (0, 404, Outcome.GONE),
        (1, 404, Outcome.UNREACHABLE),
        (1, 429, Outcome.THROTTLED),
        (2, 500, Outcome.UNREACHABLE),
    ],
    ids=["no author", "no list", "throttled within", "broken within"],
)
def test_one_answer_that_fails_is_the_end(good: int, status: int, outcome: Outcome) -> None:
    class Failing(SemanticScholarSite):
        def reply(self, question: Question) -> Reply:
            if len([one for one in self.requests if one.path != "/robots.txt"]) > good:
                return Reply(status=status)
            return super().reply(question)

    with Failing([ADA], most_per_page=5) as site:
        answer = fetch(SEMANTIC_SCHOLAR, f"{site.url}/author/7")
    assert isinstance(answer, Failure)
    assert answer.outcome is outcome


class _Endless(Imitation):
    def reply(self, question: Question) -> Reply:
        return Reply(status=404) if question.path == "/robots.txt" else json_reply({"at": question.path})


def test_a_source_that_never_has_enough_is_stopped() -> None:
    def more(asked: Asked) -> Request:
        return Request(url=f"{asked.base}/{len(asked.answers)}")

    with _Endless() as site:
        answer = fetch(replace(SCHOLAR_FEED, next_request=more), f"{site.url}/author/7")
        asked = [question.path for question in site.requests if question.path != "/robots.txt"]
    assert isinstance(answer, Page)
    assert asked == [f"/{number}" for number in range(MAX_ANSWERS)]


def test_a_profile_of_too_many_bytes_is_cut_and_says_that_it_is_incomplete() -> None:
    long = tuple(work(f"On Rings {n}", key=str(n), year=2025, abstract="ring " * 200_000) for n in range(40))

    with SemanticScholarSite([replace(ADA, works=long)], most_per_page=4) as site:
        page = fetch(SEMANTIC_SCHOLAR, f"{site.url}/author/7")
    assert isinstance(page, Page)
    assert MAX_BYTES <= len(page.body) < MAX_BYTES + 5_000_000
    reading = SEMANTIC_SCHOLAR.parse(page, date(2026, 11, 22))
    assert 20 <= len(reading.papers) < 40
    assert not reading.complete


def test_a_key_goes_to_its_own_origin_only() -> None:
    def with_key(asked: Asked) -> Request | None:
        return None if asked.answers else Request(url=f"{asked.base}/moves", headers={"X-Key": "s3cret"})

    with _Endless() as other:

        class Moving(Imitation):
            def reply(self, question: Question) -> Reply:
                if question.path == "/robots.txt":
                    return Reply(status=404)
                return Reply(status=302, headers={"Location": f"{other.url}/here"})

        with Moving() as site:

            async def ask() -> object:
                settings = FetchSettings(user_agent="Tests (mailto:me@example.org)", min_interval_seconds=0)
                hosts = [site.url.split("/")[2], other.url.split("/")[2]]
                source = replace(SCHOLAR_FEED, next_request=with_key)
                async with Fetcher(settings) as fetcher:
                    return await fetch_profile(
                        fetcher, source, f"{site.url}/x", options=SourceOptions(), hosts=hosts, validators=None
                    )

            answer = asyncio.run(ask())
            [first] = [question for question in site.requests if question.path == "/moves"]
    assert isinstance(answer, Page)
    [second] = [question for question in other.requests if question.path == "/here"]
    assert first.headers["x-key"] == "s3cret"
    assert "x-key" not in second.headers


@pytest.mark.parametrize(
    ("hops", "moved_to"),
    [
        ({"/author/1": (301, "/author/2")}, "/author/2"),
        ({"/author/1": (308, "/a/1"), "/a/1": (301, "/author/2?tab=all")}, "/author/2?tab=all"),
        ({"/author/1": (302, "/author/2")}, None),
        ({"/author/1": (301, "/a/1"), "/a/1": (307, "/author/2")}, None),
        ({}, None),
        # The same profile, or none.
        ({"/author/1": (301, "/author/1/")}, None),
        ({"/author/1": (301, "/")}, None),
        ({"/author/1": (301, f"/author/{'9' * 2000}")}, None),
    ],
)
def test_where_a_profile_has_moved_to(hops: dict[str, tuple[int, str]], moved_to: str | None) -> None:
    class Moving(Imitation):
        def reply(self, question: Question) -> Reply:
            if question.path == "/robots.txt":
                return Reply(status=404)
            if question.path in hops:
                status, location = hops[question.path]
                return Reply(status=status, headers={"Location": location})
            return Reply(status=200, headers={"Content-Type": "text/html"}, body=b"<p>here</p>")

    with Moving() as site:
        root, url = site.url, f"{site.url}/author/1"
        answer = fetch(SCHOLAR_FEED, url)
        bundled = fetch(replace(SCHOLAR_FEED, next_request=_twice), url)
        of_interface = fetch(replace(SCHOLAR_FEED, interface=Interface.API), url)
    assert isinstance(answer, Page)
    assert isinstance(bundled, Page)
    assert isinstance(of_interface, Page)
    assert answer.moved_to == bundled.moved_to == (root + moved_to if moved_to else None)
    assert of_interface.moved_to is None


def _twice(asked: Asked) -> Request | None:
    return Request(url=asked.profile_url) if len(asked.answers) < 2 else None


def test_a_profile_that_has_moved_and_is_as_it_was() -> None:
    class Moving(Imitation):
        def reply(self, question: Question) -> Reply:
            if question.path == "/author/1":
                return Reply(status=301, headers={"Location": "/author/2"})
            return Reply(status=304 if "if-none-match" in question.headers else 404)

    with Moving() as site:
        root = site.url

        async def ask() -> object:
            settings = FetchSettings(user_agent="Tests (mailto:me@example.org)", min_interval_seconds=0)
            url, hosts = f"{root}/author/1", [root.split("/")[2]]
            async with Fetcher(settings) as fetcher:
                return await fetch_profile(
                    fetcher, SCHOLAR_FEED, url, options=SourceOptions(), hosts=hosts, validators=Validators(etag='"1"')
                )

        answer = asyncio.run(ask())
    assert isinstance(answer, NotModified)
    assert answer.moved_to == f"{root}/author/2"

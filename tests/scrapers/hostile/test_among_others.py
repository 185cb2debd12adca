"""Hosts and pages that do their worst, followed in one run with many that do not: each is on its own."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import yaml

from flows.settings import load
from flows.track import track
from storage.store import Store
from tests import faults
from tests.scrapers.made_up import shown_paper, shown_profile
from tests.scrapers.markups import articles
from tests.servers import Answer, Site, page, redirect, server_tls, status
from tests.virtual_time import run_with_servers

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
#: For one whole request.
TIMEOUT_SECONDS = 30
GOOD = 25
OPEN_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
GZIPPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"

HOSTILE: dict[str, tuple[Answer, str]] = {
    "silent": (faults.stalls(), "unreachable"),
    "in drops": (faults.repeats(OPEN_HEAD, b".", every_seconds=8), "unreachable"),
    "without end": (faults.repeats(OPEN_HEAD, b"x" * 60_000), "too_big"),
    "headers without end": (faults.repeats(b"HTTP/1.1 200 OK\r\n", b"X: %s\r\n" % (b"x" * 5000)), "unreachable"),
    "a bomb": (faults.ends(GZIPPED + faults.gzip_bomb(2**29)), "too_big"),
    "reset": (faults.resets(OPEN_HEAD + b"half"), "unreachable"),
    "in circles": (redirect("?"), "unreachable"),
    "to the cloud": (redirect("http://169.254.169.254/"), "unreachable"),
    "to a login": (redirect("/login"), "login"),
    "a film": (status(200, b"\0" * 1000, content_type="video/mp4"), "wrong_type"),
    "a stray null": (page(b"<html>\0</html>"), "parse_failed"),
    "tags without end": (page(b"<b>" * 400_000), "parse_failed"),
    "nested": (page(b"<div>" * 600), "parse_failed"),
    "gone": (status(404), "gone"),
}
#: Answers by which a host, not a page, says that it does not want to be asked.
UNWILLING: dict[str, tuple[Answer, str]] = {
    "a challenge": (page(b"<title>Just a moment...</title>"), "blocked"),
    "throttled": (status(429, retry_after="3600"), "throttled"),
    "overloaded": (status(503), "throttled"),
}


def good_page(name: str) -> Answer:
    papers = [shown_paper(f"{name} on Made-up Matters, {number}") for number in range(10)]
    return page(articles(shown_profile(papers, name=name, metrics={"h_index": 3})).encode())


async def checked(folder: Path, urls: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """How one run of the program ends for each of these profiles, in a word and a sentence."""
    config = folder / "scholarwatch.yaml"
    people = [{"name": name, "profiles": [{"url": url, "source": "scholarfeed"}]} for name, url in urls.items()]
    written = {
        "people": people,
        "receivers": {"me": {"file": "alerts.jsonl"}},
        "fetch": {"timeout_seconds": TIMEOUT_SECONDS, "user_agent": "tests (mailto:tests@example.org)"},
        "database": str(folder / "scholarwatch.db"),
    }
    config.write_text(yaml.safe_dump(written), "utf-8")
    settings = load(config)
    with Store.open(settings.database) as store:
        await track(store, settings, NOW)
        profiles = {person.name: person.profiles[0] for person in store.people()}
        return {name: (str(profile.outcome), profile.detail) for name, profile in profiles.items()}


def test_each_ends_as_what_it_is_and_costs_the_others_nothing(tmp_path: Path) -> None:
    """The program and the sites live in one loop, in which silence takes no time: `tests.virtual_time`."""
    expected = {f"good {number}": "ok" for number in range(GOOD)}

    async def story() -> tuple[dict[str, tuple[str, str]], float]:
        async with AsyncExitStack() as sites:
            good = await sites.enter_async_context(Site.open())
            urls = {name: good.answers(f"/author/{key}", good_page(name)) for key, name in enumerate(expected)}
            for name, (answer, outcome) in (HOSTILE | UNWILLING).items():
                site = await sites.enter_async_context(Site.open())
                urls[f"site: {name}"] = site.answers(f"/author/{len(urls)}", answer)
                expected[f"site: {name}"] = outcome
            for name, (answer, outcome) in HOSTILE.items():
                urls[f"page: {name}"] = good.answers(f"/author/{len(urls)}", answer)
                expected[f"page: {name}"] = outcome
            secure = await sites.enter_async_context(Site.open(tls=server_tls()))
            urls["not trusted"] = secure.answers("/author/t", good_page("Mallory"))
            urls["nobody there"] = "http://127.0.0.1:9/author/n"
            urls["private by name"] = good.answers("/author/p", good_page("Eve")).replace("127.0.0.1", "127.1")
            clock = asyncio.get_running_loop().time
            began = clock()
            return await checked(tmp_path, urls), clock() - began

    ended, seconds = run_with_servers(story())

    expected |= dict.fromkeys(("not trusted", "nobody there", "private by name"), "unreachable")
    unlike = {name: end for name, end in ended.items() if end[0] != expected[name]}
    assert unlike == {}
    assert len(ended) == len(expected)
    # One after another they would take more than two minutes; together, the time of one, and what the machine takes.
    assert seconds < 4 * TIMEOUT_SECONDS

"""How hosts may be asked: what the file says of their sources, of all hosts, or what the sources bear."""

from io import StringIO
from pathlib import Path

import pytest

from flows.config.document import parse_document
from flows.config.whole import Settings, read_settings
from scrapers.registry import SOURCES
from scrapers.source import Source
from tracking.host import UNLIMITED

FEED = "www.scholarfeed.org"
HERE = "127.0.0.1:8099"


def configured(text: str) -> Settings:
    path = Path("scholarwatch.yaml")
    return read_settings(parse_document(text, str(path), {}), path, database="x.db", stream=StringIO())


@pytest.mark.parametrize(
    ("text", "host", "seconds", "budget"),
    [
        pytest.param("", FEED, 5.0, 20_000, id="the source's own"),
        pytest.param("", "www.example.org", 5.0, 20_000, id="a host of no source"),
        pytest.param("", HERE, 0.0, UNLIMITED, id="this machine"),
        pytest.param("fetch: {min_interval_seconds: 9, daily_budget: 50}", FEED, 9.0, 50, id="all hosts"),
        pytest.param("fetch: {min_interval_seconds: 1, daily_budget: 90000}", FEED, 5.0, 20_000, id="never less strict"),
        pytest.param("fetch: {min_interval_seconds: 1, daily_budget: 90000}", "www.example.org", 1.0, 90_000, id="but of no source"),
        pytest.param("fetch: {min_interval_seconds: 9, daily_budget: 50}", HERE, 9.0, 50, id="this machine as well"),
        pytest.param(
            "sources: {scholarfeed: {min_interval_seconds: 2, daily_budget: 7}}\n"
            "fetch: {min_interval_seconds: 9, daily_budget: 50}",
            FEED, 2.0, 7, id="the source goes before",
        ),
        pytest.param(
            "sources: {scholarfeed: {min_interval_seconds: 2, daily_budget: 7}}", "www.example.org", 5.0, 20_000,
            id="and only for its own hosts",
        ),
        pytest.param(
            "sources: {scholarfeed: {hosts: ['mirror.example.org:8443', example.net], min_interval_seconds: 3}}",
            "mirror.example.org:8443", 3.0, 20_000, id="a host that the file gives the source",
        ),
        pytest.param(
            "sources: {scholarfeed: {hosts: ['mirror.example.org:8443', example.net], min_interval_seconds: 3}}",
            "example.net:8080", 3.0, 20_000, id="of any port",
        ),
        pytest.param(
            "sources: {scholarfeed: {hosts: ['mirror.example.org:8443', example.net], min_interval_seconds: 3}}",
            "mirror.example.org", 5.0, 20_000, id="not of another port",
        ),
        pytest.param(
            f"sources: {{scholarfeed: {{min_interval_seconds: 0.5}}}}\n"
            f"people: [{{profiles: [{{url: 'http://{HERE}/author/1', source: scholarfeed}}]}}]",
            HERE, 0.5, UNLIMITED, id="a host that a profile gives the source",
        ),
        pytest.param(
            "sources: {scholarfeed: {hosts: [www.example.org], min_interval_seconds: 3, daily_budget: 9}, "
            "dblp: {hosts: [www.example.org], min_interval_seconds: 1, daily_budget: 4}}",
            "www.example.org", 3.0, 4, id="the strictest of several",
        ),
    ],
)  # fmt: skip
def test_policies(text: str, host: str, seconds: float, budget: int) -> None:
    policy = configured(text).policy(host)
    assert (policy.min_interval_seconds, policy.daily_budget) == (seconds, budget)
    assert not policy.stops_when_blocked


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_source_is_asked_as_it_bears(source: Source) -> None:
    settings = configured("")
    for host in source.hosts:
        policy = settings.policy(host)
        assert policy.min_interval_seconds >= source.min_interval_seconds
        assert policy.daily_budget <= source.daily_budget
        assert policy.stops_when_blocked is (source.name == "google_scholar")


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("10.0.0.7:8080", False),
        ("localhost.example.org", False),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("[::1]:8099", True),
        ("localhost:80", True),
        ("site.localhost", True),
    ],
)
def test_only_this_machine_is_asked_without_a_pause(host: str, is_here: bool) -> None:
    assert (configured("").policy(host).min_interval_seconds == 0.0) is is_here

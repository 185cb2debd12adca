"""What a service outside hears of runs, over real sockets; and that nothing shows its address."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.heartbeat import Beat, as_json, beat, with_heartbeat
from flows.manifest import Tally, TrackManifest
from tests import faults
from tests.servers import Answer, Site, redirect, status
from tracking.check import Outcome
from tracking.punctuality import Leave, Skip

SECRET = "/ping/5e0c8a1d"


def manifest(*outcomes: Outcome, failed: int = 0, skip: Skip | None = None) -> TrackManifest:
    tally = Tally(failed=failed)
    tally.outcomes.update(outcomes)
    return TrackManifest(
        run_id="7",
        now=datetime(2026, 11, 22, 9, tzinfo=UTC),
        profiles=len(outcomes),
        tally=tally,
        elapsed_seconds=1.0,
        skip=skip,
    )


async def ran(found: TrackManifest) -> TrackManifest:
    return found


def with_site(story: Callable[[Site], Awaitable[object]]) -> None:
    async def opened() -> None:
        async with Site.open() as site:
            await story(site)

    asyncio.run(opened())


@pytest.mark.parametrize(
    ("found", "path"),
    [
        pytest.param(manifest(Outcome.OK), SECRET, id="all read"),
        pytest.param(manifest(), SECRET, id="nobody was due"),
        pytest.param(manifest(Outcome.OK, Outcome.GONE, failed=1), SECRET, id="some read"),
        pytest.param(manifest(Outcome.BLOCKED, failed=1), f"{SECRET}/fail", id="none read"),
        pytest.param(manifest(skip=Skip(Leave.NOBODY_DUE, "")), SECRET, id="nobody is due, by a timer"),
        pytest.param(manifest(skip=Skip(Leave.GOING_ON, "")), None, id="left to another"),
        pytest.param(manifest(skip=Skip(Leave.COVERED, "")), None, id="done by another, which said so"),
    ],
)
def test_what_is_asked_for_after_a_run(found: TrackManifest, path: str | None) -> None:
    async def story(site: Site) -> None:
        site.answers(SECRET, status(200))
        site.answers(f"{SECRET}/fail", status(200))
        same, said = await with_heartbeat(ran(found), f"{site.url}{SECRET}")
        assert same is found
        assert [request.path for request in site.requests] == ([path] if path else [])
        assert said == (Beat(host="127.0.0.1", failed=path != SECRET, error=None) if path else None)

    with_site(story)


def test_a_run_that_breaks_is_told_and_breaks_all_the_same() -> None:
    async def breaks() -> TrackManifest:
        raise RuntimeError("a bug")

    async def story(site: Site) -> None:
        # The service is broken too.
        with pytest.raises(RuntimeError, match="a bug"):
            await with_heartbeat(breaks(), f"{site.url}{SECRET}")
        assert [request.path for request in site.requests] == [f"{SECRET}/fail"]
        with pytest.raises(RuntimeError, match="a bug"):
            await with_heartbeat(breaks(), None)

    with_site(story)


def test_without_an_address_nobody_is_asked() -> None:
    found, said = asyncio.run(with_heartbeat(ran(manifest(Outcome.OK)), None))
    assert said is None
    assert "heartbeat" not in as_json(found, said)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(status(404), "127.0.0.1 answered 404 (Not Found)", id="no such check"),
        pytest.param(status(503), "127.0.0.1 answered 503 (Service Unavailable)", id="in trouble"),
        pytest.param(status(599), "127.0.0.1 answered 599", id="a code of its own"),
        pytest.param(faults.stalls(), "127.0.0.1 did not answer within 0.5 s", id="no answer"),
        pytest.param(faults.resets(b""), "127.0.0.1 could not be asked (ReadError)", id="broken off"),
        pytest.param(faults.ends(b"SSH-2.0\r\n"), "127.0.0.1 could not be asked (RemoteProtocolError)", id="not HTTP"),
        pytest.param(redirect(SECRET), "127.0.0.1 could not be asked (TooManyRedirects)", id="in a circle"),
    ],
)
def test_whatever_it_answers_is_said_and_shows_no_address(answer: Answer, error: str) -> None:
    async def story(site: Site) -> None:
        address = site.answers(SECRET, answer)
        # Time is short only where it is to run out.
        said = await beat(address, failed=False, timeout_seconds=0.5 if "within 0.5 s" in error else 60.0)
        assert said.error == error
        assert SECRET not in json.dumps(said.to_json())
        assert "5e0c8a1d" not in repr(said)

    with_site(story)


def test_a_body_without_an_end_is_not_waited_for() -> None:
    async def story(site: Site) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
        said = await beat(site.answers(SECRET, faults.stalls(head)), failed=False)
        assert said.error is None

    with_site(story)


def test_nobody_there() -> None:
    async def story(site: Site) -> None:
        address = f"{site.url}{SECRET}"
        site.at_accept.append(faults.reset)
        assert (await beat(address, failed=False)).error is not None

    with_site(story)
    said = asyncio.run(beat("http://127.0.0.1:1/ping/5e0c8a1d", failed=False))
    assert said.error == "127.0.0.1 could not be asked (ConnectError)"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/ping/id/", "/ping/id/fail"),
        ("/ping/id?create=1", "/ping/id/fail?create=1"),
        ("", "/fail"),
    ],
)
def test_where_a_failed_run_is_told(address: str, asked: str) -> None:
    async def story(site: Site) -> None:
        await beat(f"{site.url}{address}", failed=True)
        assert [request.path for request in site.requests] == [asked]

    with_site(story)


def test_the_configuration_shows_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.settings import ConfigError, load

    monkeypatch.setenv("HEARTBEAT", f"https://hc-ping.com{SECRET}")
    config = tmp_path / "scholarwatch.yaml"
    config.write_text('watch: {heartbeat: "${HEARTBEAT}"}\n')
    settings = load(config)
    assert settings.watch.heartbeat == f"https://hc-ping.com{SECRET}"
    assert SECRET not in repr(settings)
    for wrong in (f"hc-ping.com{SECRET}", f"ftp://hc-ping.com{SECRET}", f"https://{SECRET}", f"https://a:b{SECRET}"):
        monkeypatch.setenv("HEARTBEAT", wrong)
        with pytest.raises(ConfigError) as raised:
            load(config)
        assert str(raised.value) == f"{config}:1: watch.heartbeat: must be a URL that begins with https:// or http://"

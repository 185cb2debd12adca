"""Scenario 28: the mail server is down for six hours, and the digest comes once, when it is back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.alerts.servers import MailServer, free_port, mail_server
from tests.scenarios.story import Story
from world.papers import papers
from world.site import Site

HOUR = timedelta(hours=1)
EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
DAILY = [{"name": "citations", "on": ["metric.changed"], "every": "daily"}]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str, port: int) -> Story:
    """Something waits for the digest of `EIGHT`."""
    story = Story(site, tmp_path, database)
    mail = {"to": "me@example.org", "from": "watch@example.org", "server": f"smtp://127.0.0.1:{port}"}
    story.receivers = {"me": {"mail": mail | {"insecure": True}}}
    key = site.author("Ada Example", papers(5, before=EIGHT.date() - timedelta(days=90)), h_index=29, citations=1204)
    story.follow(key, rules=DAILY)
    story.check()
    site.set_metric(key, "citations", 1311)
    story.check()
    assert story.now < EIGHT
    return story


def deliver(story: Story, begin: datetime, end: datetime, *, every: timedelta = HOUR) -> None:
    """Until before the end."""
    story.now = begin
    while story.now < end:
        story.deliver()
        story.now += every


def said(mail: Any) -> str:
    text: str = mail.get_body(("plain",)).get_content()
    return text


def test_28_the_digest_once_when_the_mail_server_is_back(story: Story, port: int) -> None:
    deliver(story, EIGHT, EIGHT + 6 * HOUR)
    with Store.open_existing(story.settings.database) as store:
        assert (store.status().undelivered, store.status().dead) == (1, 0)
    with mail_server(port) as server:
        deliver(story, EIGHT + 6 * HOUR, EIGHT + 12 * HOUR)
        [digest] = server.received
        assert "1,204 → 1,311" in said(digest)
        deliver(story, EIGHT + 12 * HOUR, EIGHT + 72 * HOUR, every=12 * HOUR)
        assert len(server.received) == 1


def test_28_the_next_digest_does_not_repeat_it(site: Site, story: Story, port: int) -> None:
    deliver(story, EIGHT, EIGHT + 6 * HOUR, every=2 * HOUR)
    with mail_server(port) as server:
        deliver(story, EIGHT + 6 * HOUR, EIGHT + 23 * HOUR, every=4 * HOUR)
        site.set_metric("1001", "citations", 1402)
        story.now = EIGHT + 22 * HOUR
        story.check(after=HOUR)
        deliver(story, EIGHT + 24 * HOUR, EIGHT + 30 * HOUR, every=3 * HOUR)
        first, second = server.received
        assert "1,204 → 1,311" in said(first)
        assert "1,311 → 1,402" in said(second)
        assert "1,204" not in said(second)
        assert first["message-id"] != second["message-id"]


def test_28_a_server_that_answers_and_takes_nothing_is_down_too(story: Story, port: int) -> None:
    with mail_server(port) as server:
        server.refusal = "451 try again later"
        deliver(story, EIGHT, EIGHT + 6 * HOUR, every=2 * HOUR)
        assert _ids(server) == []
        server.refusal = ""
        deliver(story, EIGHT + 6 * HOUR, EIGHT + 30 * HOUR, every=6 * HOUR)
        assert len(_ids(server)) == 1


def _ids(server: MailServer) -> list[str]:
    return [str(mail["message-id"]) for mail in server.received]

"""Receivers of every kind fail for hours and come back: nothing is lost, and no more than one second copy comes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from alerts.compose import compose
from alerts.webhook_schema import schema
from storage.store import Store
from tests.alerts.feeds import read_feed
from tests.alerts.hooks import SECRET, signed_hook
from tests.alerts.servers import free_port, mail_server
from tests.scenarios.story import Story
from world.papers import paper, papers
from world.site import Site

HOUR = timedelta(hours=1)
NEW_PAPERS = [{"name": "new papers", "on": ["paper.new"]}]
TITLES = ["Counting Bees at Night", "Wasps Revisited", "On Hornets", "Of Ants"]
BODIES = Draft202012Validator(schema(), format_checker=FormatChecker())


class Place(Protocol):
    """Something that takes messages while it is up."""

    #: Its part of the configuration.
    keys: dict[str, Any]

    def up(self) -> AbstractContextManager[None]: ...

    def took(self) -> list[tuple[str, str]]:
        """Of each message that it took, the id, and all that it says."""


class Mailbox:
    def __init__(self, _folder: Path) -> None:
        self._port = free_port()
        server = {"server": f"smtp://127.0.0.1:{self._port}", "insecure": True}
        self.keys = {"mail": {"to": "me@example.org", "from": "watch@example.org"} | server}
        self._took: list[tuple[str, str]] = []

    @contextmanager
    def up(self) -> Iterator[None]:
        with mail_server(self._port) as server:
            yield
        for mail in server.received:
            body = mail.get_body(("plain",))
            assert body is not None
            self._took.append((str(mail["message-id"]), body.get_content()))

    def took(self) -> list[tuple[str, str]]:
        return self._took


class Webhook:
    def __init__(self, _folder: Path) -> None:
        self._port = free_port()
        self.keys = {"webhook": f"http://127.0.0.1:{self._port}/hook", "secret": SECRET}
        self._took: list[tuple[str, str]] = []

    @contextmanager
    def up(self) -> Iterator[None]:
        with signed_hook(self._port) as hook:
            yield
        for identifier, body in zip(hook.ids, hook.taken, strict=True):
            BODIES.validate(body)
            titles = [item["title"] for item in body["data"]["items"]]
            self._took.append((identifier, "\n".join(titles)))

    def took(self) -> list[tuple[str, str]]:
        return self._took


class Feeds:
    """Down is a folder that is none."""

    def __init__(self, folder: Path) -> None:
        self.keys = {"feed": "feeds/", "feed_authority": "example.org"}
        self._folder = folder / "feeds"
        self._folder.write_text("")

    @contextmanager
    def up(self) -> Iterator[None]:
        self._folder.unlink()
        yield

    def took(self) -> list[tuple[str, str]]:
        if not self._folder.is_dir():
            return []
        return [(entry.id, entry.title) for entry in read_feed(self._folder / "all").entries]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(params=[Mailbox, Webhook, Feeds])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Place = request.param(tmp_path)
    return made


@pytest.fixture
def story(site: Site, tmp_path: Path, place: Place) -> Story:
    story = Story(site, tmp_path, str(tmp_path / "scholarwatch.db"))
    story.receivers = {"me": place.keys}
    key = site.author("Ada Example", papers(5, before=story.now.date() - timedelta(days=90)))
    story.follow(key, rules=NEW_PAPERS)
    story.check()
    return story


def publish(story: Story, title: str) -> None:
    story.site.add_paper("1001", paper(title, published=story.yesterday()))
    story.check(after=HOUR)


def test_what_came_while_it_was_down_comes_when_it_is_back_and_once(story: Story, place: Place) -> None:
    for title in TITLES[:3]:
        publish(story, title)
        story.deliver()
        story.now += HOUR
    story.deliver()
    assert place.took() == []
    with place.up():
        publish(story, TITLES[3])
        for _ in range(4):
            story.deliver()
            story.now += 6 * HOUR
    said = Counter(title for _, text in place.took() for title in TITLES if title in text)
    assert said == Counter(TITLES)
    ids = [identifier for identifier, _ in place.took()]
    assert len(ids) == len(set(ids))
    with Store.open_existing(story.settings.database) as store:
        assert (store.status().undelivered, store.status().dead) == (0, 0)


def test_a_second_copy_that_a_killed_process_sends_has_the_same_id(story: Story, place: Place) -> None:
    """What was sent is not marked, as when the process dies in between; the next one sends it again."""
    publish(story, TITLES[0])
    with place.up():
        settings = story.settings
        with Store.open_existing(settings.database) as store:
            [pending] = store.undelivered(story.now)
            settings.receivers[0].send(compose(pending))
        story.now += 5 * HOUR
        story.deliver()
        story.deliver()
    took = place.took()
    assert len(took) == (1 if isinstance(place, Feeds) else 2)
    assert len({identifier for identifier, _ in took}) == 1
    assert len({text for _, text in took}) == 1

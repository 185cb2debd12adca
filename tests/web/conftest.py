"""A person who was followed for a while, and the pages about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.new_databases import new_sqlite
from tests.scenarios.story import Story
from tests.web.chromium import browser
from tests.web.lived import Kept
from tests.web.visitor import Visitor
from web.app import create
from world.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    """Nobody is followed yet."""
    story = Story(site, tmp_path, new_sqlite(tmp_path / "scholarwatch.db"))
    story.follow()
    return story


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with Site() as site:
        yield Kept(site, tmp_path_factory.mktemp("lived"))


@pytest.fixture
def lived(story: Story, _kept: Kept) -> Story:
    """See `tests.web.lived`."""
    _kept.go_on(story)
    return story


@pytest.fixture
def visitor(story: Story) -> Iterator[Visitor]:
    """Somebody who looks at the pages, at whatever time the story has come to."""
    app = create(story.settings, lambda: story.now)
    with Visitor(app) as visitor:
        yield visitor
    app.state.desk.store.close()


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory, _kept: Kept) -> Iterator[Visitor]:
    """Somebody who looks at the end of a story that no test of the file goes on with."""
    folder = tmp_path_factory.mktemp("once")
    with Site() as site:
        story = Story(site, folder, new_sqlite(folder / "scholarwatch.db"))
        _kept.go_on(story)
        app = create(story.settings, lambda: story.now)
        with Visitor(app) as visitor:
            yield visitor
        app.state.desk.store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of a file of tests: where it is, an event loop runs that the tests of others could not begin theirs in."""
    with browser() as chromium:
        yield chromium

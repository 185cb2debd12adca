"""Somebody's program, and what there is to ask about. The soak asks the same of PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import load
from tests.new_databases import new_sqlite
from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from web.app import create
from world.site import Site


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def story(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Story:
    """Nobody is followed yet."""
    is_sqlite = request.param == "sqlite"
    database = new_sqlite(tmp_path / "scholarwatch.db") if is_sqlite else request.getfixturevalue("postgres_database")
    story = Story(site, tmp_path, str(database))
    story.follow()
    return story


@pytest.fixture
def caller(story: Story) -> Iterator[Caller]:
    app = create(load(story.config), lambda: story.now)
    with Caller(app) as caller:
        yield caller
    app.state.desk.store.close()

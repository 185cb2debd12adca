"""Somebody's program, and what there is to ask about."""

from collections.abc import Iterator

import pytest

from flows.settings import load
from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from web.app import create


@pytest.fixture
def caller(story: Story) -> Iterator[Caller]:
    app = create(load(story.config), lambda: story.now)
    with Caller(app) as caller:
        yield caller
    app.state.desk.store.close()

"""Somebody's program, and what there is to ask about."""

from collections.abc import Iterator

import pytest

from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from web.app import create


@pytest.fixture
def caller(story: Story) -> Iterator[Caller]:
    app = create(story.settings, lambda: story.now)
    with Caller(app) as caller:
        yield caller
    app.state.desk.store.close()

"""A story, and the pages about it on a free port, for as many looks as somebody takes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from tests.new_databases import new_sqlite
from tests.scenarios.story import Story
from tests.web.serving import served
from web.app import create
from world.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    story: Story
    app: FastAPI
    #: ``http://127.0.0.1:PORT``
    address: str


@contextmanager
def staged(folder: Path, before: Callable[[Story], None]) -> Iterator[Stage]:
    """Until the block ends; what has happened ``before`` is told first."""
    with Site() as site:
        story = Story(site, folder, new_sqlite(folder / "scholarwatch.db"))
        story.follow()
        aside(lambda: before(story))
        app = create(story.settings, lambda: story.now)
        with served(app) as address:
            yield Stage(story=story, app=app, address=address)


def aside(work: Callable[[], object]) -> None:
    """In another thread: in one where Playwright is, an event loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()

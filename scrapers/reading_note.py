"""What the owner said of how to read a page travels with the page, so that the page alone says what it reads as."""

from dataclasses import replace

from scrapers.source import READING_HEADER
from tracking.check import Page


def note_on(page: Page) -> str | None:
    return page.headers.get(READING_HEADER)


def with_note(page: Page, note: str | None) -> Page:
    """The page with this note in the place of what it had, which a site may have put there."""
    if note == note_on(page):
        return page
    headers = {name: value for name, value in page.headers.items() if name != READING_HEADER}
    return replace(page, headers=headers if note is None else headers | {READING_HEADER: note})

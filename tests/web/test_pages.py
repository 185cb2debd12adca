"""Every page of a person who was followed for some days: it is there, it says what happened, and nothing in it acts."""

import re

import pytest

from tests.web.visitor import Visitor

PAGES = (
    "/", "/?since=month", "/people", "/people?q=zoe&sort=citations", "/people?sort=changed&health=fine", "/groups",
    "/people/1", "/people/1?at=2026-11-24", "/people/1?at=2020-01-01", "/people/1/papers", "/people/1/events",
    "/people/1/compare", "/people/1/sources", "/people/1/pages", "/people/1/pages/1", "/people/2", "/people/2/papers",
    "/people/2/events", "/people/2/compare", "/people/2/sources", "/people/2/pages", "/follow", "/preferences",
)  # fmt: skip


@pytest.mark.usefixtures("lived")
def test_every_page_is_there_and_nothing_in_it_acts(visitor: Visitor) -> None:
    for path in PAGES:
        page = visitor.page(path)
        assert page.h1, path
        assert all(script.get("src", "").startswith("/static/") and not script.string for script in page("script"))
        assert [name for tag in page(True) for name in tag.attrs if name.startswith("on") or name == "style"] == []
        assert not [link for link in page("a") if not re.match(r"(/|\?|#main|https?://)", link.get("href", ""))], path
        assert not page(["style", "b", "img"]), path
        assert "\x1b" not in str(page)
        assert "\u202e" not in str(page)

"""A real browser: somebody follows a person, sees what comes, and nothing that a site wrote runs."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.scenarios.story import Story
from tests.web.chromium import PATIENCE, browser, patient
from tests.web.lived import live
from tests.web.serving import served
from web.app import create
from world.papers import paper

#: Counts what the policy of the pages kept from happening, and what ran all the same.
_WITNESS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective + " " + event.sample));
window.alert = () => { window.ran = true; };
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = patient(chromium.new_context(timezone_id="Europe/Zurich", locale="de-CH"))
    context.add_init_script(_WITNESS)
    page = context.new_page()
    yield page
    context.close()


def aside(work: Callable[[], object]) -> None:
    """In another thread: in this one Playwright has an event loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def refused(page: Page) -> list[str]:
    """What the policy refused on this page, and whether something ran all the same."""
    assert not page.evaluate("window.ran")
    found: list[str] = page.evaluate("window.refused")
    return found


def test_following_a_person_from_the_first_look_to_the_chart(story: Story, page: Page) -> None:
    site = story.site
    site.author("Zoë Example", [paper("Quiet", published=story.yesterday())], key="1001", citations=1204, h_index=9)
    with served(create(story.settings, lambda: story.now)) as address:
        page.goto(address)
        page.get_by_label("Address of a profile page").fill(site.url("1001"))
        page.get_by_role("button", name="Look").click()
        page.get_by_label("Source").select_option("scholarfeed")
        page.get_by_label("Name", exact=True).fill("Zoë Example")
        page.get_by_role("button", name="Look").click()
        page.get_by_role("button", name="Follow", exact=True).click()
        page.get_by_role("heading", name="Followed from now on").wait_for()
        # The baseline, then a new day.
        aside(story.check)
        page.goto(address)
        page.get_by_text("followed from now on, with 1 paper").wait_for()
        site.add_paper("1001", paper("A New Thing", published=story.yesterday()))
        site.set_metric("1001", "citations", 1311)
        aside(story.check)
        aside(story.deliver)
        page.goto(address)
        page.get_by_text("me: rule “new papers”: a new paper").wait_for()
        page.get_by_role("link", name="A New Thing").click()
        page.get_by_role("button", name="Verify now").click()
        page.get_by_text("Proven.").wait_for()
        # The chart, without and with scripts.
        page.goto(f"{address}/people/1")
        page.get_by_role("img", name="citations at scholarfeed").wait_for()
        page.get_by_role("button", name="Explore citations").click()
        page.locator(".plot[data-ready]").wait_for(timeout=PATIENCE)
        # The charts' script brings the style sheet of maps along. There are none, and it is refused.
        assert [one for one in refused(page) if not one.startswith("style-src-elem")] == []
        page.goto(f"{address}/people/1/compare")
        page.get_by_text("Came: 1 paper").wait_for()
        assert page.locator("ins, .diff.came").first.is_visible()


def test_nothing_that_a_site_wrote_runs(story: Story, page: Page) -> None:
    aside(lambda: live(story))
    with served(create(story.settings, lambda: story.now)) as address:
        for path in ("/", "/people", "/people/2", "/people/2/papers", "/people/2/events", "/people/2/pages/4"):
            page.goto(address + path)
            assert page.title().endswith("· Scholarwatch")
            assert refused(page) == []
            assert page.locator("a[href^='javascript:' i], [onerror], [onmouseover]").count() == 0
        # By itself, too, the page of the site is inert: its own scripts are refused.
        page.goto(f"{address}/people/2/pages/4/raw")
        assert not page.evaluate("window.ran")
        assert page.evaluate("document.title") != "run"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_screen_reader_and_a_keyboard_get_along(colours: str, story: Story, chromium: Browser) -> None:
    aside(lambda: live(story))
    [event, *_] = story.events()
    paths = (
        "/?since=month", "/people", "/groups", "/people/1", "/people/1/papers", "/people/1/events", "/people/1/compare",
        "/people/1/sources", "/people/1/pages", f"/events/{event.id}", "/follow", "/preferences",
    )  # fmt: skip
    context = patient(chromium.new_context(color_scheme=colours, bypass_csp=True))  # type: ignore[arg-type]
    page = context.new_page()
    with served(create(story.settings, lambda: story.now)) as address:
        for path in paths:
            page.goto(address + path)
            found = Axe().run(page).response["violations"]
            serious = [
                (path, one["id"], [node["html"] for node in one["nodes"]][:3])
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            assert serious == []
    context.close()

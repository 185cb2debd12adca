"""A real browser: somebody follows a person and sees what comes, with scripts and without; nothing of a site runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.chromium import PATIENCE, patient
from tests.web.lived import live
from tests.web.stage import Stage, aside, staged
from world.papers import paper

pytestmark = pytest.mark.xdist_group("browser")

#: Counts what the policy of the pages kept from happening, and what ran all the same.
_WITNESS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective + " " + event.sample));
window.alert = () => { window.ran = true; };
"""


@pytest.fixture(scope="module")
def lived_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), live) as stage:
        yield stage


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = patient(chromium.new_context(timezone_id="Europe/Zurich", locale="de-CH"))
    context.add_init_script(_WITNESS)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """Of somebody who lets no script run."""
    context = patient(chromium.new_context(java_script_enabled=False))
    yield context.new_page()
    context.close()


def refused(page: Page) -> list[str]:
    """What the policy refused on this page, and whether something ran all the same."""
    assert not page.evaluate("window.ran")
    found: list[str] = page.evaluate("window.refused")
    return found


def test_following_a_person_from_the_first_look_to_the_difference(tmp_path: Path, page: Page) -> None:
    with staged(tmp_path, lambda _: None) as stage:
        story, site, address = stage.story, stage.story.site, stage.address
        site.author("Zoë Example", [paper("Quiet", published=story.yesterday())], key="1001", citations=1204, h_index=9)
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
        page.goto(f"{address}/people/1/compare")
        page.get_by_text("Came: 1 paper").wait_for()
        assert page.locator("ins, .diff.came").first.is_visible()
        assert refused(page) == []


def test_a_chart_is_drawn_and_then_explored(lived_stage: Stage, page: Page) -> None:
    page.goto(f"{lived_stage.address}/people/1")
    page.get_by_role("img", name="citations at scholarfeed").wait_for()
    page.get_by_role("button", name="Explore citations").click()
    page.locator(".plot[data-ready]").wait_for(timeout=PATIENCE)
    assert page.locator(".plot .scatterlayer .trace").count() == 1
    # The charts' script brings the style sheet of maps along. There are none, and it is refused.
    assert [one for one in refused(page) if not one.startswith("style-src-elem")] == []


def test_nothing_that_a_site_wrote_runs(lived_stage: Stage, page: Page) -> None:
    for path in ("/", "/people", "/people/2", "/people/2/papers", "/people/2/events", "/people/2/pages/4"):
        page.goto(lived_stage.address + path)
        assert page.title().endswith("· Scholarwatch")
        assert refused(page) == []
        assert page.locator("a[href^='javascript:' i], [onerror], [onmouseover]").count() == 0
    # By itself, too, the page of the site is inert: its own scripts are refused.
    page.goto(f"{lived_stage.address}/people/2/pages/4/raw")
    assert not page.evaluate("window.ran")
    assert page.evaluate("document.title") != "run"


def test_without_scripts_everything_can_be_done(lived_stage: Stage, plain_page: Page) -> None:
    page, file = plain_page, lived_stage.story.config
    page.goto(f"{lived_stage.address}/people/1")
    expect(page.get_by_role("img", name="citations at scholarfeed")).to_be_visible()
    expect(page.locator(".explore").first).to_be_hidden()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Time zone").fill("Asia/Tokyo")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Times in Asia/Tokyo").wait_for()
    # Rules: checked by a button, tried, saved.
    page.get_by_role("link", name="Rules").click()
    text = page.get_by_label("The section rules")
    text.fill("rules:\n- name: papers\n  on: [paper.knew]\n")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("rules[0].on").wait_for()
    text.fill("rules:\n- name: papers\n  on: [paper.new]\n")
    page.get_by_role("button", name="Preview the last 90 days").click()
    # Where it takes longer than a page is waited for, the page asks again by itself.
    page.get_by_role("heading", name="What they would have sent").wait_for()
    page.get_by_role("cell", name="papers").first.wait_for()
    page.goto(f"{lived_stage.address}/rules")
    text.fill("rules:\n- name: papers\n  on: [paper.new]\n")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. The next run goes by it.").wait_for()
    assert "- name: papers" in file.read_text("utf-8")
    # Somebody else is followed.
    page.get_by_role("link", name="Follow", exact=True).click()
    url = lived_stage.story.site.url("1077")
    page.get_by_label("Addresses of profile pages").fill(url)
    page.get_by_label("Source").select_option("scholarfeed")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Follow", exact=True).click()
    page.get_by_role("heading", name="Followed from now on").wait_for()
    assert url in file.read_text("utf-8")

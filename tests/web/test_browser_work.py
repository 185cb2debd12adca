"""A real browser: somebody answers questions, is silent about something, writes rules, mends a delivery, signs in."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from flows.settings import load
from tests.scenarios.story import Story
from tests.web.chromium import patient
from tests.web.eventful import CLOGGED, DOUBTED, become_eventful
from tests.web.serving import served
from tests.web.stage import Stage, aside, staged
from tracking.event import EventKind
from web.app import create

pytestmark = pytest.mark.xdist_group("browser at work")

OWN = "rules:\n- name: papers  # mine\n  on: [paper.new]\n  notify: [me]\n"
TOKEN = "not to be guessed by anybody"
#: More keys than that nobody presses to get anywhere.
_MOST_KEYS = 60


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), _become_eventful) as stage:
        yield stage


def _become_eventful(story: Story) -> None:
    """With rules of somebody's own in the file."""
    become_eventful(story)
    story.config.write_text(f"{OWN}{story.config.read_text('utf-8')}", "utf-8")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = patient(chromium.new_context(timezone_id="UTC"))
    yield context.new_page()
    context.close()


def test_a_question_is_answered_with_yes_and_what_was_held_back_is_told(stage: Stage, page: Page) -> None:
    story = stage.story
    page.goto(stage.address)
    page.get_by_role("link", name="Quarantine").click()
    page.get_by_role("region", name="Cleo Example").get_by_role("link", name="Look at the evidence").click()
    page.get_by_role("heading", name="15 papers new").wait_for()
    page.get_by_text("The page as it came").click()
    page.frame_locator("iframe").get_by_text(f"Tumours of the liver, {DOUBTED}").wait_for()
    page.get_by_role("button", name="Yes, accept it").click()
    page.get_by_text("Accepted. The next run takes the page").wait_for()
    heard = len(story.messages())
    aside(story.check)
    aside(story.deliver)
    told = [item for message in story.messages()[heard:] for item in message["items"] if item["kind"] == "paper.new"]
    assert {item["person"] for item in told} >= {"Cleo Example"}
    assert len([item for item in told if item["person"] == "Cleo Example"]) == 15
    page.goto(stage.address)
    cleo = page.get_by_role("region", name="Cleo Example")
    cleo.get_by_role("link", name=f"Tumours of the liver, {DOUBTED}").wait_for()
    assert "rule “new papers”" in cleo.inner_text()


def test_a_question_is_answered_with_no_by_the_keyboard_alone(stage: Stage, page: Page) -> None:
    page.goto(stage.address)
    page.keyboard.press("Tab")
    assert focused(page) == "To the content"
    tab_to(page, "Quarantine")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Quarantine").wait_for()
    tab_to(page, "Dan Example")
    tab_to(page, "Look at the evidence")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is this page of Dan Example?").wait_for()
    tab_to(page, "No, reject it")
    page.keyboard.press("Enter")
    page.get_by_text("Rejected. What was new on the page is left out").wait_for()
    tab_to(page, "Take the last rejection back")


def test_what_is_silenced_is_not_told_until_somebody_ends_it(stage: Stage, page: Page) -> None:
    story = stage.story
    page.goto(f"{stage.address}/rules")
    page.get_by_role("link", name="Silences").click()
    page.get_by_label("Kind of event").select_option("milestone")
    page.get_by_role("textbox", name="Metric").fill("h_index")
    page.get_by_label("For so long").select_option("two weeks")
    page.get_by_label("Why").fill("at sea")
    page.get_by_role("button", name="Silence", exact=True).click()
    silenced = page.get_by_role("listitem").filter(has_text="at sea")
    silenced.wait_for()
    story.site.set_metric("1001", "h_index", 31)
    heard = len(story.messages())
    aside(story.check)
    aside(story.deliver)
    assert not [message for message in story.messages()[heard:] if "h-index" in json.dumps(message)]
    page.goto(stage.address)
    milestone = page.get_by_role("listitem").filter(has_text="milestone h-index past 31")
    assert "at sea" in milestone.inner_text()
    page.goto(f"{stage.address}/rules/silences")
    silenced.get_by_role("button", name="End now").click()
    page.get_by_text("1 silence that ended").wait_for()


def test_a_rule_is_checked_while_it_is_typed_then_tried_and_saved(stage: Stage, page: Page) -> None:
    before = stage.story.config.read_text("utf-8")
    page.goto(stage.address)
    page.get_by_role("link", name="Rules").click()
    text = page.get_by_label("The section rules")
    assert text.input_value() == OWN
    verdict = page.locator("#verdict")
    # Behind the last line, as somebody would: the second kind is mistyped.
    text.press("Control+End")
    text.press_sequentially("- name: figures\n  on: metric.chnged\n")
    verdict.get_by_text("Line 6 of this text: ").wait_for()
    assert "metric.changed" in verdict.inner_text()
    assert text.get_attribute("aria-invalid") == "true"
    for _ in range(len("ged\n") + len("n")):
        text.press("Backspace")
    text.press_sequentially("anged\n")
    verdict.get_by_text("Sound: 2 rules for everybody. Nothing is saved yet.").wait_for()
    assert text.get_attribute("aria-invalid") == "false"
    page.get_by_role("button", name="Preview the last 90 days").click()
    preview = page.get_by_role("region", name="What they would have sent")
    preview.get_by_role("cell", name="figures").first.wait_for()
    preview.get_by_text("The first ").click()
    preview.get_by_text("A New Thing").first.wait_for()
    assert stage.story.config.read_text("utf-8") == before
    typed = page.get_by_label("The section rules").input_value()
    assert typed == f"{OWN}- name: figures\n  on: metric.changed\n"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. The next run goes by it.").wait_for()
    assert stage.story.config.read_text("utf-8") == before.replace(OWN, typed)
    kept = {rule.name: rule.on for rule in load(stage.story.config).rules if not rule.leftover}
    assert kept == {"papers": {EventKind.PAPER_NEW}, "figures": {EventKind.METRIC_CHANGED}}


def test_a_message_that_failed_is_tried_again_and_another_is_dropped(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.address}/runs")
    page.get_by_role("link", name="Outbox").click()
    failed = page.locator("section.card").filter(has_text="to clogged")
    failed.first.wait_for()
    waiting = failed.count()
    failed.last.get_by_text("Drop …").click()
    failed.last.get_by_placeholder("Why, for whoever wonders later").fill("told by hand")
    failed.last.get_by_role("button", name="Drop it").click()
    page.get_by_text("of which clogged will not hear").wait_for()
    assert failed.count() == waiting - 1
    clogged = stage.story.config.parent / CLOGGED
    clogged.rmdir()
    page.get_by_role("button", name="Try all again").click()
    page.get_by_text("To go out with the next delivery: ").wait_for()
    aside(stage.story.deliver)
    page.goto(f"{stage.address}/runs/outbox")
    page.get_by_role("heading", name="Outbox").wait_for()
    assert failed.count() == 0
    assert len(clogged.read_text("utf-8").splitlines()) >= waiting - 1


def test_where_a_token_is_asked_for_it_is_given_once(stage: Stage, page: Page) -> None:
    with served(create(stage.story.settings, lambda: stage.story.now, token=TOKEN)) as address:
        page.goto(f"{address}/people?q=cleo")
        page.get_by_role("heading", name="Sign in").wait_for()
        assert page.get_by_role("button", name="Sign out").count() == 0
        page.get_by_label("Token").fill("not this one")
        page.keyboard.press("Enter")
        page.get_by_text("That is not the token.").wait_for()
        page.get_by_label("Token").fill(TOKEN)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Cleo Example").wait_for()
        assert page.url == f"{address}/people?q=cleo"
        page.goto(f"{address}/runs")
        page.get_by_role("heading", name="Runs").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{address}/runs")
        page.get_by_role("heading", name="Sign in").wait_for()


def tab_to(page: Page, words: str) -> None:
    """Press the key until what has these words has the focus, and shows that it has."""
    for _ in range(_MOST_KEYS):
        page.keyboard.press("Tab")
        if focused(page) == words:
            break
    assert focused(page) == words
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def focused(page: Page) -> str:
    words: str = page.evaluate("document.activeElement.innerText")
    return words

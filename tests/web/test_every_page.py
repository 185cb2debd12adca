"""What holds for every page of the site, in a real browser: a page that is added is among them, or a test says so."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.pictures import PAGES
from tests.web.accessible import shortcomings, with_axe
from tests.web.chromium import patient
from tests.web.eventful import become_eventful
from tests.web.every_page import ADDRESSES, ALL, FIRST, NOWHERE, PARTS, of_story, routes
from tests.web.serving import served
from tests.web.stage import Stage, staged
from web.app import create

pytestmark = pytest.mark.xdist_group("every page")

#: Pale in light and in dark, and too wide for a phone.
_AMISS = """<!doctype html><html lang="en"><title>Amiss</title>
<style>body { margin: 0; background: #fff } @media (prefers-color-scheme: dark) { body { background: #ddd } }</style>
<main><h1 style="color: #ccc">Pale</h1><p style="width: 900px">Wide</p></main>"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), become_eventful) as stage:
        yield stage


@pytest.fixture(scope="module")
def known(stage: Stage) -> dict[str, str]:
    return of_story(stage.app, stage.story)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = with_axe(patient(chromium.new_context(bypass_csp=True, timezone_id="UTC")))
    yield context.new_page()
    context.close()


def test_no_page_is_forgotten() -> None:
    asked_for = {route.path for route in routes() if route.methods == {"GET"}}
    assert asked_for == {*ADDRESSES, *PARTS}


def test_there_is_a_picture_of_every_page() -> None:
    paths = {_path_of(urlsplit(address.format_map(_Anything())).path) for address in PAGES.values()}
    assert paths == set(ADDRESSES)


def _path_of(address: str) -> str:
    """The path of the route that answers it."""
    return next(route.path for route in routes() if "GET" in route.methods and route.path_regex.match(address))


class _Anything(dict[str, str]):
    """What stands in braces, whatever its name."""

    def __missing__(self, name: str) -> str:
        return "1"


@pytest.mark.parametrize(
    "address",
    [one if one in FIRST else pytest.param(one, marks=pytest.mark.slow) for one in ALL if one != "/login"],
)
def test_a_page_is_for_everybody_on_every_screen(address: str, stage: Stage, known: dict[str, str], page: Page) -> None:
    answer = page.goto(stage.address + address.format(**known))
    assert answer is not None
    assert answer.status == (404 if "person=nobody" in address else 200)
    assert shortcomings(page) == []


def test_what_is_amiss_would_be_found(page: Page) -> None:
    page.goto("about:blank")
    page.set_content(_AMISS)
    found = [one.partition("[")[0] for one in shortcomings(page)]
    assert found == ["light: color-contrast: ", "dark: color-contrast: ", "phone: 900 pixels wide, as are "]


def test_what_is_not_there_is_for_everybody_too(stage: Stage, page: Page) -> None:
    page.goto(stage.address + NOWHERE)
    page.get_by_text("There is no such page.").wait_for()
    assert shortcomings(page) == []


def test_where_a_token_is_asked_for_everybody_can_give_it(stage: Stage, page: Page) -> None:
    with served(create(stage.story.settings, lambda: stage.story.now, token="a token of some length")) as address:
        page.goto(f"{address}/people")
        page.get_by_role("heading", name="Sign in").wait_for()
        assert shortcomings(page) == []


def test_what_is_broken_is_told_to_everybody(stage: Stage, page: Page) -> None:
    sound = stage.story.config.read_text("utf-8")
    stage.story.config.write_text(f"{sound}\nrules: {{}}\n", "utf-8")
    try:
        page.goto(f"{stage.address}/rules")
        page.get_by_text("The configuration is not sound").wait_for()
        assert shortcomings(page) == []
    finally:
        stage.story.config.write_text(sound, "utf-8")

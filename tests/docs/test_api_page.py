"""docs/api.md, asked to the letter."""

import re
from pathlib import Path

import pytest

from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from tests.web.api.conftest import caller as caller
from tests.web.conftest import _kept as _kept
from tests.web.conftest import lived as lived
from tests.web.conftest import site as site
from tests.web.conftest import story as story

_PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
_ADDRESS = re.compile(r"^\| `/([^`]*)` \|", re.MULTILINE)
_REQUEST = re.compile(r"^\| `POST /([^`]*)` \|", re.MULTILINE)


@pytest.mark.usefixtures("lived")
def test_every_address_answers_and_every_one_is_there(caller: Caller, story: Story) -> None:
    event = story.events()[0].id
    for path in _ADDRESS.findall(_PAGE):
        answer = caller.get(path.replace("{event}", event))
        assert answer.status_code == 200, f"{path}: {answer.text}"
    described = caller.json("openapi.json")["paths"]
    told = {_plain(path) for path in _ADDRESS.findall(_PAGE)} | {"feeds/tags/{}.{}", "feeds/rules/{}.{}"}
    assert {_plain(path.lstrip("/")) for path, how in described.items() if "get" in how} == told
    asked = {_plain(path) for path in _REQUEST.findall(_PAGE)}
    assert {_plain(path.lstrip("/")) for path, how in described.items() if "post" in how} == asked


def _plain(path: str) -> str:
    """Without the parameters, and with ``{}`` for what differs from one thing to another."""
    path = path.partition("?")[0]
    path = re.sub(r"(?<=/)1(?=[/.]|$)|(?<=runs/)latest|\{[^}]*\}", "{}", path)
    path = re.sub(r"^exports/(papers|metrics)\.(csv|parquet)", r"exports/{}.\2", path)
    return re.sub(r"^(feeds/.*)\.(atom|json)$", r"\1.{}", path)


@pytest.mark.usefixtures("lived")
def test_the_error_is_as_shown(caller: Caller) -> None:
    assert caller.get("events?person=nobody").text.replace('":', '": ').replace(',"', ', "') in _PAGE

"""What the published schema says of webhooks is so, of messages of every kind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from alerts.message import Message
from alerts.receivers.webhook import body_of
from alerts.sample import sample_message
from alerts.webhook_schema import printed, schema
from tests.alerts.examples import NOW
from tests.alerts.letters import letters
from tracking.event import EventKind

DOCS = Path(__file__).parents[2] / "docs"
VALIDATOR = Draft202012Validator(schema(), format_checker=FormatChecker())
MESSAGES = {**letters(), "notify test": sample_message("me", NOW)}


def test_the_published_schema_is_up_to_date() -> None:
    Draft202012Validator.check_schema(schema())
    # To renew it: python -c "from alerts.webhook_schema import printed as p; print(p(), end='')" > docs/webhook.schema.json
    assert (DOCS / "webhook.schema.json").read_text("utf-8") == printed()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_as_it_says(name: str) -> None:
    body = json.loads(body_of(MESSAGES[name]))
    VALIDATOR.validate(body)
    assert set(_unknown(body, schema())) == set()


def test_there_is_a_message_of_every_kind() -> None:
    assert {str(kind) for kind in EventKind} <= {
        item["kind"] for message in MESSAGES.values() for item in message.items
    }


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("type",), "message"),
        (("data", "items"), []),
        (("data", "id"), 7),
        (("data", "items", 0, "kind"), "paper.newer"),
    ],
)
def test_something_else_is_refused(place: tuple[Any, ...], value: Any) -> None:
    body = json.loads(body_of(MESSAGES["paper.new"]))
    *parents, name = place
    holder = body
    for step in parents:
        holder = holder[step]
    holder[name] = value
    with pytest.raises(ValidationError):
        VALIDATOR.validate(body)


def _unknown(value: Any, shape: dict[str, Any]) -> Iterator[str]:
    """Names that a body has and the schema does not."""
    if isinstance(value, dict) and "properties" in shape:
        for name, part in value.items():
            if name not in shape["properties"]:
                yield name
            else:
                yield from _unknown(part, shape["properties"][name])
    if isinstance(value, list) and "items" in shape:
        for part in value:
            yield from _unknown(part, shape["items"])


def test_a_name_that_the_schema_lacks_is_found() -> None:
    message: Message = MESSAGES["paper.new"]
    body = json.loads(body_of(message))
    body["data"]["items"][0]["surprise"] = 1
    assert list(_unknown(body, schema())) == ["surprise"]

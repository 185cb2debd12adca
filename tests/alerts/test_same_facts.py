"""What the JSON of a message says, its text and its HTML say too."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from alerts.figures import metric_name, metric_value, moment
from alerts.html import html_of
from alerts.kinds import is_of_a_person, is_seen_on_a_page
from alerts.layout import shown_in_full
from alerts.wording import wording_of
from tests.alerts.letters import ZURICH, letters
from tests.alerts.opened import open_html

LETTERS = letters()

#: What stands in the JSON for programs: a name of what is said in words, or the same thing once more.
FOR_PROGRAMS = {"kind", "told", "paper_key", "labels", "people", "events", "authors_complete"}


def facts(item: Mapping[str, Any]) -> Iterator[str]:
    """Every fact of an item as it must be read."""
    for name, value in item.items():
        if name not in FOR_PROGRAMS and value not in (None, False, []):
            yield from _as_read(item, name, value)


def _as_read(item: Mapping[str, Any], name: str, value: Any) -> Iterator[str]:
    match name:
        case "person" | "title" | "profile_url" if not is_of_a_person(item):
            # The event is only kept there.
            return
        case "source" if not is_seen_on_a_page(item):
            return
        case "observed_at" | "first_seen" | "told_at" | "since":
            # A value that appeared has no earlier one.
            if name != "since" or item["before"] is not None:
                yield moment(datetime.fromisoformat(value), ZURICH)
        case "before" | "after" if value is True:
            yield "With code now"
        case "before" | "after" | "score" if not isinstance(value, str):
            yield metric_value(item.get("field", ""), value)
        case "after":
            yield (
                value.replace("2026-05-12 22:3", "2026-05-13 00:3")
                .replace("06:30 UTC", "08:30 CEST")
                .replace(" UTC", " CEST")
            )
        case "has_code":
            yield "code"
        case "year_inferred":
            yield "(year inferred)"
        case "title" | "field":
            if item["kind"] != "source.recount":
                yield from [] if value == "name" else [metric_name(value)]
        case "arxiv_id":
            yield f"https://arxiv.org/abs/{value}"
        case "doi":
            yield f"https://doi.org/{value}"
        case "authors" | "rules":
            yield from value
        case "first_together":
            yield from [name for pair in value for name in pair]
        case "profiles":
            yield from [fact for profile in value for fact in profile.values()]
        case _:
            yield str(value)


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_every_fact_is_in_the_text_and_in_the_html(name: str) -> None:
    message = LETTERS[name]
    text = wording_of(message, ZURICH).body.casefold()
    opened = open_html(html_of(message, ZURICH, {}))
    html = "\n".join([*opened.lines, *(address for address, _ in opened.links)]).casefold()
    told = [fact.casefold() for item in shown_in_full(message) for fact in facts(item)]
    assert len(told) > 3
    assert [fact for fact in told if fact not in text] == []
    assert [fact for fact in told if fact not in html] == []
    assert message.id in text
    assert message.id in html


@pytest.mark.parametrize("name", [name for name in sorted(LETTERS) if "three" not in name])
def test_every_event_can_be_asked_about(name: str) -> None:
    message = LETTERS[name]
    text = wording_of(message, ZURICH).body
    assert [event for item in shown_in_full(message) for event in item["events"] if event not in text] == []

"""What a Prefect server hears of events."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from flows.announcing import Announcement, announcements, messages_waiting
from storage.announced import Unannounced
from tracking.event import Cause, EventKind
from tracking.view import EventView

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def event(kind: EventKind = EventKind.PAPER_NEW, *, number: int = 1, **fields: Any) -> EventView:
    return EventView(
        **{
            "id": f"{number:016x}",
            "kind": kind,
            "cause": Cause.SOURCE,
            "person": "Ada Lovelace",
            "profile": "1001",
            "source": "scholarfeed",
            "paper_key": "arxiv:2611.00003" if kind is EventKind.PAPER_NEW else None,
            "paper_title": "On Engines" if kind is EventKind.PAPER_NEW else None,
            "field": None,
            "before": None,
            "after": None,
            "observed_at": NOW + timedelta(minutes=number),
            "recorded_at": NOW,
        }
        | fields
    )


def told(*events: EventView, more: int = 0) -> list[Announcement]:
    kinds = {EventKind.PAPER_NEW: len(events)} | ({EventKind.PROFILE_BASELINE: more} if more else {})
    return list(announcements(Unannounced(runs=(11, 12), events=tuple(("12", one) for one in events), kinds=kinds)))


def test_a_new_paper_with_all_that_it_is_about() -> None:
    [one] = told(event())
    assert one == Announcement(
        # Of the event's id, for good: a second copy is the same event.
        id=UUID("9a0f4f39-963e-525d-b92a-7ec9e861030d"),
        event="scholarwatch.paper.new",
        resource={
            "prefect.resource.id": "scholarwatch.profile.scholarfeed.1001",
            "prefect.resource.name": "Ada Lovelace",
            "scholarwatch.source": "scholarfeed",
            "scholarwatch.person": "Ada Lovelace",
        },
        related=(
            {
                "prefect.resource.id": "scholarwatch.person.Ada Lovelace",
                "prefect.resource.name": "Ada Lovelace",
                "prefect.resource.role": "person",
            },
            {
                "prefect.resource.id": "scholarwatch.run.12",
                "prefect.resource.name": "run 12",
                "prefect.resource.role": "run",
            },
            {
                "prefect.resource.id": "scholarwatch.paper.arxiv:2611.00003",
                "prefect.resource.name": "On Engines",
                "prefect.resource.role": "paper",
            },
        ),
        payload={
            "id": "0000000000000001", "kind": "paper.new", "cause": "source", "person": "Ada Lovelace",
            "profile": "1001", "source": "scholarfeed", "paper": {"key": "arxiv:2611.00003", "title": "On Engines"},
            "field": None, "before": None, "after": None, "observed_at": "2026-11-22T09:01:00+00:00",
            "recorded_at": "2026-11-22T09:00:00+00:00",
        },
    )  # fmt: skip


def test_what_moved_is_a_label_that_automations_match() -> None:
    [one] = told(event(EventKind.METRIC_CHANGED, field="citations", before=1204, after=1311))
    assert one.event == "scholarwatch.metric.changed"
    assert one.resource["scholarwatch.field"] == "citations"
    assert [resource["prefect.resource.role"] for resource in one.related] == ["person", "run"]
    assert (one.payload["before"], one.payload["after"]) == (1204, 1311)


def test_in_the_order_in_which_it_happened() -> None:
    events = [event(number=number) for number in (3, 1, 2)]
    assert [one.payload["id"][-1] for one in told(*events)] == ["1", "2", "3"]


def test_that_there_was_more_comes_last_and_once() -> None:
    _, more = told(event(), more=10_000)
    assert more.event == "scholarwatch.run.capped"
    assert more.resource["prefect.resource.id"] == "scholarwatch.run.12"
    assert more.payload == {
        "run": "12",
        "events": 10_001,
        "announced": 1,
        "kinds": {"paper.new": 1, "profile.baseline": 10_000},
    }
    assert told(event(), more=10_000)[1].id == more.id


def test_nothing_found_is_nothing_told() -> None:
    assert told() == []


@pytest.mark.xdist_group("prefect")
def test_what_a_site_wrote_is_inert_and_prefect_takes_it() -> None:
    # One of the processes of the tests reads it; it takes seconds.
    from prefect.events import Event, RelatedResource, Resource

    person, title = "Ada\x1b[31m\u202eLovelace\n", f"<script>alert(1)</script> {'engines ' * 200}"
    [one] = told(event(person=person, paper_title=title, paper_key="fp:\x00 1"))
    taken = Event(
        id=one.id,
        event=one.event,
        resource=Resource(dict(one.resource)),
        related=[RelatedResource(dict(resource)) for resource in one.related],
        payload=dict(one.payload),
    )
    assert taken.resource.name == "AdaLovelace"
    labels = [label for resource in (taken.resource, *taken.related) for label in resource.root.values()]
    assert all(label.isprintable() and len(label) <= 200 for label in labels)


def test_that_messages_wait_is_told_once_a_run() -> None:
    told = messages_waiting("12", 3, NOW)
    assert told.event == "scholarwatch.messages.waiting"
    # What the automation of deployments/prefect.yaml looks for.
    assert told.resource["prefect.resource.id"] == "scholarwatch.outbox"
    assert told.payload == {"run": "12", "entries": 3}
    assert messages_waiting("12", 3, NOW).id == told.id
    # Another run, or the run of that number in another database.
    others = [messages_waiting("13", 3, NOW), messages_waiting("12", 3, NOW + timedelta(minutes=1))]
    assert told.id not in {other.id for other in others}

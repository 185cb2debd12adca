"""A message that only tries a receiver out: one made-up item of each kind that people see often."""

from datetime import datetime, timedelta
from typing import Any

from alerts.message import Message
from tracking.event import EventKind

#: Day by day.
_CITATIONS = (1150, 1163, 1201, 1222, 1250, 1284, 1311, 1352)
_PERSON = "Ada Example"
_RULE = "notify test"
_WHY = "somebody tried this receiver out with “scholarwatch notify test”"


def sample_message(receiver: str, now: datetime) -> Message:
    """A new paper, a milestone, a changed metric, and a page to look at; each says that it is made up."""
    test = f"test-{now:%Y%m%dT%H%M%S%f}"
    items = (_paper(now), _milestone(now), _metric(now), _suspect())
    days = range(len(_CITATIONS) - 1, -1, -1)
    return Message(
        id=test,
        receiver=receiver,
        rules=(_RULE,),
        created_at=now,
        digest=False,
        items=tuple(
            item | {"events": [f"{test}-{number}"], "observed_at": now.isoformat()}
            for number, item in enumerate(items, start=1)
        ),
        histories={
            f"{test}-3": tuple(zip((now - timedelta(days=day) for day in days), _CITATIONS, strict=True)),
        },
    )


def _item(kind: EventKind, **facts: Any) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "person": _PERSON,
        "people": [_PERSON],
        "person_keys": {"test/1": _PERSON},
        "rules": [_RULE],
        "labels": [_PERSON, _RULE],
        "title": _PERSON,
        "before": None,
        "after": None,
        "why": _WHY,
    } | facts


def _paper(now: datetime) -> dict[str, Any]:
    return _item(
        EventKind.PAPER_NEW,
        title="A made-up paper, to see that messages arrive",
        paper_key="test:1",
        authors=[_PERSON, "Bo Example"],
        authors_complete=True,
        published=f"{now:%Y-%m-%d}",
        category="LG",
        has_code=True,
    )


def _milestone(now: datetime) -> dict[str, Any]:
    since = (now - timedelta(days=40)).isoformat()
    return _item(EventKind.METRIC_MILESTONE, title="h-index", field="h_index", before=29, after=30, since=since)


def _metric(now: datetime) -> dict[str, Any]:
    before, after = _CITATIONS[-2:]
    moved = {"before": before, "after": after, "since": (now - timedelta(days=1)).isoformat()}
    return _item(EventKind.METRIC_CHANGED, title="citations", field="citations", **moved)


def _suspect() -> dict[str, Any]:
    return _item(EventKind.PROFILE_SUSPECT, after="a made-up page, of which nothing has to be believed")

"""What a rehearsal keeps of what was heard: as much as judging looks back on, and no more."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.rehearsal_memory import Remembered
from tests.alerts.staging import day, happens
from tracking.alert import Verdict, VerdictKind
from tracking.event import Cause, Event, EventKind
from tracking.memory import NO_MEMORY, Heard, Memory, Reach, Spells

MOVED, NEW = EventKind.METRIC_CHANGED, EventKind.PAPER_NEW
REACH = Reach(heard=timedelta(days=14), values=timedelta(days=7), news=timedelta(days=30))


def heard(remembered: Remembered, event: Event, receiver: str = "me") -> Event:
    remembered.hear(event, Verdict(event_id=event.id, receiver=receiver, kind=VerdictKind.SENT, rules=("r",)))
    return event


def memory(remembered: Remembered, at: float, values: dict[str, Spells] | None = None, profile: int = 1) -> Memory:
    return remembered.before(profile, "feed.example", day(at), values or {})


def test_what_receivers_have_heard_of_a_profile() -> None:
    remembered = Remembered(REACH)
    event = heard(remembered, happens(0, MOVED, field="citations", before=4, after=5))
    heard(remembered, happens(0, MOVED, 2, field="citations", before=4, after=5))
    assert memory(remembered, 1).heard == (
        Heard(
            event_id=event.id,
            receiver="me",
            rules=("r",),
            kind=MOVED,
            field="citations",
            paper_key=None,
            before=4,
            after=5,
            observed_at=day(0),
        ),
    )
    assert memory(remembered, 1, profile=3) == NO_MEMORY


def test_of_a_year_only_what_is_looked_back_on() -> None:
    remembered = Remembered(REACH)
    for number in range(400):
        heard(remembered, happens(number, MOVED, field="citations", after=number))
        assert len(memory(remembered, number).heard) <= 15
    assert [one.after for one in memory(remembered, 400).heard] == list(range(386, 400))


def test_nothing_where_nothing_is_looked_back_on() -> None:
    remembered = Remembered(Reach())
    remembered.happened(heard(remembered, happens(0, NEW, paper_key="k")), "feed.example")
    assert memory(remembered, 0) == NO_MEMORY


def test_what_a_receiver_did_not_hear_after_all() -> None:
    remembered = Remembered(REACH)
    event = happens(0, MOVED, field="citations", after=5)
    for receiver in ("me", "log"):
        heard(remembered, event, receiver)
    remembered.unhear(event, "me")
    assert [one.receiver for one in memory(remembered, 1).heard] == ["log"]


def test_when_papers_were_new() -> None:
    remembered = Remembered(REACH)
    shown: list[tuple[float, str, dict[str, Any]]] = [
        (0, "k", {}),
        (2, "k", {}),
        (20, "l", {}),
        (20, "m", {"cause": Cause.PARSER}),
    ]
    for at, key, about in shown:
        remembered.happened(happens(at, NEW, paper_key=key, **about), "feed.example")
    remembered.happened(happens(20, EventKind.PAPER_LATE, paper_key="n"), "feed.example")
    assert memory(remembered, 30).news == {"k": day(0), "l": day(20)}
    assert memory(remembered, 31).news == {"l": day(20)}


def test_since_when_a_host_is_down() -> None:
    remembered = Remembered(REACH)
    steps: list[tuple[EventKind, str | None, float | None]] = [
        (EventKind.HOST_DOWN, "robots", 0),
        (EventKind.HOST_DOWN, None, 0),
        (EventKind.HOST_BACK, "robots", 1),
        (EventKind.HOST_DOWN, None, 1),
        (EventKind.HOST_BACK, None, None),
        (EventKind.HOST_BACK, None, None),
    ]
    for at, (kind, field, since) in enumerate(steps):
        remembered.happened(happens(at, kind, field=field), "feed.example")
        assert memory(remembered, at).host_down_since == (None if since is None else day(since))
        assert remembered.before(1, "elsewhere.example", day(at), {}).host_down_since is None


SPELLS: Spells = ((day(0), 10), (day(3), None), (day(5), 11), (day(12), 12))


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [(0, None, None), (1, 0, 0), (5, 0, 1), (6, 0, 2), (10, 1, 2), (11.9, 1, 2), (12, 2, 2), (12.5, 2, 3), (100, 3, 3)],
)
def test_values_from_the_one_that_held_when_what_is_asked_for_begins(at: float, first: Any, last: Any) -> None:
    """What begins with the check that is judged is not known before it."""
    expected = {} if first is None else {"citations": SPELLS[first : last + 1]}
    assert memory(Remembered(REACH), at, {"citations": SPELLS}).values == expected

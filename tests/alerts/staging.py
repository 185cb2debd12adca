"""A rehearsal on a small stage: profiles 1 to 3 of Ada, Bo and Cy, and what is to happen there day by day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from alerts.matching import RuleSet
from alerts.message import Message
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_script import Facts, Followed, Script
from alerts.rules import Rule, parse_rules
from alerts.schedule import Schedule
from alerts.subject import Subject
from tracking.event import Cause, Event, EventKind
from tracking.past import PastCheck, PastMoment

#: A Monday, half past nine.
START = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
PEOPLE = ("Ada", "Bo", "Cy")


@dataclass(frozen=True, slots=True)
class Box:
    """A receiver."""

    name: str = "me"
    schedule: Schedule = field(default_factory=Schedule)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def subject(profile: int, *tags: str) -> Subject:
    url = f"https://feed.example/author/{profile}"
    return Subject(person=PEOPLE[profile - 1], tags=tags, source="scholarfeed", profile_url=url)


def rules(*raw: Mapping[str, Any]) -> tuple[Rule, ...]:
    return parse_rules([{"name": f"rule {number}", **rule} for number, rule in enumerate(raw, 1)])


def script(of: Sequence[Rule], *boxes: Box, **more: Any) -> Script:
    whole = RuleSet(of)
    followed = {
        number: Followed(subject=subject(number), host="feed.example", rules=whole)
        for number in range(1, len(PEOPLE) + 1)
    }
    return Script(**({"followed": followed, "receivers": boxes or (Box(),)} | more))


def happens(at: float, kind: EventKind | str, profile: int = 1, **about: Any) -> Event:
    """An event on a day, whose id tells what it is."""
    parts = (str(at), str(profile), str(kind), str(about.get("paper_key") or about.get("field")))
    values = {"cause": Cause.SOURCE, "paper_title": about.get("paper_key")} | about
    return Event(id="/".join(parts), kind=EventKind(kind), profile_id=profile, observed_at=day(at), **values)


def moments(events: Iterable[Event]) -> list[PastMoment]:
    def order(event: Event) -> tuple[datetime, int, str]:
        return event.observed_at, event.profile_id, event.id

    return [
        PastMoment(
            at=at,
            checks=tuple(
                PastCheck(profile_id=profile, observed_at=at, events=tuple(of_profile))
                for profile, of_profile in groupby(together, key=lambda event: event.profile_id)
            ),
        )
        for at, together in groupby(sorted(events, key=order), key=lambda event: event.observed_at)
    ]


def play(
    of: Script, events: Iterable[Event], *, until: float = 1000, facts: Facts | None = None
) -> tuple[list[Message], Rehearsal]:
    """What goes out of a rehearsal, and the rehearsal when it is over."""
    rehearsal = Rehearsal(of, START)
    sent = []
    for moment in moments(events):
        sent += rehearsal.see(moment, facts or Facts())
    sent += rehearsal.end(day(until))
    return sent, rehearsal

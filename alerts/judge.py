"""From events to verdicts: what is done about each event for each receiver, and why."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts.figures import joined
from alerts.item import item_of
from alerts.matching import Subject, matches
from alerts.rules import Every, Rule
from tracking.alert import Verdict, VerdictKind
from tracking.event import Cause, Event

#: When a digest goes out, in the receiver's own time zone; a weekly one on Monday.
_DIGEST_TIME = time(8)
_MONDAY = 0

_NOTIFYING_CAUSES = (Cause.SOURCE, Cause.ENRICHMENT)


class Addressee(Protocol):
    """A receiver as far as a verdict needs it."""

    @property
    def name(self) -> str: ...

    @property
    def timezone(self) -> ZoneInfo: ...


def judge(
    events: Sequence[Event],
    subject: Subject,
    rules: Sequence[Rule],
    receivers: Sequence[Addressee],
    now: datetime,
) -> list[Verdict]:
    """One verdict for each event and receiver, event by event, in the order given.

    Several rules that ask for one event for one receiver make one verdict; where one of them is instant, it is sent
    at once, else with the earliest digest. ``now`` is aware.
    """
    return [
        _verdict(event, subject, [rule for rule in rules if rule.notifies(receiver.name)], receiver, now)
        for event in events
        for receiver in receivers
    ]


def digest_time(every: Every, zone: ZoneInfo, now: datetime) -> datetime:
    """When what is decided at ``now`` goes out (UTC): at once, at the next 08:00, or on the next Monday at 08:00.

    A digest always goes out after ``now``: what is decided at 08:00 sharp waits for the next one.
    """
    if every is Every.INSTANT:
        return now
    day = now.astimezone(zone).date()
    while True:
        at = datetime.combine(day, _DIGEST_TIME, zone).astimezone(UTC)
        if at > now and (every is Every.DAILY or day.weekday() == _MONDAY):
            return at
        day += timedelta(days=1)


def _verdict(event: Event, subject: Subject, rules: Sequence[Rule], receiver: Addressee, now: datetime) -> Verdict:
    if event.cause not in _NOTIFYING_CAUSES:
        return Verdict(
            event_id=event.id,
            receiver=receiver.name,
            kind=VerdictKind.CAUSE,
            why=f"its cause is {event.cause}, which notifies nobody",
        )
    asking = [(rule, why) for rule in rules if (why := matches(rule, event, subject)) is not None]
    if not asking:
        return Verdict(
            event_id=event.id,
            receiver=receiver.name,
            kind=VerdictKind.NO_RULE,
            why=_why_no_rule(event, rules, receiver),
        )
    why = "; ".join(why for _, why in asking)
    instant = any(rule.every is Every.INSTANT for rule, _ in asking)
    return Verdict(
        event_id=event.id,
        receiver=receiver.name,
        kind=VerdictKind.SENT if instant else VerdictKind.DIGEST,
        rules=tuple(rule.name for rule, _ in asking),
        why=why,
        not_before=min(digest_time(rule.every, receiver.timezone, now) for rule, _ in asking),
        item=item_of(event, subject, why),
    )


def _why_no_rule(event: Event, rules: Sequence[Rule], receiver: Addressee) -> str:
    near = [f"“{rule.name}”" for rule in rules if event.kind in rule.on]
    if not near:
        return f"no rule of {receiver.name} is on {event.kind}"
    return f"of the rules on {event.kind}, {joined(near)} {'asks' if len(near) == 1 else 'ask'} for others"

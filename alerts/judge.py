"""From events to verdicts: what is done about each event for each receiver, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts.damping import heard_before
from alerts.figures import joined, moment
from alerts.item import item_of
from alerts.matching import matches
from alerts.recall import Recall
from alerts.rules import Every, Rule
from alerts.silencing import silence_of, why_silenced
from alerts.subject import Subject
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.event import Cause, Event, EventKind
from tracking.memory import NO_MEMORY, Memory
from tracking.silence import Silence

#: When a digest goes out, in the receiver's own time zone; a weekly one on Monday.
_DIGEST_TIME = time(8)
_MONDAY = 0

_NOTIFYING_CAUSES = (Cause.SOURCE, Cause.ENRICHMENT)

#: What follows from a host being down.
_INHIBITED = (EventKind.SOURCE_DRIFT, EventKind.PROFILE_GONE, EventKind.PROFILE_STALE)


#: A rule that asks for an event, and why.
_Asking = tuple[Rule, str]


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
    *,
    memory: Memory = NO_MEMORY,
    silences: Sequence[Silence] = (),
) -> list[Verdict]:
    """One verdict for each event and receiver, event by event, in the order given.

    Several rules that ask for one event for one receiver make one verdict; where one of them is instant, it is sent
    at once, else with the earliest digest. ``memory`` is the past of the profile: what is told of one event is
    remembered for those that follow it. ``now`` is aware.
    """
    recall = Recall(memory)
    verdicts = []
    for event in events:
        for receiver in receivers:
            verdict = _Case(event, subject, receiver, recall, silences, now).verdict(rules)
            if verdict.kind in HEARD_OF:
                recall.add(event, verdict)
            verdicts.append(verdict)
    return verdicts


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


@dataclass(frozen=True, slots=True)
class _Case:
    """One event for one receiver, and all that a verdict about it rests on."""

    event: Event
    subject: Subject
    receiver: Addressee
    recall: Recall
    silences: Sequence[Silence]
    now: datetime

    def verdict(self, rules: Sequence[Rule]) -> Verdict:
        event, receiver = self.event, self.receiver
        if event.cause not in _NOTIFYING_CAUSES:
            return self._nothing(VerdictKind.CAUSE, f"its cause is {event.cause}, which notifies nobody")
        rules = [rule for rule in rules if rule.notifies(receiver.name)]
        asking = [(rule, why) for rule in rules if (why := matches(rule, event, self.subject)) is not None]
        if not asking:
            return self._nothing(VerdictKind.NO_RULE, _why_no_rule(event, rules, receiver))
        heard, silence = self._not_silenced(asking)
        if silence is not None and not heard:
            return self._nothing(VerdictKind.SILENCED, why_silenced(silence), asking)
        if event.kind in _INHIBITED and (since := self.recall.memory.host_down_since) is not None:
            why = f"it follows from the host being down, which was told on {moment(since)}"
            return self._nothing(VerdictKind.INHIBITED, why, heard)
        if (why_flapping := heard_before(event, receiver.name, self.recall)) is not None:
            return self._nothing(VerdictKind.FLAPPING, why_flapping, heard)
        return self._told(heard)

    def _not_silenced(self, asking: Sequence[_Asking]) -> tuple[list[_Asking], Silence | None]:
        """What is left of the rules, and the first silence that there is."""
        found = [
            silence_of(self.silences, self.event, self.subject, rule.name, self.receiver.name, self.now)
            for rule, _ in asking
        ]
        left = [one for one, silence in zip(asking, found, strict=True) if silence is None]
        return left, next(filter(None, found), None)

    def _nothing(self, kind: VerdictKind, why: str, asking: Sequence[_Asking] = ()) -> Verdict:
        return Verdict(
            event_id=self.event.id,
            receiver=self.receiver.name,
            kind=kind,
            rules=tuple(rule.name for rule, _ in asking),
            why=why,
        )

    def _told(self, asking: Sequence[_Asking]) -> Verdict:
        why = "; ".join(why for _, why in asking)
        instant = any(rule.every is Every.INSTANT for rule, _ in asking)
        return Verdict(
            event_id=self.event.id,
            receiver=self.receiver.name,
            kind=VerdictKind.SENT if instant else VerdictKind.DIGEST,
            rules=tuple(rule.name for rule, _ in asking),
            why=why,
            not_before=min(digest_time(rule.every, self.receiver.timezone, self.now) for rule, _ in asking),
            item=item_of(self.event, self.subject, why),
        )


def _why_no_rule(event: Event, rules: Sequence[Rule], receiver: Addressee) -> str:
    near = [f"“{rule.name}”" for rule in rules if event.kind in rule.on]
    if not near:
        return f"no rule of {receiver.name} is on {event.kind}"
    return f"of the rules on {event.kind}, {joined(near)} {'asks' if len(near) == 1 else 'ask'} for others"

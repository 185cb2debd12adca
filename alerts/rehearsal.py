"""What would have been sent: events of the past judged once more, check by check, by what judges them live.

    moment by moment: deliveries until then → judge each check with the memory of what was heard in the rehearsal
                      → what is told waits → deliveries at that time

A rehearsal begins where history does, whatever part of it is looked at: what was told before counts. What it keeps
does not grow with the events, but for the names of the papers that were told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial, reduce
from operator import or_
from typing import Any

from alerts.judge import judge
from alerts.message import Message
from alerts.rehearsal_memory import Remembered
from alerts.rehearsal_outbox import Entry, Outbox
from alerts.rehearsal_rules import RulesAbout
from alerts.rehearsal_script import Facts, Script
from alerts.rehearsal_tally import Tally, unasked
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.event import OF_METRICS, Cause, Event, EventKind
from tracking.memory import Reach
from tracking.past import PastCheck, PastMoment
from tracking.reading import PaperReading
from tracking.recount import TODAY, Place, counted_with

#: So long after it was told that a source has counted anew, it may go on with that.
_EPISODE = timedelta(days=8)


class Turn(IntEnum):
    """When in a run something is found; what is not named here is found of each profile by itself."""

    PROFILES = 0
    SOURCES = 1
    HOSTS = 2
    WHEREABOUTS = 3
    NOTES = 4


_TURNS = {
    EventKind.SOURCE_DRIFT: Turn.SOURCES,
    EventKind.SOURCE_RECOUNT: Turn.SOURCES,
    EventKind.HOST_DOWN: Turn.HOSTS,
    EventKind.HOST_BACK: Turn.HOSTS,
    EventKind.PROFILE_GONE: Turn.WHEREABOUTS,
    EventKind.PROFILE_MOVED: Turn.WHEREABOUTS,
    EventKind.PROFILE_STALE: Turn.NOTES,
    EventKind.RUN_MISSED: Turn.NOTES,
    EventKind.CONFIG_BROKEN: Turn.NOTES,
}

#: What is told of messages: of those of a rehearsal there is nothing to tell.
OF_MESSAGES = frozenset({EventKind.PROFILE_CORRECTED, EventKind.DELIVERY_FAILED, EventKind.RECEIVER_OFF})


class Rehearsal:
    """Moments are given in the order of time, each with the facts that `asks` named before."""

    def __init__(self, script: Script, since: datetime) -> None:
        """Verdicts count from ``since`` on."""
        self.script = script
        #: How far back the rules look.
        self.reach = reduce(or_, (rules.reach for rules in script.rule_sets), Reach())
        self._remembered = Remembered(self.reach)
        schedules = {receiver.name: receiver.schedule for receiver in script.receivers}
        self._outbox = Outbox(schedules, script.first_versions, script.deliveries)
        self.tally = Tally(since)
        #: What receivers are to hear of what was seen last: event and receiver, with the item.
        self.heard_last: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._rules = {profile_id: RulesAbout(one.rules, one.subject) for profile_id, one in script.followed.items()}
        #: When each metric of a source was told last to have been counted anew.
        self._recounts: dict[Place, datetime] = {}

    @property
    def waiting(self) -> int:
        """How many events wait to go out."""
        return len(self._outbox)

    def asks(self, moments: Iterable[PastMoment]) -> tuple[list[Event], set[int]]:
        """The events whose papers, and the profiles whose metrics some rule looks at."""
        papers: list[Event] = []
        profiles: set[int] = set()
        for moment in moments:
            for check in moment.checks:
                if (rules := self._rules.get(check.profile_id)) is None:
                    continue
                for event in check.events:
                    if rules.look_at_the_page(event):
                        papers.append(event)
                    if rules.look_back(event):
                        profiles.add(check.profile_id)
        return papers, profiles

    def see(self, moment: PastMoment, facts: Facts) -> Iterator[Message]:
        """What goes out until the moment is over."""
        self.heard_last = {}
        yield from self._deliver(lambda at: at < moment.at)
        for turn in Turn:
            for check in _of_turn(moment, turn):
                if check.profile_id in self.script.followed:
                    self._judge(check, facts)
            if turn is Turn.SOURCES:
                self._withdraw_what_is_recounted(moment.at)
        yield from self._deliver(lambda at: at <= moment.at)

    def end(self, until: datetime) -> Iterator[Message]:
        """What goes out by ``until``; the rest waits."""
        self.heard_last = {}
        yield from self._deliver(lambda at: at <= until)

    def _judge(self, check: PastCheck, facts: Facts) -> None:
        followed, rules = self.script.followed[check.profile_id], self._rules[check.profile_id]
        events = [_as_if_live(event, facts.papers.get(event.id)) for event in check.events]
        asked = [event for event in events if rules.may_ask(event)]
        by_id = {event.id: event for event in asked}
        for verdict in self._verdicts(check, asked, facts) if asked else ():
            self._take(by_id[verdict.event_id], verdict)
        for event in events:
            if event.id not in by_id:
                for receiver in self.script.receivers:
                    self.tally.count(event, receiver.name, unasked(event.cause))
            self._remembered.happened(event, followed.host)
            if event.kind is EventKind.SOURCE_RECOUNT:
                self._recounts[followed.subject.source, event.field or ""] = event.observed_at

    def _verdicts(self, check: PastCheck, events: Sequence[Event], facts: Facts) -> list[Verdict]:
        followed = self.script.followed[check.profile_id]
        values = facts.values.get(check.profile_id, {})
        return judge(
            events,
            followed.subject,
            followed.rules,
            self.script.receivers,
            check.observed_at,
            memory=self._remembered.before(check.profile_id, followed.host, check.observed_at, values),
            silences=self.script.silences,
            says_why_not=False,
        )

    def _take(self, event: Event, verdict: Verdict) -> None:
        if verdict.kind in HEARD_OF:
            is_news = self._outbox.add(event, verdict)
            if is_news:
                self.heard_last[event.id, verdict.receiver] = verdict.item or {}
            if is_news or event.kind is EventKind.PAPER_NEW:
                # Through somebody else the receiver has heard of a paper all the same.
                self._remembered.hear(event, verdict)
            verdict = verdict if is_news else replace(verdict, kind=VerdictKind.ALREADY_TOLD)
        self.tally.count(event, verdict.receiver, verdict.kind, verdict.rules)

    def _withdraw_what_is_recounted(self, now: datetime) -> None:
        """What profiles say of a metric that their source counts anew is told once, and not by each of them."""
        for place, told_at in list(self._recounts.items()):
            if now - told_at > _EPISODE:
                del self._recounts[place]
            elif now - told_at < TODAY or self.script.counts_on(place, now):
                for entry in self._outbox.withdraw(partial(self._is_counted, place, now)):
                    self._remembered.unhear(entry.event, entry.receiver)
                    self._becomes(entry, VerdictKind.RECOUNT)

    def _is_counted(self, place: Place, now: datetime, event: Event) -> bool:
        source, metric = place
        return (
            event.kind in OF_METRICS
            and now - TODAY < event.observed_at <= now
            and self.script.followed[event.profile_id].subject.source == source
            and counted_with(event.field or "") == metric
        )

    def _deliver(self, is_time: Callable[[datetime], bool]) -> Iterator[Message]:
        while (at := self._outbox.next_delivery()) is not None and is_time(at):
            delivered = self._outbox.deliver(at)
            for entry in delivered.repeated:
                if entry.event.kind is not EventKind.PAPER_NEW:
                    self._remembered.unhear(entry.event, entry.receiver)
                self._becomes(entry, VerdictKind.ALREADY_TOLD)
            for entry in delivered.put_off:
                self._becomes(entry, VerdictKind.CAPPED)
            yield from delivered.messages

    def _becomes(self, entry: Entry, kind: VerdictKind) -> None:
        """What was counted as another verdict."""
        self.tally.count(entry.event, entry.receiver, entry.verdict.kind, entry.verdict.rules, -1)
        entry.verdict = replace(entry.verdict, kind=kind)
        self.tally.count(entry.event, entry.receiver, kind, entry.verdict.rules)


def _of_turn(moment: PastMoment, turn: Turn) -> Iterator[PastCheck]:
    for check in moment.checks:
        events = tuple(event for event in check.events if _TURNS.get(event.kind, Turn.PROFILES) is turn)
        if events:
            yield replace(check, events=events)


def _as_if_live(event: Event, paper: PaperReading | None) -> Event:
    """As it would have been, had the profile been followed then."""
    cause = event.cause
    if cause is Cause.BACKFILL:
        cause = Cause.ENRICHMENT if event.kind is EventKind.PAPER_ENRICHED else Cause.SOURCE
    return event if cause is event.cause and paper is None else replace(event, cause=cause, paper=paper)

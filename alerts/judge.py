"""From events to verdicts: what is done about each event for each receiver, and why.

    cause → rules → silences → inhibition → cooldown → damping → sent or digest

What is shut out early is not looked at later: an event that no rule asks for is not silenced.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from alerts.asking import Asking, Hearing
from alerts.case import Start
from alerts.damping import heard_before
from alerts.figures import moment
from alerts.item import item_of
from alerts.matching import RuleSet
from alerts.recall import Recall
from alerts.rules import Every, Rule
from alerts.schedule import Schedule
from alerts.silencing import silence_of, why_silenced
from alerts.subject import Subject
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.event import Cause, Event, EventKind, late_topic
from tracking.memory import NO_MEMORY, Memory
from tracking.silence import Silence

_NOTIFYING_CAUSES = (Cause.SOURCE, Cause.ENRICHMENT)

#: What follows from a host being down.
_INHIBITED = (EventKind.SOURCE_DRIFT, EventKind.PROFILE_GONE, EventKind.PROFILE_STALE)

#: So many rules that came near say why they do not ask.
_MOST_NEAR = 3


class Addressee(Protocol):
    """A receiver as far as a verdict needs it."""

    @property
    def name(self) -> str: ...

    @property
    def schedule(self) -> Schedule: ...


def judge(
    events: Sequence[Event],
    subject: Subject,
    rules: RuleSet | Sequence[Rule],
    receivers: Sequence[Addressee],
    now: datetime,
    *,
    memory: Memory = NO_MEMORY,
    silences: Sequence[Silence] = (),
    says_why_not: bool = True,
) -> list[Verdict]:
    """One verdict for each event and receiver, event by event, in the order given.

    Several rules that ask for one event for one receiver make one verdict; where one of them is instant, it is sent
    at once, else with the earliest digest. ``memory`` is the past of the profile; what is told of one event is
    remembered for those after it. ``now`` is aware. Why no rule asks for an event takes longest to say: a rehearsal,
    which only counts those, goes without (``says_why_not``).
    """
    ruleset = rules if isinstance(rules, RuleSet) else RuleSet(rules)
    about, recall = ruleset.about(subject), Recall(memory)
    verdicts = []
    for event in events:
        hearing = Hearing(event, subject, ruleset, about, recall)
        for receiver in receivers:
            verdict = _verdict(hearing, receiver, silences, now, says_why_not=says_why_not)
            if verdict.kind in HEARD_OF:
                recall.add(event, verdict)
            verdicts.append(verdict)
    return verdicts


def _verdict(
    hearing: Hearing, receiver: Addressee, silences: Sequence[Silence], now: datetime, *, says_why_not: bool
) -> Verdict:
    event = hearing.event
    if event.cause not in _NOTIFYING_CAUSES:
        return _untold(event, receiver, VerdictKind.CAUSE, f"its cause is {event.cause}, which notifies nobody")
    asking = hearing.asking(receiver.name)
    if not asking:
        return _not_asked_for(hearing, receiver, says_why_not=says_why_not)
    silenced = [silence_of(silences, event, hearing.subject, one.name, receiver.name, now) for one in asking]
    heard = [one for one, silence in zip(asking, silenced, strict=True) if silence is None]
    if not heard:
        return _untold(event, receiver, VerdictKind.SILENCED, why_silenced(filter(None, silenced)), asking)
    return _of_heard(hearing, receiver, heard, now)


def _of_heard(hearing: Hearing, receiver: Addressee, heard: Sequence[Asking], now: datetime) -> Verdict:
    """The verdict where rules ask for the event that nobody has silenced."""
    event, down_since = hearing.event, hearing.recall.memory.host_down_since
    if event.kind in _INHIBITED and down_since is not None:
        why = f"it follows from the host being down, which was told on {moment(down_since)}"
        return _untold(event, receiver, VerdictKind.INHIBITED, why, heard)
    ready = [one for one in heard if one.cools_until is None]
    if not ready:
        cooling = [f"rule “{one.name}” cools down until {moment(one.cools_until)}" for one in heard if one.cools_until]
        return _untold(event, receiver, VerdictKind.COOLDOWN, "; ".join(cooling), heard)
    flapping = heard_before(event, receiver.name, hearing.recall)
    if flapping is not None:
        return _untold(event, receiver, VerdictKind.FLAPPING, flapping, ready)
    return _told(hearing, receiver, ready, now)


def _not_asked_for(hearing: Hearing, receiver: Addressee, *, says_why_not: bool) -> Verdict:
    """No rule asks for the event; one may look at its paper again."""
    event = hearing.event
    waiting = hearing.waiting(receiver.name)
    if not waiting:
        why = _why_no_rule(hearing, receiver.name) if says_why_not else ""
        return _untold(event, receiver, VerdictKind.NO_RULE, why)
    whys = [
        f"rule “{one.rule.name}” waits until {moment(event.observed_at + one.rule.wait)}: {hearing.why_not(one)}"
        for one in waiting
        if one.rule.wait is not None
    ]
    names = tuple(one.rule.name for one in waiting)
    return replace(_untold(event, receiver, VerdictKind.WAITING, "; ".join(whys)), rules=names)


def _why_no_rule(hearing: Hearing, receiver: str) -> str:
    kind, near = hearing.event.kind, hearing.near(receiver)
    if near is None:
        return f"no rule of {receiver} is on {kind}"
    if not near:
        return f"no rule of {receiver} on {kind} is about {hearing.subject.person} at {hearing.subject.source}"
    whys = [f"“{one.rule.name}” does not ask for it: {hearing.why_not(one)}" for one in near[:_MOST_NEAR]]
    more = len(near) - len(whys)
    return "; ".join([*whys, f"nor {'does' if more == 1 else 'do'} {more} more on {kind}"] if more else whys)


def _untold(event: Event, receiver: Addressee, kind: VerdictKind, why: str, asking: Sequence[Asking] = ()) -> Verdict:
    return Verdict(
        event_id=event.id, receiver=receiver.name, kind=kind, rules=tuple(one.name for one in asking), why=why
    )


def _told(hearing: Hearing, receiver: Addressee, asking: Sequence[Asking], now: datetime) -> Verdict:
    event = hearing.event
    why = "; ".join(one.why for one in asking)
    names = tuple(one.name for one in asking)
    every = {one.matcher.rule.every for one in asking}
    is_late = event.paper_key is not None and all(one.shown_at is not None for one in asking)
    return Verdict(
        event_id=event.id,
        receiver=receiver.name,
        kind=VerdictKind.SENT if Every.INSTANT in every else VerdictKind.DIGEST,
        rules=names,
        why=why,
        not_before=min(receiver.schedule.goes_out(one, now) for one in every),
        topic=late_topic(event.paper_key or "", names) if is_late else None,
        item=item_of(event, hearing.subject, why, _earliest_start(event, asking)),
    )


def _earliest_start(event: Event, asking: Sequence[Asking]) -> Start:
    """Of what the rules measure from, the earliest: what one of them sums goes over what others tell each day."""
    starts = [start for one in asking if (start := one.start).since is not None]
    return min(starts, key=lambda start: start.since or event.observed_at, default=Start(event.before, event.since))

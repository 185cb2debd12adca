"""``rules test``: what the rules of today would have sent, had they held all the time.

    store.rehearsed      the events that count, a part at a time, in the order of time
      | papers, values   of those at which some rule looks beyond the event
      | Rehearsal        pure: judge, memory, outbox
      | messages         as they go out, one after the other

It writes nothing and sends nothing. Everything is told on the day on which it was observed, as today's history has it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.message import Message
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_report import ReceiverReport, Sums
from alerts.rehearsal_script import Script
from flows.config.whole import Settings
from flows.rehearsal_stage import Progress, Stage, Wanted, rule_names
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalReport:
    #: The part of what was wanted of which there is history.
    since: datetime
    until: datetime
    receivers: tuple[ReceiverReport, ...]
    #: Events that are to go out after the end.
    waiting: int


def rehearse(
    store: Store,
    settings: Settings,
    wanted: Wanted,
    *,
    on_message: Callable[[Message], None],
    progress: Progress | None = None,
) -> RehearsalReport:
    """Go through history; ``on_message`` takes each message that goes out in the time that is wanted.

    Raises WrongRehearsal, and UnknownPerson.
    """
    stage = Stage.of(store, settings, wanted)
    script = stage.script(settings)
    rehearsal = Rehearsal(script, stage.since)
    sums = Sums()
    for message in _messages(stage, script, rehearsal, progress):
        if message.created_at >= stage.since:
            sums.add(message)
            on_message(message)
    rules = {receiver.name: rule_names(script, receiver.name) for receiver in stage.receivers}
    rehearsal.tally.count_unread(stage.unread(script), rules)
    return RehearsalReport(
        since=stage.since,
        until=stage.until,
        receivers=sums.reports(rules, rehearsal.tally, stage.until - stage.since),
        waiting=rehearsal.waiting,
    )


def _messages(stage: Stage, script: Script, rehearsal: Rehearsal, progress: Progress | None) -> Iterator[Message]:
    for moments in stage.moments(script, progress):
        facts = stage.facts(rehearsal, moments)
        for one in moments:
            yield from rehearsal.see(one, facts)
    yield from rehearsal.end(stage.until)

"""Delivery: what waits in the outbox goes out, receiver by receiver.

    outbox → who may be sent what → undelivered → compose → send → delivered | failed, and who hears of that

A message is composed and its id fixed before it is first sent, and marked after: a process killed in between sends
it once more under the same id, and never loses it. Tracking does not wait for this, and this asks nobody but the
store.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import random
from time import perf_counter

from flows.config.whole import Settings
from flows.manifest import DeliverManifest
from flows.opening import allowances, closed, known_states
from flows.sending import Line, Progress, Sending
from storage.store import Store
from tracking.alert import PendingMessage
from tracking.receiver import ReceiverState

#: What goes wrong in the first is told in the second.
_ROUNDS = 2


def deliver(
    store: Store,
    settings: Settings,
    now: datetime,
    *,
    chance: Callable[[], float] = random,
    progress: Progress | None = None,
) -> DeliverManifest:
    """Send every message that is due at ``now``; one receiver's failure does not keep another's message.

    ``chance`` gives random numbers 0..1, by which the next tries of what failed are spread.
    """
    started = perf_counter()
    with store.delivery_lock():
        run_id = store.begin_run("deliver", now)
        withheld = settings.yesterday.withheld if settings.yesterday is not None else frozenset()
        states = known_states(store, settings.receivers, withheld)
        standing = (closed(each, states[each.name], now, withheld) for each in settings.receivers)
        shut = [each for each in standing if each is not None]
        sending = Sending(store, settings, run_id, now, chance=chance, progress=progress)
        lines = _send_in_rounds(store, settings, states, {each.receiver for each in shut}, now, sending)
        manifest = DeliverManifest(
            run_id=run_id,
            now=now,
            messages=sum(len(line.messages) for line in lines),
            delivered=sum(line.delivered for line in lines),
            waiting=sum(line.waiting for line in lines),
            items=sum(line.items for line in lines),
            failures=tuple(failure for line in lines for failure in line.failures),
            closed=tuple(shut),
            elapsed_seconds=perf_counter() - started,
        )
        store.end_run(run_id, manifest.to_json())
    return manifest


def _send_in_rounds(
    store: Store,
    settings: Settings,
    states: Mapping[str, ReceiverState],
    shut: set[str],
    now: datetime,
    sending: Sending,
) -> list[Line]:
    done: list[Line] = []
    for _ in range(_ROUNDS):
        messages = store.undelivered(now, allowances(settings.receivers, shut, now))
        had = {message.id for line in done for message in line.messages}
        lines = _lines([message for message in messages if message.id not in had], settings, states)
        sending.send(lines)
        done += lines
        if not any(line.is_told for line in lines):
            break
        states = {**states, **{line.name: line.state for line in lines}}
        shut = shut | {line.name for line in lines if line.is_over(now)}
    return done


def _lines(messages: Sequence[PendingMessage], settings: Settings, states: Mapping[str, ReceiverState]) -> list[Line]:
    """A line for each receiver that something waits for, the oldest message first."""
    receivers = {receiver.name: receiver for receiver in settings.receivers}
    by_receiver: defaultdict[str, list[PendingMessage]] = defaultdict(list)
    for message in messages:
        by_receiver[message.receiver].append(message)
    return [
        Line(
            name=name,
            receiver=receivers.get(name),
            state=states.get(name, ReceiverState(name=name)),
            messages=waiting,
        )
        for name, waiting in by_receiver.items()
    ]

"""What the other receivers hear when a message is given up, or a receiver switched off."""

from collections.abc import Sequence
from datetime import datetime

from alerts.delivery import Receiver
from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import verdicts_about
from storage.store import Store
from tracking.alert import PendingMessage, Verdict, VerdictKind
from tracking.event import Event, EventKind
from tracking.note import note
from tracking.receiver import ReceiverState

_ABOUT_DELIVERY = (EventKind.DELIVERY_FAILED, EventKind.RECEIVER_OFF)


def delivery_notes(
    store: Store,
    settings: Settings,
    pending: PendingMessage,
    now: datetime,
    *,
    given_up: str | None,
    switched_off: ReceiverState | None,
) -> tuple[list[Event], list[Verdict]]:
    """Events about a message that failed, with their verdicts; none where nobody who is followed was ever checked.

    ``given_up`` is why it was, ``switched_off`` how the receiver stands, None where that did not happen. That a
    message is given up which only speaks of such things is not told: two receivers that are both gone would write to
    each other for ever.
    """
    told: list[tuple[EventKind, str, str]] = []
    if switched_off is not None:
        told.append((EventKind.RECEIVER_OFF, pending.receiver, _switched_off(switched_off)))
    if given_up is not None and not _speaks_of_delivery_only(pending):
        told.append((EventKind.DELIVERY_FAILED, pending.id, _given_up(pending, given_up)))
    profile = store.profile_of_notes() if told else None
    if profile is None:
        return [], []
    events = [note(kind, subject, detail, profile, now) for kind, subject, detail in told]
    subject = Subject(
        person=profile.person or profile.url, tags=profile.tags, source=profile.source, profile_url=profile.url
    )
    (verdicts,) = verdicts_about(store, settings, [(events, subject)], now)
    others = [verdict for verdict in verdicts if verdict.receiver != pending.receiver]
    return events, [*others, *_itself(events, pending.receiver, settings.receivers)]


def _speaks_of_delivery_only(pending: PendingMessage) -> bool:
    return all(entry.item["kind"] in _ABOUT_DELIVERY for entry in pending.entries)


def _switched_off(state: ReceiverState) -> str:
    return (
        f"“{state.name}” takes no messages ({state.off_reason}) and is not tried any more; what is for it waits until "
        f"its configuration changes or “scholarwatch outbox retry --receiver {state.name}” is said"
    )


def _given_up(pending: PendingMessage, error: str) -> str:
    tries = pending.attempts + 1
    items = len({entry.topic for entry in pending.entries})
    return (
        f"message {pending.id} to “{pending.receiver}” with {items} {'item' if items == 1 else 'items'} was given up "
        f"after {tries} tries ({error}); “scholarwatch outbox retry {pending.id}” tries again"
    )


def _itself(events: Sequence[Event], name: str, receivers: Sequence[Receiver]) -> list[Verdict]:
    """The receiver that failed is not written to about it; that is a verdict too, while it is in the configuration."""
    if all(receiver.name != name for receiver in receivers):
        return []
    why = f"it is about {name} itself, which did not take a message"
    return [Verdict(event_id=event.id, receiver=name, kind=VerdictKind.NO_RULE, why=why) for event in events]

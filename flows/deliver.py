"""Delivery: what waits in the outbox goes out, receiver by receiver.

    outbox → undelivered → compose → send → delivered | failed

A message is composed and its id fixed before it is first sent, and marked after: a process killed in between sends
it once more under the same id, and never loses it. Tracking does not wait for this, and this asks nobody but the
store.
"""

from datetime import datetime
from time import perf_counter

from alerts.compose import compose
from alerts.delivery import DeliveryError, Receiver, next_try
from flows.config.whole import Settings
from flows.manifest import DeliverManifest, FailedDelivery
from storage.store import Store
from tracking.alert import PendingMessage


def deliver(store: Store, settings: Settings, now: datetime) -> DeliverManifest:
    """Send every message that is due at ``now``; one receiver's failure does not keep another's message."""
    started = perf_counter()
    receivers = {receiver.name: receiver for receiver in settings.receivers}
    failures: list[FailedDelivery] = []
    messages = items = 0
    with store.delivery_lock():
        run_id = store.begin_run("deliver", now)
        for pending in store.undelivered(now):
            messages += 1
            failure = _send(store, receivers.get(pending.receiver), pending, now)
            if failure is None:
                items += len(pending.entries)
            else:
                failures.append(failure)
        manifest = DeliverManifest(
            run_id=run_id,
            now=now,
            messages=messages,
            delivered=messages - len(failures),
            items=items,
            failures=tuple(failures),
            elapsed_seconds=perf_counter() - started,
        )
        store.end_run(run_id, manifest.to_json())
    return manifest


def _send(store: Store, receiver: Receiver | None, pending: PendingMessage, now: datetime) -> FailedDelivery | None:
    try:
        if receiver is None:
            raise DeliveryError(f"the configuration names no receiver {pending.receiver!r} any more")
        absorbed = store.absorbed(pending.receiver, pending.created_at) if pending.digest else 0
        receiver.send(compose(pending, absorbed=absorbed))
    except DeliveryError as error:
        again = next_try(pending.attempts + 1, now)
        store.failed(pending.id, now, str(error), again)
        return FailedDelivery(receiver=pending.receiver, message=pending.id, error=str(error), next_try_at=again)
    store.delivered(pending.id, now)
    return None

"""A digest before its time: what waits for one goes out with a delivery now.

By themselves digests go out with `flows.deliver`, each at the time that its receiver has in the configuration.
"""

from collections.abc import Collection
from datetime import datetime

from alerts.setting import suggestion
from flows.config.whole import Settings
from flows.deliver import deliver
from flows.manifest import DeliverManifest
from flows.sending import Progress
from storage.store import Store


class UnknownReceiverError(ValueError):
    """Names that are no receivers of the configuration; the text says which."""


def digest(
    store: Store,
    settings: Settings,
    now: datetime,
    receivers: Collection[str] = (),
    *,
    progress: Progress | None = None,
) -> DeliverManifest:
    """`deliver`, where digests of these receivers (none: of all) do not wait for their time.

    Quiet hours hold. What comes after is for the next digest, at its time. Raises UnknownReceiverError before
    anything is sent.
    """
    known = [receiver.name for receiver in settings.receivers]
    if unknown := sorted(set(receivers) - set(known)):
        raise UnknownReceiverError(f"no receiver is called {unknown[0]!r}; {suggestion(unknown[0], known)}")
    store.hurry_digests(receivers or known, now)
    return deliver(store, settings, now, progress=progress)

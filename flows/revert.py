"""Taking a run back, and telling those who had heard of it.

    store.revert         facts and waiting messages of the run go, in one transaction
      | corrections      pure: one thing each that was told and does not hold
      | manifest

It delivers nothing (`flows.deliver` does), and nobody else delivers while it works: what was told is all that was told.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from alerts.correction import corrections
from flows.config.whole import Settings
from storage.store import Store
from tracking.alert import Told, Verdict
from tracking.event import Event
from tracking.view import Reverted


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertManifest:
    """What one `revert` did, or with ``dry_run`` would do."""

    now: datetime
    dry_run: bool
    reverted: Reverted
    #: Receivers that had heard of it and are not in the configuration any more: nobody is there to be told.
    absent: tuple[str, ...]
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        return False

    def to_json(self) -> dict[str, Any]:
        done = self.reverted
        return {
            "kind": "revert",
            "dry_run": self.dry_run,
            "run": done.by_run,
            "now": self.now.isoformat(),
            "state": "ok",
            "reverted": done.run_id,
            "profiles": done.profiles,
            "snapshots": done.snapshots,
            "events": dict(done.events),
            "waiting": done.waiting,
            "messages": done.messages,
            "corrections": dict(done.corrections),
            "absent": list(self.absent),
            "failures": [],
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }


def revert(
    store: Store, settings: Settings, run_id: str, now: datetime, *, force: bool = False, dry_run: bool = False
) -> RevertManifest:
    """Take a run back; corrections wait in the outbox then. ``force``: also a run that has no end.

    Raises StoreError for a run that cannot be taken back, and says why.
    """
    started = perf_counter()
    present = {receiver.name for receiver in settings.receivers}
    absent: set[str] = set()

    def correct(told: Sequence[Told]) -> tuple[list[Event], list[Verdict]]:
        absent.update(one.receiver for one in told if one.receiver not in present)
        return corrections([one for one in told if one.receiver in present], run_id, now)

    with nullcontext() if dry_run else store.delivery_lock():
        reverted = store.revert(run_id, now=now, correct=correct, force=force, dry_run=dry_run)
        manifest = RevertManifest(
            now=now,
            dry_run=dry_run,
            reverted=reverted,
            absent=tuple(sorted(absent)),
            elapsed_seconds=perf_counter() - started,
        )
        if reverted.by_run is not None:
            store.end_run(reverted.by_run, manifest.to_json())
    return manifest

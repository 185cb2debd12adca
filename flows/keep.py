"""Retention: what the configuration no longer wants to be kept is let go of, once a day.

Raw pages only, and never those that `storage.retention` keeps for ever. Without a section ``retention`` nothing is let
go of. It goes on beside checks: each of its steps is a short transaction, and what was killed is taken up by the next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from flows.config.whole import Settings
from storage.store import Store

_KIND = "keep"
#: Timers do not go off at the same second every day.
_PERIOD = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepManifest:
    """What one `keep` let go of. ``freed_bytes`` are the archive's, ``vacuumed_bytes`` the disk's; None: not asked."""

    run_id: str
    now: datetime
    before: datetime
    pages: int
    freed_bytes: int
    vacuumed_bytes: int | None
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        return False

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": _KIND,
            "run": self.run_id,
            "now": self.now.isoformat(),
            "state": "ok",
            "before": self.before.isoformat(),
            "pages": self.pages,
            "freed_bytes": self.freed_bytes,
            "vacuumed_bytes": self.vacuumed_bytes,
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }


def keep(store: Store, settings: Settings, now: datetime) -> KeepManifest | None:
    """Let go of what is too old at ``now``. None: nothing is asked for, or it was done today, or another is at it."""
    if settings.retention is None:
        return None
    with store.keeping_lock(now) as other:
        if other is not None or _was_done(store, now):
            return None
        started = perf_counter()
        run_id = store.begin_run(_KIND, now)
        before = now - settings.retention.pages
        retired = store.retire_pages(before, now=now, keep_told=not settings.retention.even_told)
        vacuumed = store.vacuum() if settings.retention.vacuum and retired.pages else None
        manifest = KeepManifest(
            run_id=run_id,
            now=now,
            before=before,
            pages=retired.pages,
            freed_bytes=retired.freed_bytes,
            vacuumed_bytes=vacuumed.before_bytes - vacuumed.after_bytes if vacuumed else None,
            elapsed_seconds=perf_counter() - started,
        )
        store.end_run(run_id, manifest.to_json())
        return manifest


def _was_done(store: Store, now: datetime) -> bool:
    last = store.last_run(_KIND)
    return last is not None and last.finished_at is not None and now - last.now < _PERIOD

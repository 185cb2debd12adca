"""What watching over the program has found."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.manifest import FAILURES_LISTED
from tracking.event import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedWatch:
    """Something that is wrong; ``kind`` is that of the event which tells it."""

    kind: EventKind
    detail: str
    acknowledged: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "detail": self.detail, "acknowledged": self.acknowledged}


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchManifest:
    """What one `watch` found. ``stale`` profiles are not read and nothing says why; of ``explained`` it was told."""

    run_id: str
    now: datetime
    last_good_run: datetime | None
    stale: int
    explained: int
    failures: tuple[FailedWatch, ...]
    #: The kinds of the notes that are told now.
    told: tuple[EventKind, ...]
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        return not all(failure.acknowledged for failure in self.failures)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "watch",
            "run": self.run_id,
            "now": self.now.isoformat(),
            "state": "degraded" if self.is_degraded else "ok",
            "last_good_run": self.last_good_run.isoformat() if self.last_good_run else None,
            "stale": self.stale,
            "explained": self.explained,
            "failed": len(self.failures),
            "failures": [failure.to_json() for failure in self.failures[:FAILURES_LISTED]],
            "events": dict(sorted(Counter(kind.value for kind in self.told).items())),
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }

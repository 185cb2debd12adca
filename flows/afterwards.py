"""What a run has to say once all its checks are written: of sources, hosts and profiles, each from what is stored.

A source that has counted anew comes first: what its pages then say otherwise is no other layout.
"""

from collections.abc import Mapping
from datetime import datetime

from flows.config.whole import Settings
from flows.drift import record_drifts
from flows.hosts import record_outages
from flows.recounts import record_recounts
from flows.whereabouts import record_whereabouts
from storage.store import Store
from tracking.event import Event
from tracking.shape import SourceShape


def record_afterwards(
    store: Store, settings: Settings, shapes: Mapping[str, SourceShape], run_id: str, now: datetime
) -> list[Event]:
    """Store the shapes of a run, by source, and one event with its verdicts for each thing that is to be told."""
    recounts = record_recounts(store, settings, run_id, now)
    return [
        *recounts.events,
        *record_drifts(store, settings, shapes, recounts.places, run_id, now),
        *record_outages(store, settings, run_id, now),
        *record_whereabouts(store, settings, run_id, now),
    ]

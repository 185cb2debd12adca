"""A source that has changed its layout is told of once, after all its profiles were checked.

What is told rests on what is stored: a run that was killed and run again tells neither less nor twice.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from alerts.judge import judge
from alerts.matching import Subject
from flows.config.whole import Settings
from storage.store import Store
from tracking.drift import Drift, ShownFields, drifts
from tracking.event import Event


def record_drifts(
    store: Store, settings: Settings, shown: Mapping[str, ShownFields], run_id: str, now: datetime
) -> list[Event]:
    """Store one event for each source whose layout has moved, with its verdicts; ``shown`` is by source."""
    followed = Counter(profile.source for person in settings.people for profile in person.profiles)
    found = {source: drift for source, fields in shown.items() if (drift := fields.drift(followed[source])) is not None}
    if unread := store.last_checks():
        found |= {drift.source: drift for drift in drifts(unread, store.last_drifts())}
    if not found:
        return []
    told = [(drift.event(now), drift) for _, drift in sorted(found.items())]
    verdicts = [
        verdict
        for event, drift in told
        for verdict in judge([event], _subject(drift), settings.rules, settings.receivers, now)
    ]
    events = [event for event, _ in told]
    store.record(events, verdicts, run_id=run_id, recorded_at=now)
    return events


def _subject(drift: Drift) -> Subject:
    profile = drift.profile
    return Subject(
        person=profile.person or profile.url, tags=profile.tags, source=drift.source, profile_url=profile.url
    )

"""A source that has changed its layout is told of once, after all its profiles were checked.

That pages cannot be read rests on what is stored: a run that was killed and run again tells neither less nor twice.
What pages show is stored run by run, with what was told of it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import verdicts_about
from storage.store import Store
from tracking.drift import Drift, drifts
from tracking.event import Event
from tracking.recount import Place
from tracking.redesign import RUNS, redesign
from tracking.shape import SourceShape


def record_drifts(
    store: Store,
    settings: Settings,
    shapes: Mapping[str, SourceShape],
    recounted: Collection[Place],
    run_id: str,
    now: datetime,
) -> list[Event]:
    """Store the shapes of a run, by source, and one event with its verdicts for each source whose layout has moved.

    What is ``recounted`` is told for itself.
    """
    followed = Counter(profile.source for person in settings.people for profile in person.profiles)
    found: dict[str, Drift] = {}
    judged: dict[str, SourceShape] = {}
    for source, shape in shapes.items():
        recent = [view.shape for view in store.source_shapes(source, limit=RUNS)]
        metrics = [metric for of, metric in recounted if of == source]
        told = redesign(source, shape, recent, followed[source], metrics)
        judged[source] = replace(shape, told=told.told, ended=told.ended, lasting=told.lasting)
        if told.drift is not None:
            found[source] = told.drift
    if unread := store.last_checks():
        found |= {drift.source: drift for drift in drifts(unread, store.last_drifts())}
    events = [(drift.event(now), drift) for _, drift in sorted(found.items())]
    verdicts = list(
        chain(*verdicts_about(store, settings, [([event], _subject(drift)) for event, drift in events], now))
    )
    if judged or events:
        store.record_shapes(judged, [event for event, _ in events], verdicts, run_id=run_id, recorded_at=now)
    return [event for event, _ in events]


def _subject(drift: Drift) -> Subject:
    profile = drift.profile
    return Subject(
        person=profile.person or profile.url, tags=profile.tags, source=drift.source, profile_url=profile.url
    )

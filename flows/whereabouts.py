"""A profile that is gone, or that its source has moved to another URL for good, is told of once.

What is told rests on the checks that are stored: a run that was killed and run again tells neither less nor twice.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import chain

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import verdicts_about
from storage.store import Store
from tracking.event import Event
from tracking.whereabouts import SETTLES_AFTER, Absence, knows_nobody


def record_whereabouts(store: Store, settings: Settings, run_id: str, now: datetime) -> list[Event]:
    """Store one event with its verdicts for each profile that is gone or has moved, and was not told to have."""
    found = [(absence, absence.event(now)) for absence in _settled(store, store.absences())]
    if not found:
        return []
    judged = verdicts_about(store, settings, [([event], _subject(absence)) for absence, event in found], now)
    verdicts = list(chain.from_iterable(judged))
    store.record([event for _, event in found], verdicts, run_id=run_id, recorded_at=now)
    return [event for _, event in found]


def _settled(store: Store, absences: Sequence[Absence]) -> list[Absence]:
    """Those that checks have found to be absent which can be believed: not while the source knew next to nobody."""

    @cache
    def is_unbelievable(source: str, at: datetime) -> bool:
        return knows_nobody(*store.count_gone(source, at - SETTLES_AFTER, at))

    settled = []
    for one in absences:
        if not one.is_settled():
            continue
        unbelievable = [at for at in one.times if one.moved_to is None and is_unbelievable(one.profile.source, at)]
        if one.is_settled(unbelievable):
            settled.append(one)
    return settled


def _subject(absence: Absence) -> Subject:
    profile = absence.profile
    return Subject(
        person=profile.person or profile.url, tags=profile.tags, source=profile.source, profile_url=profile.url
    )

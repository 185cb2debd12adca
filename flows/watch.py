"""Watching over itself: is there a good run often enough, and is everybody's page read?

    store.runs_so_far, store.unread_profiles
      | decide           pure: what is wrong, what of it is told already, or explained by what else was told
      | note, judge      pure: events and verdicts like all others
      | store.record     with what each note is about: it is told once, and again after a week that it goes on
      | manifest

It checks nobody and delivers nothing. It is to be started by a timer of its own: it has to work where `track` does not.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from time import perf_counter

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import asked_host, verdicts_about
from flows.watch_manifest import FailedWatch, WatchManifest
from flows.yesterday import broken_note, broken_words
from storage.store import Store
from tracking.cadence import Checked
from tracking.drift import LastCheck
from tracking.event import Event, EventKind
from tracking.note import note
from tracking.watchfulness import RunsSoFar, Unread, is_at_work, is_explained, is_stale, missed_run, stale_note

#: What a note about runs is about.
_RUNS = "track"


@dataclass(frozen=True, slots=True)
class _Note:
    """An event that is to be told now, the profile that it is of, and the ids of those that it tells of."""

    event: Event
    profile: LastCheck
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadProfile:
    """A profile that is not read, and what that comes to."""

    host: str
    profile: Unread
    is_stale: bool
    #: Something else that was told says why.
    is_explained: bool


def watch(store: Store, settings: Settings, now: datetime) -> WatchManifest:
    """Find what is wrong at ``now``, and record what of it is to be told."""
    started = perf_counter()
    with store.watching_lock():
        run_id = store.begin_run("watch", now)
        runs = store.runs_so_far(now)
        unread = unread_profiles(store, settings, now)
        stale = [one for one in unread if one.is_stale]
        found = [
            *_of_configuration(store, settings, now),
            *_of_runs(store, settings, runs, unread, now),
            *_of_profiles(stale, now),
        ]
        notes = [one for _, one in found if one is not None]
        _record(store, settings, notes, run_id, now)
        manifest = WatchManifest(
            run_id=run_id,
            now=now,
            last_good_run=runs.good.now if runs.good else None,
            stale=sum(not one.is_explained for one in stale),
            explained=sum(one.is_explained for one in stale),
            failures=tuple(failure for failure, _ in found),
            told=tuple(one.event.kind for one in notes),
            elapsed_seconds=perf_counter() - started,
        )
        store.end_run(run_id, manifest.to_json())
    return manifest


def unread_profiles(store: Store, settings: Settings, now: datetime) -> list[UnreadProfile]:
    """The profiles that are not read, with what there is to say of them."""
    unread = store.unread_profiles(now, settings.cadences)
    if not unread:
        return []
    down, drifted = store.down_hosts(), store.drifted_sources()
    found = []
    for one in unread:
        profile = one.profile
        host = asked_host(profile.source, profile.url)
        checked = Checked(source=profile.source, key=profile.key, at=profile.checked_at, activity=one.activity)
        period = settings.cadences.period_of(checked, now)
        found.append(
            UnreadProfile(
                host=host,
                profile=one,
                is_stale=is_stale(one, period, settings.watch.patience, now),
                is_explained=is_explained(one, host_is_down=host in down, drifted_at=drifted.get(profile.source)),
            )
        )
    return found


def _of_configuration(store: Store, settings: Settings, now: datetime) -> Iterator[tuple[FailedWatch, _Note | None]]:
    """That the file is broken, and the note about it, if there is one to be told."""
    if settings.yesterday is None:
        return
    kind = EventKind.CONFIG_BROKEN
    mention, profile = store.mention_of(kind, settings.yesterday.good_at), store.profile_of_notes()
    event = broken_note(settings.yesterday, mention, profile, now)
    told = _Note(event, profile) if event is not None and profile is not None else None
    yield FailedWatch(kind=kind, detail=broken_words(settings.yesterday), acknowledged=mention.acknowledged), told


def _of_runs(
    store: Store, settings: Settings, runs: RunsSoFar, unread: Sequence[UnreadProfile], now: datetime
) -> Iterator[tuple[FailedWatch, _Note | None]]:
    """What is wrong with the runs, and the note about it, if there is one to be told.

    Where runs end as they should and all that they could not read was told of, there is nothing to add.
    """
    kind, patience = EventKind.RUN_MISSED, settings.watch.patience
    if not settings.people:
        return
    if runs.since is None:
        # There is no profile yet that a note could be of.
        yield FailedWatch(kind=kind, detail="there was no run yet"), None
        return
    detail = missed_run(runs, patience, now)
    is_told = all(one.is_explained for one in unread) and is_at_work(runs, patience, now)
    if detail is None or is_told:
        return
    mention, profile = store.mention_of(kind, runs.since), store.profile_of_notes()
    told = None
    if profile is not None and mention.is_to_be_told(now):
        told = _Note(note(kind, _RUNS, detail, profile, now), profile)
    yield FailedWatch(kind=kind, detail=detail, acknowledged=mention.acknowledged), told


def _of_profiles(stale: Sequence[UnreadProfile], now: datetime) -> Iterator[tuple[FailedWatch, _Note | None]]:
    """What is wrong at each host, and the note about those of which there is something to be told."""
    kind = EventKind.PROFILE_STALE
    by_host: defaultdict[str, list[Unread]] = defaultdict(list)
    for one in stale:
        if not one.is_explained:
            by_host[one.host].append(one.profile)
    for host, unread in sorted(by_host.items()):
        seen = [one for one in unread if one.mention.acknowledged]
        if seen:
            yield FailedWatch(kind=kind, detail=stale_note(host, seen), acknowledged=True), None
        left = [one for one in unread if not one.mention.acknowledged]
        if left:
            yield FailedWatch(kind=kind, detail=stale_note(host, left)), _stale_note(host, left, now)


def _stale_note(host: str, unread: Sequence[Unread], now: datetime) -> _Note | None:
    telling = [one for one in unread if one.mention.is_to_be_told(now)]
    if not telling:
        return None
    first = telling[0].profile
    event = note(EventKind.PROFILE_STALE, host, stale_note(host, telling), first, now)
    return _Note(event, first, tuple(one.profile.profile_id for one in telling))


def _record(store: Store, settings: Settings, notes: Sequence[_Note], run_id: str, now: datetime) -> None:
    if not notes:
        return
    judged = verdicts_about(store, settings, [([one.event], _subject(one.profile)) for one in notes], now)
    verdicts = list(chain.from_iterable(judged))
    told = [(one.event, one.about) for one in notes]
    store.record_watch(told, verdicts, run_id=run_id, recorded_at=now)


def _subject(profile: LastCheck) -> Subject:
    return Subject(
        person=profile.person or profile.url, tags=profile.tags, source=profile.source, profile_url=profile.url
    )

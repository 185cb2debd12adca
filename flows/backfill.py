"""Filling in the past.

    turn                 daily runs go first, and of several backfills one after the other
      | store.to_fill    the profiles, and which times are recorded already
      | survey           what the origin has of each; nothing of it is read
      | read             oldest first, a few at once, at the origin's pace; the same bytes again are not read again
      | parse            as of the capture's own day
      | store.insert     what is ready, in one transaction, while the next captures are read
      | store.tell       with `notify`: what came of it and still holds, as one digest
      | manifest

A kill loses what was read and not written: a second's worth, or a few captures. The next backfill skips all that is
recorded. It notifies nobody unless asked to, does not deliver, reads no clock, and knows no Prefect.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from alerts.subject import Subject
from flows.backfill_manifest import BackfillManifest, FillTally, total
from flows.backfill_origin import archive_policy, origin_for
from flows.backfill_plan import BackfillPlan, ProfilePlan, Progress, followed_and_stored, plan_backfill
from flows.backfill_reading import CaptureReader, CapturesAhead
from flows.backfill_wanted import Wanted
from flows.config.whole import Settings
from flows.judging import verdicts_about
from flows.politeness import stored_gate
from flows.turns import Waiting, daily_run_first, only_backfill
from flows.yesterday import take_over
from scrapers.registry import SOURCES
from storage.store import Store
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.check import Failure, Outcome
from tracking.event import Cause, Event, EventKind
from tracking.late import LateSighting, ProfileToFill

FillProfile = Callable[["Filling"], Awaitable[FillTally]]


def _silently(_why: str) -> None:
    """Nobody hears why it waits."""


async def backfill(
    store: Store,
    settings: Settings,
    now: datetime,
    wanted: Wanted,
    *,
    progress: Progress | None = None,
    fill_profile: FillProfile | None = None,
    waiting: Waiting = _silently,
) -> BackfillManifest:
    """Record every capture that is wanted and not recorded; profiles one after the other.

    ``fill_profile`` fills one; by default here and now. ``waiting`` hears why it waits for its turn. Raises WrongWish
    and UnknownPerson before anything is read.
    """
    take_over(store, settings, now)
    # What is wished for wrongly is said at once.
    wanted.among(store.to_fill(wanted.people or None))
    async with only_backfill(store, now, waiting):
        await daily_run_first(store, waiting)
        return await _backfill(store, settings, now, wanted, progress, fill_profile or Filling.run, waiting)


async def _backfill(
    store: Store,
    settings: Settings,
    now: datetime,
    wanted: Wanted,
    progress: Progress | None,
    fill_profile: FillProfile,
    waiting: Waiting,
) -> BackfillManifest:
    started = perf_counter()
    profiles = wanted.among(store.to_fill(wanted.people or None))
    async with (
        stored_gate(store, archive_policy(wanted.origin, settings), now, began=started) as gate,
        origin_for(wanted.origin, settings, gate) as origin,
    ):
        plan = await plan_backfill(origin, profiles, wanted, now, progress)
        run_id = store.begin_run("backfill", now)
        async with CaptureReader(origin, plan.new) as reader:
            run = _Run(
                store=store,
                settings=settings,
                reader=reader,
                run_id=run_id,
                now=now,
                keeps_papers=wanted.notify,
                captures=plan.new,
                progress=progress,
            )
            tallies = []
            for profile in plan.profiles:
                await daily_run_first(store, waiting)
                tallies.append(await fill_profile(Filling(run, profile)))
    if wanted.notify:
        _tell(store, settings, plan, tallies)
    manifest = BackfillManifest(
        run_id=run_id,
        now=now,
        plan=plan,
        tally=total(tallies),
        reads=reader.reads,
        elapsed_seconds=perf_counter() - started,
    )
    store.end_run(run_id, manifest.to_json())
    return manifest


async def dry_run(
    settings: Settings, now: datetime, wanted: Wanted, *, progress: Progress | None = None
) -> BackfillPlan:
    """What `backfill` would do; nothing is read and nothing written. Raises WrongWish and UnknownPerson."""
    with _store_if_any(settings.database) as store:
        profiles = wanted.among(followed_and_stored(store, settings, wanted.people))
    async with origin_for(wanted.origin, settings) as origin:
        return await plan_backfill(origin, profiles, wanted, now, progress)


@contextmanager
def _store_if_any(database: str) -> Iterator[Store | None]:
    """None: there is no database yet, and none is made."""
    if "://" not in database and not Path(database).exists():
        yield None
        return
    with Store.open_existing(database) as store:
        yield store


class Filling:
    """One profile whose past is filled in."""

    def __init__(self, run: "_Run", plan: ProfilePlan) -> None:
        self._run = run
        self._plan = plan

    @property
    def person(self) -> str:
        return self._plan.profile.person

    async def run(self) -> FillTally:
        """Read and record all captures that are new; every one ends as an outcome, so only a bug raises."""
        tally = FillTally()
        tally.count_trouble(self._plan)
        self._run.tell(self.person, 0)
        profile, run = self._plan.profile, self._run
        note = SOURCES[profile.source].reading_note(profile.url, run.settings.sources[profile.source])
        async with CapturesAhead(run.reader, profile.source, self._plan.new, note) as ahead:
            while sightings := await ahead.take():
                await asyncio.to_thread(self._write, sightings, tally)
                self._run.tell(self.person, len(sightings))
        return tally

    def _write(self, sightings: Sequence[LateSighting], tally: FillTally) -> None:
        """Record captures in one transaction, and count them."""
        run, profile_id = self._run, self._plan.profile.profile_id
        # Nothing is known of a capture that was not asked for: there is nothing to record.
        asked = [sighting for sighting in sightings if not _is_unasked(sighting)]
        inserted = run.store.insert(profile_id, asked, run_id=run.run_id, recorded_at=run.now)
        tally.count_events(inserted, with_papers=run.keeps_papers)
        tally.repeated += len(inserted.repeated)
        for sighting in sightings:
            match sighting.finding:
                case Failure(outcome=Outcome.COOLING_DOWN, detail=detail):
                    tally.count(self._plan, sighting, Outcome.COOLING_DOWN, detail)
                case _ if sighting.observed_at in inserted.outcomes:
                    tally.count(self._plan, sighting, *inserted.outcomes[sighting.observed_at])


def _is_unasked(sighting: LateSighting) -> bool:
    return isinstance(sighting.finding, Failure) and sighting.finding.outcome is Outcome.COOLING_DOWN


@dataclass(slots=True, kw_only=True)
class _Run:
    """What the profiles of one run share."""

    store: Store
    settings: Settings
    reader: CaptureReader
    run_id: str
    now: datetime
    #: Whether the events will be judged, for which the papers are needed.
    keeps_papers: bool
    #: To be read in all, and written so far.
    captures: int
    written: int = 0
    progress: Progress | None

    def tell(self, person: str, written: int) -> None:
        """Let ``progress`` hear whose captures are being written, and that so many more are."""
        self.written += written
        if self.progress is not None:
            self.progress(person, self.captures, self.written)


def _tell(store: Store, settings: Settings, plan: BackfillPlan, tallies: Sequence[FillTally]) -> None:
    """Put what came of it into everybody's digest, as far as their rules ask for it."""
    # Somebody whom the file does not name has the name of a page by now.
    named = {profile.profile_id: profile for profile in store.to_fill()}
    events: list[Event] = []
    verdicts: list[Verdict] = []
    for filled, tally in zip(plan.profiles, tallies, strict=True):
        profile = named.get(filled.profile.profile_id, filled.profile)
        # That somebody is followed from now on is no news of an old page.
        news = (event for event in tally.events.values() if event.kind is not EventKind.PROFILE_BASELINE)
        of_profile = sorted(news, key=lambda event: event.observed_at)
        events += of_profile
        verdicts += _judged(of_profile, profile, store, settings, plan.now)
    store.tell(events, verdicts)


def _judged(
    events: Sequence[Event], profile: ProfileToFill, store: Store, settings: Settings, now: datetime
) -> list[Verdict]:
    """Verdicts as if the source had shown it just now; what is to be told goes out with the next delivery, together."""
    subject = Subject(person=profile.person, tags=profile.tags, source=profile.source, profile_url=profile.url)
    as_if_live = [replace(event, cause=Cause.SOURCE) for event in events]
    [verdicts] = verdicts_about(store, settings, [(as_if_live, subject)], now)
    return [
        replace(verdict, kind=VerdictKind.DIGEST, not_before=now) if verdict.kind in HEARD_OF else verdict
        for verdict in verdicts
    ]

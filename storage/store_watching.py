"""One side of `storage.store.Store`: whether the program is at work, and who else is told what it does."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from storage import announced, due, last_checks, locks, stale, vitals
from storage.announced import Unannounced
from storage.store_side import Side
from tracking.alert import Verdict
from tracking.cadence import Cadences
from tracking.event import Event, EventKind
from tracking.holder import Holder
from tracking.vitals import Vitals
from tracking.watchfulness import Mention, RunsSoFar, Unread


class Watching(Side):
    """Whether the program is at work, and who else is told what it does."""

    # ---- runs at the wrong time

    def tracking_lock(self, now: datetime) -> AbstractContextManager[Holder | None]:
        """Be the one process that checks, since ``now``: gives None, or who is it. Who dies gives it up."""
        return locks.trying(self._database, locks.Lock.TRACKING, now)

    def tracker(self) -> Holder | None:
        """The process that checks at this moment, if one does."""
        return locks.holder_of(self._database, locks.Lock.TRACKING)

    def backfilling_lock(self, now: datetime) -> AbstractContextManager[Holder | None]:
        """Likewise the one process that fills in the past."""
        return locks.trying(self._database, locks.Lock.BACKFILLING, now)

    def keeping_lock(self, now: datetime) -> AbstractContextManager[Holder | None]:
        """Likewise the one process that lets go of what is no longer to be kept."""
        return locks.trying(self._database, locks.Lock.KEEPING, now)

    def is_anybody_due(self, now: datetime, cadences: Cadences) -> bool:
        """Whether `due` would find somebody."""
        with self._database.reading() as connection:
            return due.is_anybody_due(connection, now, cadences)

    def number_due(self, now: datetime, cadences: Cadences) -> int:
        """How many `due` would find."""
        with self._database.reading() as connection:
            return due.number_due(connection, now, cadences)

    # ---- watching over itself

    def vitals(self, now: datetime) -> Vitals:
        """How the whole stands at ``now``, measured without looking at all of the history."""
        with self._database.reading() as connection:
            return vitals.vitals(connection, self._database, now)

    def watching_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process watches, then be the one: two would tell the same."""
        return locks.waiting_for(self._database, locks.Lock.WATCHING)

    def runs_so_far(self, now: datetime) -> RunsSoFar:
        """The runs of checks up to ``now``, down to the last good one."""
        with self._database.reading() as connection:
            return stale.runs_so_far(connection, now)

    def mention_of(self, kind: EventKind, since: datetime) -> Mention:
        """What was told since a time by events of a kind that is about no profile in particular."""
        with self._database.reading() as connection:
            return stale.mention_of(connection, kind, since)

    def unread_profiles(self, now: datetime, cadences: Cadences) -> list[Unread]:
        """The followed profiles whose last check did not end well."""
        with self._database.reading() as connection:
            return stale.unread_profiles(connection, now, with_activity=cadences.needs_activity)

    def down_hosts(self) -> frozenset[str]:
        """The hosts that are told to be down, or to let nobody in."""
        with self._database.reading() as connection:
            return stale.down_hosts(connection)

    def drifted_sources(self) -> dict[str, datetime]:
        """By source, when it was last told to have another layout."""
        with self._database.reading() as connection:
            return last_checks.last_drifts(connection)

    def record_watch(
        self,
        told: Sequence[tuple[Event, Sequence[int]]],
        verdicts: Sequence[Verdict],
        *,
        run_id: str,
        recorded_at: datetime,
    ) -> None:
        """Store notes, each with the ids of the profiles that it tells of, and the verdicts about them."""
        with self._database.writing() as connection:
            stale.record_watch(connection, told, verdicts, int(run_id), recorded_at)

    # ---- telling a Prefect server

    def unannounced(self, run_id: str, *, limit: int) -> Unannounced:
        """What a Prefect server has to hear of at the end of a run, ``limit`` events at most."""
        with self._database.reading() as connection:
            return announced.unannounced(connection, int(run_id), limit)

    def mark_announced(self, heard: Unannounced, at: datetime) -> None:
        """Note that a Prefect server has heard of it."""
        with self._database.writing() as connection:
            announced.mark_announced(connection, heard.runs, at)

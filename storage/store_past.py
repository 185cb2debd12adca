"""One side of `storage.store.Store`: late pages, pages read again, runs taken back, versions of one work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter

from storage import (
    inserting,
    last_checks,
    links,
    rereading,
    reverting,
    shapes,
    showings,
)
from storage.events import record_events, tell
from storage.names import find_person
from storage.pages import StoredSnapshots
from storage.raw_page import raw_page
from storage.reverting import Revert
from storage.rewriting import Judge
from storage.store_side import Side
from storage.unread import UnreadPages
from storage.withdrawing import Correct
from tracking.alert import Verdict
from tracking.drift import LastCheck
from tracking.event import Cause, Event
from tracking.kept import KeptPage
from tracking.late import Inserted, LateSighting, ProfileToFill
from tracking.reread import ReadAgain
from tracking.shape import SourceShape
from tracking.view import (
    LinkView,
    Reverted,
    ShapeView,
)
from tracking.works import Showing


class Past(Side):
    """What is written of the past."""

    # ---- the past

    def to_fill(self, people: Sequence[str] | None = None) -> list[ProfileToFill]:
        """The followed profiles of these people (None: of everybody), whose past may be filled in.

        Raises UnknownPerson.
        """
        with self._database.reading() as connection:
            person_ids = None if people is None else [find_person(connection, name) for name in people]
            return inserting.profiles_to_fill(connection, person_ids)

    def insert(
        self,
        profile_id: int,
        sightings: Sequence[LateSighting],
        *,
        run_id: str,
        recorded_at: datetime,
        cause: Cause | None = Cause.BACKFILL,
        judge: Judge | None = None,
    ) -> Inserted:
        """Write captures of one profile at their own times, in one transaction and in any order.

        The history is then as if each had been recorded on its day. A time that was recorded before changes nothing.
        ``cause`` is that of the events that come of it; with None they have the usual ones, and ``judge`` says whom
        to tell. Raises StoreError where there is no such profile.
        """
        return inserting.insert_late(
            self._database, profile_id, sightings, int(run_id), recorded_at, cause=cause, judge=judge
        )

    def last_checks(self) -> list[LastCheck]:
        """How the pages stand of those sources of which one could not be read, see `storage.last_checks`."""
        with self._database.reading() as connection:
            return last_checks.last_checks(connection)

    def last_drifts(self) -> dict[str, datetime]:
        """By source: when it was last recorded that its layout has moved."""
        with self._database.reading() as connection:
            return last_checks.last_drifts(connection)

    def source_shapes(self, source: str | None = None, *, limit: int | None = None) -> list[ShapeView]:
        """What the pages of a source, or of each, showed together, the newest run first."""
        with self._database.reading() as connection:
            return shapes.source_shapes(connection, source, limit)

    def record_shapes(
        self,
        found: Mapping[str, SourceShape],
        events: Sequence[Event],
        verdicts: Sequence[Verdict],
        *,
        run_id: str,
        recorded_at: datetime,
    ) -> None:
        """Store the shapes of a run by source, and what is told of sources with it."""
        with self._database.writing() as connection:
            shapes.record_shapes(connection, found, int(run_id))
            record_events(connection, events, verdicts, {}, int(run_id), recorded_at)

    def record(
        self, events: Sequence[Event], verdicts: Sequence[Verdict], *, run_id: str, recorded_at: datetime
    ) -> None:
        """Store events that are about no paper and come of no single check, with the verdicts about them."""
        with self._database.writing() as connection:
            record_events(connection, events, verdicts, {}, int(run_id), recorded_at)

    def tell(self, events: Sequence[Event], verdicts: Sequence[Verdict]) -> None:
        """Store what is to be told of events that are recorded already."""
        with self._database.writing() as connection:
            tell(connection, events, verdicts)

    def stored_snapshots(
        self,
        *,
        source: str | None = None,
        person: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> StoredSnapshots:
        """The accepted snapshots with their raw pages, as chosen; see `StoredSnapshots`. Raises UnknownPerson."""
        person_id = self._person_id(person)
        return StoredSnapshots(database=self._database, source=source, person_id=person_id, since=since, until=until)

    def unread_pages(
        self,
        *,
        source: str | None = None,
        person: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UnreadPages:
        """The kept pages that could not be read, as chosen; see `UnreadPages`. Raises UnknownPerson."""
        person_id = self._person_id(person)
        return UnreadPages(database=self._database, source=source, person_id=person_id, since=since, until=until)

    def raw_page(self, person: str, at: datetime | None = None) -> KeptPage:
        """The page of a person at a time (None: now), accepted or not; see `storage.raw_page`."""
        with self._database.reading() as connection:
            return raw_page(connection, person, at)

    def reread(self, again: Sequence[ReadAgain], *, run_id: str, recorded_at: datetime) -> int:
        """Store what today's parsers make of stored pages, cause ``parser``; how many snapshots changed."""
        return rereading.store_again(self._database, again, int(run_id), recorded_at)

    def revert(
        self, run_id: str, *, now: datetime, correct: Correct, force: bool = False, dry_run: bool = False
    ) -> Reverted:
        """Take back everything that a run recorded, as a run of its own; `end_run` ends it.

        ``correct`` says who hears what of what was told and does not hold. ``force``: also a run that has no end.
        ``dry_run``: write nothing. Raises StoreError for a run that cannot be taken back, and says why.
        """
        begun = perf_counter()
        asked = Revert(run_id=int(run_id), now=now, correct=correct, force=force, dry_run=dry_run)
        reverted = reverting.revert(self._database, asked)
        if reverted.by_run is not None:
            self._begun[reverted.by_run] = begun
        return reverted

    # ---- versions of one work

    def links(self, person: str | None = None) -> list[LinkView]:
        """The papers that are linked or were, of everybody or of one person. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return links.links(connection, None if person is None else find_person(connection, person))

    def join(self, key: str, other_key: str, now: datetime) -> bool:
        """Link two papers by hand; False where they are linked already. Raises UnknownPaper, StoreError."""
        with self._database.writing() as connection:
            return links.join(connection, key, other_key, now)

    def split(self, key: str, other_key: str, now: datetime) -> bool:
        """Sever a link for good; False where it was before. Raises UnknownPaper, StoreError."""
        with self._database.writing() as connection:
            return links.split(connection, key, other_key, now)

    def showings(self, person: str | None = None) -> list[Showing]:
        """When the sources of people who have several showed each paper first. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return showings.showings(connection, None if person is None else find_person(connection, person))

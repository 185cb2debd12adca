"""The store: the one door to this room. Values of `tracking` go in and come out, rows never do.

>>> with Store.open("scholarwatch.db") as store:
...     store.follow(people, now)
...     run_id = store.begin_run("track", now)
...     watches = store.due(now, cadence=Cadences())
...     store.apply(decisions, run_id=run_id, recorded_at=now)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from storage import (
    applying,
    due,
    elsewhere,
    following,
    held,
    history,
    hosts,
    inserting,
    last_checks,
    links,
    locks,
    outages,
    outbox,
    rereading,
    reverting,
    runs,
    shapes,
    showings,
    snapshots,
)
from storage.absorbed import absorbed
from storage.backup import Backup, Progress, back_up
from storage.engine import Database
from storage.errors import StoreError
from storage.events import record_events, tell
from storage.exporting import Export, exporting
from storage.known import read_known
from storage.names import find_person
from storage.pages import StoredSnapshots
from storage.people import people
from storage.proving import Proving
from storage.raw_page import raw_page
from storage.retention import Retired, retire_pages
from storage.reverting import Revert
from storage.rewriting import Judge
from storage.schema import open_schema
from storage.series import series
from storage.unread import UnreadPages
from storage.vacuum import Vacuumed, vacuum
from storage.withdrawing import Correct
from tracking.alert import PendingMessage, Verdict
from tracking.cadence import Cadences
from tracking.check import CheckIntent, Known, Page, Watch
from tracking.drift import LastCheck
from tracking.elsewhere import ShownPaper
from tracking.event import Cause, Event, EventKind
from tracking.host import Answered, Grant, HostLedger, HostPolicy, Refused, RobotsRecord
from tracking.kept import HeldPage, KeptPage
from tracking.late import Inserted, LateSighting, ProfileToFill
from tracking.outage import Edge, HostHealth
from tracking.rejecting import Refusal
from tracking.reread import ReadAgain
from tracking.shape import SourceShape
from tracking.view import (
    EventView,
    FollowedPerson,
    Following,
    LinkView,
    MetricSeries,
    PersonState,
    PersonView,
    QuarantineView,
    Reverted,
    RunView,
    ShapeView,
    StatusView,
)
from tracking.works import Showing


class Store:
    """Every method is one transaction (reading many things may be several) and may raise StoreError.

    Times are aware; a naive one raises ValueError. A store may be used by several threads.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        #: When the runs of this process began, by the clock that only measures.
        self._begun: dict[str, float] = {}

    @classmethod
    def open(cls, database: str) -> Self:
        """``scholarwatch.db``, a path, ``sqlite:///…`` or ``postgresql+psycopg://…``; created or migrated if needed.

        Raises StoreError when it can not be opened, is newer than this program, or belongs to another one.
        """
        return cls._open(database, create=True)

    @classmethod
    def open_existing(cls, database: str) -> Self:
        """Like `open`, but where there is no database yet this is a StoreError, and none is created."""
        return cls._open(database, create=False)

    @classmethod
    def _open(cls, address: str, *, create: bool) -> Self:
        database = Database.at(address)
        try:
            open_schema(database, create=create)
        except BaseException:
            database.engine.dispose()
            raise
        return cls(database)

    def close(self) -> None:
        self._database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ---- following

    def follow(self, people: Sequence[FollowedPerson], now: datetime) -> Following:
        """Take over a whole configuration: add, restore, move, rename, retire. Nothing is deleted."""
        with self._database.writing() as connection:
            return following.follow(connection, people, now)

    # ---- pages that are held back

    def quarantine(self) -> list[QuarantineView]:
        """The followed profiles that have a page held back, or of which something was rejected."""
        with self._database.reading() as connection:
            return held.quarantine(connection)

    def held_pages(self, person: str) -> list[HeldPage]:
        """The pages of a person that wait for an answer. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return held.held_pages(connection, find_person(connection, person))

    def accept_next(self, person: str) -> int:
        """Take the next page of a person's profiles as it is; of how many. Raises UnknownPerson.

        Of those that have a page held back; where none has, of those of which something was rejected: that is taken
        back.
        """
        with self._database.writing() as connection:
            return held.accept_next(connection, find_person(connection, person))

    def reject_held(self, page: HeldPage, refusal: Refusal, now: datetime) -> None:
        """Remember what of a page that is held back is not of this person. Raises StoreError if it waits no more."""
        with self._database.writing() as connection:
            held.reject_held(connection, page, refusal, now)

    # ---- one run

    def begin_run(self, kind: str, now: datetime) -> str:
        """Note that a run of a kind (``track``, ``deliver``, …) begins; its id."""
        with self._database.writing() as connection:
            run_id = str(runs.begin_run(connection, kind, now))
        self._begun[run_id] = perf_counter()
        return run_id

    def end_run(self, run_id: str, manifest: Mapping[str, object]) -> None:
        """Note that a run which this store began has ended, and its manifest (JSON values)."""
        if run_id not in self._begun:
            raise StoreError(f"run {run_id} was not begun here, or has ended")
        lasted = timedelta(seconds=perf_counter() - self._begun.pop(run_id))
        with self._database.writing() as connection:
            runs.end_run(connection, int(run_id), lasted, manifest)

    def due(self, now: datetime, *, cadence: Cadences | None) -> list[Watch]:
        """The profiles to check now, see `storage.due.due`."""
        with self._database.reading() as connection:
            return due.due(connection, now, cadence)

    def known(self, profile_ids: Sequence[int], at: datetime | None = None) -> dict[int, Known]:
        """What is known of each profile right after a time (None: now); those without a snapshot by then are absent."""
        return read_known(self._database, profile_ids, at)

    def elsewhere(self, profile_ids: Collection[int]) -> dict[int, tuple[ShownPaper, ...]]:
        """What the other followed profiles of each profile's person have shown; absent where that is nothing."""
        with self._database.reading() as connection:
            return elsewhere.read_elsewhere(connection, profile_ids)

    def last_page(self, profile_id: int) -> Page | None:
        """The raw page of the last accepted snapshot."""
        with self._database.reading() as connection:
            return snapshots.last_page(connection, profile_id)

    def apply(
        self,
        decisions: Sequence[tuple[CheckIntent, Sequence[Verdict]]],
        *,
        run_id: str,
        recorded_at: datetime,
    ) -> list[bool]:
        """Write a batch of decisions in one transaction.

        False for each whose profile has been checked since it was decided: nothing of it is written. Raises
        ValueError for two decisions about one profile.
        """
        return applying.apply(self._database, decisions, int(run_id), recorded_at)

    # ---- hosts

    def take_turns(
        self, host: str, policy: HostPolicy, at: datetime, *, wanted: int = 1, chance: float = 0.5
    ) -> Grant | Refused:
        """Turns at a host, shared with all that ask it, see `tracking.manners.grant`."""
        with self._database.writing() as connection:
            return hosts.take_turns(connection, host, policy, at, wanted=wanted, chance=chance)

    def give_back(self, host: str, unused: Grant) -> None:
        """See `tracking.manners.given_back`."""
        with self._database.writing() as connection:
            hosts.give_back(connection, host, unused)

    def note_answers(self, host: str, policy: HostPolicy, answers: Sequence[tuple[Answered, datetime]]) -> None:
        """What requests came to, and when, in their order; see `tracking.manners.answered`."""
        with self._database.writing() as connection:
            hosts.note_answers(connection, host, policy, answers)

    def note_disallowed(self, host: str, pages: int, at: datetime) -> None:
        """So many pages were not asked for because robots.txt says so."""
        with self._database.writing() as connection:
            hosts.note_disallowed(connection, host, pages, at)

    def robots(self, origin: str) -> RobotsRecord | None:
        """An origin's robots.txt as it was had last, however long ago."""
        with self._database.reading() as connection:
            return hosts.robots(connection, origin)

    def keep_robots(self, record: RobotsRecord) -> None:
        with self._database.writing() as connection:
            hosts.keep_robots(connection, record)

    def ledger(self, day: date) -> list[HostLedger]:
        """Every host that was ever asked, with what was asked of it on a day (UTC)."""
        with self._database.reading() as connection:
            return hosts.ledger(connection, day)

    def hosts_in_trouble(self) -> tuple[dict[str, HostHealth], list[LastCheck]]:
        """What outages are told from, see `storage.outages`."""
        with self._database.reading() as connection:
            return outages.hosts_in_trouble(connection)

    def record_edges(
        self,
        edges: Sequence[tuple[Edge, Event]],
        verdicts: Sequence[Verdict],
        *,
        run_id: str,
        recorded_at: datetime,
    ) -> None:
        """Store what begins or ends at hosts, and that it was told."""
        with self._database.writing() as connection:
            outages.record_edges(connection, edges, verdicts, int(run_id), recorded_at)

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

    # ---- keeping

    def backup(self, path: Path, now: datetime, *, progress: Progress | None = None) -> Backup:
        """Write all that is stored to a new file, while others go on writing. Raises BackupError, OSError."""
        return back_up(self._database, path, now=now, progress=progress)

    @classmethod
    def restore(cls, database: str, path: Path, *, progress: Progress | None = None) -> Backup:
        """Bring a backup into a database in which there is nothing: all or nothing. Raises BackupError, OSError."""
        from storage.restoring import restore

        opened = Database.at(database)
        try:
            return restore(opened, path, progress=progress)
        finally:
            opened.engine.dispose()

    def retire_pages(
        self,
        before: datetime,
        *,
        now: datetime,
        keep_told: bool = True,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Retired:
        """Let go of the raw pages that no check has seen since ``before``, see `storage.retention`."""
        return retire_pages(self._database, before, now=now, keep_told=keep_told, dry_run=dry_run, progress=progress)

    def vacuum(self) -> Vacuumed:
        """Delete what nothing refers to, and give back the room that is free."""
        return vacuum(self._database)

    # ---- delivery

    def delivery_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process delivers from this database, then be the one."""
        return locks.delivery_lock(self._database)

    def undelivered(self, now: datetime) -> list[PendingMessage]:
        """Put what waits into messages, and give every message that may be tried now; the oldest first."""
        with self._database.writing() as connection:
            outbox.compose(connection, now)
            return outbox.pending(connection, now)

    def absorbed(self, receiver: str, until: datetime) -> int:
        """How many facts a better parser read anew, untold, since the receiver's last digest before ``until``."""
        with self._database.reading() as connection:
            return absorbed(connection, receiver, until)

    def delivered(self, message_id: str, now: datetime) -> None:
        with self._database.writing() as connection:
            outbox.mark_delivered(connection, message_id, now)

    def failed(self, message_id: str, now: datetime, error: str, next_try_at: datetime | None) -> None:
        """Note a try that failed. Without a next one, the message is dead."""
        with self._database.writing() as connection:
            outbox.mark_failed(connection, message_id, now, error, next_try_at)

    # ---- reading

    def people(self, *, include_retired: bool = False) -> list[PersonView]:
        """Everybody who is followed, by name."""
        with self._database.reading() as connection:
            return people(connection, include_retired=include_retired)

    def person(self, name: str, at: datetime | None = None) -> PersonState:
        """What a person's pages said at a time (None: now). Raises UnknownPerson."""
        with self._database.reading() as connection:
            return history.person_state(connection, find_person(connection, name), at)

    def events(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        known_at: datetime | None = None,
        person: str | None = None,
        kinds: Collection[EventKind] = (),
    ) -> Iterator[EventView]:
        """Events observed from ``since`` until ``until``, in that order, a few at a time.

        Those that count now, or (``known_at``) those that were on record then. Raises UnknownPerson at once.
        """
        person_id = self._person_id(person)
        return history.events(
            self._database, since=since, until=until, known_at=known_at, person_id=person_id, kinds=kinds
        )

    def series(
        self,
        person: str,
        metric: str | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[MetricSeries]:
        """What the profiles of a person have shown of a metric (None: of each), see `storage.series`.

        Raises UnknownPerson, UnknownMetric.
        """
        with self._database.reading() as connection:
            return series(connection, find_person(connection, person), metric, since, until)

    @property
    def proving(self) -> Proving:
        """What a proof asks."""
        return Proving(self._database)

    def runs(self, limit: int | None = None) -> list[RunView]:
        """The newest runs (None: all), the newest first."""
        with self._database.reading() as connection:
            return runs.runs(connection, limit)

    def find_run(self, asked: str) -> RunView:
        """The run of an id; "latest" is the newest that can be taken back. Raises UnknownRun."""
        with self._database.reading() as connection:
            return runs.find_run(connection, asked)

    def status(self) -> StatusView:
        """How the whole stands."""
        with self._database.reading() as connection:
            return runs.status(connection, self._database)

    def export(
        self, *, people: Sequence[str] = (), tags: Sequence[str] = (), since: int | None = None
    ) -> AbstractContextManager[Export]:
        """One state of everything, or of chosen people, or what has changed since a run; see `storage.exporting`."""
        return exporting(self._database, people=people, tags=tags, since=since)

    def _person_id(self, name: str | None) -> int | None:
        if name is None:
            return None
        with self._database.reading() as connection:
            return find_person(connection, name)

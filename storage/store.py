"""The store: the one door to this room. Values of `tracking` go in and come out, rows never do.

>>> with Store.open("scholarwatch.db") as store:
...     store.follow(people, now)
...     run_id = store.begin_run("track", now)
...     watches = store.due(now, cadence=timedelta(days=1))
...     store.apply(decisions, run_id=run_id, recorded_at=now)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import perf_counter
from types import TracebackType
from typing import Self

from storage import applying, following, history, locks, outbox, profiles, runs, snapshots
from storage.engine import Database
from storage.errors import StoreError
from storage.known import read_known
from storage.names import find_person
from storage.people import people
from storage.schema import open_schema
from tracking.alert import PendingMessage, Verdict
from tracking.check import CheckIntent, Known, Page, Watch
from tracking.event import EventKind
from tracking.view import EventView, FollowedPerson, Following, PersonState, PersonView, StatusView


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

    def accept_next(self, person: str) -> int:
        """Take the next page of a person's quarantined profiles as it is; how many profiles these are."""
        with self._database.writing() as connection:
            return profiles.accept_next(connection, find_person(connection, person))

    # ---- one run

    def begin_run(self, kind: str, now: datetime) -> str:
        """Note that a run of ``track`` or ``deliver`` begins; its id."""
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

    def due(self, now: datetime, *, cadence: timedelta | None) -> list[Watch]:
        """The profiles to check now, see `storage.profiles.due`."""
        with self._database.reading() as connection:
            return profiles.due(connection, now, cadence)

    def known(self, profile_ids: Sequence[int]) -> dict[int, Known]:
        """What is known of each profile; those without an accepted snapshot are absent."""
        return read_known(self._database, profile_ids)

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

    # ---- delivery

    def delivery_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process delivers from this database, then be the one."""
        return locks.delivery_lock(self._database)

    def undelivered(self, now: datetime) -> list[PendingMessage]:
        """Put what waits into messages, and give every message that may be tried now; the oldest first."""
        with self._database.writing() as connection:
            outbox.compose(connection, now)
            return outbox.pending(connection, now)

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
        person: str | None = None,
        kinds: Collection[EventKind] = (),
    ) -> Iterator[EventView]:
        """Events observed at ``since`` or later, in that order, a few at a time. Raises UnknownPerson at once."""
        person_id = None
        if person is not None:
            with self._database.reading() as connection:
                person_id = find_person(connection, person)
        return history.events(self._database, since, person_id, kinds)

    def status(self) -> StatusView:
        """How the whole stands."""
        with self._database.reading() as connection:
            return runs.status(connection, self._database)

"""One side of `storage.store.Store`: what is asked for people to read."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from storage import (
    history,
    runs,
)
from storage.exporting import Export, exporting
from storage.names import find_person
from storage.people import people
from storage.proving import Proving
from storage.rehearsed import Rehearsed, past_profiles
from storage.series import series
from storage.store_side import Side
from tracking.event import EventKind
from tracking.past import PastProfile
from tracking.view import (
    EventView,
    MetricSeries,
    PersonState,
    PersonView,
    RunView,
    StatusView,
)


class Views(Side):
    """What is asked for people to read."""

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
        unacknowledged: bool = False,
    ) -> Iterator[EventView]:
        """Events observed from ``since`` until ``until``, in that order, a few at a time.

        Those that count now, or (``known_at``) those that were on record then; ``unacknowledged``: only those that
        nobody has acknowledged. Raises UnknownPerson at once.
        """
        person_id = self._person_id(person)
        return history.events(
            self._database,
            since=since,
            until=until,
            known_at=known_at,
            person_id=person_id,
            kinds=kinds,
            unacknowledged=unacknowledged,
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

    def past_profiles(self, person: str | None = None) -> list[PastProfile]:
        """All profiles, followed or not, or those of one person; by id. Raises UnknownPerson."""
        return past_profiles(self._database, self._person_id(person))

    def rehearsed(self, profile_ids: Collection[int]) -> Rehearsed:
        """What these profiles told, to be gone through once more."""
        return Rehearsed(database=self._database, profile_ids=frozenset(profile_ids))

    def runs(self, limit: int | None = None) -> list[RunView]:
        """The newest runs (None: all), the newest first."""
        with self._database.reading() as connection:
            return runs.runs(connection, limit)

    def find_run(self, asked: str) -> RunView:
        """The run of an id; "latest" is the newest that can be taken back. Raises UnknownRun."""
        with self._database.reading() as connection:
            return runs.find_run(connection, asked)

    def last_run(self, kind: str) -> RunView | None:
        """The last run of a kind that did not leave early and was not taken back."""
        with self._database.reading() as connection:
            return runs.last_run(connection, kind)

    def status(self) -> StatusView:
        """How the whole stands."""
        with self._database.reading() as connection:
            return runs.status(connection, self._database)

    def export(
        self, *, people: Sequence[str] = (), tags: Sequence[str] = (), since: int | None = None
    ) -> AbstractContextManager[Export]:
        """One state of everything, or of chosen people, or what has changed since a run; see `storage.exporting`."""
        return exporting(self._database, people=people, tags=tags, since=since)

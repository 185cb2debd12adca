"""One side of `storage.store.Store`: what is asked page by page, by somebody who turns them over."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from storage import accounts, browsed, directory, happenings, history
from storage.due import next_checks
from storage.run_outcomes import outcomes_by_host
from storage.runs import runs
from storage.series import series
from storage.store_side import Side
from tracking.account import Reason
from tracking.cadence import Cadences
from tracking.check import Outcome
from tracking.directory import Directory, Group, Happening, KeptSnapshot, Stay, TagCount, Wanted
from tracking.event import EventKind
from tracking.kept import KeptPage
from tracking.view import MetricSeries, PersonState, RunView


class Browsing(Side):
    """Every answer is as long as it was asked to be, whatever lies in the database. People go by their ids."""

    # ---- people

    def directory(self, wanted: Wanted, *, metrics: Sequence[str] = (), times: Sequence[datetime] = ()) -> Directory:
        """A part of the people who are followed, with these metrics as they are now and were at these times."""
        with self._database.reading() as connection:
            return directory.directory(connection, wanted, metrics, times)

    def tag_counts(self) -> list[TagCount]:
        """How many followed people have each tag, by tag."""
        with self._database.reading() as connection:
            return directory.tag_counts(connection)

    def group(self, tag: str, *, limit: int) -> Group:
        """The followed people of a tag together, and so many of their papers."""
        with self._database.reading() as connection:
            return browsed.group(connection, tag, limit=limit)

    def next_checks(self, profile_ids: Collection[int], now: datetime, cadences: Cadences) -> dict[int, datetime]:
        """When each of these profiles is due next, or has been since, by its id."""
        with self._database.reading() as connection:
            return next_checks(connection, profile_ids, now, cadences)

    # ---- one person

    def person_at(self, source: str, key: str) -> int | None:
        """The id of the person whose profile this is; None: nobody's."""
        with self._database.reading() as connection:
            return browsed.person_at(connection, source, key)

    def person_of_id(self, person_id: int, at: datetime | None = None) -> PersonState:
        """What a person's pages said at a time (None: now). Raises UnknownPerson."""
        with self._database.reading() as connection:
            browsed.check_person(connection, person_id)
            return history.person_state(connection, person_id, at)

    def series_of_id(
        self,
        person_id: int,
        metric: str | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[MetricSeries]:
        """What the profiles of a person have shown of a metric (None: of each), see `storage.series`.

        Raises UnknownPerson, UnknownMetric.
        """
        with self._database.reading() as connection:
            browsed.check_person(connection, person_id)
            return series(connection, person_id, metric, since, until)

    def stays(self, person_id: int) -> dict[tuple[int, str], tuple[Stay, ...]]:
        """By profile and key of a paper, when it stood on the page."""
        with self._database.reading() as connection:
            return browsed.stays(connection, person_id)

    def kept_snapshots(
        self, person_id: int, *, before: tuple[datetime, int] | None = None, limit: int
    ) -> list[KeptSnapshot]:
        """The accepted pages of a person, the newest first; ``before`` is time and id of the last one had."""
        with self._database.reading() as connection:
            return browsed.kept_snapshots(connection, person_id, before=before, limit=limit)

    def kept_page(self, person_id: int, snapshot_id: int) -> KeptPage:
        """The page of a snapshot of this person. Raises UnknownSnapshot, ArchiveError where it is gone."""
        with self._database.reading() as connection:
            return browsed.kept_page(connection, person_id, snapshot_id)

    # ---- events

    def news_counts(self, since: datetime) -> dict[EventKind, int]:
        """How much news of each kind was recorded after a time."""
        with self._database.reading() as connection:
            return happenings.news_counts(connection, since)

    def news(self, since: datetime, *, kinds: Collection[EventKind], limit: int) -> list[Happening]:
        """So much of the news of these kinds that was recorded after a time, the newest first."""
        with self._database.reading() as connection:
            return happenings.news(connection, since, kinds, limit)

    def happenings_of(
        self,
        person_id: int,
        *,
        kinds: Collection[EventKind],
        until: datetime | None = None,
        before: tuple[datetime, str] | None = None,
        limit: int,
    ) -> list[Happening]:
        """What happened on a person's pages, the last first; ``before`` is time and id of the last one had."""
        with self._database.reading() as connection:
            return happenings.happenings_of(connection, person_id, kinds=kinds, until=until, before=before, limit=limit)

    def reasons(self, event_ids: Collection[str]) -> dict[str, list[Reason]]:
        """By event, why each receiver heard of it or did not."""
        with self._database.reading() as connection:
            return accounts.reasons(connection, event_ids)

    # ---- runs

    def runs_before(self, run_id: int | None, *, limit: int) -> list[RunView]:
        """So many runs, the newest first: of all (None), or of those begun before one."""
        with self._database.reading() as connection:
            return runs(connection, limit, before=run_id)

    def outcomes_by_host(self, run_id: int) -> dict[str, Counter[Outcome]]:
        """How the checks of a run ended, see `storage.run_outcomes`. Raises UnknownRun."""
        with self._database.reading() as connection:
            return outcomes_by_host(connection, run_id)

"""One side of `storage.store.Store`: what a run of checks asks and writes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from time import perf_counter

from storage import (
    applying,
    due,
    elsewhere,
    held,
    hosts,
    last_checks,
    memories,
    notes,
    outages,
    recounts,
    runs,
    snapshots,
    whereabouts,
)
from storage.errors import StoreError
from storage.known import read_known
from storage.names import find_person
from storage.store_side import Side
from tracking.alert import Verdict
from tracking.cadence import Cadences
from tracking.check import CheckIntent, Known, Page, Watch
from tracking.drift import LastCheck
from tracking.elsewhere import ShownPaper
from tracking.event import Event
from tracking.host import Answered, Grant, HostLedger, HostPolicy, Refused, RobotsRecord
from tracking.kept import HeldPage
from tracking.memory import Memory, Reach
from tracking.outage import Edge, HostHealth
from tracking.recount import Place, Recorded, Stretch
from tracking.rejecting import Refusal
from tracking.view import (
    QuarantineView,
)
from tracking.whereabouts import Absence


class Checks(Side):
    """What a run of checks asks and writes."""

    # ---- pages that are held back

    def quarantine(self) -> list[QuarantineView]:
        """The followed profiles that have a page held back, or of which something was rejected."""
        with self._database.reading() as connection:
            return held.quarantine(connection)

    def held_pages(self, person: str) -> list[HeldPage]:
        """The pages of a person that wait for an answer. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return held.held_pages(connection, held.of_person(find_person(connection, person)))

    def held_page(self, profile_id: int) -> HeldPage | None:
        """The page of a followed profile that waits for an answer; None: none does."""
        with self._database.reading() as connection:
            return next(iter(held.held_pages(connection, held.of_profile(profile_id))), None)

    def accept_next(self, person: str) -> int:
        """Take the next page of a person's profiles as it is; of how many. Raises UnknownPerson.

        Of those that have a page held back; where none has, of those of which something was rejected: that is taken
        back.
        """
        with self._database.writing() as connection:
            return held.accept_next(connection, held.of_person(find_person(connection, person)))

    def accept_next_of(self, profile_id: int) -> bool:
        """`accept_next` of one profile; False: there was nothing to be accepted."""
        with self._database.writing() as connection:
            return held.accept_next(connection, held.of_profile(profile_id)) > 0

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

    def note_flow_run(self, run_id: str, flow_run: str) -> None:
        """Add to the manifest of a run that has ended under which id Prefect knows it, as ``flow_run``."""
        with self._database.writing() as connection:
            runs.note_flow_run(connection, int(run_id), flow_run)

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

    def memories(self, asked: Mapping[int, str], at: datetime, reach: Reach) -> dict[int, Memory]:
        """What judging needs of the past of each profile; ``asked`` is its host by its id, see `storage.memories`."""
        with self._database.reading() as connection:
            return memories.read_memories(connection, asked, at, reach)

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

    def is_any_answered(self, now: datetime) -> bool:
        """Whether a check of the run at ``now`` was answered by its host, with any status."""
        with self._database.reading() as connection:
            return outages.is_any_answered(connection, now)

    def hosts_in_trouble(self) -> tuple[dict[str, HostHealth], list[LastCheck]]:
        """What outages are told from, see `storage.outages`."""
        with self._database.reading() as connection:
            return outages.hosts_in_trouble(connection)

    def recorded_moves(self, after: datetime, until: datetime) -> Recorded:
        """How the metrics of followed profiles moved after a time and until another."""
        with self._database.reading() as connection:
            return recounts.recorded_moves(connection, after, until)

    def count_read(self, place: Place, after: datetime, until: datetime) -> int:
        """On how many followed profiles of a source that show a metric now a good check looked in that time."""
        with self._database.reading() as connection:
            return recounts.count_read(connection, place, after, until)

    def days_before(self, place: Place, until: datetime) -> list[Stretch]:
        """How a metric of a source moved on each of the days before a time, the last one first."""
        with self._database.reading() as connection:
            return recounts.days_before(connection, place, until)

    def absences(self) -> list[Absence]:
        """The followed profiles whose last check did not find them in their place, unless that was told."""
        with self._database.reading() as connection:
            return whereabouts.absences(connection)

    def count_gone(self, source: str, after: datetime, until: datetime) -> tuple[int, int]:
        """How many followed profiles of a source were gone in that time, and about how many it gave an answer."""
        with self._database.reading() as connection:
            return whereabouts.count_gone(connection, source, after, until)

    def last_check(self, profile_id: int) -> LastCheck | None:
        """How the last check of a followed profile ended."""
        with self._database.reading() as connection:
            return last_checks.last_check_of(connection, profile_id)

    def record_recounts(
        self,
        found: Mapping[Place, Event],
        verdicts: Sequence[Verdict],
        covered: Mapping[Place, str],
        *,
        after: datetime,
        until: datetime,
        run_id: str,
    ) -> list[Event]:
        """Store what is told of sources, and let go of what profiles had to say of it, see `storage.recounts`."""
        with self._database.writing() as connection:
            return recounts.record_recounts(
                connection, found, verdicts, covered, after=after, until=until, run_id=int(run_id)
            )

    def profile_of_notes(self) -> LastCheck | None:
        """The profile that notes about none in particular are of; None: nobody was checked yet."""
        with self._database.reading() as connection:
            return notes.profile_of_notes(connection)

    def record_notes(
        self, events: Sequence[Event], verdicts: Sequence[Verdict], *, run_id: str, recorded_at: datetime
    ) -> None:
        """Store what the program has to say of its own work (`tracking.note`), and the verdicts about it."""
        with self._database.writing() as connection:
            notes.record_notes(connection, events, verdicts, int(run_id), recorded_at)

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

"""One profile without a run: what it saw was never seen, what it read again is read as before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage import tables
from storage.held import hold_as_before
from storage.neighbourhood import read_of, ref, with_page
from storage.profiles import watch_of
from storage.rewriting import Change, change
from storage.seals import seal_of_event, seal_of_snapshot
from storage.snapshots import LIVE
from storage.statements import StoredRow, rows_in, update_each
from storage.superseding import supersede_events
from tracking.check import Outcome, Watch
from tracking.chronicle import Edit, Rewrite
from tracking.elsewhere import is_second_showing
from tracking.event import Cause, Event, EventKind

#: What a run has to say after all checks.
_OF_SEVERAL_CHECKS = (
    EventKind.SOURCE_DRIFT,
    EventKind.SOURCE_RECOUNT,
    EventKind.HOST_DOWN,
    EventKind.HOST_BACK,
    EventKind.PROFILE_GONE,
    EventKind.PROFILE_MOVED,
)
_OF_ITS_FINDING: tuple[str, ...] = ("cause", "run_id", "recorded_at")
#: What an event says where another source had shown its paper before; a page alone does not say it.
_OF_ITS_SHOWING: tuple[str, ...] = ("kind", "field", "before", "after", "since")


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """What became of the events of one profile."""

    #: Those that do not count any more, by id.
    events: frozenset[str] = frozenset()
    #: Those that count instead.
    instead: tuple[Event, ...] = ()
    #: Those that count as before and say something else: what they are compared with is another.
    changed: tuple[Event, ...] = ()


def unrecord(connection: Connection, profile_id: int, run: StoredRow, by_run: int, now: datetime) -> Unrecorded:
    """Make a profile's history, and its state between two checks, what they are without a run."""
    watch = watch_of(connection, profile_id)
    times = _times(connection, profile_id, run.id)
    done = _rewrite(connection, watch, run.id, times, by_run, now)
    questions = _questions(connection, profile_id, times)
    supersede_events(connection, questions, now)
    _forget_checks(connection, profile_id, times)
    held_at = hold_as_before(connection, watch, questions)
    if watch.checked_at in times:
        _stand_as_before(connection, watch, is_held=held_at is not None)
    _wait_as_before(connection, profile_id)
    return Unrecorded(frozenset(questions.union(done.events_gone)), done.events_added, done.events_changed)


def unsay(connection: Connection, run_id: int, now: datetime) -> Unrecorded:
    """Take back what a run had to say after all checks: it may be of a profile that the run did not look at.

    What single profiles had to say in the place of which it was told stays untold: the next run looks at all of them.
    """
    event = tables.event.c
    query = select(event.id).where(
        event.run_id == run_id, event.kind.in_(_OF_SEVERAL_CHECKS), event.superseded_at.is_(None)
    )
    said = frozenset(connection.execute(query).scalars())
    supersede_events(connection, said, now)
    return Unrecorded(said)


def _times(connection: Connection, profile_id: int, run_id: int) -> dict[datetime, Outcome]:
    """When the run looked at the profile, and what came of it."""
    check = tables.check_log.c
    query = select(check.observed_at, check.outcome).where(check.profile_id == profile_id, check.run_id == run_id)
    return {row.observed_at: Outcome(row.outcome) for row in connection.execute(query)}


# ---- the history


def _rewrite(
    connection: Connection,
    watch: Watch,
    run_id: int,
    times: Mapping[datetime, Outcome],
    by_run: int,
    now: datetime,
) -> Rewrite:
    seen = frozenset(at for at, outcome in times.items() if outcome.is_good)
    reread = _read_before(connection, watch.profile_id, run_id, seen)
    if not seen and not reread:
        return Rewrite()
    affected = [*seen, *(row.observed_at for row, _ in reread)]
    asked = Change(
        edit=Edit(remove=seen, reread={ref(row.id): read_of(connection, was) for row, was in reread}),
        first=min(affected),
        last=max(affected),
        rows={ref(was.id): was for _, was in reread},
        cause=None,
    )
    found_before = _superseded_events(connection, watch.profile_id)
    done = change(connection, watch, asked, by_run, now)
    _give_back(connection, [was for _, was in reread], by_run)
    _settle_causes(connection, watch.profile_id, done.events_added, found_before)
    return done


def _read_before(
    connection: Connection, profile_id: int, run_id: int, seen: Collection[datetime]
) -> list[tuple[StoredRow, StoredRow]]:
    """Snapshots that the run read again, each with the one that it took the place of."""
    snapshot, other, run = tables.snapshot.c, tables.snapshot.alias("other"), tables.run.c
    recorded = select(tables.snapshot).where(
        snapshot.profile_id == profile_id, snapshot.run_id == run_id, snapshot.superseded_at.is_(None)
    )
    pairs = []
    for row in connection.execute(recorded).all():
        if row.observed_at in seen:
            continue
        former = (
            select(func.max(other.c.id))
            .join_from(other, tables.run, run.id == other.c.run_id)
            .where(
                other.c.profile_id == profile_id,
                other.c.observed_at == row.observed_at,
                other.c.page_id == row.page_id,
                other.c.id < row.id,
                # How this run read it, or one that was taken back, is not how it was read before.
                other.c.run_id != run_id,
                run.reverted_at.is_(None),
            )
        )
        query = with_page(select(tables.snapshot)).where(snapshot.id == former.scalar_subquery())
        was = connection.execute(query).one_or_none()
        if was is not None:
            pairs.append((row, was))
    return pairs


def _give_back(connection: Connection, formers: Collection[StoredRow], by_run: int) -> None:
    """Snapshots that stand for former ones belong to the runs of those: each may still be taken back."""
    snapshot, reading = tables.snapshot.c, tables.blob.alias("reading")
    query = (
        with_page(select(tables.snapshot, reading.c.sha256.label("reading_sha256")))
        .join(reading, reading.c.id == snapshot.reading_id)
        .where(snapshot.run_id == by_run, snapshot.superseded_at.is_(None))
    )
    rows = []
    for was in formers:
        of_former = (snapshot.profile_id == was.profile_id) & (snapshot.observed_at == was.observed_at)
        row = connection.execute(query.where(of_former)).one_or_none()
        if row is not None:
            owner = {"run_id": was.run_id, "recorded_at": was.recorded_at}
            seal = seal_of_snapshot({**row._mapping, **owner}, row.page_sha256, row.reading_sha256)
            rows.append({"id": row.id, "seal": seal} | owner)
    update_each(connection, tables.snapshot, ["id"], rows)


def _superseded_events(connection: Connection, profile_id: int) -> dict[str, StoredRow]:
    event = tables.event.c
    query = select(tables.event).where(event.profile_id == profile_id, event.superseded_at.is_not(None))
    return {row.id: row for row in connection.execute(query)}


def _settle_causes(
    connection: Connection, profile_id: int, events: Collection[Event], found_before: Mapping[str, StoredRow]
) -> None:
    """An event that counts again is the one that was found first; a new one has the cause of what shows it."""
    check, run = tables.check_log.c, tables.run.c
    filled_in = (
        select(check.observed_at)
        .join_from(tables.check_log, tables.run, run.id == check.run_id)
        .where(check.profile_id == profile_id, run.kind == "backfill")
    )
    late = set(connection.execute(filled_in).scalars()) if events else set()
    settled: dict[str, dict[str, Any]] = {}
    for event in events:
        if (first := found_before.get(event.id)) is not None:
            names = _OF_ITS_FINDING
            if is_second_showing(EventKind(first.kind), first.field):
                names += _OF_ITS_SHOWING
            settled[event.id] = {name: getattr(first, name) for name in names}
        elif event.observed_at in late and event.cause is not Cause.PARSER:
            settled[event.id] = {"cause": Cause.BACKFILL}
    rows = []
    for row in rows_in(connection, select(tables.event), tables.event.c.id, settled):
        stored = {**row._mapping, **settled[row.id]}
        names = ("id", *_OF_ITS_FINDING, *_OF_ITS_SHOWING)
        rows.append({name: stored[name] for name in names} | {"seal": seal_of_event(stored)})
    update_each(connection, tables.event, ["id"], rows)


def _questions(connection: Connection, profile_id: int, times: Collection[datetime]) -> set[str]:
    """What still counts of the times at which only the run looked: no page says it, it asks the owner, say."""
    event = tables.event.c
    query = select(event.id).where(event.profile_id == profile_id, event.superseded_at.is_(None))
    return {row.id for row in rows_in(connection, query, event.observed_at, times)}


# ---- the state between two checks


def _forget_checks(connection: Connection, profile_id: int, times: Collection[datetime]) -> None:
    for table in (tables.check_log, tables.unread_page):
        for at in times:
            connection.execute(delete(table).where(table.c.profile_id == profile_id, table.c.observed_at == at))


def _stand_as_before(connection: Connection, watch: Watch, *, is_held: bool) -> None:
    """The profile stands where the daily check before left it, but for how long its server wants to be left alone."""
    check, profile = tables.check_log.c, tables.profile.c
    last = connection.execute(
        select(tables.check_log)
        .join(tables.run, tables.run.c.id == check.run_id)
        .where(check.profile_id == watch.profile_id, tables.run.c.kind == "track")
        .order_by(check.observed_at.desc())
        .limit(1)
    ).one_or_none()
    state = {
        "revision": profile.revision + 1,
        "checked_at": last.observed_at if last else None,
        "outcome": last.outcome if last else None,
        "detail": last.detail if last else None,
        # Where nothing is held back any more, nobody has said that it shall be taken.
        "accept_next": watch.accept_next and is_held,
    }
    connection.execute(
        update(tables.profile).where(profile.id == watch.profile_id).values(state | _to_ask_with(connection, watch))
    )


def _wait_as_before(connection: Connection, profile_id: int) -> None:
    """The profile has waited to be asked for since the last daily check that did so."""
    check, profile = tables.check_log.c, tables.profile.c
    asked = (
        select(func.max(check.observed_at))
        .join_from(tables.check_log, tables.run, tables.run.c.id == check.run_id)
        .where(check.profile_id == profile_id, tables.run.c.kind == "track", check.outcome != Outcome.COOLING_DOWN)
    )
    connection.execute(update(tables.profile).where(profile.id == profile_id).values(asked_at=asked.scalar_subquery()))


def _to_ask_with(connection: Connection, watch: Watch) -> dict[str, Any]:
    """What the server is to be asked with: that of the newest page, if it came from where the next will come from."""
    snapshot = tables.snapshot.c
    newest = connection.execute(
        with_page(select(tables.snapshot))
        .where(snapshot.profile_id == watch.profile_id, snapshot.superseded_at.is_(None))
        .order_by(snapshot.observed_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.origin != LIVE or newest.url != watch.url:
        return {"etag": None, "last_modified": None, "body_sha256": None}
    headers = newest.headers
    return {
        "etag": headers.get("etag"),
        "last_modified": headers.get("last-modified"),
        "body_sha256": newest.page_sha256,
    }

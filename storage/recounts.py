"""How a metric moved on the profiles of a source together, and what becomes of what each of them had to say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, select, update

from storage import tables
from storage.events import record_events
from storage.statements import StoredRow
from tracking.alert import Verdict, VerdictKind
from tracking.check import Outcome
from tracking.event import OF_METRICS, Cause, Event, EventKind
from tracking.recount import DAYS_BEFORE, Move, Place, Recorded, Stretch, counted_with

_MOVES = (EventKind.METRIC_CHANGED, EventKind.METRIC_RECOUNT)
_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)
_DAY = timedelta(days=1)


def recorded_moves(connection: Connection, after: datetime, until: datetime) -> Recorded:
    """How the metrics of followed profiles moved after a time and until another, and of which it was told."""
    rows = _rows(connection, after, until)
    by_place: defaultdict[Place, list[StoredRow]] = defaultdict(list)
    for row in rows:
        by_place[row.source, row.field].append(row)
    return Recorded(
        moves={place: moves for place, those in by_place.items() if (moves := _moves(those))},
        told=frozenset(place for place, those in by_place.items() if _is_told(those)),
    )


def count_read(connection: Connection, place: Place, after: datetime, until: datetime) -> int:
    """On how many followed profiles of a source that show a metric now a good check looked in that time."""
    source, name = place
    profile, check, metric = tables.profile.c, tables.check_log.c, tables.metric.c
    is_read = exists().where(
        check.profile_id == profile.id,
        check.observed_at > after,
        check.observed_at <= until,
        check.outcome.in_(_GOOD),
    )
    is_shown = exists().where(
        metric.profile_id == profile.id, metric.name == name, metric.until.is_(None), metric.value.is_not(None)
    )
    query = select(func.count()).select_from(tables.profile)
    query = query.where(profile.source == source, profile.retired_at.is_(None), is_read, is_shown)
    return int(connection.execute(query).scalar_one())


def days_before(connection: Connection, place: Place, until: datetime) -> list[Stretch]:
    """How a metric moved on each of the days before a time, the last one first."""
    source, metric = place
    begin = until - DAYS_BEFORE * _DAY
    of_place = (tables.profile.c.source == source) & (tables.event.c.field == metric)
    by_day: defaultdict[int, list[StoredRow]] = defaultdict(list)
    for row in _rows(connection, begin, until, of_place):
        by_day[(until - row.observed_at) // _DAY].append(row)
    found = []
    for day in range(DAYS_BEFORE):
        moves = _moves(by_day[day])
        read = count_read(connection, place, until - (day + 1) * _DAY, until - day * _DAY)
        # Of what has moved, not all need be shown now.
        found.append(Stretch(read=max(read, len(moves)), moves=moves, told=_is_told(by_day[day])))
    return found


def _rows(
    connection: Connection, after: datetime, until: datetime, *conditions: ColumnElement[bool]
) -> Sequence[StoredRow]:
    """What is recorded of metrics with today's causes, oldest first: how each moved, and that one was counted anew."""
    event, profile = tables.event.c, tables.profile.c
    query = (
        select(event.kind, event.field, event.before, event.after, event.observed_at, event.profile_id, profile.source)
        .join_from(tables.event, tables.profile, profile.id == event.profile_id)
        .where(
            event.observed_at > after,
            event.observed_at <= until,
            event.kind.in_((*_MOVES, EventKind.SOURCE_RECOUNT)),
            event.cause == Cause.SOURCE,
            event.superseded_at.is_(None),
            profile.retired_at.is_(None),
            *conditions,
        )
        .order_by(event.observed_at, event.id)
    )
    return connection.execute(query).all()


def _moves(rows: Iterable[StoredRow]) -> tuple[Move, ...]:
    """One for each profile, from the first value to the last."""
    first: dict[int, StoredRow] = {}
    last: dict[int, StoredRow] = {}
    for row in rows:
        if row.kind in _MOVES:
            first.setdefault(row.profile_id, row)
            last[row.profile_id] = row
    return tuple(
        Move(
            profile_id=profile_id,
            before=first[profile_id].before,
            after=last[profile_id].after,
            at=last[profile_id].observed_at,
        )
        for profile_id in sorted(first)
    )


def _is_told(rows: Iterable[StoredRow]) -> bool:
    return any(row.kind == EventKind.SOURCE_RECOUNT for row in rows)


# ---- what is told of it, and what is not


def record_recounts(
    connection: Connection,
    found: Mapping[Place, Event],
    verdicts: Sequence[Verdict],
    covered: Mapping[Place, str],
    *,
    after: datetime,
    until: datetime,
    run_id: int,
) -> list[Event]:
    """Store what is told of sources; those that were not told by another run in the meantime.

    What profiles had to say in that time of a metric that is ``covered``, and still waits, is not told: its verdict
    becomes `RECOUNT`, and the value says why.
    """
    told = recorded_moves(connection, after, until).told if found else frozenset()
    events = [event for place, event in found.items() if place not in told]
    record_events(connection, events, verdicts, {}, run_id, until)
    for place, why in covered.items():
        _withdraw(connection, _waiting(connection, place, after, until), why)
    return events


def _waiting(connection: Connection, place: Place, after: datetime, until: datetime) -> list[dict[str, Any]]:
    """What waits of a metric of a source, and of those that are counted with it."""
    source, metric = place
    outbox, event, profile = tables.outbox.c, tables.event.c, tables.profile.c
    query = (
        select(outbox.id, outbox.event_id, outbox.receiver, event.field)
        .join_from(tables.outbox, tables.event, event.id == outbox.event_id)
        .join(tables.profile, profile.id == event.profile_id)
        .where(
            outbox.message_id.is_(None),
            event.kind.in_(OF_METRICS),
            event.observed_at > after,
            event.observed_at <= until,
            profile.source == source,
        )
    )
    return [
        {"of_entry": row.id, "of_event": row.event_id, "of_receiver": row.receiver}
        for row in connection.execute(query)
        if counted_with(row.field) == metric
    ]


def _withdraw(connection: Connection, entries: Collection[Mapping[str, Any]], why: str) -> None:
    if not entries:
        return
    outbox, verdict = tables.outbox.c, tables.verdict.c
    connection.execute(delete(tables.outbox).where(outbox.id == bindparam("of_entry")), list(entries))
    connection.execute(
        update(tables.verdict)
        .where(verdict.event_id == bindparam("of_event"), verdict.receiver == bindparam("of_receiver"))
        .values(kind=VerdictKind.RECOUNT, why=why),
        list(entries),
    )

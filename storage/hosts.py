"""Turns at hosts, and what their answers came to: read, decided by `tracking.manners` and written in one transaction.

Whoever asks a host, in whatever process, gets the turn here: the only writer of the moment sees what all before it
were given. A turn counts from when it is given, so that a process that dies with it can never cross the day's budget.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage import tables
from storage.statements import StoredRow, rows_in, update_each
from tracking.host import (
    Answered,
    AnswerKind,
    Grant,
    HostLedger,
    HostPolicy,
    HostState,
    Refused,
    RestReason,
    RobotsRecord,
)
from tracking.manners import answered, given_back, grant, slowed

#: What the ledger calls an answer that was not good.
_COUNTED_AS = {
    AnswerKind.FAILED: "failed",
    AnswerKind.THROTTLED: "throttled",
    AnswerKind.BLOCKED: "blocked",
    AnswerKind.FORBIDDEN: "blocked",
}
_COUNTS = ("requests", "bytes", "not_modified", "failed", "throttled", "blocked", "disallowed")


# ---- turns


def take_turns(
    connection: Connection, host: str, policy: HostPolicy, at: datetime, *, wanted: int, chance: float
) -> Grant | Refused:
    """`tracking.manners.grant`, on what is stored.

    While a shard has claimed the host, nobody keeps less than its gap: not who has another configuration either.
    """
    before, row = _state(connection, host)
    if row is not None and row.claim_gap_seconds is not None:
        policy = slowed(policy, row.claim_gap_seconds)
    after, granted = grant(before, policy, at, wanted=wanted, chance=chance)
    if after != before or row is None or row.daily_budget != policy.daily_budget:
        _write(connection, after, daily_budget=policy.daily_budget)
    return granted


def give_back(connection: Connection, host: str, unused: Grant) -> None:
    """`tracking.manners.given_back`, on what is stored."""
    before, _ = _state(connection, host)
    _write(connection, given_back(before, unused))


def note_answers(
    connection: Connection, host: str, policy: HostPolicy, answers: Sequence[tuple[Answered, datetime]]
) -> None:
    """Take in answers, each with its time, in their order: `tracking.manners.answered`, and the ledger of the day."""
    state, row = _state(connection, host)
    good_at, failing_since = (row.good_at, row.failing_since) if row else (None, None)
    counts: dict[date, Counter[str]] = {}
    for answer, at in answers:
        state = answered(state, policy, answer, at)
        counts.setdefault(_day(at), Counter()).update(_counted(answer))
        match answer.kind:
            case AnswerKind.GOOD:
                good_at, failing_since = at, None
            case AnswerKind.FAILED:
                failing_since = failing_since or at
            case AnswerKind.THROTTLED | AnswerKind.BLOCKED | AnswerKind.FORBIDDEN:
                pass
    _write(connection, state, good_at=good_at, failing_since=failing_since)
    for day, counted in counts.items():
        _count(connection, host, day, counted)


def note_disallowed(connection: Connection, host: str, pages: int, at: datetime) -> None:
    """Count pages that were left alone because robots.txt says so."""
    _count(connection, host, _day(at), Counter(disallowed=pages))


def _counted(answer: Answered) -> Counter[str]:
    counts = Counter(requests=1, bytes=answer.size, not_modified=int(answer.not_modified))
    if answer.kind is not AnswerKind.GOOD:
        counts[_COUNTED_AS[answer.kind]] += 1
    return counts


def mark(connection: Connection, host: str, **told_by: str | None) -> None:
    """Remember by which event something was told of a host: ``down_id``, ``shut_id``."""
    changed = connection.execute(update(tables.host).where(tables.host.c.host == host).values(told_by))
    if changed.rowcount == 0:
        _write(connection, HostState(host=host), **told_by)


# ---- claims


def claim(connection: Connection, gaps: Mapping[str, float], claimant: int, living: Collection[int]) -> set[str]:
    """Make these hosts, by the seconds between two requests, those of a claimant; which of them are its own now.

    Those of another claimant that is among the ``living`` stay with it.
    """
    column = tables.host.c
    query = select(column.host, column.claimed_by).with_for_update()
    stored = {row.host: row.claimed_by for row in rows_in(connection, query, column.host, gaps)}
    for host in gaps.keys() - stored.keys():
        _write(connection, HostState(host=host))
    mine = {host for host in gaps if stored.get(host) in (None, claimant) or stored[host] not in living}
    rows = [{"host": host, "claimed_by": claimant, "claim_gap_seconds": gaps[host]} for host in sorted(mine)]
    update_each(connection, tables.host, ["host"], rows)
    return mine


def unclaim(connection: Connection, claimants: Collection[int]) -> None:
    """Give up what these have claimed."""
    column = tables.host.c
    statement = update(tables.host).where(column.claimed_by.in_(claimants))
    connection.execute(statement.values(claimed_by=None, claim_gap_seconds=None))


# ---- robots.txt


def robots(connection: Connection, origin: str) -> RobotsRecord | None:
    """An origin's robots.txt as it was had last."""
    row = connection.execute(select(tables.robots).where(tables.robots.c.origin == origin)).one_or_none()
    return None if row is None else _robots_record(row)


def keep_robots(connection: Connection, record: RobotsRecord) -> None:
    """Keep it in the place of the origin's last record."""
    columns = tables.robots.c
    # PostgreSQL keeps no NUL, and no rule has one.
    said = {"fetched_at": record.fetched_at, "status": record.status, "text": record.text.replace("\0", "")}
    changed = connection.execute(update(tables.robots).where(columns.origin == record.origin).values(said))
    if changed.rowcount == 0:
        connection.execute(insert(tables.robots).values(origin=record.origin, **said))


def _robots_record(row: StoredRow) -> RobotsRecord:
    return RobotsRecord(origin=row.origin, fetched_at=row.fetched_at, status=row.status, text=row.text)


# ---- the ledger


def ledger(connection: Connection, day: date) -> list[HostLedger]:
    """Every host that was ever asked, by name, with what was asked of it on a day."""
    host_day = tables.host_day.c
    of_day = select(tables.host_day).where(host_day.day == day.isoformat())
    counts = {row.host: {name: getattr(row, name) for name in _COUNTS} for row in connection.execute(of_day)}
    records = _robots_by_host(connection)
    hosts = connection.execute(select(tables.host).order_by(tables.host.c.host))
    return [
        HostLedger(
            state=_state_of(row),
            day=day,
            robots=records.get(row.host),
            daily_budget=row.daily_budget,
            **counts.get(row.host, {}),
        )
        for row in hosts
    ]


def _robots_by_host(connection: Connection) -> dict[str, RobotsRecord]:
    """Of a host that is asked over both http and https, the one had last."""
    query = select(tables.robots).order_by(tables.robots.c.fetched_at)
    return {row.origin.partition("://")[2]: _robots_record(row) for row in connection.execute(query)}


# ---- rows


def _state(connection: Connection, host: str) -> tuple[HostState, StoredRow | None]:
    """What is known of a host, and its row; nothing yet: a state to start from, and no row."""
    row = connection.execute(select(tables.host).where(tables.host.c.host == host).with_for_update()).one_or_none()
    return (HostState(host=host), None) if row is None else (_state_of(row), row)


def _state_of(row: StoredRow) -> HostState:
    return HostState(
        host=row.host,
        next_start_at=row.next_start_at,
        day=date.fromisoformat(row.day) if row.day else None,
        granted=row.granted,
        rest_until=row.rest_until,
        rest_reason=RestReason(row.rest_reason) if row.rest_reason else None,
        rest_detail=row.rest_detail,
        throttlings=row.throttlings,
        failures=row.failures,
        openings=row.openings,
        probing=row.probing,
    )


def _write(connection: Connection, state: HostState, **beside: Any) -> None:
    columns: Mapping[str, Any] = {
        "next_start_at": state.next_start_at,
        "day": state.day.isoformat() if state.day else None,
        "granted": state.granted,
        "rest_until": state.rest_until,
        "rest_reason": state.rest_reason,
        "rest_detail": state.rest_detail,
        "throttlings": state.throttlings,
        "failures": state.failures,
        "openings": state.openings,
        "probing": state.probing,
    }
    changed = connection.execute(
        update(tables.host).where(tables.host.c.host == state.host).values(**columns, **beside)
    )
    if changed.rowcount == 0:
        connection.execute(insert(tables.host).values(host=state.host, **columns, **beside))


def _count(connection: Connection, host: str, day: date, counts: Counter[str]) -> None:
    """Add to the counts of a host's day."""
    column = tables.host_day.c
    added = {name: column[name] + counts[name] for name in _COUNTS if counts[name]}
    of_day = update(tables.host_day).where(column.host == host, column.day == day.isoformat())
    if connection.execute(of_day.values(added)).rowcount == 0:
        named = {name: counts[name] for name in _COUNTS}
        connection.execute(insert(tables.host_day).values(host=host, day=day.isoformat(), **named))


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()

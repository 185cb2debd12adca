"""What judging needs of the past of profiles, read for many at once; what it costs does not grow with the history."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, func, literal, or_, select

from storage import tables
from storage.columns import UtcTime
from storage.statements import rows_in
from tracking.alert import HEARD_OF, VerdictKind
from tracking.event import Cause, EventKind
from tracking.memory import Heard, Memory, Reach, Spells

_Values = dict[str, list[tuple[datetime, int | float | None]]]


def read_memories(connection: Connection, asked: Mapping[int, str], at: datetime, reach: Reach) -> dict[int, Memory]:
    """The past of each profile as far as ``reach`` before ``at``; ``asked`` is the host that is asked for it, by id.

    What was observed at ``at`` or later is in it as well, where it is recorded. What was taken back or corrected was
    not heard.
    """
    heard = _heard(connection, asked, at - reach.heard) if reach.heard else {}
    values = _values(connection, asked, at - reach.values) if reach.values else {}
    news = _news(connection, asked, at - reach.news) if reach.news else {}
    down = _down(connection, set(asked.values()))
    return {
        profile_id: Memory(
            heard=tuple(heard.get(profile_id, ())),
            values=values.get(profile_id, {}),
            news=news.get(profile_id, {}),
            host_down_since=down.get(host),
        )
        for profile_id, host in asked.items()
    }


def _heard(connection: Connection, profile_ids: Collection[int], since: datetime) -> dict[int, list[Heard]]:
    event, verdict, outbox, paper = tables.event.c, tables.verdict.c, tables.outbox.c, tables.paper.c
    query = (
        select(tables.event, verdict.receiver, verdict.rules, paper.key.label("paper_key"))
        .join_from(tables.event, tables.verdict, verdict.event_id == event.id)
        .outerjoin(
            tables.outbox,
            and_(outbox.event_id == event.id, outbox.receiver == verdict.receiver, outbox.corrected_at.is_(None)),
        )
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .where(
            event.observed_at >= since,
            event.superseded_at.is_(None),
            or_(
                and_(verdict.kind.in_(HEARD_OF), outbox.id.is_not(None)),
                # Through another person the receiver has heard of the paper all the same.
                and_(verdict.kind == VerdictKind.ALREADY_TOLD, event.kind == EventKind.PAPER_NEW),
            ),
        )
        .order_by(event.observed_at, event.id, verdict.receiver)
    )
    found: defaultdict[int, list[Heard]] = defaultdict(list)
    for row in rows_in(connection, query, event.profile_id, profile_ids):
        found[row.profile_id].append(
            Heard(
                event_id=row.id,
                receiver=row.receiver,
                rules=tuple(row.rules),
                kind=EventKind(row.kind),
                field=row.field,
                paper_key=row.paper_key,
                before=row.before,
                after=row.after,
                observed_at=row.observed_at,
            )
        )
    return found


def _values(connection: Connection, profile_ids: Collection[int], since: datetime) -> dict[int, dict[str, Spells]]:
    metric = tables.metric.c
    # Of each metric that is known now the spells that began later, and the one that lasted then: whatever lies before
    # is not looked at.
    now, other = tables.metric.alias("now"), tables.metric.alias("other")
    lasted = select(func.max(other.c.since)).where(
        other.c.profile_id == now.c.profile_id, other.c.name == now.c.name, other.c.since <= since
    )
    first = func.coalesce(lasted.scalar_subquery(), literal(since, UtcTime))
    query = (
        select(metric.profile_id, metric.name, metric.since, metric.value)
        .join_from(
            now,
            tables.metric,
            and_(metric.profile_id == now.c.profile_id, metric.name == now.c.name, metric.since >= first),
        )
        .where(now.c.until.is_(None))
        .order_by(metric.name, metric.since)
    )
    found: defaultdict[int, _Values] = defaultdict(dict)
    for row in rows_in(connection, query, now.c.profile_id, profile_ids):
        found[row.profile_id].setdefault(row.name, []).append((row.since, row.value))
    return {
        profile_id: {name: tuple(spells) for name, spells in values.items()} for profile_id, values in found.items()
    }


def _news(connection: Connection, profile_ids: Collection[int], since: datetime) -> dict[int, dict[str, datetime]]:
    event, paper = tables.event.c, tables.paper.c
    query = (
        select(event.profile_id, paper.key, func.min(event.observed_at).label("at"))
        .join_from(tables.event, tables.paper, paper.id == event.paper_id)
        .where(
            event.observed_at >= since,
            event.superseded_at.is_(None),
            event.kind == EventKind.PAPER_NEW,
            event.cause == Cause.SOURCE,
        )
        .group_by(event.profile_id, paper.key)
    )
    found: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    for row in rows_in(connection, query, event.profile_id, profile_ids):
        found[row.profile_id][row.key] = row.at
    return found


def _down(connection: Connection, hosts: Collection[str]) -> dict[str, datetime]:
    """Since when each host is told to be down or to let nobody in."""
    host, event = tables.host.c, tables.event.c
    query = (
        select(host.host, func.min(event.observed_at).label("since"))
        .join_from(tables.host, tables.event, event.id.in_((host.down_id, host.shut_id)))
        .where(event.superseded_at.is_(None))
        .group_by(host.host)
    )
    return {row.host: row.since for row in rows_in(connection, query, host.host, hosts)}

"""What rules have asked for, whoever is told of it: the entries of the outbox, of all receivers together."""

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, select

from storage import tables
from storage.directory import has_tag
from storage.statements import StoredRow, rows_in
from tracking.alert import OutboxEntry
from tracking.told import ToldLately, WantedTold

_ENCODED = json.JSONEncoder(ensure_ascii=False).encode


def told(connection: Connection, wanted: WantedTold) -> ToldLately:
    """What was taken back since, or was corrected, is not among it."""
    event, profile = tables.event.c, tables.profile.c
    query = (
        select(event.id, event.recorded_at)
        .join_from(tables.event, tables.profile)
        .join(tables.person, tables.person.c.id == profile.person_id)
        .where(_is_told(wanted.rule), event.superseded_at.is_(None))
        .order_by(event.recorded_at.desc(), event.id)
        .limit(wanted.limit)
    )
    if wanted.person_id is not None:
        query = query.where(profile.person_id == wanted.person_id)
    if wanted.tag is not None:
        query = query.where(has_tag(wanted.tag))
    recorded = {row.id: row.recorded_at for row in connection.execute(query)}
    return ToldLately(entries=tuple(_entries(connection, recorded)), recorded_at=recorded)


def _is_told(rule: str | None) -> ColumnElement[bool]:
    """Of events of which somebody hears, or has heard; by this rule."""
    outbox = tables.outbox.c
    query = select(outbox.id).where(outbox.event_id == tables.event.c.id, outbox.corrected_at.is_(None))
    if rule is not None:
        rules = cast(outbox.rules, String)
        query = query.where(func.replace(rules, _ENCODED(rule), "") != rules)
    return query.correlate(tables.event).exists()


def _entries(connection: Connection, event_ids: Collection[str]) -> list[OutboxEntry]:
    """One of each event, with the rules by which anybody hears of it, by the time it was observed."""
    of_event: defaultdict[str, list[StoredRow]] = defaultdict(list)
    for row in rows_in(connection, _entry_query(), tables.outbox.c.event_id, event_ids):
        of_event[row.event_id].append(row)
    ordered = sorted(of_event.values(), key=lambda rows: (rows[0].observed_at, rows[0].event_id))
    return [
        OutboxEntry(
            topic=rows[0].topic,
            event_id=rows[0].event_id,
            rules=tuple(dict.fromkeys(rule for row in rows for rule in row.rules)),
            item=rows[0].item,
            person_key=f"{rows[0].source}/{rows[0].key}",
            tags=tuple(rows[0].tags),
        )
        for rows in ordered
    ]


def _entry_query() -> Select[*tuple[Any, ...]]:
    outbox, event, profile, person = (table.c for table in (tables.outbox, tables.event, tables.profile, tables.person))
    return (
        select(
            outbox.topic,
            outbox.event_id,
            outbox.rules,
            outbox.item,
            event.observed_at,
            person.tags,
            profile.source,
            profile.key,
        )
        .join_from(tables.outbox, tables.event)
        .join(tables.profile, profile.id == event.profile_id)
        .join(tables.person, person.id == profile.person_id)
        .where(outbox.corrected_at.is_(None))
        .order_by(outbox.id)
    )

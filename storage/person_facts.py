"""What is known of a person: how the pages stand, what happened on them last, and what was told of it."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from storage import tables
from storage.accounts import accounts
from storage.page_states import pages_of
from storage.people import person_views
from storage.silences import silences
from tracking.account import Account
from tracking.answer import LastTold, PersonFacts
from tracking.cadence import Cadences

_EVENTS_MAX = 20


def person_facts(connection: Connection, person_id: int, now: datetime, cadences: Cadences | None) -> PersonFacts:
    """``cadences`` say when the pages are due next; None: nobody knows."""
    (view,) = person_views(connection, person_id)
    return PersonFacts(
        name=view.name,
        tags=view.tags,
        retired_at=None if view.active else _retired_at(connection, person_id),
        pages=tuple(pages_of(connection, person_id, now, cadences)),
        silences=tuple(silences(connection, now)),
        told=tuple(_last_told(connection, person_id)),
        undelivered=tuple(_undelivered(connection, person_id)),
        last=tuple(_last_events(connection, person_id)),
    )


def _of(person_id: int) -> ColumnElement[bool]:
    return tables.profile.c.person_id == person_id


def _retired_at(connection: Connection, person_id: int) -> datetime | None:
    query = select(func.max(tables.profile.c.retired_at)).where(_of(person_id))
    return connection.execute(query).scalar()


def _last_events(connection: Connection, person_id: int) -> list[Account]:
    """What happened last, all at one time; of very many, some."""
    event = tables.event.c
    mine = (
        select(event.id, event.observed_at)
        .join_from(tables.event, tables.profile)
        .where(_of(person_id), event.superseded_at.is_(None))
    )
    last = connection.execute(mine.order_by(event.observed_at.desc()).limit(1)).first()
    if last is None:
        return []
    together = mine.where(event.observed_at == last.observed_at).order_by(event.id).limit(_EVENTS_MAX)
    return accounts(connection, list(connection.execute(together).scalars()))


def _undelivered(connection: Connection, person_id: int) -> list[Account]:
    """What of the person is in the outbox and has not been delivered."""
    outbox, message = tables.outbox.c, tables.message.c
    query = (
        select(outbox.event_id)
        .join_from(tables.outbox, tables.event)
        .join(tables.profile)
        .outerjoin(tables.message, message.id == outbox.message_id)
        .where(_of(person_id), outbox.corrected_at.is_(None), message.delivered_at.is_(None))
    )
    return accounts(connection, list(connection.execute(query).scalars()))


def _last_told(connection: Connection, person_id: int) -> list[LastTold]:
    """By receiver, the last message that said something of the person."""
    outbox, message = tables.outbox.c, tables.message.c
    told = (
        select(outbox.receiver, outbox.item, message.id, message.delivered_at)
        .join_from(tables.outbox, tables.message)
        .join(tables.event, tables.event.c.id == outbox.event_id)
        .join(tables.profile)
        .where(_of(person_id), message.delivered_at.is_not(None), outbox.corrected_at.is_(None))
    )
    receivers = connection.execute(told.with_only_columns(outbox.receiver).distinct().order_by(outbox.receiver))
    found = []
    for receiver in receivers.scalars().all():
        to_it = told.where(outbox.receiver == receiver)
        last = connection.execute(to_it.order_by(message.delivered_at.desc(), message.id).limit(1)).one()
        rows = connection.execute(to_it.where(message.id == last.id).order_by(outbox.id))
        titles = dict.fromkeys(str(row.item.get("title", "")) for row in rows)
        found.append(LastTold(receiver=receiver, message_id=last.id, at=last.delivered_at, titles=tuple(titles)))
    return found

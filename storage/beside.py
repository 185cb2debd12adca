"""What the store knows beside the entries of a message, for its wording: as it was when the message was made.

What is filled in or taken back between two tries of a message does not change what the second says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from storage import tables
from storage.links import works
from storage.names import shown_name
from storage.statements import rows_in
from tracking.alert import Beside, OutboxEntry
from tracking.event import EventKind
from tracking.memory import Spells

#: Of one metric.
_SPELLS_MAX = 60
#: Of one message, in the order in which they are told: few are told in full.
_METRICS_MAX = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """An event of the message."""

    event_id: str
    kind: EventKind
    topic: str
    person_id: int
    person: str
    paper_id: int | None
    field: str | None
    observed_at: datetime


def beside(connection: Connection, entries: Sequence[OutboxEntry], made_at: datetime) -> Beside:
    """What there is to know beside the entries of one message that was made at this time."""
    told = _told(connection, entries)
    return Beside(
        histories=_histories(connection, told),
        first_seen=_first_seen(connection, told, made_at),
        first_together=tuple(_first_together(connection, told, made_at)),
    )


def _told(connection: Connection, entries: Sequence[OutboxEntry]) -> list[_Told]:
    topics = {entry.event_id: entry.topic for entry in entries}
    event, profile = tables.event.c, tables.profile.c
    query = (
        select(tables.event, profile.person_id, shown_name().label("person"))
        .join_from(tables.event, tables.profile)
        .join(tables.person)
    )
    return [
        _Told(
            event_id=row.id,
            kind=EventKind(row.kind),
            topic=topics[row.id],
            person_id=row.person_id,
            person=row.person,
            paper_id=row.paper_id,
            field=row.field,
            observed_at=row.observed_at,
        )
        for row in rows_in(connection, query, event.id, topics)
    ]


def _histories(connection: Connection, told: Iterable[_Told]) -> dict[str, Spells]:
    """By event of a metric, its most recent spells up to then; the oldest first."""
    moved = [one for one in told if one.kind.startswith("metric.")]
    moved.sort(key=lambda one: (one.kind is not EventKind.METRIC_MILESTONE, one.person.casefold(), one.field))
    if not moved:
        return {}
    event, metric = tables.event.c, tables.metric.c
    place = func.row_number().over(partition_by=event.id, order_by=metric.since.desc()).label("place")
    of_event = and_(metric.profile_id == event.profile_id, metric.name == event.field)
    spells = (
        select(event.id, metric.since, metric.value, place)
        .join_from(tables.event, tables.metric, of_event)
        .where(
            metric.since <= event.observed_at,
            event.id.in_([one.event_id for one in moved[:_METRICS_MAX]]),
        )
        .subquery()
    )
    query = select(spells.c.id, spells.c.since, spells.c.value).where(spells.c.place <= _SPELLS_MAX)
    found: defaultdict[str, list[tuple[datetime, int | float | None]]] = defaultdict(list)
    for row in connection.execute(query.order_by(spells.c.since)):
        found[row.id].append((row.since, row.value))
    return {event_id: tuple(values) for event_id, values in found.items()}


def _first_seen(connection: Connection, told: Iterable[_Told], made_at: datetime) -> dict[str, datetime]:
    """By event of a paper, when its profile first showed that, if that was earlier."""
    of_papers = {one.event_id: one.observed_at for one in told if one.kind.startswith("paper.")}
    event, listing, snapshot = tables.event.c, tables.listing.c, tables.snapshot.c
    query = (
        select(event.id, func.min(snapshot.observed_at).label("at"))
        .join_from(
            tables.event,
            tables.listing,
            and_(listing.profile_id == event.profile_id, listing.paper_id == event.paper_id),
        )
        .join(tables.snapshot, _shows(made_at))
        .group_by(event.id)
    )
    found = {row.id: row.at for row in rows_in(connection, query, event.id, of_papers)}
    return {event_id: at for event_id, at in found.items() if at < of_papers[event_id]}


def _first_together(connection: Connection, told: Iterable[_Told], made_at: datetime) -> Iterator[tuple[str, str]]:
    """The events of new papers, two by two, whose people had shown no earlier paper that is of both."""
    topics: defaultdict[str, dict[int, _Told]] = defaultdict(dict)
    for one in sorted(told, key=lambda one: one.event_id):
        if one.kind is EventKind.PAPER_NEW and one.paper_id is not None:
            topics[one.topic].setdefault(one.person_id, one)
    shared = {topic: of_people for topic, of_people in topics.items() if len(of_people) > 1}
    if not shared:
        return
    paper_ids = {one.paper_id for of_people in shared.values() for one in of_people.values() if one.paper_id}
    linked = works(connection, paper_ids)
    shown = _joint_papers(connection, {person for of_people in shared.values() for person in of_people}, made_at)
    for of_people in shared.values():
        papers = {one.paper_id for one in of_people.values() if one.paper_id is not None}
        work = papers.union(*(linked.get(paper_id, frozenset()) for paper_id in papers))
        for one, other in combinations(of_people.values(), 2):
            pair = (one.person_id, other.person_id)
            if not _had_another(shown, pair, work):
                yield one.event_id, other.event_id


def _joint_papers(
    connection: Connection, person_ids: Collection[int], made_at: datetime
) -> dict[int, dict[int, datetime]]:
    """By paper that two of the people have shown, when each of them first showed it."""
    listing, profile, snapshot = tables.listing.c, tables.profile.c, tables.snapshot.c
    of_people = profile.person_id.in_(sorted(person_ids))
    joint = (
        select(listing.paper_id)
        .join_from(tables.listing, tables.profile)
        .where(of_people)
        .group_by(listing.paper_id)
        .having(func.count(profile.person_id.distinct()) > 1)
    )
    query = (
        select(listing.paper_id, profile.person_id, func.min(snapshot.observed_at).label("at"))
        .join_from(tables.listing, tables.profile)
        .join(tables.snapshot, _shows(made_at))
        .where(of_people, listing.paper_id.in_(joint))
        .group_by(listing.paper_id, profile.person_id)
    )
    shown: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for row in connection.execute(query):
        shown[row.paper_id][row.person_id] = row.at
    return shown


def _had_another(shown: Mapping[int, Mapping[int, datetime]], pair: tuple[int, int], work: Collection[int]) -> bool:
    """Whether both had shown another paper before both showed this one; of several at once, one is the first."""
    joint = [
        (max(of_people[person] for person in pair), paper_id)
        for paper_id, of_people in shown.items()
        if all(person in of_people for person in pair)
    ]
    return bool(joint) and min(joint)[1] not in work


def _shows(made_at: datetime) -> ColumnElement[bool]:
    """A snapshot that shows the listed paper, of those that counted when the message was made."""
    listing, snapshot = tables.listing.c, tables.snapshot.c
    return and_(
        snapshot.profile_id == listing.profile_id,
        snapshot.observed_at >= listing.since,
        or_(listing.until.is_(None), snapshot.observed_at < listing.until),
        snapshot.recorded_at <= made_at,
        or_(snapshot.superseded_at.is_(None), snapshot.superseded_at > made_at),
    )

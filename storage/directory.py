"""People a page at a time: found, ordered and cut by the database, whatever their number."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from storage import intervals, tables
from storage.people import people_views
from storage.statements import rows_in
from tracking.directory import Cursor, Directory, MetricNow, Order, PersonLine, TagCount, Wanted
from tracking.event import EventKind
from tracking.view import PersonView

#: What happens on a person's own page; the others are kept at a profile, and are about something else.
CHANGES = tuple(kind for kind in EventKind if kind.startswith(("paper.", "metric.", "profile.")))

#: That of a query within a query. To make another one for each question takes longer than to ask some.
_OTHER_PROFILE = tables.profile.alias("other")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Below every value that a metric can have.
_NO_VALUE = -1e308
_ENCODED = json.JSONEncoder(ensure_ascii=False).encode


def directory(connection: Connection, wanted: Wanted, metrics: Sequence[str], times: Sequence[datetime]) -> Directory:
    """A part of the people who are followed, with these metrics as they are now and were at these times."""
    found = _people(wanted).add_columns(_place(wanted).label("place")).subquery("found")
    query = select(found).order_by(_ordered(found, wanted), found.c.id).limit(wanted.limit + 1)
    # What is asked of everybody is asked once: how many they are is told with the first of them.
    is_counted = wanted.is_choosy and wanted.after is None
    if is_counted:
        query = query.add_columns(func.count().over().label("total"))
    if wanted.after is not None:
        query = query.where(_behind(found, wanted, wanted.after))
    rows = connection.execute(query).all()
    total = sum(row.total for row in rows[:1]) if is_counted else connection.execute(_counted(wanted)).scalar_one()
    shown = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    return Directory(
        lines=tuple(_lines(connection, [row.id for row in shown], metrics, times)),
        total=int(total),
        after=Cursor(_place_of(shown[-1].place), shown[-1].id) if more else None,
    )


def tag_counts(connection: Connection) -> list[TagCount]:
    """How many followed people have each tag, by tag."""
    tags = cast(tables.person.c.tags, String)
    query = select(tags, func.count()).where(_is_followed())
    counts: dict[str, int] = {}
    for encoded, people in connection.execute(query.group_by(tags)):
        for tag in json.loads(encoded):
            counts[tag] = counts.get(tag, 0) + people
    return [TagCount(tag=tag, people=counts[tag]) for tag in sorted(counts, key=lambda tag: (tag.casefold(), tag))]


def has_tag(tag: str) -> ColumnElement[bool]:
    """Of whom the tags say so; exact on both databases, where LIKE is not."""
    tags = cast(tables.person.c.tags, String)
    return func.replace(tags, _ENCODED(tag), "") != tags


# ---- who


def _counted(wanted: Wanted) -> Select[int]:
    """How many are wanted: everybody by an index alone, where nothing is asked of them."""
    if wanted.is_choosy:
        return _people(wanted).with_only_columns(func.count())
    profile = tables.profile.c
    return select(func.count(profile.person_id.distinct())).where(profile.retired_at.is_(None))


def _people(wanted: Wanted) -> Select[int]:
    """The ids of everybody who is wanted."""
    query = select(tables.person.c.id).where(_is_followed())
    if wanted.text:
        query = query.where(_name().contains(wanted.text.lower(), autoescape=True))
    if wanted.tag is not None:
        query = query.where(has_tag(wanted.tag))
    if wanted.outcomes:
        query = query.where(_ended(wanted.outcomes))
    return query


def _is_followed() -> ColumnElement[bool]:
    profile = _OTHER_PROFILE
    query = select(profile.c.id).where(profile.c.person_id == tables.person.c.id, profile.c.retired_at.is_(None))
    return query.correlate(tables.person).exists()


def _place(wanted: Wanted) -> ColumnElement[Any]:
    """Where somebody stands in the order."""
    match wanted.order:
        case Order.NAME:
            return _name()
        case Order.CHANGED:
            return func.coalesce(_changed_at(), literal(_EPOCH, tables.event.c.observed_at.type))
        case Order.METRIC:
            return func.coalesce(_highest(wanted.metric), _NO_VALUE)


def _name() -> ColumnElement[str]:
    """In small letters; of those who have no name, the key of the profile that is followed longest."""
    profile = _OTHER_PROFILE
    key = (
        select(profile.c.key)
        .where(profile.c.person_id == tables.person.c.id, profile.c.retired_at.is_(None))
        .order_by(profile.c.id)
        .limit(1)
        .correlate(tables.person)
        .scalar_subquery()
    )
    return func.lower(func.coalesce(tables.person.c.name, key))


def _changed_at() -> ColumnElement[Any]:
    """When the last change on any profile of a person was observed: one look into an index for each profile."""
    event, profile = tables.event.c, _OTHER_PROFILE
    last = (
        select(event.observed_at)
        .where(event.profile_id == profile.c.id, event.superseded_at.is_(None), event.kind.in_(CHANGES))
        .order_by(event.observed_at.desc())
        .limit(1)
        .correlate(profile)
        .scalar_subquery()
    )
    return (
        select(func.max(last, type_=event.observed_at.type))
        .where(profile.c.person_id == tables.person.c.id)
        .correlate(tables.person)
        .scalar_subquery()
    )


def _highest(metric: str) -> ColumnElement[Any]:
    """The highest value that a profile of a person shows now: that of the last interval, whatever came before it."""
    columns, profile = tables.metric.c, _OTHER_PROFILE
    now = (
        select(columns.value)
        .where(columns.profile_id == profile.c.id, columns.name == metric, columns.until.is_(None))
        .order_by(columns.since.desc())
        .limit(1)
        .correlate(profile)
        .scalar_subquery()
    )
    return (
        select(func.max(now, type_=columns.value.type))
        .where(profile.c.person_id == tables.person.c.id)
        .correlate(tables.person)
        .scalar_subquery()
    )


def _ended(outcomes: Collection[Any]) -> ColumnElement[bool]:
    profile = _OTHER_PROFILE
    how = [profile.c.outcome.in_([outcome for outcome in outcomes if outcome is not None])]
    if None in outcomes:
        how.append(profile.c.outcome.is_(None))
    query = select(profile.c.id).where(
        profile.c.person_id == tables.person.c.id, profile.c.retired_at.is_(None), or_(*how)
    )
    return query.correlate(tables.person).exists()


# ---- in which order


def _ordered(found: Subquery, wanted: Wanted) -> ColumnElement[Any]:
    place: ColumnElement[Any] = found.c.place
    return place if wanted.order is Order.NAME else place.desc()


def _behind(found: Subquery, wanted: Wanted, cursor: Cursor) -> ColumnElement[bool]:
    place: Any = cursor.place
    if wanted.order is Order.CHANGED:
        place = literal(datetime.fromisoformat(str(place)), tables.event.c.observed_at.type)
    further = found.c.place > place if wanted.order is Order.NAME else found.c.place < place
    return or_(further, and_(found.c.place == place, found.c.id > cursor.person_id))


def _place_of(place: Any) -> str | float:
    return place.isoformat() if isinstance(place, datetime) else place


# ---- what is shown of them


def _lines(
    connection: Connection, person_ids: Sequence[int], metrics: Sequence[str], times: Sequence[datetime]
) -> list[PersonLine]:
    views = {view.person_id: view for view in people_views(connection, person_ids)}
    query = select(tables.person.c.id, _changed_at().label("at"))
    changed = {row.id: row.at for row in rows_in(connection, query, tables.person.c.id, person_ids)}
    shown = _metrics_now(connection, list(views.values()), metrics, times)
    return [
        PersonLine(person=views[person_id], changed_at=changed[person_id], metrics=shown[person_id])
        for person_id in person_ids
    ]


def _metrics_now(
    connection: Connection, people: Sequence[PersonView], metrics: Sequence[str], times: Sequence[datetime]
) -> dict[int, dict[str, MetricNow]]:
    profile_ids = [profile.profile_id for view in people for profile in view.profiles if profile.active]
    values = intervals.metrics_shown(connection, profile_ids)
    samples = _samples(connection, profile_ids, metrics, times)
    found: dict[int, dict[str, MetricNow]] = {view.person_id: {} for view in people}
    for view in people:
        for profile in view.profiles:
            for name in metrics:
                known = values.get(profile.profile_id, {}).get(name)
                if known is None or known.value is None or name in found[view.person_id]:
                    continue
                found[view.person_id][name] = MetricNow(
                    name=name,
                    source=profile.source,
                    value=known.value,
                    samples=samples.get((profile.profile_id, name), ()),
                )
    return found


def _samples(
    connection: Connection, profile_ids: Sequence[int], metrics: Sequence[str], times: Sequence[datetime]
) -> dict[tuple[int, str], tuple[int | float | None, ...]]:
    """One look into an index for each metric and time, however often the metric moved."""
    if not (profile_ids and metrics and times):
        return {}
    profile, metric = tables.profile.c, tables.metric.c
    names = union_all(*(select(literal(name).label("name")) for name in metrics)).subquery("names")
    moments = union_all(*(select(literal(at, metric.since.type).label("at")) for at in times)).subquery("moments")
    value = (
        select(metric.value)
        .where(metric.profile_id == profile.id, metric.name == names.c.name, metric.since <= moments.c.at)
        .order_by(metric.since.desc())
        .limit(1)
        .correlate(tables.profile, names, moments)
        .scalar_subquery()
    )
    query = (
        select(profile.id, names.c.name, value.label("value"))
        .select_from(tables.profile.join(names, literal(True)).join(moments, literal(True)))
        .order_by(profile.id, names.c.name, moments.c.at)
    )
    found: dict[tuple[int, str], list[int | float | None]] = defaultdict(list)
    for profile_id, name, shown in rows_in(connection, query, profile.id, profile_ids):
        found[profile_id, name].append(shown)
    return {of: tuple(values) for of, values in found.items()}


def sample_times(now: datetime, span: timedelta, count: int) -> list[datetime]:
    """So many times up to now, evenly, the oldest first."""
    return [now - span * (1 - place / (count - 1)) for place in range(count)]

"""What a person's profiles have shown of their metrics, one spell after the other."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from storage import tables
from storage.errors import UnknownMetric
from storage.names import shown_name
from storage.statements import StoredRow
from tracking.view import MetricSeries, Spell

_DECIMALS = 9


def series(
    connection: Connection,
    person_id: int,
    metric: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[MetricSeries]:
    """The series of one metric (None: of all), by name and profile, from ``since`` until ``until``, both included.

    The first spell is the one that lasted at ``since``, as long as it had lasted by then. Raises UnknownMetric when
    no profile has ever shown it; a series of which nothing lies within the times is absent.
    """
    found = _all(connection, person_id)
    names = sorted({one.metric for one in found})
    if metric is not None:
        wanted = _plain(metric)
        if wanted not in names:
            raise UnknownMetric(metric, names)
        found = [one for one in found if one.metric == wanted]
    return [one for each in found if (one := _clipped(each, since, until)).spells]


def _plain(name: str) -> str:
    """``H-Index`` and ``h index`` mean ``h_index``."""
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def _all(connection: Connection, person_id: int) -> list[MetricSeries]:
    metric, profile = tables.metric.c, tables.profile.c
    query = (
        select(tables.metric, shown_name().label("person"), profile.key, profile.source)
        .join_from(tables.metric, tables.profile)
        .join(tables.person)
        .where(profile.person_id == person_id)
        .order_by(metric.name, metric.profile_id, metric.since)
    )
    rows = connection.execute(query).all()
    return [_series(list(group)) for _, group in groupby(rows, key=lambda row: (row.name, row.profile_id))]


def _series(rows: list[StoredRow]) -> MetricSeries:
    first = rows[0]
    return MetricSeries(
        person=first.person, profile=first.key, source=first.source, metric=first.name, spells=tuple(_spells(rows))
    )


def _spells(rows: Iterable[StoredRow]) -> Iterator[Spell]:
    last: int | float | None = None
    for row in rows:
        # What a binary fraction adds to a difference of two decimal ones is nobody's news.
        delta = None if row.value is None or last is None else round(row.value - last, _DECIMALS)
        yield Spell(value=row.value, since=row.since, until=row.until, delta=delta)
        last = last if row.value is None else row.value


def _clipped(whole: MetricSeries, since: datetime | None, until: datetime | None) -> MetricSeries:
    spells = (
        spell
        for spell in whole.spells
        if (since is None or spell.until is None or spell.until > since) and (until is None or spell.since <= until)
    )
    return MetricSeries(
        person=whole.person,
        profile=whole.profile,
        source=whole.source,
        metric=whole.metric,
        spells=tuple(spells),
    )

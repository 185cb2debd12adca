"""``/people/…``: one person, now or as of a day: metrics over the years, and what happened last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from tracking.check import KnownMetric
from tracking.crosscheck import crosschecked
from tracking.event import EventKind
from tracking.view import MetricSeries, PersonState, ProfileState
from web.chart import MARKED, charts, importance
from web.moments import end_of_day
from web.standing import detail, health
from web.view import Page, View

router = APIRouter()

_LATEST = 10
_MONTH = timedelta(days=30)
#: Of a long history, the last that can be seen on a chart.
_MARKS = 200


@dataclass(frozen=True, slots=True)
class Tile:
    """A metric at one source, and how far it moved lately."""

    metric: str
    known: KnownMetric
    #: In the last thirty days; None: it is not known how far.
    step: int | float | None


def read_person(page: View, person_id: int, at: str) -> tuple[PersonState, datetime | None]:
    """The person as of the day that the address names. Raises UnknownPerson."""
    moment = end_of_day(at, page.reader.zone)
    return crosschecked(page.desk.store.person_of_id(person_id, moment)), moment


@router.get("/people/{person_id}")
def person(page: Page, person_id: int, at: str = "") -> Response:
    store = page.desk.store
    state, moment = read_person(page, person_id, at)
    series = store.series_of_id(person_id, until=moment)
    marked = store.happenings_of(person_id, kinds=MARKED, until=moment, limit=_MARKS)
    latest = store.happenings_of(person_id, kinds=list(EventKind), until=moment, limit=_LATEST)
    followed = [profile.profile_id for profile in state.person.profiles if profile.active]
    due = store.next_checks(followed, page.now, page.desk.configuration.now().cadences)
    until = moment or page.now
    return page.show(
        "person.html.j2",
        tab="overview",
        state=state,
        at=at,
        health=health(state.person),
        detail=detail,
        due=due,
        tiles={profile.profile.profile_id: _tiles(profile, series, until) for profile in state.profiles},
        charts=charts(series, [one.event for one in marked], until, page.reader),
        latest=latest,
    )


def _tiles(state: ProfileState, series: list[MetricSeries], until: datetime) -> list[Tile]:
    place = (state.profile.source, state.profile.key)
    own = {one.metric: one for one in series if (one.source, one.profile) == place}
    names = sorted(state.metrics, key=importance)
    return [Tile(name, state.metrics[name], _step(own.get(name), until - _MONTH)) for name in names]


def _step(series: MetricSeries | None, since: datetime) -> int | float | None:
    """How far a metric went since a time, at which it has to have been shown."""
    if series is None:
        return None
    first = next((s.value for s in series.spells if s.since <= since and (s.until is None or s.until > since)), None)
    last = series.spells[-1].value
    return None if first is None or last is None else last - first


@router.get("/people/{person_id}/series.json")
def series(page: Page, person_id: int, metric: str, at: str = "") -> JSONResponse:
    """What `static/chart.js` draws: of each source, times and values; None where it was not shown."""
    store = page.desk.store
    moment = end_of_day(at, page.reader.zone)
    found = [one for one in store.series_of_id(person_id, until=moment) if one.metric == metric]
    marked = store.happenings_of(person_id, kinds=MARKED, until=moment, limit=_MARKS)
    until = moment or page.now
    lines: list[dict[str, Any]] = [
        {
            "source": one.source,
            "times": [page.reader.local_time(time) for time in (*(s.since for s in one.spells), until)],
            "values": [spell.value for spell in (*one.spells, one.spells[-1])],
        }
        for one in found
    ]
    marks = [
        {"time": page.reader.local_time(one.event.observed_at), "value": one.event.after, "kind": one.event.kind}
        for one in marked
        if one.event.field == metric and isinstance(one.event.after, int | float)
    ]
    return JSONResponse({"lines": lines, "marks": marks})

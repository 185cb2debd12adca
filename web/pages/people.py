"""``/people``: who is followed, with the last change, the course of metrics and the next check of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from storage.directory import sample_times
from tracking.directory import Directory, Order, PersonLine, Wanted
from tracking.view import FollowedPerson
from web.chart import spark
from web.moments import cursor_of, cursor_text
from web.standing import WORDS, Health, health, outcomes_of
from web.view import Page, View

router = APIRouter()

#: The metrics that have a column.
METRICS = ("h_index", "citations", "papers")
_AT_ONCE = 25
_YEAR = timedelta(days=365)
_SAMPLES = 13
#: People who are followed and were never looked at; more are counted.
_NEWCOMERS = 20


@dataclass(frozen=True, slots=True)
class Row:
    line: PersonLine
    health: Health
    next_check: datetime | None


@router.get("/people")
def people(page: Page, q: str = "", tag: str = "", health: str = "", sort: str = "name", after: str = "") -> Response:
    """``sort``: ``name``, ``changed`` or one of the metrics."""
    wanted = wanted_people(q=q, tag=tag, health=health, sort=sort, after=after)
    found = found_people(page, wanted)
    return page.show(
        "people.html.j2",
        rows=rows(page, found),
        found=found,
        after=cursor_text(found.after) if found.after else "",
        tags=page.desk.store.tag_counts(),
        chosen={"q": q, "tag": tag, "health": health, "sort": sort, "after": after},
        healths=WORDS,
        metrics=METRICS,
        newcomers=_newcomers(page) if not (q or tag or health or after) else [],
        spark=spark,
    )


def wanted_people(*, q: str = "", tag: str = "", health: str = "", sort: str = "name", after: str = "") -> Wanted:
    """What the parameters of an address ask for. Refuses what is none of them."""
    if health and health not in list(Health):
        raise HTTPException(400, f"health is one of {', '.join(Health)}.")
    if sort not in (Order.NAME, Order.CHANGED, *METRICS):
        raise HTTPException(400, f"People are sorted by name, changed, {', '.join(METRICS)}.")
    order = Order.METRIC if sort in METRICS else Order(sort)
    return Wanted(
        text=q.strip()[:200],
        tag=tag or None,
        outcomes=outcomes_of(Health(health)) if health else (),
        order=order,
        metric=sort if order is Order.METRIC else "",
        after=cursor_of(after, order),
        limit=_AT_ONCE,
    )


def found_people(page: View, wanted: Wanted) -> Directory:
    return page.desk.store.directory(wanted, metrics=METRICS, times=sample_times(page.now, _YEAR, _SAMPLES))


def rows(page: View, found: Directory) -> list[Row]:
    profile_ids = [one.profile_id for line in found.lines for one in line.person.profiles if one.active]
    due = page.desk.store.next_checks(profile_ids, page.now, page.desk.configuration.now().cadences)
    return [
        Row(
            line=line,
            health=health(line.person),
            next_check=min((due[one.profile_id] for one in line.person.profiles if one.active), default=None),
        )
        for line in found.lines
    ]


def _newcomers(page: View) -> list[FollowedPerson]:
    """Those at the end of the file, where new ones stand, of whom the database knows nothing yet."""
    last = page.desk.configuration.now().people[-_NEWCOMERS:]
    store = page.desk.store
    return [one for one in last if store.person_at(one.profiles[0].source, one.profiles[0].key) is None]

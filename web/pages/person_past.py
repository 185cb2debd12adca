"""``/people/…``: the past of a person: what happened, two days side by side, sources compared, pages as they came."""

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from tracking.between import between
from tracking.event import EventKind
from tracking.works import lags, showings_of, works
from web.as_it_came import as_it_came
from web.moments import behind, end_of_day, place_behind
from web.pages.person import read_person
from web.standing import health
from web.view import Page

router = APIRouter()

_AT_ONCE = 50
#: What can be asked for of a timeline: kinds by the first part of their names.
GROUPS = {"paper": "papers", "metric": "metrics", "profile": "the page itself"}


@router.get("/people/{person_id}/events")
def events(page: Page, person_id: int, at: str = "", kind: str = "", after: str = "") -> Response:
    if kind and kind not in GROUPS:
        raise HTTPException(400, f"kind is one of {', '.join(GROUPS)}.")
    state, moment = read_person(page, person_id, at)
    kinds = [one for one in EventKind if one.startswith(f"{kind}." if kind else "")]
    found = page.desk.store.happenings_of(
        person_id, kinds=kinds, until=moment, before=behind(after), limit=_AT_ONCE + 1
    )
    shown = found[:_AT_ONCE]
    return page.show(
        "timeline.html.j2",
        tab="events",
        state=state,
        at=at,
        health=health(state.person),
        shown=shown,
        kind=kind,
        groups=GROUPS,
        after=place_behind(shown[-1].event.observed_at, shown[-1].event.id) if len(found) > _AT_ONCE else "",
    )


@router.get("/people/{person_id}/compare")
def compare(page: Page, person_id: int, earlier: str = "", later: str = "") -> Response:
    """Two days beside each other; without them, the first day of all and today."""
    then, now = end_of_day(earlier, page.reader.zone), end_of_day(later, page.reader.zone)
    state = page.desk.store.person_of_id(person_id, now)
    if then is None:
        begins = [one.begins_at for one in state.profiles if one.begins_at is not None]
        then = min(begins, default=page.now)
    if now is not None and then > now:
        raise HTTPException(400, "The earlier day has to be before the later one.")
    return page.show(
        "compare.html.j2",
        tab="compare",
        state=state,
        at="",
        health=health(state.person),
        earlier=then,
        later=now or page.now,
        profiles=between(page.desk.store.person_of_id(person_id, then), state),
    )


@router.get("/people/{person_id}/sources")
def sources(page: Page, person_id: int, at: str = "") -> Response:
    state, _ = read_person(page, person_id, at)
    read = [profile for profile in state.profiles if profile.observed_at is not None]
    every = works(state)
    return page.show(
        "sources.html.j2",
        tab="sources",
        state=state,
        at=at,
        health=health(state.person),
        read=read,
        metrics=sorted({name for profile in read for name in profile.metrics}),
        shared=sum(len(work.sources) > 1 for work in every),
        lone={
            profile.profile.source: [work for work in every if work.sources == (profile.profile.source,)]
            for profile in read
        },
        total=len(every),
        lags=lags(showings_of(state), state.links),
    )


# ---- the pages as they came


@router.get("/people/{person_id}/pages")
def pages(page: Page, person_id: int, after: str = "") -> Response:
    state, _ = read_person(page, person_id, "")
    place = behind(after)
    if place is not None and not place[1].isdecimal():
        raise HTTPException(400, "There is no such place in the list.")
    before = (place[0], int(place[1])) if place else None
    found = page.desk.store.kept_snapshots(person_id, before=before, limit=_AT_ONCE + 1)
    shown = found[:_AT_ONCE]
    return page.show(
        "pages.html.j2",
        tab="pages",
        state=state,
        at="",
        health=health(state.person),
        shown=shown,
        after=place_behind(shown[-1].observed_at, shown[-1].snapshot_id) if len(found) > _AT_ONCE else "",
    )


@router.get("/people/{person_id}/pages/{snapshot_id}")
def kept(page: Page, person_id: int, snapshot_id: int) -> Response:
    """The page of a snapshot in a frame that it cannot leave."""
    state, _ = read_person(page, person_id, "")
    found = page.desk.store.kept_page(person_id, snapshot_id)
    return page.show(
        "kept.html.j2",
        tab="pages",
        state=state,
        at="",
        health=health(state.person),
        kept=found,
        snapshot_id=snapshot_id,
    )


@router.get("/people/{person_id}/pages/{snapshot_id}/raw")
def raw(page: Page, person_id: int, snapshot_id: int) -> Response:
    return as_it_came(page.desk.store.kept_page(person_id, snapshot_id).page)

"""People, their profiles, papers and metrics."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import HTTPException, Query

from flows.as_json.views import person_json, person_state_json, profile_state_json, spell_json, work_json
from storage.errors import UnknownMetric
from tracking.check import Outcome
from tracking.crosscheck import crosschecked
from tracking.directory import Cursor as DirectoryCursor
from tracking.directory import Order, Wanted
from tracking.view import MetricSeries, PersonView, Spell
from tracking.works import Work, works
from web.api.paging import Cursor, Limit, PageOf, behind, page, read, written
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Id, Shown, Since, Text, Time, Until

router = resource("people")


class Profile(Shown):
    source: str
    key: str
    url: str
    active: bool
    checked_at: Time | None
    outcome: Outcome | None
    detail: str
    observed_at: Time | None
    confirmed_at: Time | None
    rejected: int


class Person(Shown):
    id: int
    name: str
    tags: list[str]
    active: bool
    profiles: list[Profile]


class Paper(Shown):
    key: str
    title: str
    authors: list[str]
    authors_complete: bool
    institutions: list[str]
    category: str | None
    published: str | None
    year_inferred: bool
    has_code: bool | None
    score: int | float | None
    abstract: str | None
    arxiv_id: str | None
    doi: str | None
    url: str | None
    citations: int | None


class ListedPaper(Paper):
    first_seen: Time
    listed: bool
    removed: bool


class ProfileState(Profile):
    """What a profile said at a time."""

    name: str | None
    field: str | None
    complete: bool | None
    warnings: list[str]
    metrics: dict[str, int | float | None]
    metrics_since: dict[str, Time]
    papers: list[ListedPaper]


class WorkShown(Shown):
    source: str
    profile: str
    key: str
    first_seen: Time
    from_start: bool
    listed: bool
    removed: bool


class WorkOnce(Shown):
    """A paper once, however many profiles show it."""

    title: str
    published: str | None
    keys: list[str]
    shown: list[WorkShown]


class Lag(Shown):
    first: str
    later: str
    papers: int
    median_days: int | float


class PersonState(Shown):
    """A person, and what the profiles said at a time; ``at`` null: now."""

    id: int
    name: str
    tags: list[str]
    active: bool
    at: Time | None
    profiles: list[ProfileState]
    papers: list[WorkOnce]
    lags: list[Lag]


class MetricSpell(Shown):
    """A metric had one value from ``since`` until before ``until``; null: it was not shown."""

    person: str
    profile: str
    source: str
    metric: str
    value: int | float | None
    since: Time
    until: Time | None
    delta: int | float | None


At = Annotated[Until | None, Query(description="As it was then; of a day at its end.")]


@router.get("/people", response_model=PageOf[Person], responses=problems(422))
def people(
    desk: AtDesk,
    q: Annotated[Text, Query(description="A part of the name.")] = "",
    tag: Annotated[Text | None, Query(description="Who has this tag.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who is followed, by name."""
    after = read(cursor, "people", str, int)
    behind_of = None if after is None else DirectoryCursor(after[0], after[1])
    found = desk.store.directory(Wanted(text=q, tag=tag, order=Order.NAME, after=behind_of, limit=limit))
    following = None if found.after is None else (str(found.after.place), found.after.person_id)
    shown = [_followed(line.person) for line in found.lines]
    return {"items": shown, "next": None if following is None else written("people", *following)}


def _followed(person: PersonView) -> dict[str, Any]:
    """With the profiles that are followed, as ``people`` lists them."""
    return person_json(replace(person, profiles=tuple(one for one in person.profiles if one.active)))


@router.get("/people/{person_id}", response_model=PersonState, responses=problems(404, 422))
def person(desk: AtDesk, person_id: Id, at: At = None) -> dict[str, Any]:
    return person_state_json(crosschecked(desk.store.person_of_id(person_id, at)), at)


@router.get("/people/{person_id}/profiles", response_model=PageOf[ProfileState], responses=problems(404, 422))
def profiles(desk: AtDesk, person_id: Id, at: At = None, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """What each profile of a person said, in the order of sources and keys."""
    after = read(cursor, "profiles", str, str)
    state = crosschecked(desk.store.person_of_id(person_id, at))
    rows = behind(state.profiles, lambda one: (one.profile.source, one.profile.key), after, limit)
    return page("profiles", rows, limit, lambda one: (one.profile.source, one.profile.key), profile_state_json)


@router.get("/people/{person_id}/papers", response_model=PageOf[WorkOnce], responses=problems(404, 422))
def papers(desk: AtDesk, person_id: Id, at: At = None, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """A person's papers, each once, in the order in which they came to be shown."""
    after = read(cursor, "papers", str, str)
    rows = behind(works(desk.store.person_of_id(person_id, at)), _first_shown, after, limit)
    return page("papers", rows, limit, _first_shown, work_json)


def _first_shown(work: Work) -> tuple[str, str]:
    """What is added comes behind it, unless it is found in the past."""
    first = work.shown[0].listed
    return first.first_seen.isoformat(), min(one.listed.key for one in work.shown)


@router.get("/people/{person_id}/metrics", response_model=PageOf[MetricSpell], responses=problems(404, 422))
def metrics(
    desk: AtDesk,
    person_id: Id,
    metric: Annotated[Text | None, Query(description="This one only, such as citations.")] = None,
    source: Annotated[Text | None, Query(description="As this source shows it.")] = None,
    since: Annotated[Since | None, Query(description="From the value that held then on.")] = None,
    until: Annotated[Until | None, Query(description="Up to then; of a day to its end.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """How metrics moved: one row for each value, and for each gap in which none was shown."""
    after = read(cursor, "metrics", str, str, str, str)
    try:
        series = desk.store.series_of_id(person_id, metric, since=since, until=until)
    except UnknownMetric as error:
        raise HTTPException(404, f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    spells = [(one, spell) for one in series if source in (None, one.source) for spell in one.spells]
    rows = behind(spells, _place_of_spell, after, limit)
    return page("metrics", rows, limit, _place_of_spell, lambda row: spell_json(*row))


def _place_of_spell(row: tuple[MetricSeries, Spell]) -> tuple[str, str, str, str]:
    series, spell = row
    return series.source, series.profile, series.metric, spell.since.isoformat()

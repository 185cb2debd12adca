"""Silences and mutes: what is not told for a time."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import HTTPException, Path, Query
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from flows.as_json.silences import silence_json
from flows.silencing import Matcher, UnknownName, silence
from tracking.event import EventKind
from web.api.paging import Cursor, Limit, PageOf, behind, page, read
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Name, Said, Shown, Time, Until
from web.api.writing import ours
from web.desk import Desk

router = resource("silences")

_LENGTH = re.compile(r"([0-9]{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _is_some_time(text: str) -> str:
    if not _span(text):
        raise ValueError("this is no time at all")
    return text


def _span(text: str) -> timedelta:
    match = _LENGTH.fullmatch(text)
    assert match is not None, "the pattern was looked at"
    return int(match[1]) * _UNITS[match[2]]


Length = Annotated[str, Field(pattern=r"^[0-9]{1,4}[hdw]$"), AfterValidator(_is_some_time)]


class Silence(Shown):
    """A part that is null or empty holds for all."""

    id: str
    begins_at: Time
    ends_at: Time | None
    holds: bool
    reason: str
    receiver: str | None
    rule: str | None
    person: str | None
    tag: str | None
    source: str | None
    metric: str | None
    kinds: list[EventKind]


class _Ending(Said):
    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)

    lasting: Length | None = Field(None, alias="for", description="So long, such as 36h, 14d or 2w.")
    until: Until | None = Field(None, description="Until then; of a day to its end.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.lasting is not None and self.until is not None:
            raise ValueError("give one of the two: for, until")
        return self

    def ends_at(self, now: datetime) -> datetime | None:
        """Raises HTTPException where that is over."""
        if self.until is not None and self.until <= now:
            raise HTTPException(422, "body.until: that is over.")
        return self.until if self.lasting is None else now + _span(self.lasting)


class NewSilence(_Ending):
    """What all of the parts given are about; or, with none of them, ``everything``. A silence has an end."""

    reason: Name
    person: Name | None = None
    tag: Name | None = None
    source: Name | None = None
    rule: Name | None = None
    receiver: Name | None = None
    metric: Name | None = None
    kinds: list[EventKind] = Field(default=[])
    everything: bool = False

    def matcher(self) -> Matcher:
        return Matcher(
            person=self.person,
            tag=self.tag,
            source=self.source,
            rule=self.rule,
            receiver=self.receiver,
            metric=self.metric,
            kinds=tuple(self.kinds),
        )

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if self.everything != self.matcher().is_everything:
            raise ValueError("say what to silence, or everything alone")
        if self.lasting is None and self.until is None:
            raise ValueError("a silence has an end: for, until")
        return self


class Mute(_Ending):
    """What a rule finds about a person; without an end, until somebody ends it."""

    rule: Name
    person: Name
    reason: Name = "muted"


@router.get("/silences", response_model=PageOf[Silence], responses=problems(422))
def silences(
    desk: AtDesk,
    all: Annotated[bool, Query(description="Also those that have ended.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Those that hold, in the order in which they were added."""
    after, now = read(cursor, "silences", int), desk.clock()
    found = desk.store.all_silences() if all else desk.store.silences(now)
    rows = behind(found, lambda one: (int(one.silence_id),), after, limit)
    return page("silences", rows, limit, lambda one: (int(one.silence_id),), lambda one: silence_json(one, now))


@router.post(
    "/silences",
    response_model=Silence,
    status_code=201,
    responses=problems(403, 404, 415, 422),
    dependencies=ours,
)
def add(desk: AtDesk, said: NewSilence) -> dict[str, Any]:
    """Silence something for a time."""
    return _added(desk, said.matcher(), said, said.reason)


@router.post(
    "/mutes", response_model=Silence, status_code=201, responses=problems(403, 404, 415, 422), dependencies=ours
)
def mute(desk: AtDesk, said: Mute) -> dict[str, Any]:
    """Tell nobody any more what a rule finds about a person: a silence like any other."""
    return _added(desk, Matcher(rule=said.rule, person=said.person), said, said.reason)


@router.post(
    "/silences/{silence_id}/end", response_model=Silence, responses=problems(403, 404, 415, 422), dependencies=ours
)
def end(desk: AtDesk, silence_id: Annotated[str, Path(pattern="^[0-9]{1,9}$")]) -> dict[str, Any]:
    """End a silence or a mute now; one that has ended stays as it is."""
    now = desk.clock()
    return silence_json(desk.store.end_silence(silence_id, now), now)


def _added(desk: Desk, matcher: Matcher, ending: _Ending, reason: str) -> dict[str, Any]:
    now = desk.clock()
    settings = desk.configuration.now()
    try:
        added = silence(desk.store, settings, matcher, now=now, ends_at=ending.ends_at(now), reason=reason)
    except UnknownName as error:
        raise HTTPException(404, f"body.{error.part}: {error}.") from None
    return silence_json(added, now)

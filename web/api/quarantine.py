"""Pages that changed too much at once to be believed: looked at, accepted, rejected."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import HTTPException, Query

from flows import quarantine as held_back
from flows.as_json.held import held_json, refusal_json
from flows.as_json.views import quarantine_json
from storage.errors import StoreError, UnknownPerson
from tracking.view import QuarantineView
from web.api.paging import Cursor, Limit, PageOf, behind, page, read
from web.api.people import Paper
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Name, Said, Shown, Time
from web.api.writing import ours

router = resource("quarantine")


class Held(Shown):
    """A profile with a page that is held back, or of which something was rejected."""

    person: str
    profile: str
    checked_at: Time | None
    held_at: Time | None
    detail: str
    accepted: bool
    rejected: int


class Texts(Shown):
    before: str
    after: str


class Numbers(Shown):
    before: int | float | None
    after: int | float | None


class HeldPage(Shown):
    """What a page that is held back says otherwise than the last one that was accepted."""

    person: str
    profile: str
    held_at: Time
    detail: str
    complete: bool
    name: Texts
    metrics: dict[str, Numbers]
    new: list[Paper]
    back: list[Paper]
    gone: list[Paper]
    retitled: list[Texts]
    same: int
    rejected_before: int


class Rejected(Shown):
    """``rejected`` has the names by which each paper is known that is left out from now on."""

    person: str
    profile: str
    rejected: list[list[str]]
    name: str | None


class Asked(Said):
    """A name or a part of it, a profile's URL or key."""

    person: Name


class Accepted(Shown):
    """``accepted``: so many pages are taken as they are with the next run."""

    person: str
    accepted: int


@router.get("/quarantine", response_model=PageOf[Held], responses=problems(422))
def quarantine(desk: AtDesk, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """The profiles that have a page held back, and those of which papers were rejected; by person."""
    after = read(cursor, "quarantine", str, str)
    rows = behind(desk.store.quarantine(), _place, after, limit)
    return page("quarantine", rows, limit, _place, quarantine_json)


def _place(view: QuarantineView) -> tuple[str, str]:
    return view.person.casefold(), view.profile


@router.get("/quarantine/pages", response_model=list[HeldPage], responses=problems(404, 409, 422))
def pages(
    desk: AtDesk, person: Annotated[Name, Query(description="A name or a part of it, a profile's URL or key.")]
) -> list[dict[str, Any]]:
    """What is new, gone and renamed on the pages of a person that are held back, against what is known."""
    with _conflicts():
        found = desk.store.held_pages(person)
        return [held_json(held, held_back.look_at(desk.store, held)) for held in found]


@router.post(
    "/quarantine/accept", response_model=Accepted, responses=problems(403, 404, 409, 415, 422), dependencies=ours
)
def accept(desk: AtDesk, said: Asked) -> dict[str, Any]:
    """Take the person's next page as it is, or take back what was rejected last."""
    accepted = desk.store.accept_next(said.person)
    if not accepted:
        raise HTTPException(409, _none_of(said.person))
    return {"person": said.person, "accepted": accepted}


@router.post(
    "/quarantine/reject", response_model=list[Rejected], responses=problems(403, 404, 409, 415, 422), dependencies=ours
)
def reject(desk: AtDesk, said: Asked) -> list[dict[str, Any]]:
    """Say that a page is wrong: the papers that are new on it are left out from now on, as if never seen."""
    now = desk.clock()
    with _conflicts():
        found = desk.store.held_pages(said.person)
        rejected = [refusal_json(held, held_back.reject(desk.store, held, now)) for held in found]
    if not rejected:
        raise HTTPException(409, _none_of(said.person))
    return rejected


def _none_of(person: str) -> str:
    return f"Nothing of “{person}” is held back."


@contextmanager
def _conflicts() -> Iterator[None]:
    """A page that waits no more, or was let go of, cannot be decided about."""
    try:
        yield
    except UnknownPerson:
        raise
    except StoreError as error:
        raise HTTPException(409, f"{error}.") from None

"""How people are called, and whom a name means."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, func, select

from storage import tables
from storage.errors import UnknownPerson

_CANDIDATES_MAX = 8


def shown_name() -> ColumnElement[str]:
    """The name of a person, for a statement over ``person`` and ``profile``; without one, the profile's key."""
    return func.coalesce(tables.person.c.name, tables.profile.c.key)


def name_of(connection: Connection, person_id: int) -> str:
    """The name of a person; without one, the key of the oldest profile."""
    query = select(shown_name()).join_from(tables.profile, tables.person).where(tables.person.c.id == person_id)
    return str(connection.execute(query.order_by(tables.profile.c.id).limit(1)).scalar_one())


@dataclass(frozen=True, slots=True)
class _Called:
    """One profile of a person, with all that the person may be called by it."""

    person_id: int
    name: str
    source: str
    key: str
    url: str
    active: bool


def find_person(connection: Connection, asked: str) -> int:
    """The id of the person who is meant by a name, a profile's key (alone or as ``source/key``) or its URL.

    An exact name goes before one in other case, that before a profile, that before a part of a name; people who are
    followed go before those who were. Raises UnknownPerson when nobody, or more than one, is meant.
    """
    profile = tables.profile.c
    query = select(
        profile.person_id, shown_name(), profile.source, profile.key, profile.url, profile.retired_at.is_(None)
    ).join_from(tables.profile, tables.person)
    query = query.order_by(profile.id)
    # Most often it is somebody's name to the letter, and the others need not be had.
    exact = [_Called(*row) for row in connection.execute(query.where(shown_name() == asked))]
    called = exact or [_Called(*row) for row in connection.execute(query)]
    folded = asked.casefold()
    ways: tuple[Callable[[_Called], bool], ...] = (
        lambda one: one.name == asked,
        lambda one: one.name.casefold() == folded,
        lambda one: asked in (one.key, f"{one.source}/{one.key}", one.url),
        lambda one: folded in one.name.casefold(),
    )
    for way in ways:
        meant = [one for one in called if way(one)]
        meant = [one for one in meant if one.active] or meant
        if len({one.person_id for one in meant}) == 1:
            return meant[0].person_id
        if meant:
            candidates = sorted({f"{one.name} ({one.source}/{one.key})" for one in meant})
            raise UnknownPerson(asked, candidates[:_CANDIDATES_MAX], ambiguous=True)
    raise UnknownPerson(asked, _near(asked, {one.name for one in called}))


def _near(asked: str, names: set[str]) -> list[str]:
    by_folded = {name.casefold(): name for name in sorted(names)}
    near = get_close_matches(asked.casefold(), by_folded, n=_CANDIDATES_MAX, cutoff=0.5)
    return [by_folded[folded] for folded in near]

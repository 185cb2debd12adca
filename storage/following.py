"""Taking over a configuration: who is followed, on which pages. Nothing is ever deleted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage import tables
from storage.errors import StoreError
from storage.statements import StoredRow, insert_rows
from tracking.following import KnownFollowing, KnownPage, KnownPerson, ProfileId, matched
from tracking.view import FollowedPerson, FollowedProfile, Following


def follow(connection: Connection, people: Sequence[FollowedPerson], now: datetime) -> Following:
    """Make what is followed that what the configuration says, and count the profiles by what became of them.

    Raises StoreError when two people are given the same profile.
    """
    _refuse_shared_profiles(people)
    stored = _Stored.load(connection)
    counts: Counter[str] = Counter()
    fresh: list[dict[str, Any]] = []
    for followed, person in zip(people, stored.match(people), strict=True):
        person_id, person_changed = _settle_person(connection, followed, person)
        for page in {(page.source, page.key): page for page in followed.profiles}.values():
            profile = stored.profiles.pop((page.source, page.key), None)
            if profile is None:
                fresh.append(_fresh(page, person_id))
            else:
                counts[_settle_profile(connection, page, profile, person_id, person_changed)] += 1
    insert_rows(connection, tables.profile, fresh)
    counts["followed"] = len(fresh)
    for profile in stored.profiles.values():
        if profile.retired_at is None:
            _change(connection, profile, retired_at=now)
            counts["retired"] += 1
    return Following(**counts)


def known_following(connection: Connection) -> KnownFollowing:
    """Everybody who is or was followed."""
    profile, person = tables.profile.c, tables.person.c
    pages = select(profile.source, profile.key, profile.url, profile.person_id, profile.retired_at).order_by(profile.id)
    return KnownFollowing(
        people={
            row.id: KnownPerson(name=row.name, tags=tuple(row.tags))
            for row in connection.execute(select(person.id, person.name, person.tags))
        },
        pages={
            (row.source, row.key): KnownPage(
                person_id=row.person_id, url=row.url, is_retired=row.retired_at is not None
            )
            for row in connection.execute(pages)
        },
    )


def _refuse_shared_profiles(people: Sequence[FollowedPerson]) -> None:
    named = Counter(identity for person in people for identity in _identities(person))
    for (source, key), times in named.items():
        if times > 1:
            raise StoreError(f"the {source} profile {key} is given to {times} people")


def _identities(person: FollowedPerson) -> set[ProfileId]:
    return {(page.source, page.key) for page in person.profiles}


@dataclass(frozen=True, slots=True)
class _Stored:
    """Rows of the tables, to be matched with a configuration. A profile is taken out when it is settled."""

    profiles: dict[ProfileId, StoredRow]
    people: dict[int, StoredRow]

    @classmethod
    def load(cls, connection: Connection) -> "_Stored":
        profiles = connection.execute(select(tables.profile).with_for_update()).all()
        people = connection.execute(select(tables.person)).all()
        return cls({(row.source, row.key): row for row in profiles}, {row.id: row for row in people})

    def match(self, people: Sequence[FollowedPerson]) -> list[StoredRow | None]:
        """The stored person that each followed one is, see `tracking.following.matched`."""
        owners = {page_id: profile.person_id for page_id, profile in self.profiles.items()}
        names = {person_id: person.name for person_id, person in self.people.items()}
        return [None if found is None else self.people[found] for found in matched(people, owners, names)]


def _settle_person(connection: Connection, followed: FollowedPerson, person: StoredRow | None) -> tuple[int, bool]:
    """The person's id, and whether the name or the tags changed. A name once known outlives its configuration."""
    tags = list(followed.tags)
    if person is None:
        added = connection.execute(
            insert(tables.person).values(name=followed.name, tags=tags).returning(tables.person.c.id)
        )
        return added.scalar_one(), False
    name = followed.name or person.name
    if (name, tags) == (person.name, person.tags):
        return person.id, False
    connection.execute(update(tables.person).where(tables.person.c.id == person.id).values(name=name, tags=tags))
    return person.id, True


def _fresh(page: FollowedProfile, person_id: int) -> dict[str, Any]:
    """A profile that nobody has followed before."""
    return {
        "person_id": person_id,
        "source": page.source,
        "key": page.key,
        "url": page.url,
        "revision": 0,
        "unsettled": False,
        "accept_next": False,
    }


def _settle_profile(
    connection: Connection, page: FollowedProfile, profile: StoredRow, person_id: int, person_changed: bool
) -> str:
    """Follow one page that was followed before; the field of `Following` in which it counts."""
    changed: dict[str, Any] = {}
    if profile.person_id != person_id:
        changed["person_id"] = person_id
    if profile.url != page.url:
        # The server's validators belong to the old URL, and so does a check that is under way.
        changed |= {"url": page.url, "etag": None, "last_modified": None, "revision": profile.revision + 1}
    if profile.retired_at is not None:
        changed["retired_at"] = None
    if changed:
        _change(connection, profile, **changed)
    if profile.retired_at is not None:
        return "restored"
    return "changed" if changed or person_changed else "unchanged"


def _change(connection: Connection, profile: StoredRow, **values: Any) -> None:
    connection.execute(update(tables.profile).where(tables.profile.c.id == profile.id).values(values))

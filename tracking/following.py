"""What a configuration changes in who is followed, on which pages: a comparison of two values, no more.

stored people and profiles ──╮
                             ├─ match: which person is which ─→ changes
the people of the file ──────╯
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracking.view import FollowedPerson

ProfileId = tuple[str, str]
"""source and key"""


class ChangeKind(StrEnum):
    FOLLOWED = "followed"
    """a page that is not known yet"""
    RESTORED = "restored"
    """a page that was followed before; its history goes on"""
    RETIRED = "retired"
    """a page that is asked for no more; what is known of it stays"""
    MOVED = "moved"
    """a page is another person's now"""
    READDRESSED = "readdressed"
    """a page has another URL"""
    RENAMED = "renamed"
    RETAGGED = "retagged"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowChange:
    """One thing that changes of one page or one person; before and after in words."""

    kind: ChangeKind
    person: str
    #: URL of the page; None: it is about the person.
    profile: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    #: None: no page has told it yet.
    name: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    person_id: int
    url: str
    #: It is not followed any more.
    is_retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFollowing:
    """Everybody who is or was followed."""

    people: Mapping[int, KnownPerson]
    pages: Mapping[ProfileId, KnownPage]


def matched(
    people: Sequence[FollowedPerson], owners: Mapping[ProfileId, int], names: Mapping[int, str | None]
) -> list[int | None]:
    """The id of the known person that each followed one is: one who has any of the pages, and is nobody else.

    ``owners`` are the known people by their pages. Where pages went from one person to another, those who kept their
    name are settled first.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for by_name in (True, False):
        for position, person in enumerate(people):
            if position in found:
                continue
            known = (owners[page.source, page.key] for page in person.profiles if (page.source, page.key) in owners)
            for person_id in known:
                if person_id not in taken and (not by_name or names[person_id] == person.name):
                    found[position] = person_id
                    taken.add(person_id)
                    break
    return [found.get(position) for position in range(len(people))]


def changes(known: KnownFollowing, people: Sequence[FollowedPerson]) -> list[FollowChange]:
    """What would be otherwise if these people were followed: of each in their order, then of whom nobody follows."""
    owners = {page_id: page.person_id for page_id, page in known.pages.items()}
    names = {person_id: person.name for person_id, person in known.people.items()}
    ids = matched(people, owners, names)
    wanted = {(page.source, page.key) for person in people for page in person.profiles}
    found = [change for person, person_id in zip(people, ids, strict=True) for change in _of(known, person, person_id)]
    for page_id, page in known.pages.items():
        if page_id not in wanted and not page.is_retired:
            name = _name(known.people[page.person_id].name, page.url)
            found.append(FollowChange(kind=ChangeKind.RETIRED, person=name, profile=page.url))
    return found


def _of(known: KnownFollowing, person: FollowedPerson, person_id: int | None) -> Iterator[FollowChange]:
    before = None if person_id is None else known.people[person_id]
    name = _name(person.name or (before.name if before else None), person.profiles[0].url)
    if before is not None:
        yield from _of_person(before, person, name)
    for page in {(page.source, page.key): page for page in person.profiles}.values():
        stored = known.pages.get((page.source, page.key))
        if stored is None:
            yield FollowChange(kind=ChangeKind.FOLLOWED, person=name, profile=page.url)
            continue
        if stored.is_retired:
            yield FollowChange(kind=ChangeKind.RESTORED, person=name, profile=page.url)
        if stored.person_id != person_id:
            owner = _name(known.people[stored.person_id].name, stored.url)
            yield FollowChange(kind=ChangeKind.MOVED, person=name, profile=page.url, before=owner, after=name)
        if stored.url != page.url:
            yield FollowChange(
                kind=ChangeKind.READDRESSED, person=name, profile=page.url, before=stored.url, after=page.url
            )


def _of_person(before: KnownPerson, person: FollowedPerson, name: str) -> Iterator[FollowChange]:
    # A name that the page has told is no other one where the file says none.
    if person.name is not None and before.name is not None and person.name != before.name:
        yield FollowChange(kind=ChangeKind.RENAMED, person=name, before=before.name, after=person.name)
    if person.tags != before.tags:
        yield FollowChange(
            kind=ChangeKind.RETAGGED, person=name, before=", ".join(before.tags), after=", ".join(person.tags)
        )


def _name(name: str | None, url: str) -> str:
    return name or url

"""What the proofs of this room share: whose history it is, and what a damaged row may raise."""

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from storage import tables
from storage.errors import StoreError
from storage.names import shown_name
from storage.rejections import rejections
from tracking.check import Watch
from tracking.proof import Ground, Standing, Step

#: A flipped byte may make a row unreadable in as many ways as there are to read it.
DAMAGE = (StoreError, SQLAlchemyError, ValueError, TypeError, LookupError, ArithmeticError, AssertionError)


@dataclass(frozen=True, slots=True)
class ProvenProfile:
    """A profile whose history is to be proven."""

    profile_id: int
    #: Whose and which, for a person to find it.
    place: str
    watch: Watch


def profile_of(connection: Connection, profile_id: int) -> ProvenProfile:
    """A profile as a fold of its pages wants it."""
    row = connection.execute(
        select(tables.profile, shown_name().label("person"))
        .join_from(tables.profile, tables.person)
        .where(tables.profile.c.id == profile_id)
    ).one()
    watch = Watch(
        profile_id=row.id,
        revision=row.revision,
        person_id=row.person_id,
        person=row.person,
        source=row.source,
        key=row.key,
        url=row.url,
        rejections=rejections(connection, [profile_id]).get(profile_id, ()),
    )
    return ProvenProfile(row.id, f"{row.person} ({row.source}/{row.key})", watch)


def holds(ground: Ground, place: str, text: str) -> Step:
    return Step(ground=ground, standing=Standing.HOLDS, place=place, text=text)


def fails(ground: Ground, place: str, text: str) -> Step:
    return Step(ground=ground, standing=Standing.FAILS, place=place, text=text)


def unreadable(ground: Ground, place: str, error: Exception) -> Step:
    """A row that raised one of `DAMAGE`."""
    return fails(ground, place, f"can not be read: {str(error) or type(error).__name__}")


def is_open(ground: Ground, place: str, text: str) -> Step:
    return Step(ground=ground, standing=Standing.OPEN, place=place, text=text)


def sealed(seal: bytes | None, right: bytes, ground: Ground, place: str, text: str) -> Step:
    """Whether a seal is the right one; ``text`` says what then holds."""
    if seal is None:
        return is_open(ground, place, "recorded before there were seals")
    return holds(ground, place, text) if seal == right else fails(ground, place, "the row is not as it was written")

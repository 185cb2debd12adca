"""Which papers are meant by what somebody calls them."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, func, or_, select

from storage import archive, tables
from storage.engine import Database
from storage.errors import ManyPapers
from storage.links import works
from storage.paper_rows import last_shown_from_json
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from storage.statements import rows_in
from tracking.asked import AskedPaper
from tracking.event import EventKind

_CANDIDATES_MAX = 8
#: Profiles whose last readings are in memory together.
_PROFILES_AT_ONCE = 100


def papers_called(connection: Connection, asked: AskedPaper) -> frozenset[int]:
    """The papers that go by a name, or once did, with all versions of them; none: nothing does."""
    paper, former, alias = tables.paper.c, tables.former_key.c, tables.alias.c
    found: set[int] = set()
    for text, paper_id in ((paper.key, paper.id), (former.text, former.paper_id), (alias.text, alias.paper_id)):
        query = select(paper_id).where(func.lower(text).in_(asked.names)).distinct()
        found |= set(connection.execute(query).scalars())
    return _with_versions(connection, found)


def papers_titled(database: Database, asked: AskedPaper) -> frozenset[int]:
    """The papers of one work whose title holds what was asked for, with all versions of them; none: none has it.

    A whole title goes before a part of one. Every profile's last page is looked at, a few at a time. Raises ManyPapers.
    """
    found = list(_titles(database, asked))
    titles = dict([(paper_id, title) for paper_id, title in found if asked.is_title(title)] or found)
    with database.reading() as connection:
        of_works = {_with_versions(connection, [paper_id]) for paper_id in titles}
        if len(of_works) > 1:
            raise ManyPapers(asked.text, _named(connection, titles))
    return next(iter(of_works), frozenset())


def _with_versions(connection: Connection, paper_ids: Collection[int]) -> frozenset[int]:
    return frozenset(paper_ids).union(*works(connection, paper_ids).values())


def _named(connection: Connection, titles: dict[int, str]) -> Sequence[str]:
    paper = tables.paper.c
    keys = {row.id: row.key for row in rows_in(connection, select(paper.id, paper.key), paper.id, titles)}
    named = sorted(f"“{title}” ({keys[paper_id]})" for paper_id, title in titles.items())
    return [*named[:_CANDIDATES_MAX], *(["and others"] if len(named) > _CANDIDATES_MAX else [])]


def _titles(database: Database, asked: AskedPaper) -> Iterator[tuple[int, str]]:
    """Papers with titles that hold what was asked for, each as it was shown somewhere."""
    with database.reading() as connection:
        profile_ids = list(connection.execute(select(tables.profile.c.id).order_by(tables.profile.c.id)).scalars())
    for start in range(0, len(profile_ids), _PROFILES_AT_ONCE):
        part = profile_ids[start : start + _PROFILES_AT_ONCE]
        with database.reading() as connection:
            yield from _of_events(connection, part, asked)
            yield from _gone(connection, part, asked)
            yield from _listed(connection, part, asked)


def _of_events(connection: Connection, profile_ids: Sequence[int], asked: AskedPaper) -> Iterator[tuple[int, str]]:
    """What a paper was called before it had another title, and what does not count any more."""
    event = tables.event.c
    query = select(event.paper_id, event.paper_title, event.kind, event.before).where(
        event.paper_id.is_not(None), or_(event.kind == EventKind.PAPER_RETITLED, event.superseded_at.is_not(None))
    )
    for row in rows_in(connection, query, event.profile_id, profile_ids):
        for title in (row.paper_title, row.before if row.kind == EventKind.PAPER_RETITLED else None):
            if title is not None and asked.is_in_title(str(title)):
                yield row.paper_id, str(title)


def _gone(connection: Connection, profile_ids: Sequence[int], asked: AskedPaper) -> Iterator[tuple[int, str]]:
    listing = tables.listing.c
    query = select(listing.paper_id, listing.last_shown).where(listing.last_shown.is_not(None))
    for row in rows_in(connection, query, listing.profile_id, profile_ids):
        title = last_shown_from_json(row.last_shown).title
        if asked.is_in_title(title):
            yield row.paper_id, title


def _listed(connection: Connection, profile_ids: Sequence[int], asked: AskedPaper) -> Iterator[tuple[int, str]]:
    snapshots = latest(connection, profile_ids)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    titles: dict[str, str] = {}
    for body in bodies.values():
        stored = reading_from_bytes(body)
        shown = zip(stored.keys, stored.reading.papers, strict=True)
        titles |= {key: reading.title for key, reading in shown if asked.is_in_title(reading.title)}
    paper, former = tables.paper.c, tables.former_key.c
    for query, text in (
        (select(former.paper_id, former.text.label("key")), former.text),
        (select(paper.id.label("paper_id"), paper.key), paper.key),
    ):
        for row in rows_in(connection, query, text, titles):
            yield row.paper_id, titles[row.key]

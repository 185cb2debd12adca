"""Which stored paper a paper of a page is, across all profiles.

A decision is made with one profile in view and issues a provisional key. Here the aliases that other profiles brought
are known: where one of them already belongs to a paper, that paper's key holds, in everything that the intent says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from sqlalchemy import Connection, select

from storage import tables
from storage.paper_rows import paper_of_row, row_of_paper, shown_again
from storage.statements import insert_rows, rows_in, update_each
from tracking.check import CheckIntent, PaperIdentity
from tracking.reading import PaperReading

_AFTER_ALL_STORED = 1 << 40


@dataclass(slots=True, eq=False)
class _Paper:
    """A paper that is stored, or will be at the end of the transaction."""

    key: str
    #: The smaller, the older: the id of a stored paper; papers of this transaction come after all of them.
    order: int
    facts: PaperReading
    paper_id: int | None = None
    changed: bool = False
    new_aliases: list[str] = field(default_factory=list)


class Identities:
    """The papers that a batch of intents speaks of. Only one writer may use it at a time."""

    def __init__(self) -> None:
        self._by_key: dict[str, _Paper] = {}
        self._by_alias: dict[str, _Paper] = {}
        #: Profile and paper, of those that were ever listed together.
        self._listed: set[tuple[int, str]] = set()
        self._orders = count(_AFTER_ALL_STORED)

    @classmethod
    def load(cls, connection: Connection, intents: Sequence[CheckIntent]) -> "Identities":
        """Read what is stored of the papers that the intents name, by key or by alias."""
        self = cls()
        identities = [identity for intent in intents for identity in intent.papers]
        wanted_aliases = [alias for identity in identities for alias in identity.aliases]
        columns = tables.alias.c
        owners = {
            row.text: row.paper_id
            for row in rows_in(connection, select(columns.text, columns.paper_id), columns.text, wanted_aliases)
        }
        for column, values in (
            (tables.paper.c.id, owners.values()),
            (tables.paper.c.key, [key for intent in intents for key in _keys(intent)]),
        ):
            for row in rows_in(connection, select(tables.paper), column, values):
                self._by_key[row.key] = _Paper(row.key, row.id, paper_of_row(row), row.id)
        stored = {paper.paper_id: paper for paper in self._by_key.values()}
        self._by_alias = {alias: stored[paper_id] for alias, paper_id in owners.items()}
        known = [self._by_key[identity.key].paper_id for identity in identities if identity.key in self._by_key]
        if known:
            listing = tables.listing.c
            query = select(listing.profile_id, listing.paper_id).where(
                listing.profile_id.in_([intent.profile_id for intent in intents])
            )
            for row in rows_in(connection, query, listing.paper_id, known):
                self._listed.add((row.profile_id, stored[row.paper_id].key))
        return self

    def settle(self, intent: CheckIntent) -> CheckIntent:
        """The intent with the keys that hold."""
        held = {identity.key: self._settle(intent.profile_id, identity) for identity in intent.papers}
        moved = {key: to for key, to in held.items() if key != to}
        return _with_keys(intent, moved) if moved else intent

    def _settle(self, profile_id: int, identity: PaperIdentity) -> str:
        paper = self._find(profile_id, identity)
        if paper is None:
            paper = self._by_key[identity.key] = _Paper(identity.key, next(self._orders), identity.paper)
        elif (facts := shown_again(paper.facts, identity.paper)) != paper.facts:
            paper.facts, paper.changed = facts, True
        for alias in identity.aliases:
            if alias not in self._by_alias:
                self._by_alias[alias] = paper
                paper.new_aliases.append(alias)
        return paper.key

    def _find(self, profile_id: int, identity: PaperIdentity) -> _Paper | None:
        """The paper that is meant; of several, the one that the profile shows already, or else the oldest."""
        issued = self._by_key.get(identity.key)
        if issued is not None and (profile_id, identity.key) in self._listed:
            return issued
        found = [self._by_alias[alias] for alias in identity.aliases if alias in self._by_alias]
        candidates = [paper for paper in found if not _ids_conflict(paper.facts, identity.paper)]
        return min(candidates, key=lambda paper: paper.order, default=issued)

    def write(self, connection: Connection) -> dict[str, int]:
        """Store new papers, new aliases and new facts; the id of every paper that was named, by key."""
        fresh = [paper for paper in self._by_key.values() if paper.paper_id is None]
        changed = [paper for paper in self._by_key.values() if paper.paper_id is not None and paper.changed]
        insert_rows(connection, tables.paper, [row_of_paper(paper.key, paper.facts) for paper in fresh])
        columns = tables.paper.c
        query = select(columns.key, columns.id)
        for row in rows_in(connection, query, columns.key, [paper.key for paper in fresh]):
            self._by_key[row.key].paper_id = row.id
        ids = {key: paper.paper_id for key, paper in self._by_key.items() if paper.paper_id is not None}
        insert_rows(
            connection,
            tables.alias,
            [
                {"text": alias, "paper_id": ids[paper.key]}
                for paper in self._by_key.values()
                for alias in paper.new_aliases
            ],
        )
        update_each(connection, tables.paper, ["key"], [row_of_paper(paper.key, paper.facts) for paper in changed])
        return ids


def _ids_conflict(one: PaperReading, other: PaperReading) -> bool:
    """True when two identifiers of one kind differ: a fingerprint that both have then joins nothing."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id.casefold() != other.arxiv_id.casefold()
    if one.doi and other.doi:
        return one.doi.casefold() != other.doi.casefold()
    return False


def _keys(intent: CheckIntent) -> Iterator[str]:
    """Every key for which a row will be written or updated."""
    yield from (identity.key for identity in intent.papers)
    for keys in (intent.listed, intent.unlisted, intent.missed, intent.removed):
        yield from keys
    yield from (event.paper_key for event in intent.events if event.paper_key is not None)


def _with_keys(intent: CheckIntent, moved: dict[str, str]) -> CheckIntent:
    def hold(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(moved.get(key, key) for key in keys)

    snapshot = intent.snapshot
    return replace(
        intent,
        snapshot=replace(snapshot, keys=hold(snapshot.keys)) if snapshot else None,
        papers=tuple(replace(identity, key=moved.get(identity.key, identity.key)) for identity in intent.papers),
        # Two papers of the page may turn out to be one.
        listed=tuple(dict.fromkeys(hold(intent.listed))),
        unlisted=hold(intent.unlisted),
        missed=hold(intent.missed),
        removed=hold(intent.removed),
        events=tuple(
            replace(event, paper_key=moved.get(event.paper_key, event.paper_key)) if event.paper_key else event
            for event in intent.events
        ),
    )

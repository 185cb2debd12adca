"""Which stored paper a paper of a page is, across all profiles.

A decision is made with one profile in view and issues a provisional key. Here the aliases that other profiles brought
are known: where one of them already belongs to a paper, that paper's key holds, in everything that the intent says.
Two papers of one profile stay two, whatever other profiles say: what is told of a profile rests on its own pages.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, select, union_all

from storage import tables
from storage.statements import insert_rows, rows_in, update_each
from tracking.aliases import WORLD_WIDE, alias_strength, identifiers_conflict
from tracking.check import CheckIntent, PaperIdentity
from tracking.rekey import rekeyed

_AFTER_ALL_STORED = 1 << 40


@dataclass(slots=True, eq=False)
class _Paper:
    """A paper that is stored, or will be at the end of the transaction."""

    key: str
    #: The smaller, the older: the id of a stored paper; papers of this transaction come after all of them.
    order: int
    first_shown_at: datetime
    paper_id: int | None = None
    is_older_than_stored: bool = False
    #: Those that have ever shown it.
    profiles: set[int] = field(default_factory=set)
    #: Its arXiv ids and DOIs, on whatever profile.
    identifiers: set[str] = field(default_factory=set)


class Identities:
    """The papers that a batch of intents speaks of. Only one writer may use it at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_key: dict[str, _Paper] = {}
        #: By alias and profile.
        self._named: defaultdict[str, dict[int, _Paper]] = defaultdict(dict)
        #: Of the provisional keys, those that another paper bore.
        self._given_up: set[str] = set()
        self._new_aliases: list[tuple[_Paper, dict[str, Any]]] = []
        self._orders = count(_AFTER_ALL_STORED)

    @classmethod
    def load(cls, connection: Connection, intents: Sequence[CheckIntent]) -> "Identities":
        """Read what is stored of the papers that the intents name, by key or by alias."""
        self = cls(connection)
        named = [identity for intent in intents for identity in intent.papers]
        alias, paper = tables.alias.c, tables.paper.c
        owners = {
            row.paper_id
            for row in rows_in(connection, select(alias.paper_id), alias.text, [a for n in named for a in n.aliases])
        }
        by_id: dict[int, _Paper] = {}
        for column, values in ((paper.id, owners), (paper.key, [key for intent in intents for key in _keys(intent)])):
            for row in rows_in(connection, select(tables.paper), column, values):
                by_id[row.id] = self._by_key[row.key] = _Paper(row.key, row.id, row.first_shown_at, row.id)
        former = tables.former_key.c
        self._given_up = {
            row.text for row in rows_in(connection, select(former.text), former.text, [n.key for n in named])
        }
        # Of papers that are only shown no more, or again, nobody asks for the aliases.
        issued = {one.paper_id for identity in named if (one := self._by_key.get(identity.key)) is not None}
        for row in rows_in(connection, select(tables.alias), alias.paper_id, owners | issued):
            self._name(by_id[row.paper_id], row.profile_id, row.text)
        return self

    def _name(self, paper: _Paper, profile_id: int, alias: str) -> None:
        self._named[alias][profile_id] = paper
        paper.profiles.add(profile_id)
        if alias.startswith(WORLD_WIDE):
            paper.identifiers.add(alias)

    def settle(self, intent: CheckIntent) -> CheckIntent:
        """The intent with the keys that hold."""
        shown_before = {
            identity.key: paper
            for identity in intent.papers
            if (paper := self._by_key.get(identity.key)) is not None and intent.profile_id in paper.profiles
        }
        moved: dict[str, str] = {}
        for identity in intent.papers:
            paper = shown_before.get(identity.key) or self._meet(identity, intent)
            self._show(paper, identity, intent)
            if paper.key != identity.key:
                moved[identity.key] = paper.key
        return rekeyed(intent, moved) if moved else intent

    def _meet(self, identity: PaperIdentity, intent: CheckIntent) -> _Paper:
        """The paper that is meant, which the profile has not shown yet: that of the strongest alias, or a new one."""
        for alias in sorted(identity.aliases, key=alias_strength):
            strangers = [paper for paper in self._named[alias].values() if intent.profile_id not in paper.profiles]
            candidates = [one for one in strangers if not identifiers_conflict(one.identifiers, identity.aliases)]
            if candidates:
                return min(candidates, key=lambda paper: paper.order)
        abandoned = self._by_key.get(identity.key)
        if abandoned is not None and not abandoned.profiles:
            return abandoned
        key = self._free_key(identity)
        paper = self._by_key[key] = _Paper(key, next(self._orders), intent.observed_at)
        return paper

    def _free_key(self, identity: PaperIdentity) -> str:
        """The provisional key, unless another paper bears it or once did."""
        if identity.key not in self._by_key and identity.key not in self._given_up:
            return identity.key
        numbered = (f"{identity.key}#{number}" for number in count(2))
        others = chain(sorted(identity.aliases, key=alias_strength), numbered)
        return next(key for key in others if key not in self._by_key and not self._is_stored(key))

    def _is_stored(self, key: str) -> bool:
        paper, former = tables.paper.c, tables.former_key.c
        query = union_all(select(paper.id).where(paper.key == key), select(former.paper_id).where(former.text == key))
        return self._connection.execute(query).first() is not None

    def _show(self, paper: _Paper, identity: PaperIdentity, intent: CheckIntent) -> None:
        """Note that the profile shows the paper, and by which names it did not before."""
        if intent.observed_at < paper.first_shown_at:
            paper.first_shown_at, paper.is_older_than_stored = intent.observed_at, True
        for alias in sorted(identity.aliases, key=alias_strength):
            if intent.profile_id not in self._named[alias]:
                self._name(paper, intent.profile_id, alias)
                row = {"profile_id": intent.profile_id, "text": alias, "since": intent.observed_at}
                self._new_aliases.append((paper, row))

    def write(self) -> dict[str, int]:
        """Store new papers and new aliases; the id of every paper that was named, by key."""
        papers = self._by_key.values()
        fresh = [paper for paper in papers if paper.paper_id is None]
        older = [paper for paper in papers if paper.paper_id is not None and paper.is_older_than_stored]
        insert_rows(
            self._connection,
            tables.paper,
            [{"key": paper.key, "first_shown_at": paper.first_shown_at} for paper in fresh],
        )
        columns = tables.paper.c
        query = select(columns.key, columns.id)
        for row in rows_in(self._connection, query, columns.key, [paper.key for paper in fresh]):
            self._by_key[row.key].paper_id = row.id
        insert_rows(
            self._connection, tables.alias, [row | {"paper_id": paper.paper_id} for paper, row in self._new_aliases]
        )
        update_each(
            self._connection,
            tables.paper,
            ["id"],
            [{"id": paper.paper_id, "first_shown_at": paper.first_shown_at} for paper in older],
        )
        return {key: paper.paper_id for key, paper in self._by_key.items() if paper.paper_id is not None}


def _keys(intent: CheckIntent) -> Iterator[str]:
    """Every key for which a row will be written or updated, and those that are linked."""
    yield from (identity.key for identity in intent.papers)
    for keys in (intent.listed, intent.unlisted, intent.missed, intent.removed):
        yield from keys
    yield from (event.paper_key for event in intent.events if event.paper_key is not None)
    yield from (link.other_key for link in intent.links)

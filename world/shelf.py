"""Which of a researcher's papers the page lists, and in which order."""

from collections.abc import Collection
from datetime import date
from random import Random

#: The list is never longer.
CAP = 50


class Shelf:
    """All papers of one researcher by rank; the first ``cap`` are on the page.

    Papers are named by their arXiv ids. ``arrived`` tells when a paper last came onto the page, for those that did
    so after the shelf was first filled.
    """

    def __init__(self, ranked: list[str], *, cap: int = CAP) -> None:
        self._ranked = ranked
        self._cap = cap
        self._mislaid: str | None = None
        self._on_page = frozenset(ranked[:cap])
        self.arrived: dict[str, date] = {}

    def __len__(self) -> int:
        return len(self._ranked)

    def __contains__(self, arxiv_id: str) -> bool:
        return arxiv_id in self._ranked

    @property
    def listed(self) -> list[str]:
        """What the page lists, in its order."""
        return [arxiv_id for arxiv_id in self._ranked[: self._cap] if arxiv_id != self._mislaid]

    def put(self, arxiv_id: str, day: date, draw: Random) -> None:
        """Rank a paper somewhere on the page; on a full page the last one falls off."""
        self._ranked.insert(draw.randrange(min(len(self._ranked), self._cap - 1) + 1), arxiv_id)
        self._note_arrivals(day)

    def withdraw(self, arxiv_id: str, day: date) -> None:
        """Take a paper away for good; on a full page the next one comes on."""
        self._ranked.remove(arxiv_id)
        self.arrived.pop(arxiv_id, None)
        self._note_arrivals(day)

    def mislay(self, arxiv_id: str | None) -> None:
        """Leave one paper out of the list until another is mislaid, or None."""
        self._mislaid = arxiv_id

    def shuffle_a_little(self, draw: Random) -> None:
        """Exchange some ranks within the page."""
        count = len(self._on_page)
        for _ in range(draw.randint(1, 20)):
            self._exchange(draw.randrange(count), draw.randrange(count))

    def push_on(self, day: date, draw: Random) -> None:
        """Exchange a listed paper for one that the full page does not list; nothing on a page that lists all."""
        if len(self._ranked) > self._cap:
            self._exchange(draw.randrange(self._cap), draw.randrange(self._cap, len(self._ranked)))
            self._note_arrivals(day)

    def keep_on_page(self, owed: Collection[str]) -> None:
        """Bring back those of the papers that fell off: the site still owes them to its readers.

        More papers than a page holds cannot be kept.
        """
        fallen = [arxiv_id for arxiv_id in self._ranked[self._cap :] if arxiv_id in owed]
        kept = [arxiv_id for arxiv_id in self._ranked[: self._cap] if arxiv_id in owed]
        if fallen:
            first = fallen + kept
            self._ranked = first + [arxiv_id for arxiv_id in self._ranked if arxiv_id not in first]
            self._on_page = frozenset(self._ranked[: self._cap])
        if self._mislaid in owed:
            self._mislaid = None

    def _exchange(self, one: int, other: int) -> None:
        self._ranked[one], self._ranked[other] = self._ranked[other], self._ranked[one]

    def _note_arrivals(self, day: date) -> None:
        on_page = frozenset(self._ranked[: self._cap])
        self.arrived |= dict.fromkeys(on_page - self._on_page, day)
        self._on_page = on_page

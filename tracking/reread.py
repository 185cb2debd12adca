"""A stored page read again: which facts of the stored reading the new one does not share.

>>> differences(stored, keys, again)
(FactDiffers(field='metrics.citations', before=1204, after=1205, paper=None),)

Both readings are of the same bytes, so every difference is the parser's. The order of papers is no fact, and a
metric that is named without a value is not shown, exactly as one that is not named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tracking.aliases import aliases
from tracking.check import KnownPaper
from tracking.diff import PAPER_FIELDS
from tracking.event import Value
from tracking.identity import identify
from tracking.reading import PaperReading, ProfileReading, Published

_PROFILE_FIELDS = ("name", "field", "complete", "warnings")


class Change(StrEnum):
    """How a fact differs: unknown is not zero, so what was not shown *appears* and never *changes*."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDiffers:
    """One fact of a page that is read differently now.

    ``field`` is ``name``, ``field``, ``complete``, ``warnings``, ``metrics.`` or ``papers.`` with a field's name, or
    ``papers`` for a whole paper, whose title then is the value. ``before`` is what the store holds, None: not shown.
    """

    field: str
    before: Value
    after: Value
    #: The title of the paper that it is a fact of, as it is stored; of a paper that appears, as it is read now.
    paper: str | None = None

    @property
    def change(self) -> Change:
        match self.before, self.after:
            case None | [], _:
                return Change.APPEARS
            case _, None | []:
                return Change.VANISHES
        return Change.CHANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """A new reading of a stored page, to be recorded in the place of the one that was observed at that time."""

    profile_id: int
    observed_at: datetime
    reading: ProfileReading
    parser: str


def differences(stored: ProfileReading, keys: Sequence[str], again: ProfileReading) -> tuple[FactDiffers, ...]:
    """Every fact that differs, profile first, then papers in the stored order, then papers that appear.

    ``keys[i]`` is the key of ``stored.papers[i]``. Empty exactly when the two say the same.
    """
    if stored == again:
        return ()
    return (*_of_profile(stored, again), *_of_papers(stored, keys, again))


def _of_profile(stored: ProfileReading, again: ProfileReading) -> Iterator[FactDiffers]:
    for name in _PROFILE_FIELDS:
        before, after = getattr(stored, name), getattr(again, name)
        if before != after:
            yield FactDiffers(field=name, before=_plain(before), after=_plain(after))
    for metric in sorted(stored.metrics.keys() | again.metrics.keys()):
        before, after = stored.metrics.get(metric), again.metrics.get(metric)
        if before != after:
            yield FactDiffers(field=f"metrics.{metric}", before=before, after=after)


def _of_papers(stored: ProfileReading, keys: Sequence[str], again: ProfileReading) -> Iterator[FactDiffers]:
    pairs = dict(_pairs(stored, keys, again))
    for position, paper in enumerate(stored.papers):
        if position in pairs:
            yield from _of_paper(paper, again.papers[pairs[position]])
        else:
            yield FactDiffers(field="papers", before=paper.title, after=None, paper=paper.title)
    for position in _others(again.papers, pairs.values()):
        title = again.papers[position].title
        yield FactDiffers(field="papers", before=None, after=title, paper=title)


def _of_paper(stored: PaperReading, again: PaperReading) -> Iterator[FactDiffers]:
    if stored == again:
        return
    for name in PAPER_FIELDS:
        before, after = getattr(stored, name), getattr(again, name)
        if before != after:
            yield FactDiffers(field=f"papers.{name}", before=_plain(before), after=_plain(after), paper=stored.title)


def _pairs(stored: ProfileReading, keys: Sequence[str], again: ProfileReading) -> Iterator[tuple[int, int]]:
    """Positions in ``stored`` and ``again`` that are of one paper of the page.

    Where all titles stand as they stood, position decides. Otherwise papers are told as on any two pages; what is
    then left over is one card where it stands at the same place of two lists of one length.
    """
    if [paper.title for paper in stored.papers] == [paper.title for paper in again.papers]:
        yield from ((position, position) for position in range(len(stored.papers)))
        return
    pairs = dict(_pairs_by_identity(stored, keys, again))
    yield from pairs.items()
    if len(stored.papers) == len(again.papers):
        unread = set(_others(again.papers, pairs.values()))
        yield from ((position, position) for position in _others(stored.papers, pairs) if position in unread)


def _pairs_by_identity(stored: ProfileReading, keys: Sequence[str], again: ProfileReading) -> Iterator[tuple[int, int]]:
    """A paper that a page shows twice is paired in the order of its showings."""
    known: dict[str, KnownPaper] = {}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, (key, paper) in enumerate(zip(keys, stored.papers, strict=True)):
        places[key].append(position)
        names = frozenset({key, *aliases(stored.source, paper)})
        if key in known:
            names |= known[key].aliases
        known[key] = KnownPaper(key=key, aliases=names, paper=paper, listed=True)
    for position, key in enumerate(identify(again.source, again.papers, known).keys):
        if places[key]:
            yield places[key].pop(0), position


def _others(papers: Sequence[PaperReading], positions: Iterable[int]) -> list[int]:
    taken = set(positions)
    return [position for position in range(len(papers)) if position not in taken]


def _plain(value: Any) -> Value:
    """A field of a reading as a JSON value."""
    match value:
        case tuple():
            return list(value)
        case Published():
            return str(value)
    plain: Value = value
    return plain

"""The history of a profile is a function of the set of its accepted sightings, in whatever order they were recorded.

    before ──┬── fold(the sightings as they were) ──> what the store holds
             └── fold(the sightings as they are)  ──> what it shall hold
                                     difference of the two = Rewrite

Both folds begin just before the first sighting that changes and end as soon as they have come to the same: what is
inserted or taken out costs work in proportion to its neighbourhood, not to the history.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from tracking.check import Known, KnownMetric, KnownPaper, Outcome, Snapshot, Watch
from tracking.diff import Content, content
from tracking.event import Cause, Event
from tracking.fold import Fold, Mark, Read, Span
from tracking.identity import may_be_one_work
from tracking.milestone import mark_between
from tracking.reading import PaperReading

_Place = TypeVar("_Place")
_Fact = TypeVar("_Fact")

MarkKey = tuple[str, datetime, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What the store holds of a profile after the last sighting that was loaded."""

    #: Aliases that are first shown later.
    aliases: frozenset[str] = frozenset()
    #: Papers that are shown later and are not on the last page that was loaded.
    shown: frozenset[str] = frozenset()
    #: Papers that are shown for the first time later, as well as they are known.
    born: tuple[PaperReading, ...] = ()
    #: Metrics that are shown later.
    metrics: frozenset[str] = frozenset()
    #: Of metrics that have marks and change later, the highest value that they come to.
    highest: Mapping[str, int | float] = field(default_factory=dict)
    #: A complete page comes later: what is missing from it will be noted.
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """A part of a profile's history: what was known before it, and all that was seen in it."""

    watch: Watch
    before: Known | None
    #: The parser of the last snapshot of ``before``.
    parser: str | None
    #: Pages and the times at which each was seen, in the order of time; a page may come back.
    sightings: tuple[tuple[Read, tuple[datetime, ...]], ...]
    #: None: nothing comes after.
    later: Later | None
    #: The key of each paper of the profile by its aliases, at any time.
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What becomes of the sightings."""

    insert: tuple[tuple[datetime, Read], ...] = ()
    remove: frozenset[datetime] = frozenset()
    #: By ``ref``: the page as it is read now.
    reread: Mapping[str, Read] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What has to change in the store. A mark or a metric that changes is both gone and added."""

    spans_gone: tuple[Span, ...] = ()
    #: A span whose page and first time stay: its other times or its keys differ.
    spans_changed: tuple[Span, ...] = ()
    spans_added: tuple[Span, ...] = ()
    marks_gone: tuple[MarkKey, ...] = ()
    marks_added: tuple[tuple[MarkKey, PaperReading | None], ...] = ()
    metrics_gone: tuple[tuple[str, datetime], ...] = ()
    metrics_added: tuple[tuple[tuple[str, datetime], int | float | None], ...] = ()
    aliases_gone: tuple[str, ...] = ()
    #: Text, paper and time.
    aliases_added: tuple[tuple[str, str, datetime], ...] = ()
    events_gone: tuple[str, ...] = ()
    events_added: tuple[Event, ...] = ()
    events_changed: tuple[Event, ...] = ()
    #: The strongest alias with which a paper is now shown first; of papers whose first showing has changed.
    first_aliases: Mapping[str, str] = field(default_factory=dict)
    #: Sightings that are not believed, those that were until now among them.
    rejected: Mapping[datetime, tuple[Outcome, str]] = field(default_factory=dict)
    #: What is known after the last sighting that was loaded, and the parser that read it.
    known: Known | None = None
    parser: str | None = None


def rewrite(part: Neighbourhood, edit: Edit, cause: Cause | None = None) -> Rewrite | None:
    """What an edit changes; None: more of what follows has to be loaded.

    ``cause`` is that of the events that come of it; None: the usual ones, which may notify.
    """
    old = Fold(part.watch, part.before, part.parser, names=part.names)
    for read, times in part.sightings:
        old.see(read, times)
    new = Fold(part.watch, part.before, part.parser, names=part.names, cause=cause)
    anchor = part.sightings[0][0].reading if part.sightings else None
    for read, times in _edited(part.sightings, edit):
        new.see(read, times, anchor=anchor)
    if part.later is not None and not _agree(old, new, part.later):
        return None
    return _difference(old, new)


def _edited(
    sightings: Sequence[tuple[Read, Sequence[datetime]]], edit: Edit
) -> Iterator[tuple[Read, tuple[datetime, ...]]]:
    """The sightings after the edit, grouped by page."""
    stays = [
        (at, edit.reread.get(read.confirms or read.ref, read))
        for read, times in sightings
        for at in times
        if at not in edit.remove
    ]
    group: list[datetime] = []
    last: Read | None = None
    for at, read in sorted([*stays, *edit.insert], key=lambda sighting: sighting[0]):
        if read is not last and last is not None:
            yield last, tuple(group)
            group = []
        last = read
        group.append(at)
    if last is not None:
        yield last, tuple(group)


# ---- have the two folds come to the same?


def _agree(old: Fold, new: Fold, later: Later) -> bool:
    """True when whatever follows would find the same, had it been decided after the one or after the other."""
    one, other = old.known, new.known
    if one is None or other is None:
        return one is other
    if old.parser != new.parser or one.confirmed_at != other.confirmed_at or _content(one) != _content(other):
        return False
    return (
        all(
            _is_over(one.papers.get(key), other.papers.get(key), later)
            for key in sorted(one.papers.keys() | other.papers.keys())
            if one.papers.get(key) != other.papers.get(key)
        )
        and not any(
            name in later.metrics
            for name in one.metrics.keys() | other.metrics.keys()
            if one.metrics.get(name) != other.metrics.get(name)
        )
        and all(_passes_the_same(name, one.highest.get(name), other.highest.get(name), later) for name in later.highest)
    )


def _passes_the_same(name: str, one: KnownMetric | None, other: KnownMetric | None, later: Later) -> bool:
    """True when what comes later passes the same marks, with the same to say, from either high-water mark."""
    if one == other:
        return True
    lower = min(reached.value for reached in (one, other) if reached is not None)
    return mark_between(name, lower, later.highest[name]) is None


def _content(known: Known) -> Content:
    return content(Snapshot(reading=known.reading, keys=known.keys, parser=""))


def _is_over(one: KnownPaper | None, other: KnownPaper | None, later: Later) -> bool:
    """True when nothing that comes later can have to do with a paper that is known differently now.

    The pages agree: both list it, or neither does.
    """
    papers = [paper for paper in (one, other) if paper is not None]
    if any(paper.key in later.shown or not later.aliases.isdisjoint(paper.aliases) for paper in papers):
        return False
    if one is not None and other is not None and one.listed and other.listed:
        # It stands on the last page for both. An alias that was lost may be met again, any time later.
        return one.aliases <= other.aliases
    if later.complete and not all(paper.removed for paper in papers):
        return False
    return not any(may_be_one_work(paper.paper, born) for paper in papers for born in later.born)


# ---- what the two folds differ in


def _difference(former: Fold, present: Fold) -> Rewrite:
    old, new = former.facts, present.facts
    was = {(span.ref, span.seen[0]): span for span in old.spans}
    now = {(span.ref, span.seen[0]): span for span in new.spans}
    return Rewrite(
        spans_gone=tuple(span for place, span in was.items() if place not in now),
        spans_changed=tuple(span for place, span in now.items() if place in was and was[place] != span),
        spans_added=tuple(span for place, span in now.items() if place not in was),
        marks_gone=tuple(_only_in(old.marks, new.marks)),
        marks_added=tuple((mark, new.marks[mark]) for mark in _only_in(new.marks, old.marks)),
        metrics_gone=tuple(_only_in(old.metrics, new.metrics)),
        metrics_added=tuple((place, new.metrics[place]) for place in _only_in(new.metrics, old.metrics)),
        aliases_gone=tuple(_only_in(old.aliases, new.aliases)),
        aliases_added=tuple((text, *new.aliases[text]) for text in _only_in(new.aliases, old.aliases)),
        events_gone=tuple(name for name in old.events if name not in new.events),
        events_added=tuple(event for name, event in new.events.items() if name not in old.events),
        events_changed=tuple(
            event
            for name, event in new.events.items()
            if name in old.events and _told(old.events[name]) != _told(event)
        ),
        first_aliases={key: new.first_alias[key] for key in _only_in(new.first_alias, old.first_alias)},
        rejected={at: why for at, why in new.rejected.items() if at not in old.rejected},
        known=present.known,
        parser=present.parser,
    )


def _only_in(one: Mapping[_Place, _Fact], other: Mapping[_Place, _Fact]) -> Iterator[_Place]:
    """The places at which the other has nothing, or something else."""
    return (place for place, fact in one.items() if place not in other or other[place] != fact)


def _told(event: Event) -> Event:
    """What an event says; its cause is that of the first time it was found."""
    return replace(event, cause=Cause.SOURCE)

"""The history of one profile, folded out of its accepted sightings in the order of their times.

>>> fold = Fold(watch, before=None, parser=None)
>>> for read, times in sightings:
...     fold.see(read, times)
>>> fold.facts.events, fold.known

A daily check is one step of it: each sighting is decided by `tracking.decide`, as if it had come on its day.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tracking.advance import advance
from tracking.aliases import aliases
from tracking.check import CheckIntent, Known, KnownPaper, Outcome, Page, Parsed, Snapshot, Watch
from tracking.classify import REMOVAL_SETTLES_AFTER, Scribe, removals
from tracking.decide import decide
from tracking.diff import content
from tracking.event import Cause, Event
from tracking.guard import is_another_person
from tracking.identity import identify
from tracking.reading import PaperReading, ProfileReading
from tracking.rejection import rejected_at
from tracking.rekey import rekeyed
from tracking.titles import plain

_NO_PAGE = Page(url="", status=200, headers={}, body=b"")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """A page as one parser read it. Compared by identity: the same object is the same page, seen again."""

    reading: ProfileReading
    parser: str
    #: Where the store has it, or will find it.
    ref: str
    #: The keys under which its papers are stored; empty, or None in a place, where nothing is known of that.
    keys: tuple[str | None, ...] = ()
    #: sha256 of the page's bytes: the same bytes, seen again, say what they said before, whatever the day.
    page: bytes | None = None
    #: The ref of the page that it confirmed when it was stored: it looks otherwise and says the same.
    confirms: str | None = None
    #: It is stored and was accepted; another one has still to be believed.
    accepted: bool = True


class Mark(StrEnum):
    """What may happen to the presence of a paper."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    MISSED = "missed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A snapshot: a page with the times at which it was seen. The first makes it, the others confirm it."""

    ref: str
    seen: tuple[datetime, ...]
    parser: str
    complete: bool
    keys: tuple[str, ...]


@dataclass(slots=True)
class Facts:
    """Everything that a fold finds, by what makes it unique."""

    spans: list[Span] = field(default_factory=list)
    #: The paper as it was shown last where it is hidden; None elsewhere.
    marks: dict[tuple[str, datetime, Mark], PaperReading | None] = field(default_factory=dict)
    metrics: dict[tuple[str, datetime], int | float | None] = field(default_factory=dict)
    #: By profile-wide unique text: the paper, and when it was first shown with it.
    aliases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    #: Of papers that were not known before, the strongest alias of their first showing.
    first_alias: dict[str, str] = field(default_factory=dict)
    #: What was not believed, and why.
    rejected: dict[datetime, tuple[Outcome, str]] = field(default_factory=dict)

    def rename(self, old: str, new: str) -> None:
        """Give a paper another key, everywhere."""
        self.spans = [
            replace(span, keys=tuple(new if key == old else key for key in span.keys)) if old in span.keys else span
            for span in self.spans
        ]
        self.marks = {(new if key == old else key, at, mark): paper for (key, at, mark), paper in self.marks.items()}
        self.aliases = {text: (new if key == old else key, at) for text, (key, at) in self.aliases.items()}
        self.events = {
            name: replace(event, paper_key=new) if event.paper_key == old else event
            for name, event in self.events.items()
        }
        self.first_alias[new] = self.first_alias.pop(old)


class Fold:
    """Takes sightings in the order of their times; ``facts`` and ``known`` are what they come to.

    ``known`` and ``parser`` are what was known before the first of them, and which parser had read that.
    ``names`` are the keys under which the profile's papers are known by their aliases, at any time: names only, what
    is one paper and what is two is decided by what came before. ``cause`` is that of every event; None: the usual.
    """

    def __init__(
        self,
        watch: Watch,
        known: Known | None,
        parser: str | None,
        *,
        names: Mapping[str, str] | None = None,
        cause: Cause | None = None,
    ) -> None:
        self.known = known
        self.parser = parser
        self.facts = Facts()
        self._watch = replace(watch, last_outcome=None)
        self._names = names or {}
        self._cause = cause
        self._read: Read | None = None
        #: Papers that were first met here, under a key that was made up here.
        self._young: set[str] = set()

    def see(self, read: Read, times: Sequence[datetime], *, anchor: ProfileReading | None = None) -> None:
        """The page was seen at these times, one after the other and nothing else in between.

        ``anchor`` is what a page must be compared with to know whose it is while nothing is known before it.
        """
        again = self._is_seen_again(read, times[0])
        if not again and not self._take(read, times[0], anchor):
            self.facts.rejected |= dict.fromkeys(times[1:], self.facts.rejected[times[0]])
            return
        confirming = times if again else times[1:]
        self._read = read
        for at in confirming:
            self._confirm(at)

    def _is_seen_again(self, read: Read, at: datetime) -> bool:
        last = self._read
        if last is None or read is last:
            return read is last
        is_same = read.page is not None and (read.page, read.parser) == (last.page, last.parser)
        return is_same and self._is_read_alike(at)

    def _is_read_alike(self, at: datetime) -> bool:
        """False where a rejection was taken back since the last page: the same bytes now say more than before."""
        assert self.known is not None
        rejections = self._watch.rejections
        return rejected_at(rejections, at) == rejected_at(rejections, self.known.confirmed_at)

    def _take(self, read: Read, at: datetime, anchor: ProfileReading | None) -> bool:
        """Decide what a page means that is another than the last; False when it is not believed."""
        if not read.accepted and (detail := self._stranger(read.reading, at, anchor)) is not None:
            self.facts.rejected[at] = (Outcome.QUARANTINED, detail)
            return False
        # What may notify is believed as hesitatingly as on its day; what was accepted then stays so.
        watch = replace(self._watch, parser=self.parser, accept_next=read.accepted or self._cause is not None)
        parsed = Parsed(page=_NO_PAGE, reading=read.reading, parser=read.parser)
        intent = decide(watch, parsed, self.known, at)
        if not intent.outcome.is_good:
            self.facts.rejected[at] = (intent.outcome, intent.detail)
            return False
        if intent.snapshot is None:
            self._record(intent, self._cause)
            self._extend(at)
            return True
        intent = self._named(intent, read)
        cause = Cause.PARSER if self.known is not None and self.parser != read.parser else self._cause
        self._record(intent, cause)
        assert intent.snapshot is not None
        self.facts.spans.append(
            Span(
                ref=read.ref,
                seen=(at,),
                parser=read.parser,
                complete=read.reading.complete,
                keys=intent.snapshot.keys,
            )
        )
        self.parser = read.parser
        return True

    def _stranger(self, reading: ProfileReading, at: datetime, anchor: ProfileReading | None) -> str | None:
        if plain(reading.name) in rejected_at(self._watch.rejections, at):
            return f"the page is of {reading.name!r}, a name that was rejected"
        last = self.known.reading if self.known else anchor
        if last is None or not is_another_person(last, reading):
            return None
        return f"the page is of {reading.name!r}, and shows other papers than that of {last.name!r}"

    def _confirm(self, at: datetime) -> None:
        """The last page was seen once more: nothing changes, but what it lacks may be settled by now."""
        assert self.known is not None
        after = content(Snapshot(reading=self.known.reading, keys=self.known.keys, parser=""))
        due = [
            paper.missed_at
            for key, paper in self.known.papers.items()
            if paper.missed_at is not None and not paper.listed and not paper.removed and key not in after.papers
        ]
        removed: tuple[Event, ...] = ()
        if due and at - min(due) >= REMOVAL_SETTLES_AFTER:
            removed = tuple(removals(Scribe(self._watch, at), self.known, after))
        self._record(
            CheckIntent(
                profile_id=self._watch.profile_id,
                revision=self._watch.revision,
                observed_at=at,
                outcome=Outcome.OK if removed else Outcome.UNCHANGED,
                removed=tuple(event.paper_key for event in removed if event.paper_key is not None),
                events=removed,
            ),
            self._cause,
        )
        self._extend(at)

    def _extend(self, at: datetime) -> None:
        last = self.facts.spans[-1]
        self.facts.spans[-1] = replace(last, seen=(*last.seen, at))

    def _record(self, intent: CheckIntent, cause: Cause | None = None) -> None:
        at, facts = intent.observed_at, self.facts
        known = self.known.papers if self.known else {}
        for key in intent.listed:
            facts.marks[key, at, Mark.SHOWN] = None
        for key, paper in intent.unlisted.items():
            facts.marks[key, at, Mark.HIDDEN] = replace(paper, abstract=None)
        for key in intent.missed:
            facts.marks[key, at, Mark.MISSED] = None
        for key in intent.removed:
            facts.marks[key, at, Mark.REMOVED] = None
        for name, value in intent.metrics.items():
            facts.metrics[name, at] = value
        for identity in intent.papers:
            before = known[identity.key].aliases if identity.key in known else frozenset()
            facts.aliases |= dict.fromkeys(identity.aliases - before, (identity.key, at))
            if identity.key not in known:
                facts.first_alias[identity.key] = aliases(self._watch.source, identity.paper)[0]
        for event in intent.events:
            facts.events[event.id] = event if cause is None else dataclasses.replace(event, cause=cause)
        self.known = advance(self.known, intent)

    # ---- names

    def _named(self, intent: CheckIntent, read: Read) -> CheckIntent:
        """The intent with the keys that its papers have in the store, wherever that can be known."""
        assert intent.snapshot is not None
        keys = intent.snapshot.keys
        known = self.known.papers if self.known else {}
        stored = dict(zip(keys, read.keys, strict=True)) if read.keys else {}
        own = {identity.key: identity.aliases for identity in intent.papers}
        moved: dict[str, str] = {}
        taken = set(known) | set(keys)
        for key in dict.fromkeys(keys):
            name = stored.get(key)
            if key in known:
                if name is not None and name != key and key in self._young and name not in taken:
                    self._rename(key, name)
                    moved[key] = name
                continue
            if name is None:
                name = next((self._names[text] for text in sorted(own[key]) if text in self._names), None)
            if name is not None and name != key and name not in taken:
                moved[key] = name
                taken.add(name)
            elif name is None:
                self._young.add(key)
        return rekeyed(intent, moved) if moved else intent

    def _rename(self, old: str, new: str) -> None:
        """A paper that was met here under a made-up key turns out to be one that has a name."""
        assert self.known is not None
        self.facts.rename(old, new)
        self._young.discard(old)
        papers = {
            (new if key == old else key): replace(paper, key=new) if key == old else paper
            for key, paper in self.known.papers.items()
        }
        keys = tuple(new if key == old else key for key in self.known.keys)
        self.known = replace(self.known, papers=papers, keys=keys)


def names_by_position(source: str, reading: ProfileReading, stored: Read) -> tuple[str | None, ...]:
    """The stored keys of the papers of a page that was read again, wherever a paper can be recognised."""
    there = {key: paper for key, paper in zip(stored.keys, stored.reading.papers, strict=True) if key is not None}
    known = {
        key: KnownPaper(key=key, aliases=frozenset({key, *aliases(source, paper)}), paper=paper, listed=True)
        for key, paper in there.items()
    }
    return tuple(key if key in there else None for key in identify(source, reading.papers, known).keys)

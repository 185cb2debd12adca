"""A history kept by rewrites alone, in memory: what the store does with tables, done with dictionaries."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tracking.check import Known, Watch
from tracking.chronicle import Edit, Later, Neighbourhood, Rewrite, rewrite
from tracking.event import Cause, Event
from tracking.fold import Facts, Fold, Mark, Read, Span

WATCH = Watch(
    profile_id=1, revision=0, person_id=1, person="Ada", source="scholarfeed", key="1", url="http://127.0.0.1/1"
)


def folded(sightings: list[tuple[datetime, Read]]) -> Fold:
    """The history in one go, oldest first: what every order of recording must come to."""
    fold = Fold(WATCH, None, None, cause=Cause.BACKFILL)
    for at, page in sorted(sightings, key=lambda sighting: sighting[0]):
        fold.see(page, [at])
    return fold


@dataclass
class Ledger:
    """Spans, marks and events, as they stand after each edit."""

    #: Every page that was ever inserted, by the time at which it was seen.
    pages: dict[datetime, Read] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    #: How many spans were looked at by the last edit.
    loaded: int = 0

    def insert(self, *sightings: tuple[datetime, Read]) -> Rewrite:
        self.pages |= dict(sightings)
        return self.edit(Edit(insert=sightings))

    def reread(self, pages: dict[str, Read]) -> Rewrite:
        """Read every page that begins a span again."""
        done = self.edit(Edit(reread={span.ref: pages[span.ref] for span in self.facts.spans}))
        for at, page in self.pages.items():
            self.pages[at] = pages.get(page.ref, page)
        return done

    def edit(self, edit: Edit) -> Rewrite:
        spans = sorted(self.facts.spans, key=lambda span: span.seen[0])
        times = [at for at, _ in edit.insert] + sorted(edit.remove)
        times += [span.seen[0] for span in spans if span.ref in edit.reread]
        earlier = [place for place, span in enumerate(spans) if span.seen[0] < min(times)]
        start = earlier[-1] if earlier else 0
        end = sum(span.seen[0] <= max(times) for span in spans)
        while True:
            end += 1
            done = rewrite(self._part(spans, start, end), edit, Cause.BACKFILL)
            if done is not None:
                self.loaded = min(end, len(spans)) - start
                self._apply(done)
                return done

    def _part(self, spans: list[Span], start: int, end: int) -> Neighbourhood:
        before = self._fold(spans[:start])
        now = self._fold(spans[:end])
        return Neighbourhood(
            watch=WATCH,
            before=before.known,
            parser=before.parser,
            sightings=tuple(sighting for span in spans[start:end] for sighting in self._sightings(span)),
            later=self._later(spans[end:], now.known, spans[end - 1].seen[-1]) if end < len(spans) else None,
            names={text: key for text, (key, _) in self.facts.aliases.items()},
        )

    def _fold(self, spans: list[Span]) -> Fold:
        fold = Fold(WATCH, None, None)
        for span in spans:
            for page, times in self._sightings(span):
                fold.see(page, times)
        return fold

    def _sightings(self, span: Span) -> list[tuple[Read, tuple[datetime, ...]]]:
        """The pages of a span: those that confirm it may look otherwise and say the same."""
        found: list[tuple[Read, list[datetime]]] = []
        for at in span.seen:
            page = self.pages[at]
            if found and found[-1][0].ref == page.ref:
                found[-1][1].append(at)
            else:
                found.append((replace(page, keys=() if found else span.keys, accepted=True), [at]))
        return [(page, tuple(times)) for page, times in found]

    def _later(self, spans: list[Span], known: Known | None, at: datetime) -> Later:
        assert known is not None
        shown: set[str] = {key for key, when, mark in self.facts.marks if mark is Mark.SHOWN and when > at}
        listed = {key for span in spans for key in span.keys}
        pages = [self.pages[at].reading for span in spans for at in span.seen]
        highest: dict[str, int | float] = {}
        for (name, when), value in self.facts.metrics.items():
            if when > at and value is not None:
                highest[name] = max(value, highest.get(name, value))
        return Later(
            aliases=frozenset(text for text, (_, when) in self.facts.aliases.items() if when > at),
            shown=frozenset(shown),
            born=tuple(paper for page in pages for paper in page.papers) if listed - known.papers.keys() else (),
            metrics=frozenset(name for page in pages for name, value in page.metrics.items() if value is not None),
            highest=highest,
            complete=any(span.complete for span in spans),
        )

    def _apply(self, done: Rewrite) -> None:
        facts = self.facts
        gone = {(span.ref, span.seen[0]) for span in (*done.spans_gone, *done.spans_changed)}
        facts.spans = [span for span in facts.spans if (span.ref, span.seen[0]) not in gone]
        facts.spans += [*done.spans_changed, *done.spans_added]
        for mark in done.marks_gone:
            del facts.marks[mark]
        facts.marks |= dict(done.marks_added)
        for place in done.metrics_gone:
            del facts.metrics[place]
        facts.metrics |= dict(done.metrics_added)
        for text in done.aliases_gone:
            del facts.aliases[text]
        facts.aliases |= {text: (key, at) for text, key, at in done.aliases_added}
        for name in done.events_gone:
            del facts.events[name]
        facts.events |= {event.id: event for event in (*done.events_added, *done.events_changed)}
        facts.first_alias |= done.first_aliases


def canonical(facts: Facts) -> dict[str, object]:
    """The facts with every paper under the strongest alias of its first showing, in an order of their own."""
    names = facts.first_alias

    def name(key: str | None) -> str | None:
        return names.get(key, key) if key is not None else None

    def event(one: Event) -> Event:
        return replace(one, paper_key=name(one.paper_key))

    return {
        "spans": sorted(
            (span.seen, span.parser, span.complete, tuple(name(key) for key in span.keys)) for span in facts.spans
        ),
        "marks": {(name(key), at, mark): paper for (key, at, mark), paper in facts.marks.items()},
        "metrics": facts.metrics,
        "aliases": {text: (name(key), at) for text, (key, at) in facts.aliases.items()},
        "events": {identity: event(one) for identity, one in facts.events.items()},
    }

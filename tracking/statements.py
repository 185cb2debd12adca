"""What is said of a part of a profile's history: by the store's rows, and by its pages once they are folded again.

>>> list(differences(recorded(rows), folded(part, window)))
[]

Both sides say what they know in the same words, so that holding them against each other is comparing two dictionaries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracking.chronicle import Neighbourhood
from tracking.elsewhere import as_recorded, is_second_showing
from tracking.event import Event, EventKind
from tracking.fold import Facts, Fold, Mark, Span
from tracking.proof import Ground, Standing, Step
from tracking.reading import PaperReading

#: What pages tell. The other kinds are of checks, not of what a page says.
OF_PAGES = frozenset(
    {
        EventKind.PROFILE_BASELINE,
        EventKind.PROFILE_RENAMED,
        EventKind.PAPER_NEW,
        EventKind.PAPER_LATE,
        EventKind.PAPER_ENRICHED,
        EventKind.PAPER_RETITLED,
        EventKind.PAPER_REVISED,
        EventKind.PAPER_REMOVED,
        EventKind.PAPER_RETURNED,
        EventKind.METRIC_CHANGED,
        EventKind.METRIC_MILESTONE,
        EventKind.METRIC_RECOUNT,
    }
)
#: What an event says of the pages; its cause is that of the first time it was found.
_TOLD = ("kind", "profile_id", "paper_key", "paper_title", "field", "before", "after", "since", "observed_at")
#: What of that rests on the page before.
_MEASURED = {"before", "since"}


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` until before ``end``; None: without a bound."""

    start: datetime | None = None
    end: datetime | None = None

    def __contains__(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(slots=True)
class Statements:
    """Facts that begin or end in a window, in words that tell each from every other, with what is said of it."""

    window: Window
    facts: dict[str, object] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)

    def snapshot(self, ref: str, seen: datetime, confirmed: datetime, parser: str, *, complete: bool) -> None:
        self._say(f"{ref} of {seen.isoformat()}", seen, (confirmed, parser, complete))

    def mark(self, key: str, at: datetime, mark: Mark, paper: PaperReading | None) -> None:
        self._say(f"{key} {mark} at {at.isoformat()}", at, paper)

    def metric(self, name: str, at: datetime, value: int | float | None) -> None:
        self._say(f"{name} from {at.isoformat()}", at, value)

    def metric_end(self, name: str, at: datetime) -> None:
        self._say(f"{name} until {at.isoformat()}", at, None)

    def alias(self, text: str, key: str, at: datetime) -> None:
        self._say(f"the name {text} from {at.isoformat()}", at, key)

    def event(self, event: Event) -> None:
        if event.observed_at in self.window:
            self.events[event.id] = event

    def _say(self, what: str, at: datetime, value: object) -> None:
        if at in self.window:
            self.facts[what] = value


@dataclass(frozen=True, slots=True)
class Folded:
    """What pages come to."""

    statements: Statements
    #: When a page was the first that another version of the parser had read.
    parser_changes: frozenset[datetime]
    #: What does not follow from any fact: pages that were accepted and are not to be believed.
    unbelievable: Mapping[datetime, str]

    def beside(self, recorded: Statements) -> "Folded":
        """The same, its events with what other profiles said of their papers when they were recorded."""
        events = self.statements.events
        told = {
            name: as_recorded(event, recorded.events[name]) if name in recorded.events else event
            for name, event in events.items()
        }
        return replace(self, statements=replace(self.statements, events=told))


def folded(part: Neighbourhood, window: Window) -> Folded:
    """What the pages of a neighbourhood come to; what was known before them is taken from the store."""
    fold = Fold(part.watch, part.before, part.parser, names=part.names)
    for read, times in part.sightings:
        fold.see(read, times)
    facts = fold.facts
    said = Statements(window)
    for span in facts.spans:
        said.snapshot(span.ref, span.seen[0], span.seen[-1], span.parser, complete=span.complete)
    for (key, at, mark), paper in facts.marks.items():
        said.mark(key, at, mark, paper)
    for text, (key, at) in facts.aliases.items():
        said.alias(text, key, at)
    for event in facts.events.values():
        said.event(event)
    _say_metrics(said, facts, measured=set(part.before.metrics) if part.before else set())
    return Folded(
        said,
        frozenset(_parser_changes(facts.spans, part.parser)),
        {at: detail for at, (_, detail) in facts.rejected.items() if at in window},
    )


def _say_metrics(said: Statements, facts: Facts, measured: set[str]) -> None:
    """A value takes the place of the one before; ``measured`` are the metrics that had one before all of these."""
    for (name, at), value in sorted(facts.metrics.items(), key=lambda fact: fact[0][1]):
        said.metric(name, at, value)
        if name in measured:
            said.metric_end(name, at)
        measured.add(name)


def _parser_changes(spans: Iterable[Span], parser: str | None) -> Iterator[datetime]:
    for span in spans:
        if parser is not None and span.parser != parser:
            yield span.seen[0]
        parser = span.parser


def differences(recorded: Statements, found: Folded, where: str) -> Iterator[Step]:
    """One step for each fact and each event that either side knows of; ``where`` names the profile."""
    facts, said = found.statements.facts, recorded.facts
    for what in sorted(facts.keys() | said.keys()):
        if what not in said:
            yield _fails(Ground.FACTS, where, f"{what}: follows from the pages and is not recorded")
        elif what not in facts:
            yield _fails(Ground.FACTS, where, f"{what}: does not follow from the pages")
        elif facts[what] != said[what]:
            yield _fails(Ground.FACTS, where, f"{what}: {said[what]!r} is recorded, {facts[what]!r} is right")
        else:
            yield Step(ground=Ground.FACTS, standing=Standing.HOLDS, place=where, text=what)
    for at, detail in sorted(found.unbelievable.items()):
        yield _fails(Ground.FACTS, where, f"the page of {at.isoformat()} was accepted and can not be: {detail}")
    events = found.statements.events
    for name in sorted(events.keys() | recorded.events.keys()):
        yield _of_event(recorded.events.get(name), events.get(name), found.parser_changes, where)


def _of_event(said: Event | None, found: Event | None, parser_changes: frozenset[datetime], where: str) -> Step:
    """A live check that meets another version of the parser measures against a page that it reads again.

    What had been read from that page until then is all that is stored: such an event is held to what its own page says.
    """
    event = said or found
    assert event is not None
    place = f"{where}, {event.kind} {event.id}"
    at_change = event.observed_at in parser_changes
    if said is None or found is None:
        if at_change:
            return _open(place, "not comparable: another version of the parser had read the page before")
        text = "does not follow from the pages" if said else "follows from the pages and is not recorded"
        return _fails(Ground.EVENT, place, text)
    wrong = [name for name in _TOLD if getattr(said, name) != getattr(found, name)]
    if not wrong:
        text = "follows from the pages"
        if is_second_showing(said.kind, said.field):
            text = "the page shows it; that another source did so before is as it was written"
        return Step(ground=Ground.EVENT, standing=Standing.HOLDS, place=place, text=text)
    if at_change and _MEASURED.issuperset(wrong):
        return _open(place, "only what it says of its own page: another version of the parser had read the one before")
    texts = (f"{name}: {getattr(said, name)!r} is recorded, {getattr(found, name)!r} is right" for name in wrong)
    return _fails(Ground.EVENT, place, "; ".join(texts))


def _fails(ground: Ground, place: str, text: str) -> Step:
    return Step(ground=ground, standing=Standing.FAILS, place=place, text=text)


def _open(place: str, text: str) -> Step:
    return Step(ground=Ground.EVENT, standing=Standing.OPEN, place=place, text=text)

"""What a difference means: from the differences of two snapshots to the events of design section 7.

A difference without an event is a fact all the same: the snapshot holds it. No event comes of order, of an author
list cut elsewhere, of a value that is not shown any more, or of one that is shown again as it was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracking.aliases import aliases
from tracking.check import Known, Watch
from tracking.diff import (
    Content,
    Difference,
    MetricDiffers,
    PaperDiffers,
    PaperListed,
    ProfileDiffers,
)
from tracking.event import Cause, Event, EventKind, Value, event_id
from tracking.milestone import mark_between
from tracking.reading import PaperReading, Published
from tracking.titles import family_name, is_same_name, is_same_title

RECENT = timedelta(days=30)
REMOVAL_SETTLES_AFTER = timedelta(hours=20)
#: A fall of a count by more than this, and by more than this share, is a recount and no ordinary change.
FALL_NOISE = 3
FALL_NOISE_SHARE = 0.05
#: An event keeps the beginning of an abstract; the whole is in the snapshot.
ABSTRACT_EXCERPT = 200

#: What a field of a paper can hold.
Fact = str | int | float | bool | tuple[str, ...] | Published | None

_ENRICHING = {"score", "has_code", "institutions", "abstract", "arxiv_id", "doi"}


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes the events of one check of one profile."""

    watch: Watch
    now: datetime

    def event(
        self,
        kind: EventKind,
        *,
        paper_key: str | None = None,
        paper: PaperReading | None = None,
        field: str | None = None,
        before: Value = None,
        after: Value = None,
        since: datetime | None = None,
    ) -> Event:
        # A key may change when an older page turns up; what this page shows never does.
        shown = aliases(self.watch.source, paper)[0] if paper else None
        subject = "/".join(part for part in (shown, field) if part)
        return Event(
            id=event_id(self.watch.source, self.watch.key, kind, subject, self.now),
            kind=kind,
            cause=Cause.ENRICHMENT if kind is EventKind.PAPER_ENRICHED else Cause.SOURCE,
            profile_id=self.watch.profile_id,
            observed_at=self.now,
            paper_key=paper_key,
            paper_title=paper.title if paper else None,
            field=field,
            before=before,
            after=after,
            since=since,
            paper=paper,
        )

    def again(self, event: Event, time: int) -> Event:
        """An event that could not be told by its id from others of this check; ``time`` counts from 2."""
        subject = f"{event.id}#{time}"
        return replace(event, id=event_id(self.watch.source, self.watch.key, event.kind, subject, self.now))


def classify(scribe: Scribe, known: Known, after: Content, differences: Sequence[Difference]) -> Iterator[Event]:
    """The events of ``differences``, in their order; removals are `removals`'s."""
    return _told_apart(scribe, _classified(scribe, known, after, differences))


def _told_apart(scribe: Scribe, events: Iterable[Event]) -> Iterator[Event]:
    """The events, each with an id of its own, also where a page shows two papers under one identifier."""
    times: Counter[str] = Counter()
    for event in events:
        times[event.id] += 1
        yield event if times[event.id] == 1 else scribe.again(event, times[event.id])


def _classified(scribe: Scribe, known: Known, after: Content, differences: Sequence[Difference]) -> Iterator[Event]:
    for difference in differences:
        match difference:
            case PaperListed(key, paper):
                event = _listed(scribe, known, after, key, paper)
            case PaperDiffers(key, field, old, new):
                event = _paper_event(scribe, key, after.papers[key], field, old, new)
            case MetricDiffers(name, _, value):
                event = None
                yield from _metric_events(scribe, known, name, value)
            case ProfileDiffers("name", old, new) if not is_same_name(old, new):
                event = scribe.event(EventKind.PROFILE_RENAMED, field="name", before=old, after=new)
            case _:
                event = None
        if event is not None:
            yield event


def _listed(scribe: Scribe, known: Known, after: Content, key: str, paper: PaperReading) -> Event | None:
    if key in known.papers:
        if not known.papers[key].removed:
            return None
        return scribe.event(EventKind.PAPER_RETURNED, paper_key=key, paper=paper)
    recent = is_recent(paper.published, known.confirmed_at, scribe.now, complete=after.complete)
    kind = EventKind.PAPER_NEW if recent else EventKind.PAPER_LATE
    return scribe.event(kind, paper_key=key, paper=paper)


def is_recent(published: Published | None, last_seen: datetime, now: datetime, *, complete: bool) -> bool:
    """True when a paper first seen now is new: published in the last 30 days, or since the profile was last read.

    Of a paper without a date only a complete list can say that it was not there before.
    """
    if published is None:
        return complete
    horizon: date = min(now - RECENT, last_seen).date()
    return published.latest >= horizon


def _paper_event(scribe: Scribe, key: str, paper: PaperReading, field: str, old: Fact, new: Fact) -> Event | None:
    kind: EventKind | None = None
    if field in _ENRICHING and new not in (None, (), False, ""):
        kind = EventKind.PAPER_ENRICHED
    elif field == "title" and not is_same_title(str(old), str(new)):
        kind = EventKind.PAPER_RETITLED
    elif _is_revision(paper, field, old, new):
        kind = EventKind.PAPER_REVISED
    if kind is None:
        return None
    return scribe.event(kind, paper_key=key, paper=paper, field=field, before=_value(old), after=_value(new))


def _is_revision(paper: PaperReading, field: str, old: object, new: object) -> bool:
    match field, old, new:
        case "version", int(), int():
            return True
        case "category", str(), str():
            return True
        case "authors", tuple(), tuple():
            return not is_cut_of(old, new) and not is_cut_of(new, old)
        case "published", Published(), Published():
            return not paper.year_inferred and not (old.earliest <= new.latest and new.earliest <= old.latest)
    return False


def is_cut_of(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """True when one author list is a beginning of the other, however the names are spelt out."""
    ours, theirs = [family_name(name) for name in shorter], [family_name(name) for name in longer]
    return ours == theirs[: len(ours)]


def _value(value: Fact) -> Value:
    match value:
        case tuple():
            return list(value)
        case Published():
            return str(value)
        case str() if len(value) > ABSTRACT_EXCERPT:
            return value[: ABSTRACT_EXCERPT - 1] + "…"
        case _:
            return value


def _metric_events(scribe: Scribe, known: Known, name: str, value: int | float | None) -> Iterator[Event]:
    """Compared with the last value that was shown, however long ago: what was hidden meanwhile did not change.

    A milestone is measured against the highest value that was ever shown.
    """
    last, highest = known.metrics.get(name), known.highest.get(name)
    if value is None:
        return
    if last is not None and last.value != value:
        kind = EventKind.METRIC_RECOUNT if is_recount(last.value, value) else EventKind.METRIC_CHANGED
        yield scribe.event(kind, field=name, before=last.value, after=value, since=last.since)
    if highest is not None and mark_between(name, highest.value, value) is not None:
        yield scribe.event(
            EventKind.METRIC_MILESTONE, field=name, before=highest.value, after=value, since=highest.since
        )


def is_recount(before: int | float, after: int | float) -> bool:
    """True for a fall of a count beyond noise. Fractions and scores move both ways in the ordinary course."""
    if isinstance(before, float) or isinstance(after, float):
        return False
    fall = before - after
    return fall > FALL_NOISE and fall > FALL_NOISE_SHARE * before


def removals(scribe: Scribe, known: Known, after: Content) -> Iterator[Event]:
    """`paper.removed` for what is still missing from a complete snapshot, long enough after the first such one."""
    return _told_apart(scribe, _removals(scribe, known, after))


def _removals(scribe: Scribe, known: Known, after: Content) -> Iterator[Event]:
    if not after.complete:
        return
    for key, paper in known.papers.items():
        missing = key not in after.papers and not paper.listed and not paper.removed
        if missing and paper.missed_at is not None and scribe.now - paper.missed_at >= REMOVAL_SETTLES_AFTER:
            yield scribe.event(EventKind.PAPER_REMOVED, paper_key=key, paper=paper.paper, since=paper.missed_at)

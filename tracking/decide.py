"""What to write about one check, decided from values alone.

    finding → guard → identify → diff → classify → CheckIntent

It does not fetch, ask the store, read a clock or tell anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from tracking.check import (
    CheckIntent,
    Failure,
    Finding,
    Known,
    KnownMetric,
    KnownPaper,
    NotModified,
    Outcome,
    PaperIdentity,
    Parsed,
    SameBytes,
    Snapshot,
    Watch,
)
from tracking.classify import Scribe, classify, removals
from tracking.diff import Content, content, diff
from tracking.event import OF_METRICS, Cause, Event, EventKind
from tracking.guard import Implausible, Suspect, guard
from tracking.identity import Identified, identify
from tracking.milestone import reach
from tracking.reading import ProfileReading
from tracking.rejection import rejected_at


def decide(watch: Watch, finding: Finding, known: Known | None, now: datetime) -> CheckIntent:
    """Decide one check. ``known`` is None before the first accepted snapshot; it is only needed for `Parsed`.

    ``now`` is the observed time of everything that comes of it.
    """
    blank = CheckIntent(
        profile_id=watch.profile_id,
        revision=watch.revision,
        observed_at=now,
        outcome=Outcome.OK,
        unsettled=watch.unsettled,
    )
    match finding:
        case Failure():
            return replace(
                blank,
                outcome=finding.outcome,
                detail=finding.detail,
                status=finding.status,
                size=finding.size,
                elapsed_seconds=finding.elapsed_seconds,
                retry_after_seconds=finding.retry_after_seconds,
                robots=finding.page.robots if finding.page else finding.robots,
                unread=finding.page,
            )
        case NotModified():
            return replace(
                blank,
                outcome=Outcome.NOT_MODIFIED,
                status=304,
                elapsed_seconds=finding.elapsed_seconds,
                robots=finding.robots,
                moved_to=finding.moved_to,
            )
        case SameBytes():
            return replace(_answered(blank, finding), outcome=Outcome.UNCHANGED, page=finding.page)
        case Parsed():
            scribe = Scribe(watch, now)
            answered = _answered(blank, finding)
            if known is None:
                return _first(scribe, answered, finding)
            return _next(scribe, answered, finding, known)
        case _:
            assert_never(finding)


def _answered(blank: CheckIntent, finding: SameBytes | Parsed) -> CheckIntent:
    page = finding.page
    return replace(
        blank,
        status=page.status,
        size=len(page.body),
        elapsed_seconds=page.elapsed_seconds,
        robots=page.robots,
        moved_to=page.moved_to,
    )


def _first(scribe: Scribe, intent: CheckIntent, parsed: Parsed) -> CheckIntent:
    """The first accepted snapshot: everything is recorded, nothing is news but the baseline itself."""
    reading = parsed.reading
    identified = identify(reading.source, reading.papers, {})
    snapshot = Snapshot(reading=reading, keys=identified.keys, parser=parsed.parser)
    first = content(snapshot)
    return replace(
        intent,
        page=parsed.page,
        snapshot=snapshot,
        unsettled=False,
        papers=tuple(_identities(identified, first, {})),
        listed=tuple(first.papers),
        metrics=dict(first.metrics),
        events=(scribe.event(EventKind.PROFILE_BASELINE, after=len(first.papers)),),
    )


def _next(scribe: Scribe, intent: CheckIntent, parsed: Parsed, known: Known) -> CheckIntent:
    """A page of a profile that has a history.

    What is written is measured against what the store holds; what is told, against what the same parser says of
    the last page. The two are one unless the parser has changed in between.
    """
    reading = parsed.reading
    identified = identify(reading.source, reading.papers, known.papers)
    snapshot = Snapshot(reading=reading, keys=identified.keys, parser=parsed.parser)
    stored, after = content(_last(known)), content(snapshot)
    seen = absorb(known, parsed.previous)
    rejected = rejected_at(scribe.watch.rejections, scribe.now)
    match guard(seen, stored, after, left_out=parsed.left_out, rejected=rejected):
        case Implausible(detail):
            return replace(intent, outcome=Outcome.IMPLAUSIBLE, detail=detail, unread=parsed.page)
        case Suspect() as suspect if not scribe.watch.accept_next:
            return replace(_quarantined(scribe, intent, suspect), unread=parsed.page)
    removed = tuple(removals(scribe, seen, after))
    intent = replace(
        intent,
        page=parsed.page,
        unsettled=_is_unsettled(known, stored, after, settled=_keys(removed)),
        removed=_keys(removed),
    )
    if stored == after and scribe.watch.parser == parsed.parser:
        return replace(intent, outcome=Outcome.OK if removed else Outcome.UNCHANGED, events=removed)
    news = classify(scribe, seen, after, diff(content(_last(seen)), after))
    if _is_first_without(scribe.watch, parsed, known):
        news = map(_of_identity, news)
    return replace(
        intent,
        snapshot=snapshot,
        papers=tuple(_identities(identified, after, known.papers)),
        listed=tuple(key for key in after.papers if key not in stored.papers),
        unlisted={key: paper for key, paper in stored.papers.items() if key not in after.papers},
        missed=_missed(known, stored, after),
        metrics=_moved_metrics(stored, after),
        events=(*news, *removed) if known.seen_live else tuple(map(_of_the_past, (*news, *removed))),
    )


def _is_first_without(watch: Watch, parsed: Parsed, known: Known) -> bool:
    """True for the first page that is read without papers which the owner has rejected since the last page."""
    return bool(parsed.left_out) and any(one.since > known.confirmed_at for one in watch.rejections)


def _of_identity(event: Event) -> Event:
    """What a page counts together with papers that are somebody else's is no news of this person."""
    return replace(event, cause=Cause.IDENTITY) if event.kind in OF_METRICS else event


def _of_the_past(event: Event) -> Event:
    """What changed since the last capture of an archive is no news to somebody who begins to follow."""
    return replace(event, cause=Cause.BACKFILL)


def absorb(known: Known, previous: ProfileReading | None) -> Known:
    """What is known, as today's parser would have read it: facts that only the parser adds are no news.

    ``previous`` is the last accepted page read again, None when it was read by the same parser.
    """
    if previous is None:
        return known
    identified = identify(previous.source, previous.papers, known.papers)
    papers = dict(known.papers)
    for key, paper in zip(identified.keys, previous.papers, strict=True):
        if key in papers:
            papers[key] = replace(papers[key], paper=paper, aliases=identified.aliases[key])
        else:
            papers[key] = KnownPaper(key=key, aliases=identified.aliases[key], paper=paper, listed=True)
    metrics, highest = dict(known.metrics), dict(known.highest)
    for name, value in previous.metrics.items():
        if value is not None and (name not in metrics or metrics[name].value != value):
            metrics[name] = KnownMetric(value, known.observed_at)
            reach(highest, name, metrics[name])
    return replace(known, reading=previous, keys=identified.keys, papers=papers, metrics=metrics, highest=highest)


def _last(known: Known) -> Snapshot:
    return Snapshot(reading=known.reading, keys=known.keys, parser="")


def _quarantined(scribe: Scribe, intent: CheckIntent, suspect: Suspect) -> CheckIntent:
    """Nothing of the page is recorded; the owner is asked once about each thing, not every day."""
    held = replace(intent, outcome=Outcome.QUARANTINED, detail=suspect.detail)
    suspicion, asked = suspect.suspicion, scribe.watch.asked_about
    if suspicion is None:
        return held
    if asked is None or not suspicion.is_of(asked):
        question = scribe.event(EventKind.PROFILE_SUSPECT, after=suspect.detail)
        return replace(held, suspicion=suspicion.to_remember(), events=(question,))
    if asked.rejected:
        return replace(held, detail=f"{suspect.detail}; this was rejected")
    return replace(held, suspicion=asked)


def _identities(identified: Identified, after: Content, known: Mapping[str, KnownPaper]) -> Iterator[PaperIdentity]:
    """The papers whose row is to be written: new ones, and those that are shown by another name."""
    for key, paper in after.papers.items():
        before = known.get(key)
        aliases = identified.aliases[key]
        if before is None or before.aliases != aliases:
            yield PaperIdentity(key=key, aliases=aliases, paper=paper)


def _missed(known: Known, stored: Content, after: Content) -> tuple[str, ...]:
    """Keys that a complete page lacks for the first time since they were last shown."""
    if not after.complete:
        return ()
    return tuple(
        key
        for key, paper in known.papers.items()
        if key not in after.papers and (key in stored.papers or (paper.missed_at is None and not paper.removed))
    )


def _is_unsettled(known: Known, stored: Content, after: Content, *, settled: tuple[str, ...]) -> bool:
    """True while a paper is missing from a complete list and its removal is not recorded."""
    return after.complete and any(
        key not in after.papers and key not in settled and (key in stored.papers or not paper.removed)
        for key, paper in known.papers.items()
    )


def _moved_metrics(stored: Content, after: Content) -> dict[str, int | float | None]:
    names = sorted(stored.metrics.keys() | after.metrics.keys())
    return {name: after.metrics.get(name) for name in names if stored.metrics.get(name) != after.metrics.get(name)}


def _keys(events: tuple[Event, ...]) -> tuple[str, ...]:
    return tuple(event.paper_key for event in events if event.paper_key is not None)

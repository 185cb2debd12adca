"""A message of each kind of event and one big digest, made as the program makes them; all of it is made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.case import Case
from alerts.compose import compose
from alerts.correction import corrections
from alerts.item import item_of
from alerts.matching import Matcher
from alerts.message import Message
from alerts.rules import Every, Rule, Where
from alerts.subject import Subject
from tests.alerts.examples import ADA, PAPER
from tracking.alert import Beside, OutboxEntry, PendingMessage, Told
from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import Cause, Event, EventKind
from tracking.memory import Spells
from tracking.note import note

ZURICH = ZoneInfo("Europe/Zurich")
#: A summer morning, so that the receiver's clock is not that of UTC.
SEEN = datetime(2026, 5, 13, 6, 30, tzinfo=UTC)
TOLD = SEEN + timedelta(minutes=2)

BO = Subject(person="Bo Lindqvist", source="openalex", profile_url="https://openalex.example/A2")
CY = Subject(person="Çağla Tan", source="scholarfeed", profile_url="https://feed.example/author/9")

PUBLISHED = replace(PAPER, url="https://feed.example/paper/1", doi="10.1000/182")
NOTED = LastCheck(
    profile_id=1,
    person=ADA.person,
    tags=ADA.tags,
    source=ADA.source,
    key="7",
    url=ADA.profile_url,
    checked_at=SEEN,
    outcome=Outcome.OK,
)


def event(kind: EventKind, number: int = 1, **values: Any) -> Event:
    defaults: dict[str, Any] = {"id": f"{0xA0 + number:016x}", "kind": kind, "cause": Cause.SOURCE, "profile_id": 1}
    return Event(**(defaults | {"observed_at": SEEN} | values))


def of_paper(kind: EventKind, number: int = 1, **values: Any) -> Event:
    about = {"paper_key": "arxiv:2605.01234", "paper_title": PUBLISHED.title, "paper": PUBLISHED}
    return event(kind, number, **(about | values))


def of_metric(kind: EventKind, metric: str, before: Any, after: Any, number: int = 1, days: float = 1) -> Event:
    since = SEEN - timedelta(days=days)
    return event(kind, number, field=metric, before=before, after=after, since=since)


def of_note(kind: EventKind, sentence: str) -> Event:
    return note(kind, "it", sentence, NOTED, SEEN)


_EVENTS: tuple[Event, ...] = (
    of_paper(EventKind.PAPER_NEW),
    of_paper(EventKind.PAPER_LATE, paper=replace(PUBLISHED, published=None, year_inferred=False, score=None)),
    of_paper(EventKind.PAPER_ENRICHED, field="score", before=None, after=98.1),
    of_paper(EventKind.PAPER_RETITLED, field="title", before="Patient Verifiers", after=PUBLISHED.title),
    of_paper(EventKind.PAPER_REVISED, field="version", before=1, after=2, since=SEEN - timedelta(days=40)),
    of_paper(EventKind.PAPER_REMOVED),
    of_paper(EventKind.PAPER_RETURNED),
    of_metric(EventKind.METRIC_CHANGED, "citations", 17_576, 17_683),
    of_metric(EventKind.METRIC_MILESTONE, "citations", 9_980, 10_012, days=3),
    of_metric(EventKind.METRIC_RECOUNT, "novelty", 0.55, 0.29),
    event(EventKind.PROFILE_BASELINE, after=50),
    event(EventKind.PROFILE_RENAMED, before="Ada M.", after="Ada Moreno"),
    event(EventKind.PROFILE_MOVED, before="https://feed.example/author/7", after="https://feed.example/author/1007"),
    event(EventKind.PROFILE_GONE),
    event(EventKind.PROFILE_SUSPECT, after="24 new papers at once, where there had been 50"),
    event(EventKind.SOURCE_DRIFT, after="12 of 14 pages could not be read: papers: no paper has a title"),
    event(EventKind.SOURCE_RECOUNT, field="citations", after="citations of 40 of 100 profiles fell on one day"),
    event(
        EventKind.HOST_DOWN,
        after="feed.example has not answered since 2026-05-12 22:30 UTC, and 80 of 80 profiles there could not be checked",
    ),
    event(EventKind.HOST_BACK, after="feed.example answers again; it was told to be down on 2026-05-12 22:31 UTC"),
    of_note(
        EventKind.PROFILE_STALE,
        "12 profiles at feed.example are not read any more (Ada Moreno, Bo Lindqvist and 10 more): last on 2026-05-10 06:30 UTC; "
        "3 checks since then ended as 3 blocked",
    ),
    of_note(EventKind.RUN_MISSED, "the last good run was on 2026-05-11 06:30 UTC"),
    of_note(
        EventKind.DELIVERY_FAILED,
        "message 3f2a to “log” with 2 items was given up after 7 tries (the disk is full); “scholarwatch outbox retry 3f2a” tries again",
    ),
    of_note(EventKind.RECEIVER_OFF, "“hook” takes no messages (it answered 410) and is not tried any more"),
    of_note(
        EventKind.CONFIG_BROKEN,
        "the file is not used (scholarwatch.yaml:12: rules[0].evry: unknown key; did you mean “every”?): the configuration of "
        "2026-05-12 06:30 UTC goes on to hold",
    ),
)


#: One of each kind, but for the correction.
EVENTS = tuple(replace(each, id=f"{0xE0 + number:016x}") for number, each in enumerate(_EVENTS))


def letter(*told: tuple[Event, Subject], digest: bool = False, beside: Beside | None = None) -> Message:
    """What a receiver is sent whose rule asks for everything."""
    rule = Rule(name="everything", on=tuple(EventKind), where=Where(), notify=("me",), every=Every.INSTANT)
    entries = tuple(
        OutboxEntry(
            topic=f"paper.new/{each.paper_key}" if each.kind is EventKind.PAPER_NEW else each.id,
            event_id=each.id,
            rules=("everything",),
            item=item_of(each, subject, Matcher(rule).why(Case(event=each, subject=subject))),
        )
        for each, subject in told
    )
    return composed(entries, digest=digest, beside=beside or Beside(histories=histories(told)))


def composed(entries: Sequence[OutboxEntry], *, digest: bool = False, beside: Beside, absorbed: int = 0) -> Message:
    pending = PendingMessage(
        id="5d0e3ab7c2f14e9b8a6c0d11",
        receiver="me",
        created_at=TOLD,
        digest=digest,
        attempts=0,
        entries=tuple(entries),
        beside=beside,
    )
    return compose(pending, absorbed=absorbed)


def histories(told: Sequence[tuple[Event, Subject]]) -> dict[str, Spells]:
    """Of each metric that moved, its last two months: with a week in which it was not shown."""
    return {
        each.id: spells(each) for each, _ in told if each.kind.startswith("metric.") and isinstance(each.before, int)
    }


def spells(moved: Event) -> Spells:
    before = moved.before
    assert isinstance(before, int)
    earlier = [(SEEN - timedelta(days=day), before - day * day // 4) for day in range(60, 0, -1)]
    hidden = [(since, None if 20 < position < 27 else value) for position, (since, value) in enumerate(earlier)]
    assert isinstance(moved.after, int)
    return (*hidden, (SEEN, moved.after))


def correction() -> Message:
    """The first of the letters, taken back two days later."""
    said = letter((EVENTS[0], ADA)).items[0]
    told = Told(
        event_id=EVENTS[0].id,
        receiver="me",
        profile_id=1,
        source=ADA.source,
        profile_key="7",
        delivered_at=TOLD,
        item={name: fact for name, fact in said.items() if name not in ("people", "rules", "labels", "events")},
    )
    [about], [verdict] = corrections([told], "12", SEEN + timedelta(days=2))
    assert verdict.item is not None
    entry = OutboxEntry(topic=about.id, event_id=about.id, rules=(), item=verdict.item)
    return composed([entry], beside=Beside())


def shared() -> Message:
    """A paper of three people, two of whom had no paper together; one is listed by another source."""
    told = [(of_paper(EventKind.PAPER_NEW, number), who) for number, who in enumerate((ADA, BO, CY), 1)]
    return letter(*told, beside=Beside(first_together=((told[0][0].id, told[1][0].id),)))


def known_before() -> Message:
    """News about a paper that was first seen a while ago."""
    news = of_paper(EventKind.PAPER_ENRICHED, field="has_code", before=False, after=True)
    return letter((news, ADA), beside=Beside(first_seen={news.id: SEEN - timedelta(days=9)}))


def big_digest() -> Message:
    """More than is shown in full, of three people, over a week; and what a better parser read."""
    told: list[tuple[Event, Subject]] = []
    for number in range(5):
        paper = replace(
            PUBLISHED, title=f"Verifiers, Part {number + 1}", published=None, url=None, arxiv_id=f"2605.0{number}"
        )
        news = of_paper(EventKind.PAPER_NEW, number, paper_key=f"k{number}", paper_title=paper.title, paper=paper)
        told.append((news, (ADA, BO, CY)[number % 3]))
    for number in range(24):
        metric = f"citations_since_{2000 + number}"
        moved = of_metric(
            EventKind.METRIC_CHANGED, metric, 100 + number * 100, 150 + number * 110, 100 + number, days=8
        )
        told.append((replace(moved, observed_at=SEEN - timedelta(days=number % 7)), (ADA, BO, CY)[number % 3]))
    told += [
        (each, ADA)
        for each in EVENTS
        if each.kind in (EventKind.HOST_DOWN, EventKind.SOURCE_DRIFT, EventKind.PROFILE_RENAMED)
    ]
    message = letter(*told, digest=True)
    return replace(message, absorbed=1_204)


def letters() -> dict[str, Message]:
    """By the name that their golden files bear."""
    of_each = {str(each.kind): letter((each, ADA)) for each in EVENTS}
    return of_each | {
        "profile.corrected": correction(),
        "paper.new of three people": shared(),
        "paper.enriched later": known_before(),
        "several at once": letter((EVENTS[0], ADA), (EVENTS[7], BO)),
        "digest": big_digest(),
    }

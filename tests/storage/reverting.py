"""Somebody who is looked at by runs, and what becomes of what was told when these are taken back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from storage import tables
from storage.seals import seal_of_entry, seal_of_event, seal_of_snapshot
from storage.store import Store
from tests.storage.builders import verdict, watch
from tests.storage.past import database_of
from tests.tracking.builders import DAY, NOON, PARSER, paper, reading, twenty
from tracking.alert import PendingMessage, Told, Verdict
from tracking.check import CheckIntent, Finding, Page, Parsed
from tracking.decide import decide
from tracking.event import Event, EventKind
from tracking.reading import PaperReading, ProfileReading
from tracking.view import Reverted

OLD = twenty()[:6]
NEW = paper("Brand new findings on patience", "2026-11-22", arxiv_id="2611.00001")
#: Of these nobody is told.
QUIET = (EventKind.PROFILE_BASELINE,)


def day(number: float) -> datetime:
    return NOON + number * DAY


def shows(*papers: PaperReading, citations: int = 100) -> ProfileReading:
    return reading([*OLD, *papers], metrics={"citations": citations})


@dataclass
class Person:
    """Somebody's profile, looked at by runs of its own; receivers are to hear of everything but the first look."""

    store: Store
    key: str = "1"
    receivers: Sequence[str] = ("me",)

    def looks(self, at: datetime, shown: ProfileReading, *, accept: bool = True) -> str:
        """One run that finds this page; its id."""
        body = f"{self.key} {shown} ".encode() * 10
        etag = hashlib.sha256(body).hexdigest()[:16]
        page = Page(url=self.url, status=200, headers={"etag": f'"{etag}"'}, body=body)
        return self.finds(at, Parsed(page=page, reading=shown, parser=PARSER), accept=accept)

    def finds(self, at: datetime, finding: Finding, *, accept: bool = True) -> str:
        run_id = self.store.begin_run("track", at)
        intent = self.decide(at, finding, accept=accept)
        told = [
            replace(verdict(event, receiver), item={"kind": event.kind, "person": self.key, "after": event.after})
            for event in intent.events
            if event.kind not in QUIET
            for receiver in self.receivers
        ]
        assert self.store.apply([(intent, told)], run_id=run_id, recorded_at=at) == [True]
        self.store.end_run(run_id, {"state": "ok"})
        return run_id

    def decide(self, at: datetime, finding: Finding, *, accept: bool = True) -> CheckIntent:
        known = self.store.known([watch(self.store, self.key).profile_id])
        of = watch(self.store, self.key)
        return decide(replace(of, accept_next=accept), finding, known.get(of.profile_id), at)

    @property
    def url(self) -> str:
        return watch(self.store, self.key).url


@dataclass
class Heard:
    """What there was to correct."""

    told: list[Told] = field(default_factory=list)

    def __call__(self, told: Sequence[Told]) -> tuple[Sequence[Event], Sequence[Verdict]]:
        self.told += told
        return [], []

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(one.receiver, one.item["kind"]) for one in self.told]


def take_back(store: Store, run_id: str, heard: Heard, *, at: float = 9, force: bool = False) -> Reverted:
    return store.revert(run_id, now=day(at), correct=heard, force=force)


def deliver(store: Store, at: float) -> list[PendingMessage]:
    messages = store.undelivered(day(at))
    for message in messages:
        store.delivered(message.id, day(at))
    return messages


def wrongly_sealed(store: Store) -> list[object]:
    """Rows that are not as their seals say."""
    page, reading_ = tables.blob.alias("page"), tables.blob.alias("reading")
    snapshots = (
        select(tables.snapshot, page.c.sha256.label("page"), reading_.c.sha256.label("reading"))
        .join(page, page.c.id == tables.snapshot.c.page_id)
        .join(reading_, reading_.c.id == tables.snapshot.c.reading_id)
    )
    with database_of(store).reading() as connection:
        right = [
            *((row, seal_of_snapshot(row._asdict(), row.page, row.reading)) for row in connection.execute(snapshots)),
            *((row, seal_of_event(row._asdict())) for row in connection.execute(select(tables.event))),
            *((row, seal_of_entry(row._asdict())) for row in connection.execute(select(tables.outbox))),
        ]
    return [row for row, seal in right if row.seal != seal]

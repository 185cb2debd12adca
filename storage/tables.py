"""The tables, and below them their Core handles: every statement of this room is written with those.

The accepted snapshots are the ground of everything; aliases, listings, metrics, events and the state columns of a
profile are projections of its own snapshots that could be computed again. Of an interval, ``since`` is part of the key
and ``until`` is NULL while it lasts. Nothing that was recorded is deleted: what does not hold any more is superseded.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from storage.columns import MetricValue, UtcTime
from storage.table_forms import JSON_VALUE, KEY_ONLY, Row, table_of
from storage.tables_beside import (
    ack,
    configuration,
    host,
    host_day,
    note_about,
    receiver_state,
    robots,
    silence,
    source_shape,
)

__all__ = [
    "Row",
    "ack",
    "alias",
    "blob",
    "check_log",
    "configuration",
    "event",
    "former_key",
    "host",
    "host_day",
    "listing",
    "message",
    "metric",
    "note_about",
    "outbox",
    "paper",
    "paper_link",
    "person",
    "profile",
    "receiver_state",
    "rejected",
    "robots",
    "run",
    "shard",
    "silence",
    "snapshot",
    "source_shape",
    "unread_page",
    "verdict",
]


class Person(Row, table=True):
    id: int | None = Field(default=None, primary_key=True)
    #: As configured, or else as the first reading gave it; NULL before both.
    name: str | None
    tags: list[str] = Field(sa_type=JSON_VALUE)


class Profile(Row, table=True):
    """A followed page and its state after the last check."""

    # Who is followed is known without a look at any profile.
    __table_args__ = (UniqueConstraint("source", "key"), Index(None, "person_id", "retired_at"))

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    source: str
    key: str
    url: str
    #: When the configuration ceased to name it; NULL: it is followed.
    retired_at: datetime | None = Field(sa_type=UtcTime)
    revision: int
    etag: str | None
    last_modified: str | None
    body_sha256: bytes | None
    parser: str | None
    checked_at: datetime | None = Field(sa_type=UtcTime)
    outcome: str | None
    detail: str | None
    unsettled: bool
    accept_next: bool
    #: Before this time the server does not want to be asked again.
    retry_at: datetime | None = Field(sa_type=UtcTime)
    #: The last check that did not end before its turn came; NULL: there was none.
    asked_at: datetime | None = Field(sa_type=UtcTime)
    #: When the page was observed that waits for the owner's answer; NULL: none does.
    held_at: datetime | None = Field(sa_type=UtcTime)
    #: A `tracking.suspicion.Suspicion`: what the owner was asked about last, answered or not.
    asked_about: dict[str, Any] | None = Field(sa_type=JSON_VALUE)


class Run(Row, table=True):
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    now: datetime = Field(sa_type=UtcTime)
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(sa_type=UtcTime)
    manifest: dict[str, Any] | None = Field(sa_type=JSON_VALUE)
    #: When it was taken back; NULL: it stands.
    reverted_at: datetime | None = Field(sa_type=UtcTime)
    #: When its events were announced to a Prefect server; NULL: they were not, by it or by a later run.
    announced_at: datetime | None = Field(sa_type=UtcTime)


class Shard(Row, table=True):
    """A part of a run that goes on; its worker's life is an advisory lock (`storage.shards`). It goes with the run."""

    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    number: int
    hosts: list[str] = Field(sa_type=JSON_VALUE)
    profile_ids: list[int] = Field(sa_type=JSON_VALUE)
    #: A digest of the run's configuration: another one judges otherwise.
    configuration: str
    #: Times of this table are those of the database's clock, which is one for all machines.
    planned_at: datetime = Field(sa_type=UtcTime)
    begun_at: datetime | None = Field(sa_type=UtcTime)
    worker: str | None
    ended_at: datetime | None = Field(sa_type=UtcTime)
    #: Why it failed; NULL: it did not.
    detail: str | None
    #: What was counted; JSON values.
    tally: dict[str, Any] | None = Field(sa_type=JSON_VALUE)


class CheckLog(Row, table=True):
    """One row per check, for good: every byte of it is paid once per profile and day."""

    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    observed_at: datetime = Field(primary_key=True, sa_type=UtcTime)
    run_id: int = Field(foreign_key="run.id")
    outcome: str
    status: int | None
    size: int
    elapsed_ms: int
    detail: str | None
    #: What robots.txt said of the page; NULL: logged before that was kept.
    robots: str | None
    #: The URL of another profile, where the server has moved this one for good; NULL: it has not.
    moved_to: str | None


class Blob(Row, table=True):
    """Content that is stored once, compressed on its own or against the content of ``base_id``."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: bytes = Field(unique=True)
    #: Bytes of the content.
    size: int
    encoding: str
    base_id: int | None = Field(foreign_key="blob.id")
    #: At least as many bases lie below; 0 stands on its own.
    depth: int
    #: CRC-32 of ``data``: there are bits of a compressed frame that no decoder looks at.
    checksum: int = Field(sa_type=BigInteger)
    data: bytes = Field(sa_type=LargeBinary)


class Snapshot(Row, table=True):
    """A reading that was accepted, and the page that it was read from; of one profile and time, one that counts."""

    id: int | None = Field(default=None, primary_key=True)
    profile_id: int = Field(foreign_key="profile.id")
    observed_at: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)
    #: The last time that an accepted check said the same.
    confirmed_at: datetime = Field(sa_type=UtcTime)
    run_id: int = Field(foreign_key="run.id")
    origin: str
    #: Where the origin keeps the page.
    place: str | None
    parser: str
    complete: bool
    url: str
    status: int
    headers: dict[str, str] = Field(sa_type=JSON_VALUE)
    page_id: int = Field(foreign_key="blob.id")
    reading_id: int = Field(foreign_key="blob.id")
    #: Since when it does not count any more; NULL: it counts.
    superseded_at: datetime | None = Field(sa_type=UtcTime)
    #: See `storage.seals`; NULL: recorded before there were any.
    seal: bytes | None


class Paper(Row, table=True):
    """A paper, whoever shows it: its identity only. What pages say of it is in the snapshots."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    #: Observed time of the earliest snapshot of any profile that shows it.
    first_shown_at: datetime = Field(sa_type=UtcTime)


class FormerKey(Row, table=True):
    """A key that a paper bore until an older snapshot showed it by another name. It leads to the paper for good."""

    __tablename__ = "former_key"
    __table_args__ = KEY_ONLY

    text: str = Field(primary_key=True)
    paper_id: int = Field(foreign_key="paper.id")


class PaperLink(Row, table=True):
    """Two papers that are versions of one work; ``paper_id`` is the smaller of the two ids."""

    __tablename__ = "paper_link"
    __table_args__ = KEY_ONLY

    paper_id: int = Field(primary_key=True, foreign_key="paper.id")
    other_id: int = Field(primary_key=True, foreign_key="paper.id", index=True)
    #: In words.
    evidence: str
    since: datetime = Field(sa_type=UtcTime)
    #: NULL: somebody joined them by hand.
    run_id: int | None = Field(foreign_key="run.id")
    #: When somebody split them, for good; NULL: the link holds.
    severed_at: datetime | None = Field(sa_type=UtcTime)


class UnreadPage(Row, table=True):
    """A page that came and was not accepted, kept until it is read after all or let go of."""

    __tablename__ = "unread_page"
    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    observed_at: datetime = Field(primary_key=True, sa_type=UtcTime)
    url: str
    status: int
    headers: dict[str, str] = Field(sa_type=JSON_VALUE)
    page_id: int = Field(foreign_key="blob.id")


class Rejected(Row, table=True):
    """A `tracking.rejection.Rejection`."""

    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    alias: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=UtcTime)
    until: datetime | None = Field(sa_type=UtcTime)
    paper: str | None


class Alias(Row, table=True):
    """A name by which a profile has shown a paper, from ``since`` on; within a profile it means one paper."""

    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    text: str = Field(primary_key=True, index=True)
    paper_id: int = Field(foreign_key="paper.id", index=True)
    since: datetime = Field(sa_type=UtcTime)


class Listing(Row, table=True):
    """A paper stood on a profile from ``since`` until before ``until``."""

    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    paper_id: int = Field(primary_key=True, foreign_key="paper.id")
    since: datetime = Field(primary_key=True, sa_type=UtcTime)
    until: datetime | None = Field(sa_type=UtcTime)
    missed_at: datetime | None = Field(sa_type=UtcTime)
    removed_at: datetime | None = Field(sa_type=UtcTime)
    #: The paper as it was shown last before ``until``, without its abstract; NULL while it lasts.
    last_shown: dict[str, Any] | None = Field(sa_type=JSON_VALUE)


class Metric(Row, table=True):
    """A metric had a value from ``since`` until before ``until``; NULL: it was not shown."""

    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    name: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=UtcTime)
    until: datetime | None = Field(sa_type=UtcTime)
    value: float | None = Field(sa_type=MetricValue)


class Event(Row, table=True):
    """In the order in which they were recorded: what is read of them is mostly what came together."""

    __table_args__ = (Index(None, "observed_at", "id"),)

    id: str = Field(primary_key=True)
    profile_id: int = Field(foreign_key="profile.id")
    kind: str
    cause: str
    paper_id: int | None = Field(foreign_key="paper.id")
    #: As the event tells it, whatever the paper is called later.
    paper_title: str | None
    field: str | None
    before: Any = Field(sa_type=JSON_VALUE, nullable=True)
    after: Any = Field(sa_type=JSON_VALUE, nullable=True)
    since: datetime | None = Field(sa_type=UtcTime)
    observed_at: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)
    run_id: int = Field(foreign_key="run.id")
    #: Since when it does not count any more; NULL: it counts.
    superseded_at: datetime | None = Field(sa_type=UtcTime)
    #: See `storage.seals`; NULL: recorded before there were any.
    seal: bytes | None


class Verdict(Row, table=True):
    """What was done about one event for one receiver, and why; one row each."""

    __table_args__ = KEY_ONLY

    event_id: str = Field(primary_key=True, foreign_key="event.id")
    receiver: str = Field(primary_key=True)
    kind: str
    rules: list[str] = Field(sa_type=JSON_VALUE)
    why: str


class Message(Row, table=True):
    id: str = Field(primary_key=True)
    receiver: str
    digest: bool
    created_at: datetime = Field(sa_type=UtcTime)
    attempts: int
    next_try_at: datetime = Field(sa_type=UtcTime)
    delivered_at: datetime | None = Field(sa_type=UtcTime)
    dead_at: datetime | None = Field(sa_type=UtcTime)
    last_error: str | None
    #: When the receiver refused it for good.
    refused_at: datetime | None = Field(sa_type=UtcTime)
    #: Those of several addresses that took it, as their channel names them; NULL: none.
    taken: list[str] | None = Field(sa_type=JSON_VALUE)


class Outbox(Row, table=True):
    """An event that waits for a receiver, until it is put into a message; then it says what was told, for good."""

    __table_args__ = (Index(None, "receiver", "topic"),)

    id: int | None = Field(default=None, primary_key=True)
    receiver: str
    event_id: str = Field(foreign_key="event.id")
    topic: str
    rules: list[str] = Field(sa_type=JSON_VALUE)
    item: dict[str, Any] = Field(sa_type=JSON_VALUE)
    digest: bool
    not_before: datetime | None = Field(sa_type=UtcTime)
    message_id: str | None = Field(foreign_key="message.id", index=True)
    #: When the receiver was told that it does not hold after all; what was corrected may be told again.
    corrected_at: datetime | None = Field(sa_type=UtcTime)
    #: See `storage.seals`; NULL: recorded before there were any.
    seal: bytes | None


person = table_of(Person)
profile = table_of(Profile)
run = table_of(Run)
shard = table_of(Shard)
check_log = table_of(CheckLog)
blob = table_of(Blob)
snapshot = table_of(Snapshot)
paper = table_of(Paper)
former_key = table_of(FormerKey)
paper_link = table_of(PaperLink)
unread_page = table_of(UnreadPage)
rejected = table_of(Rejected)
alias = table_of(Alias)
listing = table_of(Listing)
metric = table_of(Metric)
event = table_of(Event)
verdict = table_of(Verdict)
message = table_of(Message)
outbox = table_of(Outbox)


def _index(name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False) -> Index:
    """An index of those rows only that meet a condition."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


#: What stands on a blob, before it may go.
blob_base = _index("ix_blob_base_id", blob.c.base_id, where=blob.c.base_id.is_not(None))
snapshot_page = Index("ix_snapshot_page_id", snapshot.c.page_id)
snapshot_reading = Index("ix_snapshot_reading_id", snapshot.c.reading_id)
#: How many followed profiles stand how, without a look at any of them.
profile_standing = _index(
    "ix_profile_standing", profile.c.source, profile.c.outcome, profile.c.parser, where=profile.c.retired_at.is_(None)
)
profile_held = _index("ix_profile_held", profile.c.id, where=profile.c.held_at.is_not(None))
#: The values that hold now, whatever the length of the history.
metric_now = _index("ix_metric_now", metric.c.profile_id, where=metric.c.until.is_(None))
#: Which value of a metric is the highest.
metric_by_value = Index("ix_metric_profile_id_name_value", metric.c.profile_id, metric.c.name, metric.c.value)
event_of_profile = Index("ix_event_profile_id_observed_at", event.c.profile_id, event.c.observed_at)
#: A profile said one thing at a time.
snapshot_that_counts = _index(
    "uq_snapshot_profile_id_observed_at",
    snapshot.c.profile_id,
    snapshot.c.observed_at,
    where=snapshot.c.superseded_at.is_(None),
    unique=True,
)
#: Pages that confirm what another says, and what was taken back.
snapshot_superseded = _index(
    "ix_snapshot_superseded",
    snapshot.c.profile_id,
    snapshot.c.observed_at,
    where=snapshot.c.superseded_at.is_not(None),
)
#: A receiver hears of an event once, unless that was corrected.
told_once = _index(
    "uq_outbox_event_id_receiver",
    outbox.c.event_id,
    outbox.c.receiver,
    where=outbox.c.corrected_at.is_(None),
    unique=True,
)

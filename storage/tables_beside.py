"""The tables beside the history: what is known of hosts, of sources, of receivers, and what the owner said."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.columns import UtcTime
from storage.table_forms import JSON_VALUE, KEY_ONLY, Row, table_of


class Host(Row, table=True):
    """A `tracking.host.HostState`, and what tells whether the host is up."""

    __table_args__ = KEY_ONLY

    host: str = Field(primary_key=True)
    next_start_at: datetime | None = Field(sa_type=UtcTime)
    #: Of UTC, like the other tables' days: ``2026-11-22``.
    day: str | None
    granted: int
    rest_until: datetime | None = Field(sa_type=UtcTime)
    rest_reason: str | None
    rest_detail: str
    throttlings: int
    failures: int
    openings: int
    probing: bool
    #: Requests in a day, as they were limited when the last turn was asked for; NULL: none was.
    daily_budget: int | None
    #: When the last good answer came.
    good_at: datetime | None = Field(sa_type=UtcTime)
    #: When the first request failed since a good answer; NULL: none has.
    failing_since: datetime | None = Field(sa_type=UtcTime)
    #: The events that told last that it is down, and that robots.txt shuts everybody out; NULL: told to be over.
    down_id: str | None = Field(foreign_key="event.id")
    shut_id: str | None = Field(foreign_key="event.id")
    #: The shard that checks its profiles, as long as its worker lives, and the gap that it keeps; NULL: none does.
    claimed_by: int | None
    claim_gap_seconds: float | None


class HostDay(Row, table=True):
    """What was asked of a host on one day, see `tracking.host.HostLedger`."""

    __tablename__ = "host_day"
    __table_args__ = KEY_ONLY

    host: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    requests: int
    bytes: int = Field(sa_type=BigInteger)
    not_modified: int
    failed: int
    throttled: int
    blocked: int
    disallowed: int


class Robots(Row, table=True):
    """An origin's robots.txt as it was had last."""

    __table_args__ = KEY_ONLY

    origin: str = Field(primary_key=True)
    fetched_at: datetime = Field(sa_type=UtcTime)
    status: int | None
    text: str


class SourceShape(Row, table=True):
    """What the pages of a source showed together in one run, and what was told of it."""

    __tablename__ = "source_shape"
    __table_args__ = KEY_ONLY

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    source: str = Field(primary_key=True)
    counts: dict[str, Any] = Field(sa_type=JSON_VALUE)


class Silence(Row, table=True):
    """A `tracking.silence.Silence`."""

    id: int | None = Field(default=None, primary_key=True)
    begins_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime | None = Field(sa_type=UtcTime)
    reason: str
    receiver: str | None
    rule: str | None
    person: str | None
    tag: str | None
    source: str | None
    metric: str | None
    kinds: list[str] = Field(sa_type=JSON_VALUE)


class Ack(Row, table=True):
    """Somebody has seen an event and needs no reminder."""

    __table_args__ = KEY_ONLY

    event_id: str = Field(primary_key=True, foreign_key="event.id")
    at: datetime = Field(sa_type=UtcTime)
    note: str


class NoteAbout(Row, table=True):
    """A profile of which a note tells, alone or with others: a note is an event of one of them."""

    __tablename__ = "note_about"
    __table_args__ = KEY_ONLY

    profile_id: int = Field(primary_key=True, foreign_key="profile.id")
    event_id: str = Field(primary_key=True, foreign_key="event.id")


class ReceiverState(Row, table=True):
    """A `tracking.receiver.ReceiverState`; there is none of a receiver that takes what it gets."""

    __tablename__ = "receiver_state"
    __table_args__ = KEY_ONLY

    name: str = Field(primary_key=True)
    fingerprint: str
    refusals: int
    rest_until: datetime | None = Field(sa_type=UtcTime)
    off_at: datetime | None = Field(sa_type=UtcTime)
    off_reason: str | None


class Configuration(Row, table=True):
    """The configuration that was found sound last, in one row. It holds no secret."""

    id: int | None = Field(default=None, primary_key=True)
    text: str
    #: When it was last found sound.
    good_at: datetime = Field(sa_type=UtcTime)


host = table_of(Host)
host_day = table_of(HostDay)
robots = table_of(Robots)
source_shape = table_of(SourceShape)
silence = table_of(Silence)
ack = table_of(Ack)
note_about = table_of(NoteAbout)
receiver_state = table_of(ReceiverState)
configuration = table_of(Configuration)

"""What the store answers: people, profiles, papers and events as a reader of the history sees them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.cadence import Every
from tracking.check import KnownMetric, Outcome
from tracking.event import Cause, EventKind, Value
from tracking.reading import PaperReading
from tracking.receiver import ReceiverState
from tracking.shape import SourceShape


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedProfile:
    """A profile that the configuration names."""

    source: str
    key: str
    url: str
    #: How often it is checked; None: as its person.
    cadence: Every | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPerson:
    """A person that the configuration names; without a name, the first reading gives it."""

    profiles: tuple[FollowedProfile, ...]
    name: str | None = None
    tags: tuple[str, ...] = ()
    #: How often the profiles are checked; None: as the tags say, or everybody.
    cadence: Every | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What taking over a configuration did, in numbers of profiles."""

    followed: int = 0
    restored: int = 0
    retired: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class KeptConfiguration:
    """A configuration that was found sound, without its secrets."""

    text: str = dataclasses.field(repr=False)
    #: When it was last found sound.
    good_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    profile_id: int
    source: str
    key: str
    url: str
    active: bool
    checked_at: datetime | None
    outcome: Outcome | None
    detail: str
    #: When the last accepted snapshot was first observed, and last confirmed.
    observed_at: datetime | None
    confirmed_at: datetime | None
    #: Papers of the page that the owner has rejected: they are left out.
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A followed person in a list."""

    person_id: int
    name: str
    tags: tuple[str, ...]
    active: bool
    profiles: tuple[ProfileView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """A paper on a profile at some time. ``first_seen`` is the observed time of the first snapshot that showed it."""

    key: str
    paper: PaperReading
    first_seen: datetime
    #: On the snapshot that was asked for; False: shown before, not then.
    listed: bool
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileState:
    """What one profile said at a time: the last accepted snapshot not after it. None of it before the first."""

    profile: ProfileView
    name: str | None = None
    field: str | None = None
    complete: bool | None = None
    warnings: tuple[str, ...] = ()
    observed_at: datetime | None = None
    metrics: Mapping[str, KnownMetric] = dataclasses.field(default_factory=dict)
    papers: tuple[ListedPaper, ...] = ()
    #: When the first snapshot of all was observed.
    begins_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonState:
    person: PersonView
    profiles: tuple[ProfileState, ...]
    #: Keys of papers of these profiles that are versions of one work.
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """Two papers that are versions of one work, or were held for that until somebody split them."""

    key: str
    other_key: str
    #: In words.
    evidence: str
    since: datetime
    #: The run that found it; None: somebody joined them by hand.
    run_id: str | None
    severed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineView:
    """A profile with a page that is held back, or of which something was rejected."""

    profile_id: int
    person_id: int
    person: str
    profile: str
    checked_at: datetime | None
    #: When the page was observed that waits for an answer; None: none does.
    held_at: datetime | None
    #: Why its page is held back, also where that was rejected; empty: it is not.
    detail: str
    #: The next page is to be taken as it is.
    accepted: bool
    #: Papers that are left out.
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One line of ``events``; its fields are those of design section 10."""

    id: str
    kind: EventKind
    cause: Cause
    person: str
    profile: str
    source: str
    paper_key: str | None
    paper_title: str | None
    field: str | None
    before: Value
    after: Value
    observed_at: datetime
    recorded_at: datetime
    #: When somebody said that they have seen it; None: nobody has.
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A metric had one value from ``since`` until before ``until`` (None: to this day). None: it was not shown."""

    value: int | float | None
    since: datetime
    until: datetime | None
    #: Against the last value that was shown before; None where there is none.
    delta: int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSeries:
    """What one profile has shown of one metric, in the order of time; at least one spell."""

    person: str
    profile: str
    source: str
    metric: str
    spells: tuple[Spell, ...]


class RunState(StrEnum):
    """How a run ended, or that it was taken back."""

    OK = "ok"
    DEGRADED = "degraded"
    """some of it failed"""
    SKIPPED = "skipped"
    """it left early, having nothing to do"""
    UNFINISHED = "unfinished"
    """it goes on, or was killed"""
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeView:
    """What the pages of a source showed together in a run."""

    run_id: str
    now: datetime
    source: str
    shape: SourceShape


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run. ``finished_at`` is None while it goes on, or when it was killed; then there is no manifest."""

    run_id: str
    kind: str
    now: datetime
    started_at: datetime
    finished_at: datetime | None
    manifest: Mapping[str, object] | None
    #: When it was taken back.
    reverted_at: datetime | None = None

    @property
    def state(self) -> RunState:
        if self.reverted_at is not None:
            return RunState.REVERTED
        if self.finished_at is None or self.manifest is None:
            return RunState.UNFINISHED
        return RunState(str(self.manifest.get("state", RunState.OK)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """How the whole stands."""

    people: int
    profiles: int
    papers: int
    snapshots: int
    events: int
    #: Active profiles by the outcome of their last check; None: never checked.
    outcomes: Mapping[Outcome | None, int]
    #: Active profiles with a page of which the owner has to say what to think.
    held: int
    undelivered: int
    dead: int
    #: Messages that could not be delivered and are tried again.
    retrying: int = 0
    #: Receivers that are not tried any more.
    off: tuple[ReceiverState, ...] = ()
    last_track: RunView | None
    last_deliver: RunView | None
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverted:
    """What taking a run back did, or would do."""

    run_id: str
    #: The run that did it; None: nothing was written.
    by_run: str | None
    #: Profiles that the run had looked at.
    profiles: int
    #: Snapshots of the run that counted until now.
    snapshots: int
    #: Events that do not count any more, by kind.
    events: Mapping[str, int]
    #: What waited to be told of them, an entry for each event and receiver.
    waiting: int
    #: Messages that waited and have nothing left to say.
    messages: int
    #: How many things each receiver had been told that do not hold.
    corrections: Mapping[str, int]

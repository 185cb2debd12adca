"""One check of one profile: what was known before, what came back, what to write.

    Watch + Finding (+ Known) --decide--> CheckIntent

Each noun has its tense. `Watch` and `Known` are what the store held when the check began; a `Finding` is what the
world answered; a `CheckIntent` is what shall be written. No arm of `Finding` is an exception.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracking.event import Event
from tracking.reading import PaperReading, ProfileReading
from tracking.rejection import Rejection
from tracking.suspicion import Suspicion


class Outcome(StrEnum):
    """How a check ended: the closed list of design section 6."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    LOGIN = "login"
    GONE = "gone"
    MOVED = "moved"
    ROBOTS = "robots"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    PARSE_FAILED = "parse_failed"
    IMPLAUSIBLE = "implausible"
    QUARANTINED = "quarantined"
    COOLING_DOWN = "cooling_down"

    @property
    def is_good(self) -> bool:
        """True when the source was read, or said that there is nothing to read."""
        return self in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED)


class RobotsVerdict(StrEnum):
    """What a host's robots.txt says of a page."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    NO_RULES = "no_rules"
    """there is no robots.txt: everything is allowed"""
    UNKNOWN = "unknown"
    """it could not be had: nothing is asked for"""
    NOT_ASKED = "not_asked"
    """an interface for programs: robots.txt says nothing about those"""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server wants to be asked with next time. Kept only beside an accepted snapshot."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the network gave: the body is decoded from its content encoding, not from its charset.

    ``url`` is where the body came from after redirects. Header names are lower case.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed_seconds: float = 0.0
    #: None: it did not come from the network.
    robots: RobotsVerdict | None = None
    #: Where the server has moved it for good; of a profile that was asked for, only if that is another one.
    moved_to: str | None = None

    @property
    def validators(self) -> Validators:
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that the page is the one whose validators were sent (304)."""

    url: str
    elapsed_seconds: float = 0.0
    robots: RobotsVerdict | None = None
    #: As of a `Page`.
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No reading came of this check. ``detail`` is one sentence for a person; it names the place."""

    outcome: Outcome
    detail: str
    url: str = ""
    status: int | None = None
    #: What the server asked for with Retry-After, in seconds from now.
    retry_after_seconds: float | None = None
    elapsed_seconds: float = 0.0
    #: Bytes of the answer that were read.
    size: int = 0
    #: None: the check ended before anybody asked for it.
    robots: RobotsVerdict | None = None
    #: A page that came and could not be read: another parser may be able to.
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameBytes:
    """A page came whose bytes are those of the last accepted one: there is nothing to parse."""

    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A page came and was read. ``parser`` names the parser and its version: ``scholarfeed/1``."""

    page: Page
    reading: ProfileReading
    parser: str
    #: The last accepted page read again, where another version of the parser had read it: what the two versions
    #: say differently about one page is no change of the source.
    previous: ProfileReading | None = None
    #: Papers of the page that are not in ``reading``: the owner has rejected them.
    left_out: int = 0


Finding = Parsed | SameBytes | NotModified | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A profile that is to be checked, and what is needed to ask for its page."""

    profile_id: int
    #: Rises with every check that was written; a decision made on an older one is not applied.
    revision: int
    person_id: int
    #: The name; empty before the first reading of somebody whom the configuration does not name.
    person: str
    tags: tuple[str, ...] = ()
    source: str
    key: str
    url: str
    validators: Validators | None = None
    #: sha256 of the last body that was read and accepted.
    body_sha256: bytes | None = None
    #: Parser and version that read the last accepted snapshot.
    parser: str | None = None
    checked_at: datetime | None = None
    last_outcome: Outcome | None = None
    #: A paper is missing from one complete snapshot: the page must be had in full to settle it.
    unsettled: bool = False
    #: The owner has looked at a suspect page and wants the next one taken as it is.
    accept_next: bool = False
    #: What the owner was asked about last, answered or not.
    asked_about: Suspicion | None = None
    #: What the owner has said is not of this person, also what was taken back since.
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPaper:
    """A paper that was shown on this profile at some time."""

    key: str
    aliases: frozenset[str]
    #: As it was last shown; of a paper that is not listed any more without the abstract.
    paper: PaperReading
    #: On the last accepted snapshot.
    listed: bool
    #: Observed time of the first complete snapshot that lacked it since it was last shown.
    missed_at: datetime | None = None
    #: `paper.removed` was recorded and it has not come back since.
    removed: bool = False


@dataclass(frozen=True, slots=True)
class KnownMetric:
    """The last value of a metric that was shown, and since when it had been that."""

    value: int | float
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the accepted snapshots of a profile say, seen from the last of them."""

    observed_at: datetime
    #: When a check last found the same.
    confirmed_at: datetime
    reading: ProfileReading
    #: The keys of the papers of ``reading``, in their order.
    keys: tuple[str, ...]
    #: Every paper ever shown here, by key.
    papers: Mapping[str, KnownPaper]
    metrics: Mapping[str, KnownMetric]
    #: Of the metrics that have marks (`tracking.milestone`), the highest value ever shown, and when it first was.
    highest: Mapping[str, KnownMetric] = field(default_factory=dict)
    #: A check of our own has accepted a page. Until then all that is known comes from archives.
    seen_live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIdentity:
    """A paper met for the first time on this profile, or one that has new aliases.

    The store may know one of the aliases under another key already (from another profile): that key then holds.
    """

    key: str
    aliases: frozenset[str]
    paper: PaperReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A reading that was accepted; ``keys[i]`` is the key of ``reading.papers[i]``."""

    reading: ProfileReading
    keys: tuple[str, ...]
    parser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLink:
    """Two papers that are versions of one work, with the evidence in words."""

    key: str
    other_key: str
    evidence: str
    #: The other is known from another profile, and its key from the store; else it is a paper of the same profile.
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIntent:
    """All that shall be written about one check, in one transaction."""

    profile_id: int
    revision: int
    observed_at: datetime
    outcome: Outcome
    detail: str = ""
    status: int | None = None
    size: int = 0
    elapsed_seconds: float = 0.0
    retry_after_seconds: float | None = None
    robots: RobotsVerdict | None = None
    #: As of a `Page`.
    moved_to: str | None = None
    #: The answer, when it is to be remembered: with a new snapshot, or when other bytes said the same.
    page: Page | None = None
    #: A page that came and is not accepted: it is kept, and may be read after all.
    unread: Page | None = None
    #: What the owner has to decide of that page, asked before or not; None: there is nothing to decide.
    suspicion: Suspicion | None = None
    #: Set when what the page says differs from the last accepted snapshot, or is the first.
    snapshot: Snapshot | None = None
    #: The profile's settled state after this check; see `Watch.unsettled`.
    unsettled: bool = False
    papers: tuple[PaperIdentity, ...] = ()
    #: Keys that are shown from now on and were not on the last accepted snapshot.
    listed: tuple[str, ...] = ()
    #: Papers that are not shown any more, as they were shown last, by key.
    unlisted: Mapping[str, PaperReading] = field(default_factory=dict)
    #: Keys missing from a complete snapshot for the first time since they were last shown.
    missed: tuple[str, ...] = ()
    #: Keys whose removal is recorded with this check.
    removed: tuple[str, ...] = ()
    #: Metrics whose shown value differs from the last snapshot's; None: named or known before, not shown now.
    metrics: Mapping[str, int | float | None] = field(default_factory=dict)
    #: Papers first met with this check, and what they are versions of; a paper may turn out to be linked to itself.
    links: tuple[PaperLink, ...] = ()
    events: tuple[Event, ...] = ()

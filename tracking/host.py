"""What is owed to a host: who may ask it when, how often, and when it is left alone.

    HostState + HostPolicy + time ──grant──> Grant | Refused, HostState
    HostState + Answered + time  ──answered──> HostState

Everything is a value, so that it can be stored in the transaction that decides, and tried over years in a moment.
Times are those of the run: its ``now`` and the seconds since it began.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: A daily budget of more requests than there ever are.
UNLIMITED = 1_000_000_000


class RestReason(StrEnum):
    """Why a host is left alone for now."""

    COOLING_DOWN = "cooling_down"
    """it asked for that: Retry-After, 429, 503, an exhausted quota, or a captcha"""
    BROKEN = "broken"
    """so many requests in a row failed that the breaker opened"""
    BUDGET = "budget"
    """the day's requests are used up"""


class AnswerKind(StrEnum):
    """What a request came to, as far as manners are concerned."""

    GOOD = "good"
    """the host answered, whatever it said of the page"""
    FAILED = "failed"
    """no answer, a broken one, or the host's own fault (5xx)"""
    THROTTLED = "throttled"
    """the host wants fewer requests"""
    BLOCKED = "blocked"
    """a captcha or a challenge: known only after the page was read, so this comes in addition to the request's own
    answer (which was good) and counts no request"""
    FORBIDDEN = "forbidden"
    """403: it refuses this page, or us. A ledger counts it as blocked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPolicy:
    """What is right for one host."""

    #: Between the starts of two requests; 0: no gap.
    min_interval_seconds: float
    #: At most this share of the interval is added to it by chance.
    jitter: float = 0.2
    #: Requests in a day (UTC), robots.txt and retries included.
    daily_budget: int = 20_000
    #: The first captcha ends the day for the host.
    stops_when_blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What is known of a host, stored between runs and shared by all of them."""

    host: str
    #: No request starts before; None: at any time.
    next_start_at: datetime | None = None
    #: The day (UTC) that ``granted`` counts.
    day: date | None = None
    #: Turns given on that day.
    granted: int = 0
    rest_until: datetime | None = None
    rest_reason: RestReason | None = None
    #: One sentence: what made it rest.
    rest_detail: str = ""
    #: Times in a row that it wanted rest without saying for how long; the pause doubles with each.
    throttlings: int = 0
    #: Requests that failed in a row.
    failures: int = 0
    #: How often in a row the breaker has opened; the pause doubles with each. 0: it is closed.
    openings: int = 0
    #: One request is under way to see whether the host is back; until its answer ``rest_until`` keeps others out.
    probing: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Turns for so many requests, none of which starts before ``start_at``: more than one only where there is no gap.

    A turn that is not used is given back (`tracking.manners.given_back`); one that is forgotten stays counted.
    """

    start_at: datetime
    turns: int = 1
    #: The host had failed: nobody else asks it before the answer to this request.
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The host is not asked before ``until``; ``detail`` is one sentence."""

    reason: RestReason
    until: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one request came to."""

    kind: AnswerKind
    #: One sentence, for what is not good.
    detail: str = ""
    #: What the host asked for, in seconds from now.
    retry_after_seconds: float | None = None
    size: int = 0
    not_modified: bool = False


class RobotsSays(StrEnum):
    """What came of asking for robots.txt."""

    RULES = "rules"
    NO_RULES = "no_rules"
    """there is no such file"""
    UNKNOWN = "unknown"
    """none could be had"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """An origin's robots.txt as it was had: what is believed for a day."""

    #: ``https://www.example.org``
    origin: str
    fetched_at: datetime
    #: None: there was no answer.
    status: int | None
    text: str = ""

    @property
    def says(self) -> RobotsSays:
        status = self.status or 0
        if 200 <= status < 300:
            return RobotsSays.RULES
        return RobotsSays.NO_RULES if 400 <= status < 500 and status != 429 else RobotsSays.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLedger:
    """What was asked of a host on one day (UTC), and how it stands: a line of the politeness ledger."""

    state: HostState
    day: date
    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    failed: int = 0
    throttled: int = 0
    blocked: int = 0
    #: Pages that were not asked for because robots.txt says so.
    disallowed: int = 0
    robots: RobotsRecord | None = None
    #: As the requests of a day were limited when a turn was asked for last; None: none ever was.
    daily_budget: int | None = None

    @property
    def turns(self) -> int:
        """Those given on the day; one that was never used is spent all the same."""
        return self.state.granted if self.state.day == self.day else 0

    @property
    def budget_left(self) -> int | None:
        """None: there is no limit, or no turn was ever asked for."""
        if self.daily_budget is None or self.daily_budget == UNLIMITED:
            return None
        return max(0, self.daily_budget - self.turns)

    @property
    def not_modified_share(self) -> float | None:
        """Of the answers, those which said that nothing has changed, 0..1."""
        return round(self.not_modified / self.requests, 4) if self.requests else None

    def is_resting(self, now: datetime) -> bool:
        return self.state.rest_until is not None and self.state.rest_until > now

    def is_of_interest(self, now: datetime) -> bool:
        """True where the host had something to do with the day, or is left alone now."""
        return bool(self.turns or self.requests or self.disallowed) or self.is_resting(now)

"""Why somebody has not heard of something: the facts that are asked for, and the answers that are made of them.

PaperFacts | PersonFacts | [PageState] ──tracking.why_not──> [Answer]
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.account import Account, Judged
from tracking.check import Outcome
from tracking.host import RestReason
from tracking.silence import Silence


@dataclass(frozen=True, slots=True)
class CheckLine:
    """How one check ended."""

    at: datetime
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """How a profile stands, and what of it nobody has seen."""

    person: str
    source: str
    key: str
    url: str
    checked_at: datetime | None = None
    outcome: Outcome | None = None
    detail: str = ""
    #: When it was last read, or found to be as it was; None: never.
    read_at: datetime | None = None
    #: When the page was observed that waits for the owner's answer; None: none does.
    held_at: datetime | None = None
    #: Until when its host is left alone, and why; None: it is not, now.
    rest_until: datetime | None = None
    rest_reason: RestReason | None = None
    rest_detail: str = ""
    #: The last checks, the newest first; empty where they were not asked for.
    checks: tuple[CheckLine, ...] = ()
    #: When it is to be checked next; None: that is not known.
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A paper on one profile."""

    key: str
    title: str
    published: str | None
    person: str
    source: str
    url: str
    #: When it was first seen there, and when the first page of that profile was observed.
    first_seen: datetime
    begins_at: datetime
    #: It is on the page as that was read last.
    listed: bool
    #: The first page that has it was read by another parser than the page before.
    other_parser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedFrom:
    """The owner has said that a paper is not of this person."""

    person: str
    source: str
    url: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What is known of a paper and of other versions of the same work: where it is shown, or what happened to it."""

    #: In the order in which it was first seen; none: no page that counts has it.
    shown: tuple[Shown, ...] = ()
    rejected: tuple[RejectedFrom, ...] = ()
    #: About its events, in the order of time.
    accounts: tuple[Account, ...] = ()

    @property
    def names(self) -> list[tuple[str, str]]:
        """Its titles, each with the key of the paper that has it."""
        of_pages = [(shown.title, shown.key) for shown in self.shown]
        events = [account.event for account in self.accounts]
        of_events = [(event.paper_title or "", event.paper_key or "") for event in events]
        return list(dict.fromkeys(of_pages or of_events))


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper on a page that is held back."""

    page: PageState
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTold:
    """The message that last said something of a person to a receiver."""

    receiver: str
    message_id: str
    at: datetime
    #: What it said of the person, an item each: the title of a paper, the name of a metric.
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a person, and of what was told of them."""

    name: str
    tags: tuple[str, ...] = ()
    #: Since when nobody follows the person any more; None: somebody does.
    retired_at: datetime | None = None
    #: Those that are followed; of somebody whom nobody follows, those that were.
    pages: tuple[PageState, ...]
    #: All that hold now, whomever they are about.
    silences: tuple[Silence, ...] = ()
    #: By receiver.
    told: tuple[LastTold, ...] = ()
    #: What is on its way, in the order of time.
    undelivered: tuple[Account, ...] = ()
    #: What happened last on the pages, all at one time.
    last: tuple[Account, ...] = ()


class Reason(StrEnum):
    """Why somebody has not heard of something, or that they have: the closed list of ``why-not``.

    The most likely answer comes first, in this order.
    """

    # ---- it was told
    TOLD = "told"
    TOLD_BEFORE = "told_before"
    """by way of another person, source or version"""
    TAKEN_BACK = "taken_back"
    """it was told, or was to be, and does not hold"""
    # ---- nobody can hear of this person or paper at all
    NOT_FOLLOWED = "not_followed"
    REJECTED = "rejected"
    """the owner has said that the paper is not of this person"""
    HELD_BACK = "held_back"
    """the page waits for the owner's answer"""
    NEVER_SEEN = "never_seen"
    NEVER_CHECKED = "never_checked"
    REFUSED = "refused"
    """a captcha, a login, or too many requests"""
    NOT_READ = "not_read"
    """the page could not be had, or not be understood"""
    ROBOTS = "robots"
    GONE = "gone"
    HOST_RESTS = "host_rests"
    """the page's host is left alone for now"""
    SILENCE = "silence"
    """a silence holds that concerns the person"""
    # ---- it is on its way
    GIVEN_UP = "given_up"
    RETRYING = "retrying"
    CAPPED = "capped"
    """it was too much for the day, and waits for the digest"""
    DIGEST = "digest"
    TO_SEND = "to_send"
    """it goes out with the next delivery"""
    # ---- it was decided otherwise
    SILENCED = "silenced"
    DROPPED = "dropped"
    COOLDOWN = "cooldown"
    FLAPPING = "flapping"
    WAITING = "waiting"
    INHIBITED = "inhibited"
    RECOUNT = "recount"
    NO_RULE = "no_rule"
    LATE = "late"
    """no rule asks for a paper that was published long before it was first seen"""
    SECOND_SOURCE = "second_source"
    """no rule asks for a paper that another source has shown before"""
    BACKFILL = "backfill"
    PARSER = "parser"
    """a better parser has found it on a page that was there before"""
    IDENTITY = "identity"
    NOT_IN_OUTBOX = "not_in_outbox"
    """it was to be told, and nothing of it is in the outbox"""
    REPLACED = "replaced"
    """the history was written anew, and the event is no part of it"""
    NO_VERDICT = "no_verdict"
    """nothing was decided: the receiver was none then"""
    # ---- nothing has happened
    BASELINE = "baseline"
    """it was on the first page that was read"""
    UNEVENTFUL = "uneventful"
    """it is known, and nothing was recorded about it"""
    QUIET = "quiet"
    """nothing has happened since"""
    LAST_TOLD = "last_told"
    READ = "read"
    """the page is read as it should be"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. What is set beside the reason goes with it."""

    reason: Reason
    #: None: it holds for all receivers.
    receiver: str | None = None
    #: The event that it is about, or the first of several, and what was decided about it.
    account: Account | None = None
    judged: Judged | None = None
    #: The paper, on the page that it is about.
    shown: Shown | None = None
    rejected: RejectedFrom | None = None
    held: HeldPaper | None = None
    #: Of `NEVER_SEEN` all pages that are followed, of others the one.
    pages: tuple[PageState, ...] = ()
    silence: Silence | None = None
    told: LastTold | None = None
    #: The person, where it is about one and about none of the above.
    person: str | None = None
    at: datetime | None = None

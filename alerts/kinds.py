"""What an item of each kind is called, and how much it matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tracking.event import EventKind

Item = Mapping[str, Any]


class About(Enum):
    """What an item is about; where that is no person, the event's profile is only where it is kept."""

    PERSON = auto()
    SOURCE = auto()
    NOBODY = auto()
    """a host, some profiles there, a run, a receiver: its sentence names it"""


@dataclass(frozen=True, slots=True)
class Words:
    """How an item of a kind is called."""

    one: str
    several: str
    #: Begins its head. The name of the person or the source follows.
    head: str
    about: About = About.PERSON


#: In the order in which they are told: what is new first, what somebody must do something about before what just moves.
WORDS: Mapping[EventKind, Words] = {
    EventKind.PAPER_NEW: Words("new paper", "new papers", "New paper by"),
    EventKind.METRIC_MILESTONE: Words("milestone", "milestones", "Milestone of"),
    EventKind.PROFILE_CORRECTED: Words("correction", "corrections", "Correction about"),
    EventKind.PROFILE_SUSPECT: Words("page to look at", "pages to look at", "A page that cannot be believed, of"),
    EventKind.RUN_MISSED: Words("missed run", "missed runs", "No run for long", about=About.NOBODY),
    EventKind.CONFIG_BROKEN: Words(
        "broken configuration", "broken configurations", "Broken configuration", about=About.NOBODY
    ),
    EventKind.RECEIVER_OFF: Words(
        "receiver switched off", "receivers switched off", "Receiver switched off", about=About.NOBODY
    ),
    EventKind.DELIVERY_FAILED: Words("message given up", "messages given up", "Message given up", about=About.NOBODY),
    EventKind.HOST_DOWN: Words("host down", "hosts down", "Host down", about=About.NOBODY),
    EventKind.HOST_BACK: Words("host back", "hosts back", "Host back", about=About.NOBODY),
    EventKind.SOURCE_DRIFT: Words(
        "source with another layout", "sources with another layout", "Another layout at", about=About.SOURCE
    ),
    EventKind.PROFILE_STALE: Words("gap in reading", "gaps in reading", "Not read for long", about=About.NOBODY),
    EventKind.PROFILE_GONE: Words("profile gone", "profiles gone", "No profile any more of"),
    EventKind.PROFILE_MOVED: Words("profile moved", "profiles moved", "New address of"),
    EventKind.PROFILE_RENAMED: Words("new name", "new names", "New name of"),
    EventKind.PAPER_LATE: Words("older paper", "older papers", "Older paper, listed for the first time, by"),
    EventKind.PAPER_RETITLED: Words("new title", "new titles", "New title of a paper by"),
    EventKind.PAPER_REVISED: Words("new version", "new versions", "New version of a paper by"),
    EventKind.PAPER_ENRICHED: Words("paper with new facts", "papers with new facts", "New facts on a paper by"),
    EventKind.PAPER_REMOVED: Words("paper removed", "papers removed", "Not listed any more, a paper by"),
    EventKind.PAPER_RETURNED: Words("paper back", "papers back", "Listed again, a paper by"),
    EventKind.SOURCE_RECOUNT: Words(
        "source that counted anew", "sources that counted anew", "Counted anew at", about=About.SOURCE
    ),
    EventKind.METRIC_CHANGED: Words("changed metric", "changed metrics", "Changed metric of"),
    EventKind.METRIC_RECOUNT: Words("recounted metric", "recounted metrics", "Recounted metric of"),
    EventKind.PROFILE_BASELINE: Words("profile now followed", "profiles now followed", "Now following"),
}

_RANKS = {kind: rank for rank, kind in enumerate(WORDS)}


def kind_of(item: Item) -> EventKind:
    return EventKind(item["kind"])


def rank(item: Item) -> int:
    """Items of a lower rank are told first."""
    return _RANKS[kind_of(item)]


def is_of_a_person(item: Item) -> bool:
    """False for what is about a host, a source, a run or a delivery."""
    return _about(item) is About.PERSON


def is_of_a_source(item: Item) -> bool:
    """True for what is about a source as a whole."""
    return _about(item) is About.SOURCE


def is_seen_on_a_page(item: Item) -> bool:
    """False for what the program says of its own work and of hosts."""
    return _about(item) is not About.NOBODY


def _about(item: Item) -> About:
    kind = kind_of(item)
    told = EventKind(item["told"]) if kind is EventKind.PROFILE_CORRECTED else kind
    return WORDS[told].about


def people_of(item: Item) -> list[str]:
    """The people that the item is about, none for what is about nobody."""
    people: list[str] = item.get("people", [item["person"]])
    return people if is_of_a_person(item) else []


def is_one_sentence(kind: EventKind) -> bool:
    """Its new value is a sentence that says all of it."""
    return WORDS[kind].about is not About.PERSON

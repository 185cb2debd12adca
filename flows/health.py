"""How the program stands, for whoever asks: `status`, the health endpoint, the metrics, the web page.

vitals = store.vitals(now)
health = health_of(vitals, patience, now, broken=None)
health.line            # "All is well: 80 profiles of 70 people, last good run 5 hours ago."
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from alerts.figures import counted, elapsed, moment
from alerts.standing import standing_words
from flows.manifest import is_failure
from tracking.check import Outcome
from tracking.vitals import Vitals
from tracking.watchfulness import Patience, missed_run

#: A disk that has less left is nearly full: so much, and a tenth of what the database takes already.
_LEAST_FREE_BYTES = 256_000_000
_GROWTH = 10


class TroubleKind(StrEnum):
    """What somebody may have to look at."""

    CONFIGURATION = "configuration"
    """the configuration cannot be used"""
    NO_RUN = "no_run"
    """somebody is followed, and there was no run yet"""
    UNFINISHED_RUN = "unfinished_run"
    """the last run goes on, or was cut off"""
    LATE = "late"
    """no run was good for too long"""
    UNREAD = "unread"
    """profiles that could not be read at their last check"""
    NO_TURN = "no_turn"
    """profiles whose host was left alone when they were to be checked"""
    HELD = "held"
    """profiles about which the owner is asked"""
    DEAD_MESSAGES = "dead_messages"
    """messages that were given up"""
    RECEIVER_OFF = "receiver_off"
    """receivers that are not tried any more"""
    DISK = "disk"
    """the disk is nearly full"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that somebody has to look at: a sentence without its end, and of how many things it speaks."""

    kind: TroubleKind
    detail: str
    count: int = 1

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "detail": self.detail, "count": self.count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the program stands at one time."""

    now: datetime
    people: int
    profiles: int
    last_good_run: datetime | None
    troubles: tuple[Trouble, ...]

    @property
    def is_well(self) -> bool:
        return not self.troubles

    @property
    def line(self) -> str:
        """All of it in one sentence."""
        if self.troubles:
            first, *others = self.troubles
            more = f" (and {counted(len(others), 'other trouble')})" if others else ""
            return f"Something needs to be looked at: {first.detail}{more}."
        if not self.profiles:
            return "All is well: nobody is followed yet."
        last = f", last good run {elapsed(self.last_good_run, self.now)} ago" if self.last_good_run else ""
        people = counted(self.people, "person", "people")
        return f"All is well: {counted(self.profiles, 'profile')} of {people}{last}."

    def to_json(self) -> dict[str, Any]:
        return {
            "well": self.is_well,
            "line": self.line,
            "now": self.now.isoformat(),
            "people": self.people,
            "profiles": self.profiles,
            "last_good_run": self.last_good_run.isoformat() if self.last_good_run else None,
            "troubles": [trouble.to_json() for trouble in self.troubles],
        }


def health_of(vitals: Vitals, patience: Patience, now: datetime, *, broken: str | None = None) -> Health:
    """What was measured at ``now`` comes to; ``broken`` says why the configuration cannot be used."""
    configuration = [] if broken is None else [Trouble(kind=TroubleKind.CONFIGURATION, detail=broken)]
    return Health(
        now=now.astimezone(UTC),
        people=vitals.people,
        profiles=vitals.followed,
        last_good_run=vitals.runs.good.now if vitals.runs.good else None,
        troubles=(
            *_of_runs(vitals, patience, now),
            *_of_profiles(vitals),
            *_of_delivery(vitals),
            *_of_disk(vitals),
            *configuration,
        ),
    )


def _of_runs(vitals: Vitals, patience: Patience, now: datetime) -> Iterator[Trouble]:
    last = vitals.last_runs.get("track")
    if last is None:
        if vitals.followed and vitals.runs.since is None:
            yield Trouble(kind=TroubleKind.NO_RUN, detail="no run yet: scholarwatch run")
    elif last.finished_at is None:
        detail = f"the run of {moment(last.now)} goes on or was cut off: the next one takes up its work"
        yield Trouble(kind=TroubleKind.UNFINISHED_RUN, detail=detail)
    late = missed_run(vitals.runs, patience, now)
    if vitals.followed and late is not None:
        yield Trouble(kind=TroubleKind.LATE, detail=late)


def _of_profiles(vitals: Vitals) -> Iterator[Trouble]:
    outcomes = vitals.outcomes
    failing = sum(count for outcome, count in outcomes.items() if outcome is not None and is_failure(outcome))
    if failing:
        detail = f"{failing:,} of {counted(vitals.followed, 'profile')} could not be read at the last check"
        yield Trouble(kind=TroubleKind.UNREAD, detail=detail, count=failing)
    waiting = outcomes.get(Outcome.COOLING_DOWN, 0)
    if waiting:
        whose = "its host is" if waiting == 1 else "their hosts are"
        detail = f"{counted(waiting, 'profile')} did not get a turn, for {whose} left alone: the next run begins there"
        yield Trouble(kind=TroubleKind.NO_TURN, detail=detail, count=waiting)
    if vitals.held:
        detail = (
            f"{counted(vitals.held, 'profile')} changed too much to be believed unseen: scholarwatch quarantine list"
        )
        yield Trouble(kind=TroubleKind.HELD, detail=detail, count=vitals.held)


def _of_delivery(vitals: Vitals) -> Iterator[Trouble]:
    dead = vitals.backlog.dead
    if dead:
        given_up = f"{counted(dead, 'message')} could not be delivered and will not be tried again"
        detail = f"{given_up}: scholarwatch outbox list --dead"
        yield Trouble(kind=TroubleKind.DEAD_MESSAGES, detail=detail, count=dead)
    for off in vitals.off:
        yield Trouble(kind=TroubleKind.RECEIVER_OFF, detail=standing_words(off))


def _of_disk(vitals: Vitals) -> Iterator[Trouble]:
    free = vitals.free_bytes
    if free is not None and free < max(_LEAST_FREE_BYTES, vitals.size_bytes // _GROWTH):
        detail = f"the disk that holds the database has {free / 1e6:,.0f} MB left: scholarwatch prune makes room"
        yield Trouble(kind=TroubleKind.DISK, detail=detail)

"""Is a host up, and does its robots.txt let anybody in? Told at the edges only: when that begins, and when it ends.

>>> edges(health, checks)
[Edge(kind=<EventKind.HOST_DOWN: 'host.down'>, host='www.example.org', …, detail='www.example.org has not answered …')]

All of it rests on what is stored, so that a run that was killed and run again tells neither less nor twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import Cause, Event, EventKind, event_id

#: So many profiles without an answer make an outage at once; where fewer are followed, all of them when it lasts.
PROFILES_MIN = 3
#: So many hosts that fail while none answers are all behind a network that is down: that of this machine.
HOSTS_MIN = 2
#: The field of an event that is about robots.txt, and not about an outage.
ROBOTS = "robots"

#: Outcomes of a check for which the host was not asked, or gave no answer.
_UNANSWERED = (Outcome.ROBOTS, Outcome.COOLING_DOWN, Outcome.UNREACHABLE, Outcome.THROTTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHealth:
    """What is stored of a host beside `tracking.host.HostState`."""

    host: str
    #: When the last good answer came.
    good_at: datetime | None = None
    #: When the first request failed since then; None: none has.
    failing_since: datetime | None = None
    #: The breaker is open: profiles that were refused their turn were so because the host is failing.
    broken: bool = False
    #: When it was told to be down, where it was not told to be back since.
    down_at: datetime | None = None
    #: When its robots.txt was told to shut everybody out, where it was not told to be over since.
    shut_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Something begins or ends at a host."""

    host: str
    kind: EventKind
    #: True: it is about robots.txt.
    by_robots: bool
    #: The followed profile with the lowest id there.
    profile: LastCheck
    #: One sentence.
    detail: str

    @property
    def is_outage(self) -> bool:
        """It begins, and is not about robots.txt."""
        return self.kind is EventKind.HOST_DOWN and not self.by_robots

    def event(self, now: datetime) -> Event:
        profile = self.profile
        subject = f"{self.host}/{ROBOTS}" if self.by_robots else self.host
        return Event(
            id=event_id(profile.source, profile.key, self.kind, subject, now),
            kind=self.kind,
            cause=Cause.SOURCE,
            profile_id=profile.profile_id,
            observed_at=now,
            field=ROBOTS if self.by_robots else None,
            after=self.detail,
        )


def edges(health: HostHealth, checks: Sequence[LastCheck]) -> list[Edge]:
    """What begins or ends at a host, and was not told yet.

    ``checks`` are the last ones of the profiles that are followed there, at least one, in the order of their ids.
    """
    found = []
    if (detail := _outage(health, checks)) is not None:
        found.append((EventKind.HOST_DOWN, False, detail))
    if health.down_at is not None and health.good_at is not None and health.good_at > health.down_at:
        detail = f"{health.host} answers again; it was told to be down on {_minute(health.down_at)}"
        found.append((EventKind.HOST_BACK, False, detail))
    if health.shut_at is None and all(check.outcome is Outcome.ROBOTS for check in checks):
        detail = f"robots.txt of {health.host} does not let any of {_profiles(len(checks))} there be asked for"
        found.append((EventKind.HOST_DOWN, True, detail))
    if health.shut_at is not None and any(_was_let_in(check, health.shut_at) for check in checks):
        detail = f"robots.txt of {health.host} lets profiles be asked for again, after {_minute(health.shut_at)}"
        found.append((EventKind.HOST_BACK, True, detail))
    return [
        Edge(host=health.host, kind=kind, by_robots=by_robots, profile=checks[0], detail=detail)
        for kind, by_robots, detail in found
    ]


def is_own_network(asked: Iterable[HostHealth], *, is_any_answered: bool) -> bool:
    """Whether it is rather this machine that was cut off than each of the hosts that its run has asked.

    ``is_any_answered``: one of them gave the run any answer, be it an error.
    """
    return not is_any_answered and sum(health.failing_since is not None for health in asked) >= HOSTS_MIN


def _outage(health: HostHealth, checks: Sequence[LastCheck]) -> str | None:
    """What there is to say of an outage that was not told; None: there is none."""
    since = health.failing_since
    if since is None or health.down_at is not None:
        return None
    failed = [check for check in checks if _had_no_answer(health, check)]
    # A page or two without an answer may be the network's fault for a minute; that it stays so may be the host's.
    lasts = len(failed) == len(checks) and any(check.checked_at > since for check in failed)
    if len(failed) < PROFILES_MIN and not lasts:
        return None
    reason = next((f": {check.detail}" for check in failed if check.outcome is Outcome.UNREACHABLE), "")
    return (
        f"{health.host} has not answered since {_minute(since)}, and {len(failed)} of {_profiles(len(checks))} there "
        f"could not be checked{reason}"
    )


def _had_no_answer(health: HostHealth, check: LastCheck) -> bool:
    """True for a check of a run in which the host answered nobody."""
    if health.good_at is not None and check.checked_at <= health.good_at:
        return False
    return check.outcome is Outcome.UNREACHABLE or (health.broken and check.outcome is Outcome.COOLING_DOWN)


def _was_let_in(check: LastCheck, shut_at: datetime) -> bool:
    return check.checked_at > shut_at and check.outcome not in _UNANSWERED


def _profiles(count: int) -> str:
    return "1 profile" if count == 1 else f"{count:,} profiles"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

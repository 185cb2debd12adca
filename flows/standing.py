"""How the whole stands, and what somebody has to look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alerts.figures import counted, moment
from alerts.verdict_words import standing_words
from flows.as_json.ledger import ledger_json, of_interest
from flows.as_json.times import iso
from flows.as_json.views import status_json
from flows.manifest import is_failure
from storage.store import Store
from tracking.check import Outcome
from tracking.host import HostLedger
from tracking.view import RunView, StatusView
from tracking.watchfulness import Patience, missed_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the whole stands at a time."""

    now: datetime
    view: StatusView
    last_good: RunView | None
    #: There was no good run for too long.
    is_late: bool
    #: The hosts that had something to do with the day, or are left alone now.
    hosts: Sequence[HostLedger]
    #: What somebody has to look at, a sentence each.
    troubles: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        return status_json(self.view) | {
            "last_good_run": iso(self.last_good.now) if self.last_good else None,
            "late": self.is_late,
            "hosts": [ledger_json(line, self.now) for line in self.hosts],
            "troubles": list(self.troubles),
        }


def standing(store: Store, patience: Patience, now: datetime) -> Standing:
    """How all stands now; ``patience`` says how long there may be no good run."""
    view = store.status()
    runs = store.runs_so_far(now)
    late = missed_run(runs, patience, now)
    return Standing(
        now=now,
        view=view,
        last_good=runs.good,
        is_late=late is not None,
        hosts=of_interest(store.ledger(now.astimezone(UTC).date()), now),
        troubles=list(troubles(view, late)),
    )


def troubles(view: StatusView, late: str | None) -> Iterator[str]:
    """What somebody has to look at, a sentence each; ``late`` says that no run was good for long."""
    if view.last_track is None:
        if view.profiles:
            yield "no run yet: scholarwatch run"
    elif view.last_track.finished_at is None:
        yield f"the run of {moment(view.last_track.now)} goes on or was cut off: the next one takes up its work"
    if view.profiles and late is not None:
        yield late
    failing = sum(count for outcome, count in view.outcomes.items() if outcome is not None and is_failure(outcome))
    if failing:
        yield f"{failing:,} of {counted(view.profiles, 'profile')} could not be read at the last check"
    waiting = view.outcomes.get(Outcome.COOLING_DOWN, 0)
    if waiting:
        whose = "its host is" if waiting == 1 else "their hosts are"
        yield f"{counted(waiting, 'profile')} did not get a turn, for {whose} left alone: the next run begins there"
    if view.held:
        yield f"{counted(view.held, 'profile')} changed too much to be believed unseen: scholarwatch quarantine list"
    if view.dead:
        given_up = f"{counted(view.dead, 'message')} could not be delivered and will not be tried again"
        yield f"{given_up}: scholarwatch outbox list --dead"
    for off in view.off:
        yield standing_words(off)

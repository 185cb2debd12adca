"""What is measured of the program at one time, for those who watch it from outside. Nothing here is of one profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracking.check import Outcome
from tracking.event import EventKind
from tracking.receiver import ReceiverState
from tracking.view import RunState, RunView
from tracking.watchfulness import RunsSoFar

#: What happened so long before is called recent.
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits to be delivered."""

    events: int = 0
    #: When the event was recorded that waits longest; None: none waits.
    oldest_at: datetime | None = None
    #: Messages that could not be delivered so far, and are tried again.
    retrying: int = 0
    #: Messages that were given up.
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How the whole stands, in numbers whose cost does not grow with the length of the history."""

    people: int
    #: Followed profiles by source and how their last check ended; None: never checked.
    profiles: Mapping[tuple[str, Outcome | None], int]
    #: Followed profiles by the version of the parser that read them last.
    parsers: Mapping[str, int] = field(default_factory=dict)
    #: Followed profiles with a page of which the owner has to say what to think.
    held: int = 0
    runs: RunsSoFar
    #: The newest run of each kind that did not leave early and was not taken back; of the kinds of the last thousand.
    last_runs: Mapping[str, RunView] = field(default_factory=dict)
    #: Runs of the last 24 hours, by kind and how they ended.
    recent_runs: Mapping[tuple[str, RunState], int] = field(default_factory=dict)
    #: Events observed in the last 24 hours.
    recent_events: Mapping[EventKind, int] = field(default_factory=dict)
    backlog: Backlog = Backlog()
    #: Receivers that are not tried any more.
    off: tuple[ReceiverState, ...] = ()
    #: Hosts that are told to be down, or to let nobody in.
    down_hosts: frozenset[str] = frozenset()
    size_bytes: int = 0
    #: Left on the disk that holds the database; None: it is on a server.
    free_bytes: int | None = None

    @property
    def followed(self) -> int:
        """How many profiles are followed."""
        return sum(self.profiles.values())

    @property
    def outcomes(self) -> dict[Outcome | None, int]:
        """Followed profiles by how their last check ended, at whatever source."""
        outcomes: dict[Outcome | None, int] = {}
        for (_, outcome), count in self.profiles.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
        return outcomes

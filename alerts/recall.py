"""What a receiver has heard of a profile, to be found by what it was about."""

from collections import defaultdict
from collections.abc import Iterator

from tracking.alert import Verdict
from tracking.event import Event, EventKind
from tracking.memory import Heard, Memory

#: Kinds that say how the value of a metric moved.
MOVES = frozenset({EventKind.METRIC_CHANGED, EventKind.METRIC_RECOUNT})

_About = tuple[str, EventKind, str | None, str | None]


class Recall:
    """A memory, and what is added to it while it is in use: events of one check, or of several in their order."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._heard: defaultdict[_About, list[Heard]] = defaultdict(list)
        #: By which rules which receivers have heard of which papers.
        self._papers: set[tuple[str, str, str]] = set()
        for heard in memory.heard:
            self._add(heard)

    def heard(self, event: Event, receiver: str) -> Iterator[Heard]:
        """What the receiver has heard of the same metric, paper or profile until the event, the latest first.

        What was observed after it was not known on its day.
        """
        for heard in reversed(self._heard.get(_about(receiver, event), ())):
            if heard.observed_at <= event.observed_at and heard.event_id != event.id:
                yield heard

    def last_told(self, event: Event, receiver: str, rule: str) -> Heard | None:
        """What the rule has told the receiver last of the same metric, paper or profile."""
        return next((heard for heard in self.heard(event, receiver) if rule in heard.rules), None)

    def has_told_paper(self, key: str, receiver: str, rule: str) -> bool:
        """Whether the rule has told the receiver of a paper, whatever of it."""
        return (key, receiver, rule) in self._papers

    def add(self, event: Event, verdict: Verdict) -> None:
        """The receiver is to hear of the event."""
        self._add(
            Heard(
                event_id=event.id,
                receiver=verdict.receiver,
                rules=verdict.rules,
                kind=event.kind,
                field=event.field,
                paper_key=event.paper_key,
                before=event.before,
                after=event.after,
                observed_at=event.observed_at,
            )
        )

    def _add(self, heard: Heard) -> None:
        self._heard[_about(heard.receiver, heard)].append(heard)
        if heard.paper_key is not None:
            self._papers.update((heard.paper_key, heard.receiver, rule) for rule in heard.rules)


def _about(receiver: str, event: Event | Heard) -> _About:
    kind = EventKind.METRIC_CHANGED if event.kind in MOVES else event.kind
    return receiver, kind, event.field, event.paper_key

"""What was heard in a rehearsal, kept as far back as judging looks: the memory that `storage.memories` reads for a
check that is judged live."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracking.alert import Verdict
from tracking.event import Cause, Event, EventKind
from tracking.memory import Heard, Memory, Reach, Spells


class Remembered:
    """Of profiles by id and hosts by name. What lies further back than ``reach`` is forgotten as time goes on."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._heard: defaultdict[int, list[Heard]] = defaultdict(list)
        self._news: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
        #: By host and field of the event: it may be down, let nobody in, or both.
        self._down: defaultdict[str, dict[str | None, datetime]] = defaultdict(dict)

    def before(self, profile_id: int, host: str, at: datetime, values: Mapping[str, Spells]) -> Memory:
        """What judging a check needs. ``values`` are the metrics of the profile, as far back and as late as known."""
        self._forget(profile_id, at)
        return Memory(
            heard=tuple(self._heard.get(profile_id, ())),
            values={
                metric: held for metric, spells in values.items() if (held := _held(spells, at, self._reach.values))
            },
            news=dict(self._news.get(profile_id, {})),
            host_down_since=min(self._down[host].values(), default=None) if host in self._down else None,
        )

    def _forget(self, profile_id: int, at: datetime) -> None:
        if heard := self._heard.get(profile_id):
            since = at - self._reach.heard
            self._heard[profile_id] = [one for one in heard if one.observed_at >= since]
        if news := self._news.get(profile_id):
            since = at - self._reach.news
            self._news[profile_id] = {key: shown for key, shown in news.items() if shown >= since}

    def happened(self, event: Event, host: str) -> None:
        """An event was judged."""
        match event.kind:
            case EventKind.PAPER_NEW if event.paper_key is not None and event.cause is Cause.SOURCE:
                if self._reach.news:
                    self._news[event.profile_id].setdefault(event.paper_key, event.observed_at)
            case EventKind.HOST_DOWN:
                self._down[host].setdefault(event.field, event.observed_at)
            case EventKind.HOST_BACK:
                self._down[host].pop(event.field, None)

    def hear(self, event: Event, verdict: Verdict) -> None:
        """A receiver is to hear of an event."""
        if self._reach.heard:
            heard = Heard(
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
            self._heard[event.profile_id].append(heard)

    def unhear(self, event: Event, receiver: str) -> None:
        """It did not hear of it after all."""
        self._heard[event.profile_id] = [
            one for one in self._heard[event.profile_id] if (one.event_id, one.receiver) != (event.id, receiver)
        ]


def _held(spells: Spells, at: datetime, reach: timedelta) -> Spells:
    """The values that were known before ``at``, beginning with the one that held when ``reach`` begins."""
    begins = _begins(spells)
    first = max(0, bisect_right(begins, at - reach) - 1)
    return spells[first : bisect_left(begins, at)]


def _begins(spells: Spells) -> Sequence[datetime]:
    return [since for since, _ in spells]

"""What waits in a rehearsal, and what goes out of it when: as `storage.outbox` has it for what is told live."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from alerts.compose import compose
from alerts.message import Message
from alerts.rules import Every
from alerts.schedule import Schedule
from tracking.alert import OutboxEntry, PendingMessage, Verdict, VerdictKind
from tracking.composing import put_together
from tracking.event import Event, EventKind, topic

_DAY = timedelta(days=1)


@dataclass(slots=True, eq=False)
class Entry:
    """An event that waits for a receiver."""

    event: Event
    verdict: Verdict
    topic: str
    digest: bool
    not_before: datetime
    #: It does not wait any more.
    withdrawn: bool = False

    @property
    def receiver(self) -> str:
        return self.verdict.receiver


@dataclass(frozen=True, slots=True)
class Delivered:
    """What comes of one delivery."""

    messages: tuple[Message, ...]
    #: What their receivers had been told by then: it went out through somebody else.
    repeated: tuple[Entry, ...]
    #: What waits for the digest now: their receivers have had their fill.
    put_off: tuple[Entry, ...]


class Deliveries:
    """When what waits goes out: with the next delivery that there was, else as soon as it may."""

    def __init__(self, times: Sequence[datetime] = ()) -> None:
        self._times = times

    def first_from(self, due: datetime) -> datetime:
        """``due``, or in the time of the deliveries that there were the first of them that is not before it."""
        if not self._times or not self._times[0] <= due <= self._times[-1]:
            return due
        return self._times[bisect_left(self._times, due)]


#: What may go out goes out.
AT_ONCE = Deliveries()


class Outbox:
    """What waits for whom, and what each was told of last."""

    def __init__(
        self, schedules: Mapping[str, Schedule], first_versions: Mapping[str, str], deliveries: Deliveries
    ) -> None:
        """``first_versions`` gives, by key of a paper that is a version of an older one, the key of the oldest."""
        self._schedules = schedules
        self._first_versions = first_versions
        self._deliveries = deliveries
        self._numbers = count()
        #: The first that may go out first.
        self._waiting: list[tuple[datetime, int, Entry]] = []
        #: Receivers and what they were told of; not what can come but once.
        self._told: set[tuple[str, str]] = set()
        #: When messages went out at once, of a day at least.
        self._at_once: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._last_digests: dict[str, datetime] = {}

    def __len__(self) -> int:
        """How many wait."""
        return sum(not entry.withdrawn for _, _, entry in self._waiting)

    def add(self, event: Event, verdict: Verdict) -> bool:
        """Have an event wait for a receiver; False: the receiver was told of it before."""
        entry = Entry(
            event=event,
            verdict=verdict,
            topic=verdict.topic or self._topic(event),
            digest=verdict.kind is VerdictKind.DIGEST,
            not_before=verdict.not_before or event.observed_at,
        )
        if (entry.receiver, entry.topic) in self._told:
            return False
        self._wait(entry, entry.not_before)
        return True

    def _topic(self, event: Event) -> str:
        if event.paper_key is not None and event.kind is EventKind.PAPER_NEW:
            event = replace(event, paper_key=self._first_versions.get(event.paper_key, event.paper_key))
        return topic(event)

    def _wait(self, entry: Entry, until: datetime) -> None:
        heappush(self._waiting, (self._schedules[entry.receiver].opens_at(until), next(self._numbers), entry))

    def withdraw(self, is_meant: Callable[[Event], bool]) -> list[Entry]:
        """Let what is meant wait no more."""
        meant = [entry for _, _, entry in self._waiting if not entry.withdrawn and is_meant(entry.event)]
        for entry in meant:
            entry.withdrawn = True
        return meant

    def next_delivery(self) -> datetime | None:
        """When something goes out next; None: nothing waits."""
        while self._waiting and self._waiting[0][2].withdrawn:
            heappop(self._waiting)
        return self._deliveries.first_from(self._waiting[0][0]) if self._waiting else None

    def deliver(self, at: datetime) -> Delivered:
        """Put what may go out into messages, see `tracking.composing`; the rest waits on."""
        due = list(self._due(at))
        receivers = {entry.receiver for entry in due}
        composed = put_together(
            due, self._told, full=self._full(receivers, at), last_digests=self._digests_of_period(receivers, at)
        )
        for entries in composed.messages:
            self._note(entries, at)
        for entry in composed.put_off:
            entry.digest = True
            entry.not_before = self._next_digest(entry, at)
        gone = {id(entry) for entries in (*composed.messages, composed.repeated) for entry in entries}
        for entry in due:
            if id(entry) not in gone:
                self._wait(entry, self._next_digest(entry, at))
        return Delivered(
            messages=tuple(_message(entries, at) for entries in composed.messages),
            repeated=composed.repeated,
            put_off=composed.put_off,
        )

    def _due(self, at: datetime) -> Iterator[Entry]:
        while self._waiting and self._waiting[0][0] <= at:
            _, _, entry = heappop(self._waiting)
            if entry.withdrawn:
                continue
            if self._schedules[entry.receiver].opens_at(at) > at:
                self._wait(entry, at)
            else:
                yield entry

    def _full(self, receivers: Iterable[str], at: datetime) -> set[str]:
        """Those of the receivers that had as many messages at once within 24 hours as they may."""
        full = set()
        for receiver in receivers:
            times, cap = self._at_once[receiver], self._schedules[receiver].cap
            while times and times[0] <= at - _DAY:
                times.popleft()
            if cap is not None and len(times) >= cap:
                full.add(receiver)
        return full

    def _digests_of_period(self, receivers: Iterable[str], at: datetime) -> dict[str, datetime]:
        """When the digest of the period went out, of those of the receivers that had one."""
        return {
            receiver: last
            for receiver in receivers
            if (last := self._last_digests.get(receiver)) is not None
            and last >= self._schedules[receiver].period_began_at(at)
        }

    def _next_digest(self, entry: Entry, at: datetime) -> datetime:
        return self._schedules[entry.receiver].goes_out(Every.DAILY, at)

    def _note(self, entries: Sequence[Entry], at: datetime) -> None:
        """A message went out."""
        receiver, digest = entries[0].receiver, entries[0].digest
        if digest:
            self._last_digests[receiver] = at
        else:
            self._at_once[receiver].append(at)
        self._told |= {(receiver, entry.topic) for entry in entries if entry.topic != entry.event.id}


def _message(entries: Sequence[Entry], at: datetime) -> Message:
    ordered = sorted(entries, key=lambda entry: (entry.event.observed_at, entry.event.id))
    return compose(
        PendingMessage(
            id="",
            receiver=entries[0].receiver,
            created_at=at,
            digest=entries[0].digest,
            attempts=0,
            entries=tuple(
                OutboxEntry(
                    topic=entry.topic,
                    event_id=entry.event.id,
                    rules=entry.verdict.rules,
                    item=entry.verdict.item or {},
                )
                for entry in ordered
            ),
        )
    )

"""What waits for several receivers, sent side by side: those of one receiver one after another.

No transaction is open while something is sent, and each try is written down before the next one begins: a process that
is killed sends one message of each receiver again at most, under the same id.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Signal
from threading import Lock
from time import perf_counter

from alerts.compose import compose
from alerts.delivery import DeliveryError, Receiver, next_try
from flows.config.whole import Settings
from flows.delivery_notes import delivery_notes
from flows.logs import log_message
from flows.manifest import FailedDelivery
from storage.store import Store
from tracking.alert import PendingMessage
from tracking.receiver import Aftermath, ReceiverState

#: Receivers that are sent to at the same time.
_SIDE_BY_SIDE = 8
#: After so many failures in a row the other messages of a receiver wait for the next delivery, untried.
_FAILURES_IN_A_ROW = 3

#: Called with how many messages there are, and how many are done.
Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Line:
    """What waits for one receiver, and what became of it."""

    name: str
    #: None: the configuration does not name it any more.
    receiver: Receiver | None
    #: How it stands, before and after.
    state: ReceiverState
    messages: Sequence[PendingMessage]
    delivered: int = 0
    items: int = 0
    failures: list[FailedDelivery] = field(default_factory=list)
    #: Others are to hear of it.
    is_told: bool = False
    failures_in_a_row: int = 0

    @property
    def waiting(self) -> int:
        """Messages that were not tried after all."""
        return len(self.messages) - self.delivered - len(self.failures)

    def is_over(self, now: datetime) -> bool:
        """There is no sense in trying more of them now."""
        return self.failures_in_a_row >= _FAILURES_IN_A_ROW or self.state.is_off or self.state.is_resting(now)


class Sending:
    """Sends for one run of `deliver`. ``chance`` gives random numbers 0..1."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        run_id: str,
        now: datetime,
        *,
        chance: Callable[[], float],
        progress: Progress | None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._run_id = run_id
        self._now = now
        self._chance = chance
        self._progress = progress
        self._counting = Lock()
        self._total = self._done = 0

    def send(self, lines: Sequence[Line]) -> None:
        """Send what waits; an interruption lets those messages end that are under way.

        A mistake of the program with one receiver is raised when the others are through.
        """
        if not lines:
            return
        self._count(total=sum(len(line.messages) for line in lines))
        stopped = Signal()
        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(lines))) as pool:
            tasks = [pool.submit(self._send_line, line, stopped) for line in lines]
            try:
                wait(tasks)
            finally:
                stopped.set()
        for task in tasks:
            task.result()

    def _send_line(self, line: Line, stopped: Signal) -> None:
        for pending in line.messages:
            if stopped.is_set() or line.is_over(self._now):
                break
            error = self._try(line.receiver, pending)
            if error is None:
                self._note_delivered(line, pending)
            else:
                self._note_failed(line, pending, error)
            self._count(done=1)
        self._count(done=line.waiting)
        if line.delivered and not line.failures and not stopped.is_set():
            self._catch_up(line)

    def _catch_up(self, line: Line) -> None:
        """The receiver takes messages: what failed before does not wait for its next try.

        One that fails again keeps that, and the number of its tries.
        """
        for pending in self._store.failed_before(line.name, self._now):
            if self._try(line.receiver, pending) is not None:
                break
            line.messages = [*line.messages, pending]
            self._note_delivered(line, pending)
            self._count(total=1, done=1)

    def _try(self, receiver: Receiver | None, pending: PendingMessage) -> DeliveryError | None:
        if receiver is None:
            return DeliveryError(f"the configuration names no receiver {pending.receiver!r} any more")
        absorbed = self._store.absorbed(pending.receiver, pending.created_at) if pending.digest else 0
        began, failure = perf_counter(), None
        try:
            receiver.send(compose(pending, absorbed=absorbed))
        except DeliveryError as error:
            failure = error
        log_message(
            self._run_id,
            receiver.name,
            pending.id,
            error=None if failure is None else str(failure),
            elapsed_seconds=perf_counter() - began,
        )
        return failure

    def _note_delivered(self, line: Line, pending: PendingMessage) -> None:
        fresh = ReceiverState(name=line.name)
        self._store.delivered(pending.id, self._now, receiver=None if line.state == fresh else fresh)
        line.state = fresh
        line.delivered += 1
        line.items += len(pending.entries)
        line.failures_in_a_row = 0

    def _note_failed(self, line: Line, pending: PendingMessage, error: DeliveryError) -> None:
        now = self._now
        state = self._state_after(line, pending, error)
        again = next_try(pending.attempts + 1, now, chance=self._chance(), rest=error.rest)
        if state.is_off:
            # It waits, whatever number its try had.
            again = again or now
        events, verdicts = delivery_notes(
            self._store,
            self._settings,
            pending,
            now,
            given_up=str(error) if again is None else None,
            switched_off=state if state.is_off else None,
        )
        changed = None if state == line.state else state
        self._store.failed(
            pending.id,
            now,
            str(error),
            again,
            refused=error.permanent,
            taken=error.taken,
            aftermath=Aftermath(run_id=self._run_id, receiver=changed, notes=events, verdicts=verdicts),
        )
        line.state = state
        line.is_told |= bool(events)
        line.failures_in_a_row += 1
        line.failures.append(
            FailedDelivery(
                receiver=line.name,
                message=pending.id,
                error=str(error),
                next_try_at=None if state.is_off else again,
                switched_off=state.is_off,
            )
        )

    def _state_after(self, line: Line, pending: PendingMessage, error: DeliveryError) -> ReceiverState:
        state = line.state
        if line.receiver is not None and error.permanent:
            state = state.refused(
                str(error),
                self._now,
                fingerprint=line.receiver.fingerprint(),
                again=pending.refused,
                gone=error.gone,
            )
        return state if error.rest is None else state.resting(self._now + error.rest)

    def _count(self, *, total: int = 0, done: int = 0) -> None:
        with self._counting:
            self._total += total
            self._done += done
            if self._progress is not None:
                self._progress(self._total, self._done)

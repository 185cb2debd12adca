"""What every receiver is, how a delivery fails, and when it is tried again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from alerts.fingerprint import fingerprint
from alerts.message import Message
from alerts.schedule import Schedule
from alerts.within import TooLongError, within

#: Between a failed try and the next one: seven tries over about two days.
_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=28),
)
#: The part of a pause by which chance makes it shorter or longer.
_JITTER = 0.2
#: A receiver that asks for a longer rest than this is tried again after it.
_LONGEST_REST = timedelta(days=7)


class DeliveryError(Exception):
    """A message was not delivered, or not to all. The text names the cause for the owner and holds no secret."""

    def __init__(
        self,
        text: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        retry_after_seconds: float | None = None,
        taken: Collection[str] = (),
    ) -> None:
        """``permanent``: the receiver refuses the message for good; ``gone``: and every other one.

        ``retry_after_seconds`` is the rest that the receiver asks for. ``taken`` names those of its addresses that have
        the message: see `alerts.message.Message.taken`.
        """
        super().__init__(text)
        self.permanent = permanent or gone
        self.gone = gone
        self.retry_after_seconds = retry_after_seconds
        self.taken = frozenset(taken)

    @property
    def rest(self) -> timedelta | None:
        """How long the receiver asks to be left alone, at most a week."""
        if self.retry_after_seconds is None:
            return None
        return timedelta(seconds=min(max(0.0, self.retry_after_seconds), _LONGEST_REST.total_seconds()))


class Channel(Protocol):
    """One way to deliver."""

    @property
    def limit_seconds(self) -> float:
        """How long one message may take."""

    def send(self, message: Message) -> None:
        """Deliver, or raise DeliveryError."""
        ...


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody or something that messages go to."""

    name: str
    schedule: Schedule
    channel: Channel
    #: Its part of the configuration; may hold secrets.
    written: str = field(default="", repr=False, compare=False)

    def fingerprint(self) -> str:
        """Of the configuration: another one is another. It tells no secret, and takes a moment."""
        return fingerprint(self.written)

    def send(self, message: Message) -> None:
        """Deliver through the receiver's channel, in bounded time. Raises DeliveryError.

        A channel that hangs is left behind; a copy that still arrives has the same message id.
        """
        limit = self.channel.limit_seconds
        try:
            within(limit, lambda: self.channel.send(message))
        except TooLongError:
            raise DeliveryError(f"no answer within {limit:g} s") from None


def next_try(tries: int, now: datetime, *, chance: float = 0.5, rest: timedelta | None = None) -> datetime | None:
    """When a message is tried again whose ``tries``-th try (from 1) failed at ``now``; None after the last.

    ``chance`` is a random number 0..1; ``rest`` is how long the receiver asks to be left alone.
    """
    if tries > len(_PAUSES):
        return None
    pause = _PAUSES[tries - 1] * (1 + _JITTER * (2 * chance - 1))
    return now + max(pause, rest or pause)

"""What every receiver is, how a delivery fails, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts.message import Message

#: Between a failed try and the next one: seven tries over about two days.
_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=28),
)


class DeliveryError(Exception):
    """A message was not delivered, or not to all. The text names the cause for the owner and holds no secret."""


class Channel(Protocol):
    """One way to deliver."""

    def send(self, message: Message) -> None:
        """Deliver, or raise DeliveryError; blocks for a bounded time."""
        ...


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody or something that messages go to."""

    name: str
    timezone: ZoneInfo
    channel: Channel

    def send(self, message: Message) -> None:
        """Deliver through the receiver's channel. Raises DeliveryError."""
        self.channel.send(message)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a message is tried again whose ``tries``-th try (from 1) failed at ``now``; None after the last."""
    return now + _PAUSES[tries - 1] if tries <= len(_PAUSES) else None

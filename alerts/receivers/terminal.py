"""The terminal of whoever runs the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TextIO

from alerts.delivery import Channel, DeliveryError
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting
from alerts.wording import wording_of


@dataclass(frozen=True, slots=True)
class TerminalChannel:
    stream: TextIO = field(repr=False)
    zone: tzinfo = UTC
    #: A terminal that is held (Ctrl-S) shows nothing.
    limit_seconds: float = 60.0

    def send(self, message: Message) -> None:
        wording = wording_of(message, self.zone)
        text = f"{wording.subject}\n\n{wording.body}\n\n"
        encoding = self.stream.encoding or "utf-8"
        try:
            # A terminal of few letters shows the others as escapes instead of refusing the message.
            self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            self.stream.flush()
        except OSError as error:
            raise DeliveryError(f"cannot write to the terminal: {error.strerror or error}") from error


def channel(keys: Mapping[str, Setting], place: Place) -> Channel:
    """From ``true``; anything else is refused."""
    if not keys["terminal"].flag():
        keys["terminal"].refuse("must be true; leave the receiver out to have none")
    return TerminalChannel(place.stream, place.timezone)

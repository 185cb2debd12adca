"""A file that gets one line of JSON for each message."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.delivery import Channel, DeliveryError
from alerts.inert import escaped_json
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Appends JSON Lines. A line is on the disk when `send` returns; one that a crash tore stays alone on its line."""

    path: Path
    limit_seconds: float = 60.0

    def send(self, message: Message) -> None:
        line = escaped_json(json.dumps(message.to_json(), ensure_ascii=False)) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _append(self.path, line.encode())
        except OSError as error:
            raise DeliveryError(f"cannot write {self.path}: {error.strerror or error}") from error


def channel(keys: Mapping[str, Setting], place: Place) -> Channel:
    """From the path of the file, relative to the configuration's folder."""
    return FileChannel(place.path(keys["file"]))


def _append(path: Path, line: bytes) -> None:
    """One write, so that a reader never sees two lines mixed. Raises OSError, also when the disk took a part only."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        start = b"\n" if _is_torn(descriptor) else b""
        written = os.write(descriptor, start + line)
        if written != len(start + line):
            raise OSError("the disk took only a part of the line")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_torn(descriptor: int) -> bool:
    """The last line has no end: its writer died."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"

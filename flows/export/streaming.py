"""An export as a stream of bytes: written by a thread into a pipe, read by whoever takes it.

No more is in memory than the pipe holds. Who stops reading closes it, and the writer ends.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, cast

from flows.export.exporting import export
from flows.export.wanted import Wanted
from storage.store import Store

_AT_ONCE = 64 * 1024


def stream_export(store: Store, wanted: Wanted, now: datetime) -> Iterator[bytes]:
    """The export in pieces. What is wrong with it is raised before the first; see `flows.export.exporting.export`.

    ``wanted`` is streamed, and has no ``out``.
    """
    return piped(lambda file: export(store, wanted, now, standard_output=file))


def piped(write: Callable[[BinaryIO], object]) -> Iterator[bytes]:
    """What ``write`` writes into the file that it is given, in pieces; begins at once.

    Raises what that raises: now, where nothing was written before, else where the pieces end.
    """
    reading, writing = os.pipe()
    writer = _Writer(write, writing)
    writer.start()
    pieces = _pieces(reading, writer)
    first = next(pieces, b"")
    return _with_first(first, pieces)


def _with_first(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _pieces(reading: int, writer: "_Writer") -> Iterator[bytes]:
    with open(reading, "rb", buffering=0) as pipe:
        while piece := pipe.read(_AT_ONCE):
            yield piece
    writer.join()
    if writer.error is not None:
        raise writer.error


class _Writer(threading.Thread):
    def __init__(self, write: Callable[[BinaryIO], object], writing: int) -> None:
        super().__init__(name="export", daemon=True)
        self._write, self._writing = write, writing
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with _Pipe(self._writing) as raw, io.BufferedWriter(raw, _AT_ONCE) as file:
                self._write(cast(BinaryIO, file))
        except BrokenPipeError:
            # Nobody reads on.
            return
        except BaseException as error:  # noqa: BLE001 - it is the reader's to raise
            self.error = error


class _Pipe(io.FileIO):
    """An end to write to that says how much went through it: formats ask for that, and no pipe knows it."""

    def __init__(self, writing: int) -> None:
        super().__init__(writing, "wb")
        self._written = 0

    def write(self, content: Any) -> int:
        count = super().write(content)
        self._written += count
        return count

    def tell(self) -> int:
        return self._written

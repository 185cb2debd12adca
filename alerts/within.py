"""Work that may hang, and is not waited for without end."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


class TooLongError(Exception):
    """It has not ended in time. It is left behind in a thread that keeps no process alive, and may end later."""


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """What the work gives, or raises. Raises TooLongError."""
    result: Future[_T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it goes on where it was asked for
            result.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        if result.done():
            raise
        raise TooLongError from None

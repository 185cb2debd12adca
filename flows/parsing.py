"""Parsing, in worker processes when there is much of it.

The first pages of a run are parsed in a thread: a run that finds little changed never pays for starting processes.
"""

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from types import TracebackType
from typing import Self

from scrapers.parse import parse_page
from tracking.check import Failure, Page, Parsed
from tracking.reading import ProfileReading

#: Starting worker processes costs about as much as parsing so many pages.
_PAGES_BEFORE_PROCESSES = 24


class Parsing:
    """Parses pages; an async context manager. ``processes`` 0: never start any."""

    def __init__(self, *, processes: int | None = None) -> None:
        self._processes = os.cpu_count() or 1 if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        self._pages = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=exc_type is None, cancel_futures=True)

    async def parse(self, source: str, page: Page, observed_on: date) -> Parsed | Failure:
        """Parse one page as ``source`` writes them; ``observed_on`` dates what has no year."""
        self._pages += 1
        if self._processes < 2 or self._pages <= _PAGES_BEFORE_PROCESSES:
            return await asyncio.to_thread(parse_page, source, page, observed_on)
        if self._pool is None:
            self._pool = _start_pool(self._processes)
        read = await asyncio.get_running_loop().run_in_executor(self._pool, _read, source, page, observed_on)
        if isinstance(read, Failure):
            return read
        reading, parser = read
        return Parsed(page=page, reading=reading, parser=parser)


def _read(source: str, page: Page, observed_on: date) -> tuple[ProfileReading, str] | Failure:
    """What the worker sends back: without the page, which its caller has."""
    answer = parse_page(source, page, observed_on)
    return answer if isinstance(answer, Failure) else (answer.reading, answer.parser)


def _start_pool(processes: int) -> ProcessPoolExecutor:
    # A fork of a process that runs threads may deadlock; a fork server has none, and imports the parsers once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scrapers.parse"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_die_with_parent)


def _die_with_parent() -> None:
    """A worker waits for its next page on a pipe that it holds open itself: a killed parent would leave it for ever."""
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Parsing, in worker processes when there is much of it.

A run of few profiles parses in a thread, and so does the beginning of any run: one that finds little changed never
pays for starting processes.
"""

import asyncio
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from types import TracebackType
from typing import Self

from flows.workers import start_pool
from scrapers.parse import parse_page
from tracking.check import Failure, Page, Parsed
from tracking.reading import ProfileReading

#: Worker processes take about as long to start as this many pages take to parse.
_PAGES_BEFORE_PROCESSES = 10
#: With fewer profiles than this, processes never make up for their start.
_PROFILES_WORTH_PROCESSES = 100


class Parsing:
    """Parses the pages of a run over so many profiles; an async context manager."""

    def __init__(self, profiles: int) -> None:
        # A worker of a Dask cluster is a daemon, which may have no children.
        is_worth_it = profiles >= _PROFILES_WORTH_PROCESSES and not multiprocessing.current_process().daemon
        self._processes = (os.cpu_count() or 1) if is_worth_it else 1
        self._pool: ProcessPoolExecutor | None = None
        # One thread: parsing is pure Python, and more of them would only wait for each other.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parse")
        self._pages = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
        if self._pool is not None:
            self._pool.shutdown(wait=exc_type is None, cancel_futures=True)

    async def parse(self, source: str, page: Page, observed_on: date) -> Parsed | Failure:
        """Parse one page as ``source`` writes them; ``observed_on`` dates what has no year."""
        self._pages += 1
        loop = asyncio.get_running_loop()
        if self._processes < 2 or self._pages <= _PAGES_BEFORE_PROCESSES:
            return await loop.run_in_executor(self._thread, parse_page, source, page, observed_on)
        if self._pool is None:
            self._pool = start_pool(self._processes)
        read = await loop.run_in_executor(self._pool, _read, source, page, observed_on)
        if isinstance(read, Failure):
            return read
        reading, parser = read
        return Parsed(page=page, reading=reading, parser=parser)


def _read(source: str, page: Page, observed_on: date) -> tuple[ProfileReading, str] | Failure:
    """What the worker sends back: without the page, which its caller has."""
    answer = parse_page(source, page, observed_on)
    return answer if isinstance(answer, Failure) else (answer.reading, answer.parser)

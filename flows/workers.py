"""Worker processes for what keeps a processor busy: they share nothing, and outlive nobody."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import TypeVar

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

#: Parts that wait for each worker or were done by it and not fetched yet.
_PARTS_AHEAD = 4


def spread(
    work: Callable[[_Part], _Result], parts: Iterable[_Part], *, processes: int, worth_processes: int
) -> Iterator[_Result]:
    """``map(work, parts)`` over so many processes, in the order of the parts, few of which are in memory at once.

    With fewer parts than ``worth_processes``, or with one process, the work is done here. ``work``, the parts and the
    results must be such that they can be pickled.
    """
    parts = iter(parts)
    first = list(islice(parts, worth_processes))
    if processes < 2 or len(first) < worth_processes:
        yield from map(work, chain(first, parts))
        return
    pool = start_pool(processes)
    finished = False
    try:
        waiting: deque[Future[_Result]] = deque()
        for part in chain(first, parts):
            waiting.append(pool.submit(work, part))
            if len(waiting) > processes * _PARTS_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        finished = True
    finally:
        pool.shutdown(wait=finished, cancel_futures=True)


def start_pool(processes: int) -> ProcessPoolExecutor:
    """Workers that have the parsers in memory when their first task comes."""
    # A fork of a process that runs threads may deadlock; a fork server has none, and imports the parsers once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scrapers.parse"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _begin() -> None:
    """How a worker sets out."""
    # The elements of a page are many small objects that point at each other, and all of them stay until the page is
    # read: as often as by default, the collector would look through them in vain. What was imported stays for good.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    die_with_parent()


def die_with_parent() -> None:
    """Called in a worker: it lives as long as its parent, and ends by nothing else from outside.

    It waits for its next page on a pipe that it holds open itself: a killed parent would leave it for ever. And a
    Ctrl-C reaches it as well: a worker that dies while it sends a result leaves its parent waiting for the rest.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

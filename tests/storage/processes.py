"""Several processes that start at once."""

from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from tests.forked import CONTEXT, SECONDS_MAX, process


def together(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call the function in a process for each tuple of arguments, all at the same moment; what they returned."""
    barrier = CONTEXT.Barrier(len(calls))
    results = []
    processes = []
    for arguments in calls:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        begun = process(_report, barrier, theirs, function, arguments)
        begun.start()
        theirs.close()
        processes.append(begun)
        results.append(ours)
    received = []
    for begun, result in zip(processes, results, strict=True):
        # A process that failed has written its traceback to the error output, and closed its end.
        received.append(result.recv())
        begun.join(SECONDS_MAX)
        result.close()
    return received


def _report(barrier: Barrier, result: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    barrier.wait(SECONDS_MAX)
    result.send(function(*arguments))
    result.close()

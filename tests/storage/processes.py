"""Real processes: several that start at once, and one that is killed."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

#: Children are forked from a process that has imported the store and has no threads: quick, and safe.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["storage.store", "storage.migrate", "tests.storage.builders", "cli.main"])
_SECONDS_MAX = 300


def together(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call the function in a process for each tuple of arguments, all at the same moment; what they returned."""
    barrier = _CONTEXT.Barrier(len(calls))
    results = []
    processes = []
    for arguments in calls:
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_report, args=(barrier, theirs, function, arguments))
        process.start()
        theirs.close()
        processes.append(process)
        results.append(ours)
    received = []
    for process, result in zip(processes, results, strict=True):
        # A process that failed has written its traceback to the error output, and closed its end.
        received.append(result.recv())
        process.join(_SECONDS_MAX)
        result.close()
    return received


def _report(barrier: Barrier, result: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    barrier.wait(_SECONDS_MAX)
    result.send(function(*arguments))
    result.close()


def exit_code(function: Callable[..., Any], *arguments: Any) -> int | None:
    """Call the function in a process of its own; minus the signal, where one ended it."""
    process = _CONTEXT.Process(target=function, args=arguments)
    process.start()
    process.join(_SECONDS_MAX)
    return process.exitcode

"""Runs of the program that are killed: each is a process of its own, made from one that has imported everything."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")


def context() -> ForkServerContext:
    """Processes come from a server that has the program in memory: a run begins at once, not after half a second."""
    _CONTEXT.set_forkserver_preload(["tests.scenarios.killed", "cli.main", "flows.run", "flows.track", "flows.deliver"])
    return _CONTEXT


def _program(folder: Path, words: tuple[str, ...]) -> None:
    from cli.main import main

    os.setsid()
    os.chdir(folder)
    with open(os.devnull, "w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        sys.argv = ["scholarwatch", *words]
        main()


@contextmanager
def started(*words: str, folder: Path) -> Iterator[multiprocessing.process.BaseProcess]:
    """The program at work in a folder; at the end it has ended, one way or the other."""
    process = context().Process(target=_program, args=(folder, words))
    process.start()
    try:
        yield process
    finally:
        process.join(120)
        assert process.exitcode is not None, "the program did not end within two minutes"


def ran(*words: str, folder: Path) -> None:
    """The program, undisturbed to its good end."""
    with started(*words, folder=folder) as process:
        pass
    assert process.exitcode == 0, f"{words} ended with {process.exitcode}"


def killed_after(seconds: float, *words: str, folder: Path) -> bool:
    """The program, killed with all it has started; False when it had ended before."""
    with started(*words, folder=folder) as process:
        process.join(seconds)
        is_killed = process.exitcode is None
        if is_killed:
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
    return is_killed

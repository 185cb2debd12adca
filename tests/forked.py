"""Processes that are forked from one that has imported everything: as real as any, less the second that imports take.

>>> ended = run_program("events", "--json", cwd=folder)       # scholarwatch events --json
>>> with started_program("run", cwd=folder) as running: ...
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import BytesIO, TextIOWrapper
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

#: Children are forked from a process that has no threads: quick, and safe.
CONTEXT = multiprocessing.get_context("forkserver")
_IMPORTED = [
    "pytest",
    "hypothesis",
    "cli.main",
    "flows.run",
    "flows.track",
    "flows.deliver",
    "flows.backfill",
    "flows.revert",
    "storage.migrate",
    "tests.storage.builders",
]
#: A slow machine is no reason to give up; a process that hangs is.
SECONDS_MAX = 300


def process(function: Callable[..., Any], *arguments: Any) -> BaseProcess:
    """A process that is to call the function. It leads a group of its own if the function sees to it."""
    # The program's own worker processes come from the same server: whoever is first decides what is imported.
    CONTEXT.set_forkserver_preload(_IMPORTED)
    return CONTEXT.Process(target=function, args=arguments)


def run_program(
    *words: str, cwd: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run ``scholarwatch`` to its end, with nothing to read and its output in files."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        code = exit_code(_scholarwatch, words, cwd, dict(os.environ if environment is None else environment), out, err)
        return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), err.read_text("utf-8"))


@contextmanager
def started_program(*words: str, cwd: Path) -> Iterator[BaseProcess]:
    """``scholarwatch``, running in a process group of its own; killed at the end of the block if it still does."""
    nowhere = Path(os.devnull)
    running = process(_scholarwatch, words, cwd, dict(os.environ), nowhere, nowhere)
    running.start()
    try:
        yield running
    finally:
        kill_group(running)


@contextmanager
def staying_program(
    *, cwd: Path, environment: Mapping[str, str]
) -> Iterator[Callable[..., "subprocess.CompletedProcess[str]"]]:
    """A process that is ``scholarwatch`` more than once: for what takes long to import and cannot be imported before."""
    ours, theirs = CONTEXT.Pipe()
    staying = process(_stay, theirs, cwd, dict(environment))
    staying.start()
    theirs.close()

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        ours.send(words)
        return subprocess.CompletedProcess(words, *ours.recv())

    try:
        yield run
    finally:
        ours.close()
        staying.join(SECONDS_MAX)
        kill_group(staying)


def kill_group(running: BaseProcess) -> bool:
    """Kill a program, with all it has started; False if it had ended before."""
    is_running = running.is_alive()
    if is_running:
        assert running.pid is not None
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            # It has only just begun, and leads no group yet.
            running.kill()
    running.join()
    return is_running


def exit_code(function: Callable[..., Any], *arguments: Any) -> int:
    """Call the function in a process of its own; minus the signal, where one ended it."""
    running = process(function, *arguments)
    running.start()
    running.join(SECONDS_MAX)
    if running.exitcode is None:
        running.kill()
        running.join()
        raise TimeoutError(f"{function.__name__}{arguments} did not end within {SECONDS_MAX} s")
    return running.exitcode


def is_killed_at(commit: int, *words: str, cwd: Path) -> bool:
    """Run ``scholarwatch``, and kill it with all it has started before it commits so often; False if it ended before."""
    code = exit_code(_scholarwatch_until, commit, words, cwd)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def _scholarwatch_until(commit: int, words: tuple[str, ...], cwd: Path) -> None:
    kill_at(commit, lambda: os.killpg(0, signal.SIGKILL))
    _scholarwatch(words, cwd, dict(os.environ), Path(os.devnull), Path(os.devnull))


def kill_at(commit: int, kill: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGKILL)) -> None:
    """Let this process die in the middle of its next transactions that write: before the commit of this number."""
    commits = count(1)

    @event.listens_for(Engine, "commit")
    def before_commit(connection: sqlalchemy.Connection) -> None:
        if connection.get_execution_options().get("writes") and next(commits) == commit:
            kill()


def _stay(commands: "Connection[Any, Any]", cwd: Path, environment: dict[str, str]) -> None:
    _move(cwd, environment)
    with suppress(EOFError):
        while True:
            words = commands.recv()
            out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8")
            with redirect_stdout(out), redirect_stderr(err):
                code = _main(words)
            said = [stream.detach().getvalue().decode() for stream in (out, err)]
            commands.send((code, *said))


def _main(words: tuple[str, ...]) -> int:
    from cli.main import main

    sys.argv = ["scholarwatch", *words]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    raise AssertionError("the console script ends by an exit")


def _move(cwd: Path, environment: dict[str, str]) -> None:
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)


def _scholarwatch(words: tuple[str, ...], cwd: Path, environment: dict[str, str], out: Path, err: Path) -> None:
    """Become the console script."""
    _move(cwd, environment)
    for number, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.exit(_main(words))

"""The programs that `up` keeps running: each writes to a log of its own, and none outlives who started it."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.up_place import Place, UpError

ROOT = Path(__file__).parents[1]

_STOP_SECONDS = 30.0
_LINES_OF_LOG = 15
#: Of Linux, see prctl(2).
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A program that goes on running."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def look(self) -> None:
        """Raise UpError if it has ended."""
        if self.process.poll() is not None:
            raise UpError(f"{self.name} {_ended(self.process.returncode)}; {_end_of(self.log)}")


@contextmanager
def running(name: str, words: Sequence[str], place: Place) -> Iterator[Part]:
    """``prefect`` with these words, its output at the end of a log in the place's home, until the block ends."""
    log = place.home / f"{name.replace(' ', '-')}.log"
    with log.open("ab") as output:
        # A group of its own: Ctrl-C is for us, and we end the parts in their order.
        process = subprocess.Popen(
            [prefect(), *words],
            cwd=ROOT,
            env=place.surroundings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_ends_with(os.getpid()),
        )
    try:
        yield Part(name, process, log)
    finally:
        _stop(process)


def once(name: str, words: Sequence[str], place: Place, others: Sequence[Part]) -> None:
    """``prefect`` with these words, which must end well, while the others go on. Raises UpError."""
    with running(name, words, place) as part:
        while part.process.poll() is None:
            for other in others:
                other.look()
            time.sleep(0.2)
    if part.process.returncode != 0:
        part.look()


def _end_of(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").splitlines()[-_LINES_OF_LOG:]
    return "\n".join([f"the end of {log}:", *(f"  {line}" for line in lines)])


def _ended(code: int) -> str:
    return f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, and end it and what it has started if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def prefect() -> str:
    """Prefect's command, of the same installation as this program."""
    beside = Path(sys.executable).with_name("prefect")
    found = str(beside) if beside.exists() else shutil.which("prefect")
    if found is None:
        raise UpError("the command “prefect” is not installed beside this program")
    return found


def _ends_with(parent: int) -> Callable[[], None] | None:
    """What a part does before it begins, so that it is asked to end when its parent does, however that happens.

    Only Linux knows this. Elsewhere a parent that is killed leaves its parts behind.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return arrange

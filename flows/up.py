"""Prefect's server, a worker and the schedules of ``deployments/prefect.yaml``, on this machine, as long as is wanted.

    alone? ──> server ──> is it healthy? ──> work pool, automations ──> worker ──> schedules ──> is the worker there?
                                                       wait until one of them, or somebody, ends it <──╯

Every part is the command that ``docs/deploying.md`` has for those who want them apart; each writes to a log of its own.
None outlives `up`: they are ended in their order, and where `up` itself is killed, the system asks them to end.
"""

import errno
import fcntl
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import httpx

from flows.deploy import DEPLOY, look_for_schedules
from flows.up_parts import Part, once, running
from flows.up_place import Place, UpError
from flows.up_server import POOL, is_healthy, is_worker_there, make_automations, make_pool, version_of

__all__ = ["Place", "UpError", "up"]

#: A cold start takes 10 to 30 s on two idle cores, and much longer on busy ones.
_START_SECONDS = 600.0
#: What an `up` that was killed has left behind ends within this.
_LEFTOVERS_SECONDS = 45.0

Say = Callable[[str], None]


@contextmanager
def up(place: Place, now: datetime, say: Say) -> Iterator[Callable[[], None]]:
    """Everything runs inside the block. Call what it gives to wait until a part ends by itself: then UpError is raised.

    At the end the worker stops before the server, so that a run that goes on can still say how it ended. Raises
    UpError when something cannot be started, or runs there already.
    """
    look_for_schedules()
    try:
        place.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UpError(f"the folder {place.home} cannot be made: {error.strerror}") from None
    with _alone(place, now, say), ExitStack() as stack:
        try:
            server, worker = _started(stack, place, now, say)
        except httpx.HTTPError as error:
            raise UpError(f"Prefect's server at {place.address} does not answer any more: {error!r}") from error
        yield lambda: _wait([server, worker])


def _started(stack: ExitStack, place: Place, now: datetime, say: Say) -> tuple[Part, Part]:
    say("Prefect's server starts, which takes some ten seconds …")
    words = ["server", "start", "--host", place.host, "--port", str(place.port)]
    server = stack.enter_context(running("server", words, place))
    _wait_until(lambda: is_healthy(place.server), [server], "Prefect's server does not answer")
    make_pool(place.server)
    make_automations(place.server)
    say("The worker and the schedules …")
    name = f"up on {socket.gethostname()}"
    worker = stack.enter_context(running("worker", ["worker", "start", "--pool", POOL, "--name", name], place))
    once("deploy", DEPLOY, place, [server, worker])
    _wait_until(lambda: is_worker_there(place.server, name, now), [server, worker], "the server hears of no worker")
    return server, worker


@contextmanager
def _alone(place: Place, now: datetime, say: Say) -> Iterator[None]:
    """Be the only `up` of a folder and a port. Raises UpError, which says what runs there."""
    with (place.home / "up.lock").open("a+") as file:
        file.seek(0)
        before = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpError(f"it is up already: {before}; the logs are in {place.home}") from None
        if before and not _is_free(place):
            say(f"The last one was not ended in order ({before}); what it left behind ends …")
        deadline = time.monotonic() + (_LEFTOVERS_SECONDS if before else 0)
        while not _is_free(place):
            if time.monotonic() >= deadline:
                raise UpError(_taken(place))
            time.sleep(0.3)
        file.truncate(0)
        file.write(f"{place.address}, since {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n")
        file.flush()
        try:
            yield
        finally:
            # All parts have ended: what is left here is of one that was killed.
            file.truncate(0)


def _is_free(place: Place) -> bool:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except socket.gaierror:
            raise UpError(f"there is no host {place.host!r} to serve at") from None
        except PermissionError:
            raise UpError(f"port {place.port} may not be used by this user") from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise UpError(f"there is no address {place.host} on this machine to serve at") from None
            return False
    return True


def _taken(place: Place) -> str:
    version = version_of(place.server)
    if version is None:
        return f"port {place.port} is used by another program; choose another --port"
    return (
        f"a Prefect server ({version}) that is not of this folder runs at {place.address} already; choose another "
        f"--port, or use that one: docs/deploying.md has the commands"
    )


def _wait_until(is_so: Callable[[], bool], parts: Sequence[Part], otherwise: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_so():
        for part in parts:
            part.look()
        if time.monotonic() > deadline:
            raise UpError(f"{otherwise} after {_START_SECONDS:g} s; see {parts[-1].log}")
        time.sleep(0.3)


def _wait(parts: Sequence[Part]) -> None:
    while True:
        for part in parts:
            part.look()
        time.sleep(1)

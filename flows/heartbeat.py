"""A service outside hears after each run that it was, and notices when it hears nothing.

    GET address         after a run that ended well
    GET address/fail    after one that did not, as healthchecks.io and others like it take it

The address is a secret: who knows it can speak in the program's name. Nothing that is printed or raised here holds more
of it than its host. Whatever the service answers, the run has ended as it has.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from flows.manifest import TrackManifest
from tracking.punctuality import Leave
from tracking.watchfulness import ended_well


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What was said to whom; ``error`` is why it may not have been heard."""

    host: str
    failed: bool
    error: str | None

    def to_json(self) -> dict[str, Any]:
        return {"host": self.host, "says": "fail" if self.failed else "good", "error": self.error}


async def with_heartbeat(run: Awaitable[TrackManifest], address: str | None) -> tuple[TrackManifest, Beat | None]:
    """The run, and what was said of it; nothing where there is no address, or another run does the work."""
    try:
        manifest = await run
    except Exception:
        if address is not None:
            await beat(address, failed=True)
        raise
    is_left_to_another = manifest.skip is not None and manifest.skip.why is not Leave.NOBODY_DUE
    if address is None or is_left_to_another:
        return manifest, None
    return manifest, await beat(address, failed=not ended_well(manifest.to_json()))


def as_json(manifest: TrackManifest, said: Beat | None) -> dict[str, Any]:
    """The manifest as JSON values, with ``heartbeat`` where something was said."""
    return manifest.to_json() | ({"heartbeat": said.to_json()} if said is not None else {})


async def beat(address: str, *, failed: bool, timeout_seconds: float = 10.0) -> Beat:
    """Ask for the address once, or for its ``/fail``; the time is for all of it."""
    host = urlsplit(address).hostname or ""
    error = None
    try:
        async with (
            asyncio.timeout(timeout_seconds),
            httpx.AsyncClient(timeout=timeout_seconds, follow_redirects=True) as client,
            client.stream("GET", _failing(address) if failed else address) as answer,
        ):
            if not answer.is_success:
                error = f"{host} answered {_status(answer.status_code)}"
    except (TimeoutError, httpx.TimeoutException):
        error = f"{host} did not answer within {timeout_seconds:g} s"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as cause:
        # Its text may hold the address.
        error = f"{host} could not be asked ({type(cause).__name__})"
    return Beat(host=host, failed=failed, error=error)


def _failing(address: str) -> str:
    """``https://hc-ping.com/id`` → ``https://hc-ping.com/id/fail``; what follows a question mark stays behind it."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def _status(code: int) -> str:
    try:
        return f"{code} ({HTTPStatus(code).phrase})"
    except ValueError:
        return str(code)

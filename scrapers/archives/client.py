"""Asking an archive, patiently: one request at its turn, and again when it was refused for a time only.

Unlike `scrapers.fetch` this takes any type of content (indexes have types of their own), follows no redirect (it
leads to another time), and reads error pages (they say why).
"""

import asyncio
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import perf_counter
from types import TracebackType
from typing import Self

import httpx

from scrapers.answer import retry_after_seconds
from scrapers.archives.pace import Pace
from scrapers.archives.settings import ArchiveSettings
from scrapers.body import ACCEPT_ENCODING, read_body
from scrapers.fault import FAULTS, explain, is_transient
from scrapers.network import network_transport
from tracking.check import Failure, Outcome, Page

_REFUSED_FOR_A_TIME = {
    429: (Outcome.THROTTLED, "asks for fewer requests"),
    502: (Outcome.UNREACHABLE, "is out of order"),
    503: (Outcome.THROTTLED, "is overloaded"),
    504: (Outcome.UNREACHABLE, "is out of order"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question, after how many requests. A page has any status."""

    answer: Page | Failure
    requests: int


class ArchiveClient:
    """Asks one archive over one set of connections: an async context manager."""

    def __init__(self, settings: ArchiveSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            transport=transport or network_transport(),
            headers=httpx.Headers(
                {"User-Agent": settings.user_agent.strip(), "Accept-Encoding": ACCEPT_ENCODING}, encoding="utf-8"
            ),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(settings.idle_timeout_seconds, pool=None),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(exc_type, exc_value, traceback)

    async def ask(self, url: str, pace: Pace) -> Asked:
        """Ask until there is an answer that will stay, at most as often as the settings allow.

        Each request takes a turn of ``pace``; a refusal holds up everybody's next turn.
        """
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            return Asked(_unreachable(url, f"{url!r} is not a URL: {error}"), requests=0)
        attempt = 0
        while True:
            attempt += 1
            await pace.turn()
            answer, may_pass = await self._ask_once(target)
            if not isinstance(answer, Failure) or not may_pass or attempt == self._settings.attempts:
                return Asked(answer, attempt)
            seconds = self._wait_seconds(answer, attempt)
            if seconds > self._settings.longest_wait_seconds:
                return Asked(answer, attempt)
            pace.rest(seconds)

    def _wait_seconds(self, failure: Failure, attempt: int) -> float:
        if failure.retry_after_seconds is not None:
            return failure.retry_after_seconds
        return min(self._settings.retry_wait_seconds * 2.0 ** (attempt - 1), self._settings.longest_wait_seconds)

    async def _ask_once(self, url: httpx.URL) -> tuple[Page | Failure, bool]:
        """One request within its time: what came of it, and whether asking again may help."""
        seconds = self._settings.timeout_seconds
        started = perf_counter()
        try:
            async with asyncio.timeout(seconds), self._client.stream("GET", url) as response:
                refusal = _refusal(url, response)
                answer = refusal or await self._read(url, response)
        except TimeoutError:
            return _unreachable(str(url), f"{url} gave no whole answer within {seconds:g} s"), True
        except FAULTS as fault:
            return _unreachable(str(url), explain(url, fault)), is_transient(fault)
        return replace(answer, elapsed_seconds=perf_counter() - started), refusal is not None

    async def _read(self, url: httpx.URL, response: httpx.Response) -> Page | Failure:
        body = await read_body(response, max_bytes=self._settings.max_bytes)
        if isinstance(body, Failure):
            return body
        return Page(url=str(url), status=response.status_code, headers=dict(response.headers), body=body)


def _refusal(url: httpx.URL, response: httpx.Response) -> Failure | None:
    """The archive's own "not now". An archived page with such a status is a memento, and stays what it is."""
    if response.status_code not in _REFUSED_FOR_A_TIME or "memento-datetime" in response.headers:
        return None
    outcome, complaint = _REFUSED_FOR_A_TIME[response.status_code]
    seconds = retry_after_seconds(response.headers)
    pause = "" if seconds is None else f", for {seconds:g} s"
    return Failure(
        outcome=outcome,
        detail=f"{url.host} {complaint}{pause} (status {response.status_code} at {url})",
        url=str(url),
        status=response.status_code,
        retry_after_seconds=seconds,
    )


def _unreachable(url: str, detail: str) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=url)

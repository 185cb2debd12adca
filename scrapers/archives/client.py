"""Asking an archive, patiently: one request at its turn, and again when it was refused for a time only.

Unlike `scrapers.fetch` this takes any type of content (indexes have types of their own), follows no redirect (it
leads to another time), and reads error pages (they say why).
"""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import Self

import httpx

from scrapers.answer import retry_after_seconds
from scrapers.archives.pace import Pace
from scrapers.archives.settings import ArchiveSettings
from scrapers.body import ACCEPT_ENCODING, read_body
from scrapers.exchange import Exchange
from scrapers.fault import FAULTS, explain, is_transient
from scrapers.forgetful import ForgetfulClient
from scrapers.gate import Gate, host_at
from scrapers.network import network_transport
from scrapers.pacing import Pacer, cooling_down
from tracking.check import Failure, Outcome, Page
from tracking.host import Answered, AnswerKind, Refused

_REFUSED_FOR_A_TIME = {
    429: (Outcome.THROTTLED, "asks for fewer requests"),
    502: (Outcome.UNREACHABLE, "is out of order"),
    503: (Outcome.THROTTLED, "is overloaded"),
    504: (Outcome.UNREACHABLE, "is out of order"),
}
#: How many requests may be under way is up to those who read; no browser opens more.
_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question, after how many requests. A page has any status."""

    answer: Page | Failure
    requests: int


class ArchiveClient:
    """Asks one archive over one set of connections: an async context manager.

    With a ``gate`` every request takes a turn there too, so that all programs that ask the archive are one.
    """

    def __init__(
        self,
        settings: ArchiveSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._pacer = None if gate is None else Pacer(gate, connections_per_host=_CONNECTIONS)
        self._client = ForgetfulClient(
            transport or network_transport(),
            {"User-Agent": settings.user_agent.strip(), "Accept": "*/*", "Accept-Encoding": ACCEPT_ENCODING},
            idle_timeout_seconds=settings.idle_timeout_seconds,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._pacer is not None:
                await self._pacer.close()
        finally:
            await self._client.aclose()

    async def ask(self, url: str, pace: Pace) -> Asked:
        """Ask until there is an answer that will stay, at most as often as the settings allow.

        Each request takes a turn of ``pace``; a refusal holds up everybody's next turn.
        """
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            return Asked(_unreachable(url, f"{url!r} is not a URL: {error}"), requests=0)
        answer: Page | Failure
        failure: Failure | None = None
        requests = 0
        while True:
            await pace.turn()
            came = await self._ask_in_turn(target, attempt=requests + 1)
            if isinstance(came, Refused):
                answer, seconds = failure or cooling_down(url, came), self._seconds_until(came)
            else:
                requests += 1
                answer, seconds = came.answer, came.answered.retry_after_seconds or 0.0
                if isinstance(answer, Page) or not came.may_pass or requests == self._settings.attempts:
                    return Asked(answer, requests)
                failure = answer
            if seconds > self._settings.longest_wait_seconds:
                return Asked(answer, requests)
            pace.rest(seconds)

    async def _ask_in_turn(self, url: httpx.URL, *, attempt: int) -> Exchange[Page] | Refused:
        request = partial(self._ask_once, url, attempt)
        return await (request() if self._pacer is None else self._pacer.ask(host_at(url), request))

    def _seconds_until(self, refused: Refused) -> float:
        assert self._gate is not None
        return (refused.until - self._gate.now()).total_seconds()

    def _wait_seconds(self, failure: Failure, attempt: int) -> float:
        if failure.retry_after_seconds is not None:
            return failure.retry_after_seconds
        return min(self._settings.retry_wait_seconds * 2.0 ** (attempt - 1), self._settings.longest_wait_seconds)

    async def _ask_once(self, url: httpx.URL, attempt: int) -> Exchange[Page]:
        """One request within its time."""
        seconds = self._settings.timeout_seconds
        started = perf_counter()
        answer: Page | Failure
        try:
            async with asyncio.timeout(seconds), self._client.stream(url) as response:
                refusal = _refusal(url, response)
                answer, may_pass = refusal or await self._read(url, response), refusal is not None
        except TimeoutError:
            answer, may_pass = _unreachable(str(url), f"{url} gave no whole answer within {seconds:g} s"), True
        except FAULTS as fault:
            answer, may_pass = _unreachable(str(url), explain(url, fault)), is_transient(fault)
        answer = replace(answer, elapsed_seconds=perf_counter() - started)
        return Exchange(answer, self._answered(answer, may_pass, attempt), may_pass)

    def _answered(self, answer: Page | Failure, may_pass: bool, attempt: int) -> Answered:
        """What the archive's manners are told: after what may pass, how long it is left alone."""
        match answer:
            case Page():
                return Answered(kind=AnswerKind.GOOD, size=len(answer.body))
            case Failure(outcome=Outcome.THROTTLED):
                kind = AnswerKind.THROTTLED
            case Failure(outcome=Outcome.UNREACHABLE):
                kind = AnswerKind.FAILED
            case Failure():
                kind = AnswerKind.GOOD
        wait_seconds = self._wait_seconds(answer, attempt) if may_pass else None
        return Answered(kind=kind, detail=answer.detail, retry_after_seconds=wait_seconds)

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

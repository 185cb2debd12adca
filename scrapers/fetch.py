"""Getting one page from the network.

>>> async with Fetcher(FetchSettings(user_agent="My Lab (mailto:me@example.org)")) as fetcher:
...     answer = await fetcher.get(url, validators=None, hosts=["www.example.org"])

    get ── per hop: hosts ── per try: pacer ── request ── head ── body ──> Page | NotModified | Failure
                      ^                   ^________ Transient ____|
                      |____________________________ Redirect _____|

Nothing is kept between two requests but open connections: no cookies, no cache, no environment. Here is neither
robots.txt nor a memory of hosts that are down; both belong where a turn is given, in the `Pacer`.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import perf_counter
from types import TracebackType
from typing import Self

import httpx
import stamina

from scrapers.answer import conditions, read_head
from scrapers.body import ACCEPT_ENCODING, drain, read_body
from scrapers.fault import FAULTS, explain, is_transient
from scrapers.network import network_transport
from scrapers.pacing import Pacer
from scrapers.redirect import Redirect, first_target, host_of, next_target
from scrapers.source import Interface
from tracking.check import Failure, NotModified, Outcome, Page, Validators

_ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, application/xml;q=0.9, text/plain;q=0.8"

# Each try that fails would be a line on standard error; what a check came to is said once, as its outcome.
stamina.instrumentation.set_on_retry_hooks([])

#: A gateway that lost its backend for a moment. (503 is the host itself asking for rest.)
_TRANSIENT_STATUSES = frozenset({502, 504})

_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How pages are asked for. Raises ValueError for a user agent that no header can hold."""

    #: Who asks, and how to reach them.
    user_agent: str
    #: Between the starts of two requests to one host; 0 means no gap.
    min_interval_seconds: float = 5.0
    #: Requests to one host under way at once.
    connections_per_host: int = 8
    #: For one request, from connecting to the last byte of its answer.
    timeout_seconds: float = 30.0
    #: For connecting, and between two pieces of an answer.
    idle_timeout_seconds: float = 10.0
    #: Of the decoded body.
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    #: How often a request is made whose connection fails, the first one included.
    attempts: int = 3
    #: Before the second attempt; doubled for each further one, up to 5 s, and up to as much again added by chance.
    retry_wait_seconds: float = 1.0

    def __post_init__(self) -> None:
        if not self.user_agent.strip() or not self.user_agent.isprintable():
            raise ValueError(f"not a user agent: {self.user_agent!r}")


class Fetcher:
    """Asks for pages, over one set of connections for a whole run: an async context manager.

    ``transport`` is what stands between the fetcher and the network; its answers must be streams. ``pacer`` says when
    a request may start; without one, the settings' gap and number of connections hold.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        pacer: Pacer | None = None,
    ) -> None:
        self._settings = settings
        self._pacer = pacer or Pacer(
            min_interval_seconds=settings.min_interval_seconds,
            connections_per_host=settings.connections_per_host,
        )
        self._retrying = stamina.AsyncRetryingCaller(
            attempts=settings.attempts,
            timeout=None,
            wait_initial=settings.retry_wait_seconds,
            wait_jitter=settings.retry_wait_seconds,
        ).on(_TransientError)
        self._client = httpx.AsyncClient(
            transport=transport or network_transport(),
            headers=httpx.Headers(
                {"User-Agent": settings.user_agent.strip(), "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
                encoding="utf-8",
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

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None,
        hosts: Collection[str],
        headers: Mapping[str, str] | None = None,
        interface: Interface = Interface.PAGE,  # noqa: ARG002
    ) -> Page | NotModified | Failure:
        """Ask for one page; with ``validators``, only if it has changed.

        ``headers`` are sent to the origin of ``url`` only, ``interface`` says whether the host's robots.txt holds.

        ``hosts`` are those that the source may fetch from, as ``host`` (any port) or ``host:port``; a redirect that
        leads elsewhere is not followed. ``elapsed_seconds`` of the result is the time of the last request alone,
        without waiting for a turn. Whatever the network does is a value; only a bug raises.
        """
        target = first_target(url, hosts)
        visited: set[httpx.URL] = set()
        while isinstance(target, httpx.URL):
            if target in visited:
                return _unreachable(target, f"{target} redirects to itself in the end")
            if len(visited) > self._settings.max_redirects:
                return _unreachable(target, f"{url} redirects more than {self._settings.max_redirects} times")
            visited.add(target)
            own = headers if headers and _origin(target) == _origin(httpx.URL(url)) else {}
            answer = await self._ask_until_answered(target, {**own, **conditions(validators)})
            if not isinstance(answer, Redirect):
                return answer
            target = next_target(target, answer, hosts)
        return target

    async def _ask_until_answered(
        self, url: httpx.URL, headers: Mapping[str, str]
    ) -> Page | NotModified | Redirect | Failure:
        try:
            return await self._retrying(self._ask_in_turn, url, headers)
        except _TransientError as transient:
            return transient.failure

    async def _ask_in_turn(self, url: httpx.URL, headers: Mapping[str, str]) -> Page | NotModified | Redirect | Failure:
        async with self._pacer.turn(host_of(url)):
            started = perf_counter()
            answer, may_pass = await self._ask(url, headers)
            answer = replace(answer, elapsed_seconds=perf_counter() - started)
        if may_pass and isinstance(answer, Failure):
            raise _TransientError(answer)
        return answer

    async def _ask(
        self, url: httpx.URL, headers: Mapping[str, str]
    ) -> tuple[Page | NotModified | Redirect | Failure, bool]:
        """One request within its time: what came of it, and whether asking again at once may help."""
        seconds = self._settings.timeout_seconds
        conditional = not _CONDITIONS.isdisjoint(headers)
        try:
            async with asyncio.timeout(seconds), self._client.stream("GET", url, headers=headers) as response:
                answer = await self._read(url, response, conditional=conditional)
        except TimeoutError:
            return _unreachable(url, f"{url} gave no whole answer within {seconds:g} s"), False
        except FAULTS as fault:
            return _unreachable(url, explain(url, fault)), is_transient(fault)
        return answer, isinstance(answer, Failure) and answer.status in _TRANSIENT_STATUSES

    async def _read(
        self, url: httpx.URL, response: httpx.Response, *, conditional: bool
    ) -> Page | NotModified | Redirect | Failure:
        told = read_head(str(url), response.status_code, response.headers, conditional=conditional)
        if isinstance(told, Redirect):
            await drain(response)
        if told is not None:
            return told
        body = await read_body(response, max_bytes=self._settings.max_bytes)
        if isinstance(body, Failure):
            return body
        return Page(url=str(url), status=response.status_code, headers=dict(response.headers), body=body)


def _origin(url: httpx.URL) -> tuple[str, bytes]:
    return url.scheme, url.netloc


class _TransientError(Exception):
    """Carries a failure past the retrying, which looks at exceptions only."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


def _unreachable(url: httpx.URL, detail: str) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=str(url))

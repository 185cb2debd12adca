"""Getting one page from the network.

>>> async with Fetcher(FetchSettings(user_agent="My Lab (mailto:me@example.org)"), gate=gate) as fetcher:
...     answer = await fetcher.get(url, validators=None, hosts=["www.example.org"])

    get ── per hop: hosts ── robots.txt ── per try: turn ── request ── head ── body ──> Page | NotModified | Failure
                      ^                         ^__________ may pass ____|
                      |_______________________________ Redirect _________|

What is owed to a host is the gate's to know: when it may be asked, when it rests, what its robots.txt was. Nothing else
is kept between two requests but open connections: no cookies, no cache, no environment.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from random import random
from types import TracebackType
from typing import Self, TypeVar

import httpx

from scrapers.answer import conditions
from scrapers.body import ACCEPT_ENCODING
from scrapers.exchange import Answer, exchange, read_page
from scrapers.forgetful import ForgetfulClient
from scrapers.gate import Gate, MemoryGate, host_at
from scrapers.network import network_transport
from scrapers.pacing import Pacer, cooling_down
from scrapers.redirect import Redirect, first_target, next_target
from scrapers.robots import Ruling, read_robots
from scrapers.rulebook import Rulebook, origin_of
from scrapers.source import Interface
from tracking.check import Failure, NotModified, Outcome, Page, RobotsVerdict, Validators
from tracking.host import Answered, AnswerKind, HostPolicy, Refused

_ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, application/xml;q=0.9, text/plain;q=0.8"

_LONGEST_RETRY_WAIT_SECONDS = 5.0

_NO_ROBOTS = Ruling(RobotsVerdict.NOT_ASKED)

A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How pages are asked for. Raises ValueError for a user agent that no header can hold."""

    #: Who asks, and how to reach them.
    user_agent: str
    #: Between the starts of two requests to one host, 0 means no gap; a gate that is given has policies of its own.
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
    #: Names (``host`` or ``host:port``) whose addresses may be private; an address in a URL needs no such leave.
    private_hosts: frozenset[str] = frozenset()
    #: Off: no robots.txt is asked for. For those whose own site it is.
    obey_robots: bool = True

    def __post_init__(self) -> None:
        if not self.user_agent.strip() or not self.user_agent.isprintable():
            raise ValueError(f"not a user agent: {self.user_agent!r}")


class Fetcher:
    """Asks for pages, over one set of connections for a whole run: an async context manager.

    ``transport`` is what stands between the fetcher and the network; its answers must be streams. ``gate`` gives the
    turns; without one, the settings' gap holds, and hosts are remembered as long as the fetcher lives.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._settings = settings
        self._gate = gate or _gate_of_its_own(settings)
        self._pacer = Pacer(self._gate, connections_per_host=settings.connections_per_host)
        self._rulebook = Rulebook(self._gate, self._ask_for_robots, user_agent=settings.user_agent)
        self._client = ForgetfulClient(
            transport or network_transport(private_hosts=settings.private_hosts),
            {"User-Agent": settings.user_agent.strip(), "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
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
            await self._pacer.close()
        finally:
            await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None,
        hosts: Collection[str],
        headers: Mapping[str, str] | None = None,
        interface: Interface = Interface.PAGE,
    ) -> Page | NotModified | Failure:
        """Ask for one page; with ``validators``, only if it has changed.

        ``hosts`` are those that the source may fetch from, as ``host`` (any port) or ``host:port``; a redirect that
        leads elsewhere is not followed. ``moved_to`` of the result is where redirects led that all were for good.
        ``headers`` are sent to the origin of ``url`` only; robots.txt holds for every ``interface`` but an API.
        ``elapsed_seconds`` of the result is the time of the last request alone, without waiting for a turn. Whatever
        the network does is a value; only a bug raises.
        """
        target = first_target(url, hosts)
        verdict: RobotsVerdict | None = None
        visited: set[httpx.URL] = set()
        is_permanent = True
        while isinstance(target, httpx.URL):
            if target in visited:
                return _unreachable(target, f"{target} redirects to itself in the end", verdict)
            if len(visited) > self._settings.max_redirects:
                return _unreachable(target, f"{url} redirects more than {self._settings.max_redirects} times", verdict)
            visited.add(target)
            ruling = await self._ruling(target, interface)
            if isinstance(ruling, Failure):
                return ruling
            verdict = ruling.verdict
            own = headers if headers and origin_of(target) == origin_of(httpx.URL(url)) else {}
            sent = {**own, **conditions(validators)}
            read = partial(
                read_page, target, conditional=bool(conditions(validators)), max_bytes=self._settings.max_bytes
            )
            answer = await self._ask(target, sent, read, crawl_delay_seconds=ruling.crawl_delay_seconds)
            if isinstance(answer, Failure):
                return replace(answer, robots=verdict)
            if not isinstance(answer, Redirect):
                moved_to = str(target) if len(visited) > 1 and is_permanent else None
                return replace(answer, robots=verdict, moved_to=moved_to)
            is_permanent = is_permanent and answer.permanent
            target = next_target(target, answer, hosts)
        return replace(target, robots=verdict)

    async def report_blocked(self, url: str, detail: str) -> None:
        """Say that the page had from ``url`` is a captcha or a challenge: its host is left alone for a while.

        ``detail`` is one sentence.
        """
        await self._pacer.note(host_at(httpx.URL(url)), Answered(kind=AnswerKind.BLOCKED, detail=detail))

    async def _ruling(self, url: httpx.URL, interface: Interface) -> Ruling | Failure:
        """What robots.txt says; a Failure when the page must not be asked for."""
        if interface is Interface.API or not self._settings.obey_robots:
            return _NO_ROBOTS
        ruling = await self._rulebook.ruling(url)
        if isinstance(ruling, Failure) or ruling.verdict is not RobotsVerdict.DISALLOWED:
            return ruling
        await self._gate.disallowed(host_at(url))
        return Failure(
            outcome=Outcome.ROBOTS,
            detail=f"the robots.txt of {origin_of(url)} does not allow {url}",
            url=str(url),
            robots=ruling.verdict,
        )

    async def _ask_for_robots(self, url: httpx.URL) -> Page | Redirect | Failure:
        # Of a file that is not compressed the beginning can be had without the rest.
        return await self._ask(
            url, {"Accept": "text/plain, */*;q=0.5", "Accept-Encoding": "identity"}, partial(read_robots, url)
        )

    async def _ask(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        read: Callable[[httpx.Response], Awaitable[A | Failure]],
        *,
        crawl_delay_seconds: float = 0.0,
    ) -> A | Failure:
        """Ask at the host's turn, and again when what went wrong may pass."""
        request = partial(exchange, self._client, url, headers, read, timeout_seconds=self._settings.timeout_seconds)
        ask_in_turn = partial(self._pacer.ask, host_at(url), request, crawl_delay_seconds=crawl_delay_seconds)
        came = await ask_in_turn()
        for attempt in range(1, self._settings.attempts):
            if isinstance(came, Refused) or not came.may_pass:
                break
            await asyncio.sleep(self._wait_seconds(attempt))
            again = await ask_in_turn()
            if isinstance(again, Refused):
                break
            came = again
        return cooling_down(str(url), came) if isinstance(came, Refused) else came.answer

    def _wait_seconds(self, attempt: int) -> float:
        """After so many attempts, before the next one."""
        first = self._settings.retry_wait_seconds
        return min(first * 2.0 ** (attempt - 1), _LONGEST_RETRY_WAIT_SECONDS) + first * random()


def _gate_of_its_own(settings: FetchSettings) -> Gate:
    policy = HostPolicy(min_interval_seconds=settings.min_interval_seconds)
    # Nothing of it outlives the fetcher, so its clock may begin at any time.
    return MemoryGate(lambda _: policy, datetime.fromtimestamp(0, UTC))


def _unreachable(url: httpx.URL, detail: str, verdict: RobotsVerdict | None) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=str(url), robots=verdict)

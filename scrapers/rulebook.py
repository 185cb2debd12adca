"""The robots.txt of every origin that is asked for pages: had at most once a day, through the same queue as pages.

page's URL ── kept and younger than a day? ──────────────────────> Ruling
              else ask, up to 5 redirects ── 2xx, 3xx, 4xx ──────> keep ── Ruling
                                             429, 5xx, no answer ─> kept and younger than 30 days? ── Ruling
                                                                    else Failure: the page is not asked for
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx

from scrapers.addresses import is_written_private
from scrapers.gate import Gate
from scrapers.redirect import Redirect, host_of, is_askable, joined
from scrapers.robots import Rules, Ruling, text_of
from tracking.check import Failure, Outcome, Page, RobotsVerdict
from tracking.host import RobotsRecord

#: A day, less what a daily run may begin earlier than the one before.
_BELIEVED = timedelta(hours=23)
#: A file that cannot be had any more still holds for so long.
_REMEMBERED = timedelta(days=30)
#: After a file could not be had, it is not asked for again before.
_PATIENCE = timedelta(minutes=15)
_MOST_REDIRECTS = 5
#: Answers that are about the request, not about the file.
_SAY_NOTHING = frozenset({304, 429})

#: Makes one request for a robots.txt, at its turn.
Ask = Callable[[httpx.URL], Awaitable[Page | Redirect | Failure]]


@dataclass(slots=True)
class _Chapter:
    """What is known of one origin, and for how long it is believed."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | Failure | None = None
    until: datetime | None = None


class Rulebook:
    """Says what is allowed, to as many as ask at once, for one request to each origin."""

    def __init__(self, gate: Gate, ask: Ask, *, user_agent: str) -> None:
        self._gate = gate
        self._ask = ask
        self._user_agent = user_agent
        self._chapters: dict[str, _Chapter] = {}

    async def ruling(self, url: httpx.URL) -> Ruling | Failure:
        """What holds for a page; a Failure when nobody knows, and the page must not be asked for."""
        origin = origin_of(url)
        chapter = self._chapters.setdefault(origin, _Chapter())
        async with chapter.lock:
            if chapter.rules is None or chapter.until is None or self._gate.now() >= chapter.until:
                chapter.rules, chapter.until = await self._renewed(origin)
            rules = chapter.rules
        if isinstance(rules, Failure):
            return replace(rules, url=str(url))
        return rules.ruling(str(url))

    async def _renewed(self, origin: str) -> tuple[Rules | Failure, datetime]:
        """What holds, and until when."""
        kept = await self._gate.robots(origin)
        if kept is not None and _is_younger(kept, self._gate.now(), _BELIEVED):
            return self._read(kept), kept.fetched_at + _BELIEVED
        answer = await self._follow(httpx.URL(f"{origin}/robots.txt"))
        now = self._gate.now()
        record = _record(origin, answer, now)
        if isinstance(record, RobotsRecord):
            await self._gate.keep_robots(record)
            return self._read(record), now + _BELIEVED
        if kept is not None and _is_younger(kept, now, _REMEMBERED):
            return self._read(kept), now + _PATIENCE
        # A host that wants rest is left alone by the gate, which knows for how long.
        return record, now + _PATIENCE if record.outcome is Outcome.UNREACHABLE else now

    def _read(self, record: RobotsRecord) -> Rules:
        return Rules(record, user_agent=self._user_agent)

    async def _follow(self, url: httpx.URL) -> Page | Failure:
        """What is at the end of the way, which may lead to any host."""
        for _ in range(1 + _MOST_REDIRECTS):
            answer = await self._ask(url)
            if not isinstance(answer, Redirect):
                return answer
            target = _target(url, answer)
            if isinstance(target, Failure):
                return target
            url = target
        return replace(_unreachable(url, f"{url} is one redirect too many"), status=302)


def origin_of(url: httpx.URL) -> str:
    """``https://www.example.org``, with the port where it is not the scheme's own."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _is_younger(record: RobotsRecord, at: datetime, age: timedelta) -> bool:
    """Younger, or of another clock that is not far ahead of this one."""
    return abs(at - record.fetched_at) < age


def _target(source: httpx.URL, redirect: Redirect) -> httpx.URL | Failure:
    target = joined(source, redirect.location)
    if target is None or not is_askable(target):
        return _unreachable(source, f"{source} redirects to {redirect.location!r}, which is not an http or https URL")
    if is_written_private(host_of(target)) and not is_written_private(host_of(source)):
        return _unreachable(source, f"{source} redirects to the private address {host_of(target)}")
    return target


def _record(origin: str, answer: Page | Failure, at: datetime) -> RobotsRecord | Failure:
    """What is to be kept of an answer; a Failure when it does not say whether there are rules."""
    match answer:
        case Page():
            return RobotsRecord(origin=origin, fetched_at=at, status=answer.status, text=text_of(answer))
        case Failure(status=int(status)) if 300 <= status < 500 and status not in _SAY_NOTHING:
            return RobotsRecord(origin=origin, fetched_at=at, status=status)
        case Failure(outcome=Outcome.COOLING_DOWN):
            return answer
    outcome = Outcome.THROTTLED if answer.outcome is Outcome.THROTTLED else Outcome.UNREACHABLE
    detail = f"the robots.txt of {origin} could not be had, so no page is asked for: {answer.detail}"
    return replace(answer, outcome=outcome, detail=detail, robots=RobotsVerdict.UNKNOWN)


def _unreachable(url: httpx.URL, detail: str) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=str(url))

"""What an origin's robots.txt says of its pages (RFC 9309).

>>> rules = Rules(record, user_agent="Scholarwatch (mailto:me@example.org)")
>>> rules.ruling("https://www.example.org/author/1")
Ruling(verdict=<RobotsVerdict.ALLOWED: 'allowed'>, crawl_delay_seconds=10.0)
"""

import re
from dataclasses import dataclass

import httpx
from protego import Protego

from scrapers.answer import read_head
from scrapers.body import drain, read_body
from scrapers.redirect import Redirect
from tracking.check import Failure, Page, RobotsVerdict
from tracking.host import RobotsRecord

#: Of a longer file only the beginning holds.
_MOST_BYTES = 500 * 1024

#: However long a file asks for between two requests.
_LONGEST_CRAWL_DELAY_SECONDS = 60.0

_PLAIN = frozenset({"", "identity"})
_END_OF_WORD = re.compile(r"[\s/(;,]")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for one page, and between two requests to its host."""

    verdict: RobotsVerdict
    crawl_delay_seconds: float = 0.0


class Rules:
    """A record, read for one user agent: the group for its first word, else the one for ``*``."""

    def __init__(self, record: RobotsRecord, *, user_agent: str) -> None:
        self._agent = product_token(user_agent)
        self._file = Protego.parse(record.text) if _is_there(record) else None
        delay = self._file.crawl_delay(self._agent) if self._file else None
        self._crawl_delay_seconds = min(delay or 0.0, _LONGEST_CRAWL_DELAY_SECONDS)

    def ruling(self, url: str) -> Ruling:
        """What holds for a page of the origin."""
        if self._file is None:
            return Ruling(RobotsVerdict.NO_RULES)
        is_allowed = self._file.can_fetch(url, self._agent)
        verdict = RobotsVerdict.ALLOWED if is_allowed else RobotsVerdict.DISALLOWED
        return Ruling(verdict, self._crawl_delay_seconds)


def product_token(user_agent: str) -> str:
    """The name that a robots.txt knows a program by: ``MyLab`` of ``MyLab/1.0 (mailto:me@example.org)``."""
    return _END_OF_WORD.split(user_agent.strip(), maxsplit=1)[0]


async def read_robots(url: httpx.URL, response: httpx.Response) -> Page | Redirect | Failure:
    """An answer for robots.txt: of a file that is there the beginning, whatever type it claims to be.

    Raises httpx.TransportError when the connection breaks.
    """
    told = (
        None if response.is_success else read_head(str(url), response.status_code, response.headers, conditional=False)
    )
    if isinstance(told, Redirect | Failure):
        await drain(response)
        return told
    body = await _beginning(response)
    if isinstance(body, Failure):
        return body
    return Page(url=str(url), status=response.status_code, headers=dict(response.headers), body=body)


def text_of(page: Page) -> str:
    """The file as text. A line that was cut by the limit is left out, lest it forbid or allow more than it did."""
    body = page.body if len(page.body) < _MOST_BYTES else page.body[: page.body.rfind(b"\n") + 1]
    return body.decode("utf-8-sig", "replace").replace("\0", "\ufffd")


async def _beginning(response: httpx.Response) -> bytes | Failure:
    if response.headers.get("content-encoding", "").strip().lower() not in _PLAIN:
        return await read_body(response, max_bytes=_MOST_BYTES)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= _MOST_BYTES:
            break
    return bytes(body[:_MOST_BYTES])


def _is_there(record: RobotsRecord) -> bool:
    return record.status is not None and 200 <= record.status < 300

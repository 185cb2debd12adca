"""What can be wrong with a site, and what a client then gets in place of a page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus

from world import refusals
from world.wire import Answer, Refusal, Reply

_HTML = "text/html; charset=utf-8"


class Trouble(StrEnum):
    BLOCKED = "blocked"
    """a captcha, with status 200"""
    JUST_A_MOMENT = "just a moment"
    """a waiting room, with status 200"""
    LOGIN = "login"
    """a login page, with status 200"""
    EMPTY = "empty"
    """the profile without any papers, with status 200"""
    NOT_MODIFIED = "not modified"
    """304, whatever was asked"""
    CUT = "cut"
    """half of the page, with the length and the validators of a whole answer"""
    BREAKS_OFF = "breaks off"
    """half of the page, then the connection ends before its declared length"""
    RESET = "reset"
    """the connection is torn down"""
    HANG = "hang"
    """no answer, ever"""


@dataclass(frozen=True, slots=True)
class Failing:
    """An error page with this status."""

    status: int = 500
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect to this address; 308: for good."""

    to: str
    status: int = 308


Mood = Trouble | Failing | Moved


def spoiled(mood: Mood, page: Reply, empty_page: Callable[[], Reply]) -> Answer:
    """The answer of a site in this mood, which would otherwise have answered with ``page``."""
    match mood:
        case Failing(status, retry_after_seconds):
            headers = {} if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
            return _html(refusals.broken(status, HTTPStatus(status).phrase), status, headers)
        case Moved(to, status):
            return Reply(status=status, headers={"Location": to})
        case Trouble.BLOCKED:
            return _html(refusals.captcha())
        case Trouble.JUST_A_MOMENT:
            return _html(refusals.just_a_moment(), headers={"cf-mitigated": "challenge"})
        case Trouble.LOGIN:
            return _html(refusals.login())
        case Trouble.EMPTY:
            return empty_page()
        case Trouble.NOT_MODIFIED:
            return Reply(status=304)
        case Trouble.CUT:
            return replace(page, body=_first_half(page.body))
        case Trouble.BREAKS_OFF:
            return replace(page, body=_first_half(page.body), breaks_off=True)
        case Trouble.RESET:
            return Refusal.RESET
        case Trouble.HANG:
            return Refusal.SILENCE


def _html(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status=status, headers={"Content-Type": _HTML} | (headers or {}), body=text.encode())


def _first_half(body: bytes) -> bytes:
    """The page up to the middle of what it says, so that papers are missing from it."""
    begin = max(body.find(b"<main>"), 0)
    end = body.find(b"</main>", begin)
    return body[: (begin + (end if end >= 0 else len(body))) // 2]

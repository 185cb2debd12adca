"""One request and its answer, within its time: no turn, no second try, no redirect followed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Generic, TypeVar

import httpx

from scrapers.answer import read_head, retry_after_seconds
from scrapers.body import drain, read_body
from scrapers.fault import FAULTS, explain, is_transient
from scrapers.forgetful import ForgetfulClient
from scrapers.quota import quota_rest_seconds
from scrapers.redirect import Redirect, host_of
from tracking.check import Failure, NotModified, Outcome, Page
from tracking.host import Answered, AnswerKind

Answer = Page | NotModified | Redirect | Failure
AnswerT_co = TypeVar("AnswerT_co", bound=Answer, covariant=True)

#: A gateway that lost its backend for a moment. (503 is the host itself asking for rest.)
_TRANSIENT_STATUSES = frozenset({502, 504})


@dataclass(frozen=True, slots=True)
class Exchange(Generic[AnswerT_co]):
    """What came of one request."""

    answer: AnswerT_co | Failure
    #: As the host's manners see it.
    answered: Answered
    #: Asking again at once may help.
    may_pass: bool


async def exchange(
    client: ForgetfulClient,
    url: httpx.URL,
    headers: Mapping[str, str],
    read: Callable[[httpx.Response], Awaitable[AnswerT_co | Failure]],
    *,
    timeout_seconds: float,
) -> Exchange[AnswerT_co]:
    """Ask once, and ``read`` the answer whose head is there. Whatever the network does is a value."""
    started = perf_counter()
    answer: AnswerT_co | Failure
    fault: Exception | None = None
    response: httpx.Response | None = None
    try:
        async with asyncio.timeout(timeout_seconds), client.stream(url, headers) as response:
            answer = await read(response)
    except TimeoutError:
        answer = _unreachable(url, f"{url} gave no whole answer within {timeout_seconds:g} s")
    except FAULTS as caught:
        fault = caught
        answer = _unreachable(url, explain(url, fault))
    answer = replace(answer, elapsed_seconds=perf_counter() - started)
    answered = _answered(url, answer, response)
    if isinstance(answer, Failure):
        answer = replace(answer, retry_after_seconds=answered.retry_after_seconds)
        may_pass = answer.status in _TRANSIENT_STATUSES if fault is None else is_transient(fault)
        return Exchange(answer, answered, may_pass)
    return Exchange(answer, answered, may_pass=False)


async def read_page(
    url: httpx.URL, response: httpx.Response, *, conditional: bool, max_bytes: int
) -> Page | NotModified | Redirect | Failure:
    """A page that a source may be able to read, or why there is none."""
    told = read_head(str(url), response.status_code, response.headers, conditional=conditional)
    if isinstance(told, Redirect | NotModified):
        # Also of an answer without a body the end must be read: a connection that is left before it is closed.
        await drain(response)
    if told is not None:
        return told
    body = await read_body(response, max_bytes=max_bytes)
    if isinstance(body, Failure):
        return body
    return Page(url=str(url), status=response.status_code, headers=dict(response.headers), body=body)


def _answered(url: httpx.URL, answer: Answer, response: httpx.Response | None) -> Answered:
    kind = _kind(answer)
    rest_seconds = None if response is None else _rest_seconds(response)
    detail = answer.detail if isinstance(answer, Failure) else ""
    if rest_seconds and kind is AnswerKind.GOOD:
        detail = f"the quota that {host_of(url)} gives is used up"
    return Answered(
        kind=kind,
        detail=detail,
        retry_after_seconds=rest_seconds,
        size=0 if response is None else response.num_bytes_downloaded,
        not_modified=isinstance(answer, NotModified),
    )


def _rest_seconds(response: httpx.Response) -> float | None:
    """What the host asks for: with Retry-After, or because its quota is used up."""
    asked = [retry_after_seconds(response.headers), quota_rest_seconds(response.headers)]
    return max((seconds for seconds in asked if seconds is not None), default=None)


def _kind(answer: Answer) -> AnswerKind:
    if not isinstance(answer, Failure):
        return AnswerKind.GOOD
    if answer.outcome is Outcome.THROTTLED:
        return AnswerKind.THROTTLED
    if answer.status == 403:
        return AnswerKind.FORBIDDEN
    is_broken = answer.status is None or answer.status == 200 or answer.status >= 500
    return AnswerKind.FAILED if answer.outcome is Outcome.UNREACHABLE and is_broken else AnswerKind.GOOD


def _unreachable(url: httpx.URL, detail: str) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=str(url))

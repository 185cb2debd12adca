"""From the record of a web archive to a page, as if it had just been fetched."""

from collections.abc import Mapping
from dataclasses import replace

import httpx

from scrapers.answer import read_head
from scrapers.body import read_body
from scrapers.origins.failures import MAX_PAGE_BYTES, unreadable
from scrapers.origins.warc_answer import ArchivedAnswer
from scrapers.origins.warc_content import Payload
from scrapers.origins.warc_record import HttpHead
from tracking.capture import Capture
from tracking.check import Failure, Page


async def page_of(capture: Capture, answer: ArchivedAnswer, payload: Payload) -> Page | Failure:
    """The answer's own status and headers, and the payload out of its content encoding, within the limit.

    Where the answer is a revisit that has no head of its own, status and headers are those of the payload's record.
    """
    head = _head(answer, payload)
    told = read_head(capture.url, 200, head.headers, conditional=False) if head.status == 200 else None
    if isinstance(told, Failure):
        return _at(capture, told)
    try:
        asked = httpx.Request("GET", capture.url)
    except httpx.InvalidURL as error:
        return unreadable(capture.place, f"is of a URL that is none: {error}", url=capture.url)
    encoded = httpx.Response(
        head.status,
        headers={"content-encoding": _encoding(payload)},
        stream=httpx.ByteStream(payload.body),
        request=asked,
    )
    body = await read_body(encoded, max_bytes=MAX_PAGE_BYTES)
    if isinstance(body, Failure):
        return _at(capture, body)
    return Page(url=capture.url, status=head.status, headers=head.headers, body=body)


def _at(capture: Capture, failure: Failure) -> Failure:
    return replace(failure, detail=f"{capture.place}: {failure.detail}")


def _head(answer: ArchivedAnswer, payload: Payload) -> HttpHead:
    if answer.http is not None and answer.status is not None:
        return answer.http
    return payload.http or HttpHead(200, _record_type(payload.head.fields))


def _record_type(fields: Mapping[str, str]) -> dict[str, str]:
    return {"content-type": fields["content-type"]} if "content-type" in fields else {}


def _encoding(payload: Payload) -> str:
    """Some archives keep the header and undo the encoding all the same: nothing encoded begins like HTML or JSON."""
    if payload.http is None or payload.body.lstrip().startswith((b"<", b"{")):
        return "identity"
    return payload.http.headers.get("content-encoding", "identity")

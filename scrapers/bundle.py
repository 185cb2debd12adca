"""Several answers as one page: what is fetched, stored, compared and parsed of a profile is always one `Page`.

>>> page = bundle([author, first_works, more_works])
>>> [answer.url for answer in answers_of(page)]

The body is ``multipart/mixed`` whose parts say how long they are, so that any bytes can be in them; the same answers
give the same bytes. A single answer is its own page.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from scrapers.parse_error import ParseError
from tracking.check import Page

_BOUNDARY = b"--scholarwatch-answer"
_CONTENT_TYPE = "multipart/mixed; boundary=scholarwatch-answer"
_HEAD = re.compile(
    rb"--scholarwatch-answer\r\nContent-Location: ([\x21-\x7e]*)\r\nContent-Type: ([\x20-\x7e]*)\r\n"
    rb"Content-Length: ([0-9]{1,10})\r\n\r\n"
)
#: A URL keeps its own signs; what no URL has is written as bytes.
_URL_SIGNS = ":/?#[]@!$&'()*+,;=%~"


def bundle(answers: Sequence[Page]) -> Page:
    """One page of one or more answers: the URL of the first, the time of all. Raises ValueError for none.

    Of the headers, each part keeps its content type. Validators are lost: they are of one answer, not of all.
    """
    if not answers:
        raise ValueError("no answers to bundle")
    if len(answers) == 1:
        return answers[0]
    body = b"".join(_part(answer) for answer in answers) + _BOUNDARY + b"--\r\n"
    return Page(
        url=answers[0].url,
        status=200,
        headers={"content-type": _CONTENT_TYPE},
        body=body,
        elapsed_seconds=sum(answer.elapsed_seconds for answer in answers),
        robots=answers[0].robots,
        moved_to=answers[0].moved_to,
    )


def answers_of(page: Page) -> tuple[Page, ...]:
    """The answers that a page is made of: itself, or those that were bundled. Raises ParseError for a broken bundle."""
    if not page.body.startswith(_BOUNDARY + b"\r\n"):
        return (page,)
    answers: list[Page] = []
    at = 0
    while (head := _HEAD.match(page.body, at)) is not None:
        start, length = head.end(), int(head[3])
        end = start + length
        if page.body[end : end + 2] != b"\r\n":
            raise _broken(at, "a part is not as long as it says")
        answers.append(
            Page(
                url=head[1].decode("ascii"),
                status=200,
                headers={"content-type": head[2].decode("ascii")},
                body=page.body[start:end],
            )
        )
        at = end + 2
    if page.body[at:] != _BOUNDARY + b"--\r\n":
        raise _broken(at, "a part has no head")
    return tuple(answers)


def _part(answer: Page) -> bytes:
    content_type = answer.headers.get("content-type", "").encode("ascii", "replace")
    printable = bytes(byte if 0x20 <= byte <= 0x7E else 0x3F for byte in content_type)
    return b"%s\r\nContent-Location: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n" % (
        _BOUNDARY,
        quote(answer.url, safe=_URL_SIGNS).encode("ascii"),
        printable,
        len(answer.body),
        answer.body,
    )


def _broken(at: int, reason: str) -> ParseError:
    return ParseError(f"the bundle of answers is broken: {reason}", stage="page", where=f"byte {at}")

"""What a status and its headers mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.answer import conditions, read_head, retry_after_seconds
from scrapers.redirect import Redirect
from tracking.check import Failure, NotModified, Outcome, Validators

URL = "https://www.example.org/author/1"


@pytest.mark.parametrize(
    ("status", "outcome", "detail"),
    [
        (101, Outcome.UNREACHABLE, f"{URL} answered 101 (Switching Protocols)"),
        (204, Outcome.UNREACHABLE, f"{URL} answered 204 (No Content)"),
        (206, Outcome.UNREACHABLE, f"{URL} answered 206 (Partial Content)"),
        (300, Outcome.UNREACHABLE, f"{URL} answered 300 (Multiple Choices)"),
        (302, Outcome.UNREACHABLE, f"{URL} answered 302 without saying where to go"),
        (304, Outcome.UNREACHABLE, f"{URL} answered 304 (Not Modified) though it was asked for the whole page"),
        (400, Outcome.UNREACHABLE, f"{URL} answered 400 (Bad Request)"),
        (401, Outcome.LOGIN, f"{URL} answered 401 (Unauthorized)"),
        (403, Outcome.BLOCKED, f"{URL} answered 403 (Forbidden)"),
        (404, Outcome.GONE, f"{URL} answered 404 (Not Found)"),
        (410, Outcome.GONE, f"{URL} answered 410 (Gone)"),
        (418, Outcome.UNREACHABLE, f"{URL} answered 418 (I'm a Teapot)"),
        (429, Outcome.THROTTLED, f"{URL} answered 429 (Too Many Requests)"),
        (451, Outcome.BLOCKED, f"{URL} answered 451 (Unavailable For Legal Reasons)"),
        (500, Outcome.UNREACHABLE, f"{URL} answered 500 (Internal Server Error)"),
        (503, Outcome.THROTTLED, f"{URL} answered 503 (Service Unavailable)"),
        (520, Outcome.UNREACHABLE, f"{URL} answered 520"),
    ],
)
def test_a_status_is_an_outcome(status: int, outcome: Outcome, detail: str) -> None:
    told = read_head(URL, status, {}, conditional=False)
    assert told == Failure(outcome=outcome, detail=detail, url=URL, status=status)


def test_a_304_answers_a_condition() -> None:
    assert read_head(URL, 304, {}, conditional=True) == NotModified(url=URL)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_says_where_to_go(status: int) -> None:
    assert read_head(URL, status, {"location": "/b"}, conditional=False) == Redirect(
        "/b", permanent=status in (301, 308)
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/html",
        "Text/HTML; charset=utf-8",
        "application/xhtml+xml",
        "text/plain;charset=latin-1",
        "application/json",
        "application/ld+json",
        "application/xml",
        "text/xml",
        "application/atom+xml",
    ],
)
def test_what_can_be_text_is_read(content_type: str) -> None:
    assert read_head(URL, 200, {"content-type": content_type}, conditional=False) is None


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "image/svg+xml", "application/octet-stream", "text/css", "html", "text/htmlx"]
)
def test_what_is_no_text_is_not_read(content_type: str) -> None:
    told = read_head(URL, 200, {"content-type": content_type}, conditional=True)
    assert told == Failure(
        outcome=Outcome.WRONG_TYPE, detail=f"{URL} holds {content_type!r}, not a page", url=URL, status=200
    )


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        ("3600", "", 3600.0),
        (" 0 ", "", 0.0),
        ("Tue, 12 May 2026 09:00:00 GMT", "Tue, 12 May 2026 08:00:00 GMT", 3600.0),
        ("Tuesday, 12-May-26 09:00:00 GMT", "Tue, 12 May 2026 08:00:00 GMT", 3600.0),
        ("Tue, 12 May 2026 07:00:00 GMT", "Tue, 12 May 2026 08:00:00 GMT", 0.0),
        ("Tue, 12 May 2026 09:00:00 -0000", "Tue, 12 May 2026 08:00:00 GMT", 3600.0),
        ("Tue, 12 May 2026 09:00:00 GMT", "", None),
        ("Tue, 12 May 2026 09:00:00 GMT", "yesterday", None),
        ("soon", "Tue, 12 May 2026 08:00:00 GMT", None),
        ("-5", "", None),
        ("1.5", "", None),
        ("٣", "", None),
        ("9" * 5000, "", None),
        ("", "Tue, 12 May 2026 08:00:00 GMT", None),
    ],
)
def test_retry_after(retry_after: str, date: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": retry_after, "date": date}) == seconds


def test_a_throttled_answer_carries_its_wait() -> None:
    told = read_head(URL, 503, {"retry-after": "120"}, conditional=False)
    assert isinstance(told, Failure)
    assert told.retry_after_seconds == 120.0


@given(
    answered=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    wait_seconds=st.integers(0, 10**6),
)
def test_a_date_to_wait_for_is_as_good_as_seconds(answered: datetime, wait_seconds: int) -> None:
    answered = answered.replace(microsecond=0)
    headers = {
        "date": format_datetime(answered, usegmt=True),
        "retry-after": format_datetime(answered + timedelta(seconds=wait_seconds), usegmt=True),
    }
    assert retry_after_seconds(headers) == wait_seconds


@given(retry_after=st.text(), date=st.text())
def test_no_retry_after_is_beyond_reading(retry_after: str, date: str) -> None:
    seconds = retry_after_seconds({"retry-after": retry_after, "date": date})
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("validators", "headers"),
    [
        (None, {}),
        (Validators(), {}),
        (Validators(etag="", last_modified=""), {}),
        (Validators(etag='W/"v 1"'), {"If-None-Match": 'W/"v 1"'}),
        (
            Validators(etag='"v1"', last_modified="Tue, 12 May 2026 08:00:00 GMT"),
            {"If-None-Match": '"v1"', "If-Modified-Since": "Tue, 12 May 2026 08:00:00 GMT"},
        ),
        (Validators(etag='"é"', last_modified="x"), {"If-Modified-Since": "x"}),
        (Validators(etag='"v1"\r\nX-Evil: 1'), {}),
        (Validators(etag=' "v1"'), {}),
    ],
)
def test_conditions(validators: Validators | None, headers: dict[str, str]) -> None:
    assert conditions(validators) == headers

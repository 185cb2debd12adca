"""Prints profiles as pages with validators, and keeps what it has printed until something on it changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from world.markup import Style, render_page
from world.profile import Profile
from world.wire import Ask, Reply

_OPENS_AT = time(6, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One page, and all that it was made from."""

    profile: Profile
    style: Style
    year: int
    body: bytes
    etag: str
    modified_at: datetime

    def shows(self, profile: Profile, style: Style, year: int) -> bool:
        return self.profile is profile and self.style == style and self.year == year


class Printer:
    """``style`` and ``today`` may be set at any time; ``validators=False`` leaves ETag and Last-Modified out."""

    def __init__(self, style: Style, today: date) -> None:
        self.style = style
        self.today = today
        self.validators = True
        self._printed: dict[str, Printed] = {}
        self._editions = 0

    def reply(self, profile: Profile, ask: Ask) -> Reply:
        """The page with status 200, or 304 without a body when the client has exactly this page."""
        page = self.print(profile)
        headers = {"Cache-Control": "private, no-cache"}
        if self.validators:
            headers |= {"ETag": page.etag, "Last-Modified": _http_date(page.modified_at)}
            if _is_known(ask, page):
                return Reply(status=304, headers=headers)
        return Reply(status=200, headers={"Content-Type": "text/html; charset=utf-8"} | headers, body=page.body)

    def print(self, profile: Profile) -> Printed:
        """The page of this profile, made anew only when something on it has changed."""
        before = self._printed.get(profile.key)
        year = self.today.year
        if before is not None and before.shows(profile, self.style, year):
            return before
        body = render_page(profile, self.today, self.style).encode()
        page = Printed(
            profile=profile,
            style=self.style,
            year=year,
            body=body,
            etag=f'"{blake2b(body, digest_size=10).hexdigest()}"',
            modified_at=before.modified_at if before and before.body == body else self._new_edition(),
        )
        self._printed[profile.key] = page
        return page

    def _new_edition(self) -> datetime:
        """A time of the site's day that no other page of the day has, to the second."""
        self._editions += 1
        return datetime.combine(self.today, _OPENS_AT) + timedelta(seconds=self._editions % 60_000)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _is_known(ask: Ask, page: Printed) -> bool:
    """Whether the client's validators name this page; If-None-Match goes before If-Modified-Since (RFC 9110)."""
    if (etags := ask.headers.get("if-none-match")) is not None:
        return page.etag in (etag.strip().removeprefix("W/") for etag in etags.split(","))
    if (since := ask.headers.get("if-modified-since")) is not None:
        asked = parsedate_to_datetime(since)
        # Python reads "-0000" as a time of no zone; clients that write dates as in mail mean UTC by it.
        return page.modified_at <= (asked if asked.tzinfo else asked.replace(tzinfo=UTC))
    return False

"""An archive of the tests' own, that answers as it is told: for stories in which it misbehaves."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from scrapers.archives.origin import ArchiveOrigin
from scrapers.archives.settings import ArchiveSettings, for_archive
from tests.scrapers.archives.lines import URL
from tests.servers import Answer, Site, status
from tracking.capture import Capture, Survey
from tracking.check import Failure, Page

AGENT = "tests (mailto:tests@example.org)"
JANUARY_1 = datetime(2024, 1, 1, tzinfo=UTC)
JANUARY_2 = datetime(2024, 1, 2, tzinfo=UTC)


def settings(site: Site, **changes: object) -> ArchiveSettings:
    """Without pauses, and as patient with the network as ever: no test depends on how fast the machine is."""
    quick: dict[str, object] = {
        "cdx_per_minute": math.inf,
        "read_interval_seconds": 0,
        "attempts": 3,
        "retry_wait_seconds": 0,
        "max_bytes": 10_000,
    }
    return replace(for_archive(f"{site.url}/coll", AGENT), **(quick | changes))  # type: ignore[arg-type]


def cdx_path(page_size: int = 5_000, /, **more: str) -> str:
    query = {"url": URL, "matchType": "exact", "limit": page_size, "showResumeKey": "true"} | more
    return f"/coll/cdx?{urlencode(query)}"


def lists(*rows: str, key: str = "") -> Answer:
    ending = f"\n\n{key}\n" if key else "\n"
    return status(200, ("\n".join(rows) + ending).encode(), content_type="text/x-cdxj")


def gives(
    body: bytes = b"<p>Ada", code: int = 200, at: str = "Mon, 01 Jan 2024 00:00:00 GMT", **headers: str
) -> Answer:
    return status(code, body, **({"content_type": "text/html", "Memento_Datetime": at} | headers))


def at_a_site(
    story: Callable[[Site], Awaitable[None]], *, run: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
) -> None:
    async def visit() -> None:
        async with Site.open() as site:
            await story(site)

    run(visit())


async def survey(site: Site, since: datetime | None = None, until: datetime | None = None, **changes: object) -> Survey:
    async with ArchiveOrigin(settings(site, **changes)) as archive:
        return await archive.survey(URL, since, until)


async def read(site: Site, **changes: object) -> Page | Failure:
    capture = Capture(observed_at=JANUARY_1, place=f"{site.url}/coll/20240101000000id_/{URL}", url=URL)
    async with ArchiveOrigin(settings(site, **changes)) as archive:
        return await archive.read(capture)


MEMENTO_PATH = f"/coll/20240101000000id_/{URL}"


def days(survey: Survey) -> list[int]:
    return [capture.observed_at.day for capture in survey.captures]

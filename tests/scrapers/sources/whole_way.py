"""A profile read the whole way: asked for over the network, bundled, parsed."""

import asyncio
from datetime import date
from urllib.parse import urlsplit

from scrapers.asking import fetch_profile
from scrapers.fetch import Fetcher, FetchSettings
from scrapers.parse import parse_page
from scrapers.source import Source, SourceOptions
from tracking.check import Failure, NotModified, Page, Parsed
from tracking.reading import ProfileReading

OBSERVED_ON = date(2026, 11, 22)
_AT_ONCE = FetchSettings(user_agent="Lab (mailto:lab@example.org)", min_interval_seconds=0, attempts=1)
_PLAIN = SourceOptions()


def ask(source: Source, url: str, options: SourceOptions = _PLAIN) -> Page | NotModified | Failure:
    """What comes of asking for a profile, on its own host only."""

    async def story() -> Page | NotModified | Failure:
        async with Fetcher(_AT_ONCE) as fetcher:
            return await fetch_profile(
                fetcher, source, url, options=options, hosts=[urlsplit(url).netloc], validators=None
            )

    return asyncio.run(story())


def read_through(source: Source, url: str, options: SourceOptions = _PLAIN) -> ProfileReading:
    """The reading of a profile; it must be one."""
    page = ask(source, url, options)
    assert isinstance(page, Page), page
    parsed = parse_page(source.name, page, OBSERVED_ON)
    assert isinstance(parsed, Parsed), parsed
    return parsed.reading

"""Is each source still read as it should be? One look at a profile that must never be empty.

>>> [examined.is_well for examined in await examine(settings, fetcher, names, now)]
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flows.config.hosts import authority
from flows.config.sources import is_on
from flows.config.whole import Settings
from scrapers.asking import fetch_profile
from scrapers.fetch import Fetcher
from scrapers.parse import parse_page
from scrapers.registry import SOURCES
from tracking.check import Failure, NotModified, Outcome
from tracking.reading import ProfileReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a look at the canary of one source came to."""

    source: str
    #: The canary; None: there is none, and nothing was asked.
    url: str | None
    #: None where nothing was asked.
    outcome: Outcome | None
    #: One sentence; empty when all is well.
    detail: str = ""
    reading: ProfileReading | None = None

    @property
    def is_well(self) -> bool:
        """The canary was read, and shows papers."""
        return self.reading is not None and bool(self.reading.papers)

    def to_json(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "source": self.source,
            "well": self.is_well,
            "canary": self.url,
            "outcome": self.outcome,
            "detail": self.detail,
            "name": reading.name if reading else None,
            "papers": len(reading.papers) if reading else None,
            "metrics": dict(reading.metrics) if reading else None,
            "complete": reading.complete if reading else None,
            "warnings": list(reading.warnings) if reading else [],
        }


def enabled_sources(settings: Settings) -> Iterator[str]:
    """The sources that may be asked, in the order of their names."""
    return (name for name in sorted(SOURCES) if is_on(name, settings.sources[name]))


def canary_of(settings: Settings, name: str) -> str | None:
    """The profile of a source that is never empty: the owner's, else the source's own."""
    return settings.sources[name].canary or SOURCES[name].canary


async def examine(settings: Settings, fetcher: Fetcher, names: Sequence[str], now: datetime) -> list[Examined]:
    """Look at the canary of each of these sources, one after the other. Every end is a value."""
    return [await _examine(settings, fetcher, name, now) for name in names]


async def _examine(settings: Settings, fetcher: Fetcher, name: str, now: datetime) -> Examined:
    source, options = SOURCES[name], settings.sources[name]
    url = canary_of(settings, name)
    if url is None:
        detail = f"no canary is known; name a profile that is never empty: sources: {{{name}: {{canary: https://…}}}}"
        return Examined(source=name, url=None, outcome=None, detail=detail)
    hosts = settings.source_hosts[name] | {authority(url), authority(source.base_of(url))}
    answer = await fetch_profile(fetcher, source, url, options=options, hosts=hosts, validators=None)
    if isinstance(answer, Failure):
        return Examined(source=name, url=url, outcome=answer.outcome, detail=answer.detail)
    assert not isinstance(answer, NotModified), "no validators were sent"
    read = parse_page(name, answer, now.astimezone(UTC).date())
    if isinstance(read, Failure):
        return Examined(source=name, url=url, outcome=read.outcome, detail=read.detail)
    if not read.reading.papers:
        detail = "the page was read and shows no paper: the layout may have moved"
        return Examined(source=name, url=url, outcome=Outcome.IMPLAUSIBLE, detail=detail, reading=read.reading)
    return Examined(source=name, url=url, outcome=Outcome.OK, reading=read.reading)

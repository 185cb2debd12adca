"""The sources that profiles can be followed at. Another one is one file in `scrapers.sources`, and one line here."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from scrapers.source import Source
from scrapers.sources.scholarfeed import SCHOLAR_FEED


class UnknownSource(ValueError):  # noqa: N818  -- what is unknown is the message
    """No source has this name, or shows profiles on this host."""


_ALL = (SCHOLAR_FEED,)

#: By name.
SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in _ALL})


def source_named(name: str) -> Source:
    """Raises UnknownSource, naming those that are known."""
    try:
        return SOURCES[name]
    except KeyError:
        raise UnknownSource(f"there is no source {name!r}; known are {', '.join(sorted(SOURCES))}") from None


def recognise_source(url: str) -> Source:
    """The source that shows profiles on the URL's host. Raises UnknownSource."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    for source in SOURCES.values():
        if host in source.hosts:
            return source
    raise UnknownSource(f"no known source shows profiles at {host or url!r}; name one of {', '.join(sorted(SOURCES))}")

"""The sources that profiles can be followed at. Another one is one file beside this, and one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from urllib.parse import urlsplit

from scrapers.sources.scholarfeed import page as scholarfeed
from tracking.check import Page
from tracking.reading import ProfileReading


class UnknownSource(ValueError):  # noqa: N818  -- what is unknown is the message
    """No source has this name, or shows profiles on this host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A site that shows profiles.

    ``parse`` reads a page as it was on a day and raises ParseError; ``profile_key`` finds the key of a profile in its
    URL and raises ValueError; ``parser`` names parser and version: a stored reading says which one made it.
    """

    name: str
    title: str
    #: Host names that its profiles are fetched from; the first is the usual one.
    hosts: tuple[str, ...]
    parser: str
    parse: Callable[[Page, date], ProfileReading]
    profile_key: Callable[[str], str]


_ALL = (
    Source(
        name=scholarfeed.SOURCE,
        title="Scholar Feed",
        hosts=scholarfeed.HOSTS,
        parser=scholarfeed.PARSER,
        parse=scholarfeed.parse,
        profile_key=scholarfeed.profile_key,
    ),
)

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

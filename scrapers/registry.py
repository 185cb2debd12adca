"""The sources that profiles can be followed at. Another one is one file in `scrapers.sources`, and one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from scrapers.plugins import BrokenPlugin, load_plugins
from scrapers.source import Source
from scrapers.sources.arxiv import ARXIV
from scrapers.sources.dblp import DBLP
from scrapers.sources.generic import GENERIC
from scrapers.sources.google_scholar import GOOGLE_SCHOLAR
from scrapers.sources.inspire import INSPIRE
from scrapers.sources.openalex import OPENALEX
from scrapers.sources.openreview import OPENREVIEW
from scrapers.sources.orcid import ORCID
from scrapers.sources.scholarfeed import SCHOLAR_FEED
from scrapers.sources.scholarfeed_api import SCHOLAR_FEED_API
from scrapers.sources.semantic_scholar import SEMANTIC_SCHOLAR


class UnknownSource(ValueError):  # noqa: N818  -- what is unknown is the message
    """No source has this name."""


_ALL = (
    SCHOLAR_FEED,
    ARXIV,
    OPENALEX,
    SEMANTIC_SCHOLAR,
    ORCID,
    OPENREVIEW,
    INSPIRE,
    SCHOLAR_FEED_API,
    DBLP,
    GOOGLE_SCHOLAR,
    GENERIC,
)

_PLUGINS, _BROKEN = load_plugins({source.name for source in _ALL})

#: By name: our own, then those of other packages.
SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in (*_ALL, *_PLUGINS)})

#: What other packages offer as a source and cannot be used.
BROKEN: tuple[BrokenPlugin, ...] = tuple(_BROKEN)


def source_named(name: str) -> Source:
    """Raises UnknownSource, naming those that are known."""
    try:
        return SOURCES[name]
    except KeyError:
        raise UnknownSource(f"there is no source {name!r}; known are {', '.join(sorted(SOURCES))}") from None

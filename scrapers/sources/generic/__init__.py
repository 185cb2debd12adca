"""Any personal page, by what its owner marked up in it, or by selectors that whoever follows it has written down."""

from scrapers.source import Source
from scrapers.sources.generic.page import PARSER, SOURCE, parse
from scrapers.sources.generic.selectors import note_for
from scrapers.sources.generic.urls import profile_key

GENERIC = Source(
    name=SOURCE,
    title="Personal page",
    hosts=(),
    parser=PARSER,
    parse=parse,
    profile_key=profile_key,
    trust=0,
    offers="the papers that a page names, by schema.org, citation tags or your CSS selectors; no metrics, no removals",
    terms="",
    reading_note=note_for,
)

"""Scholar Feed (scholarfeed.org): indexes arXiv daily, scores papers, and shows a page per author."""

from scrapers.source import Source
from scrapers.sources.scholarfeed.page import HOSTS, PARSER, SOURCE, parse, profile_key

SCHOLAR_FEED = Source(
    name=SOURCE,
    title="Scholar Feed",
    hosts=HOSTS,
    parser=PARSER,
    parse=parse,
    profile_key=profile_key,
    offers="papers (at most 50, best ranked first) with scores, code and categories; h-index, citations, novelty",
    terms="https://www.scholarfeed.org/terms",
)

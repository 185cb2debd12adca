"""arXiv: the papers of an author identifier, or those that a query of its Atom interface finds."""

from scrapers.source import Interface, Source
from scrapers.sources.arxiv.asking import HOSTS, next_request, profile_key
from scrapers.sources.arxiv.feed import SOURCE, parse

ARXIV = Source(
    name=SOURCE,
    title="arXiv",
    hosts=HOSTS,
    parser="arxiv/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    # What the terms of the interface ask for, on one connection.
    min_interval_seconds=3.0,
    daily_budget=5_000,
    trust=3,
    canary="https://arxiv.org/a/warner_s_1",
    offers="papers with all authors, abstract, category, first day, version and DOI; no metrics",
    terms="https://info.arxiv.org/help/api/tou.html",
)

"""OpenAlex (openalex.org): an open catalogue of works and of the people who wrote them."""

from scrapers.source import Interface, Source
from scrapers.sources.openalex.asking import next_request, profile_key
from scrapers.sources.openalex.page import PARSER, SOURCE, parse

OPENALEX = Source(
    name=SOURCE,
    title="OpenAlex",
    hosts=("openalex.org", "www.openalex.org", "api.openalex.org", "explore.openalex.org"),
    parser=PARSER,
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base="https://api.openalex.org",
    min_interval_seconds=1.0,
    daily_budget=1_000,
    trust=2,
    canary="https://openalex.org/A5023888391",
    offers=(
        "all works with authors, institutions, dates, abstracts, DOIs and citations; h-index, i10-index, citations and"
        " papers, also by year"
    ),
    terms="https://developers.openalex.org/api-reference/authentication",
)

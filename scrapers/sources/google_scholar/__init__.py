"""Google Scholar: profile pages for people, there is no interface. Off unless the owner switches it on."""

from scrapers.source import Source
from scrapers.sources.google_scholar.page import PARSER, SOURCE, parse
from scrapers.sources.google_scholar.urls import BASE, HOSTS, next_request, profile_key

GOOGLE_SCHOLAR = Source(
    name=SOURCE,
    title="Google Scholar",
    hosts=HOSTS,
    parser=PARSER,
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    base=BASE,
    min_interval_seconds=30,
    daily_budget=200,
    on_by_default=False,
    stops_when_blocked=True,
    trust=1,
    canary="https://scholar.google.com/citations?user=JicYPdAAAAAJ",
    offers="the 100 most cited papers of a profile with their citations; citations, h-index, i10-index, also by year",
    terms="https://policies.google.com/terms",
)

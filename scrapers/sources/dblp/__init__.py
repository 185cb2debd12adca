"""DBLP (dblp.org): persons' publications in computer science, as XML, or from the pages that people see."""

from scrapers.source import Interface, Source
from scrapers.sources.dblp.asking import HOSTS, next_request, profile_key
from scrapers.sources.dblp.person import parse
from scrapers.sources.dblp.record import SOURCE

DBLP = Source(
    name=SOURCE,
    title="DBLP",
    hosts=HOSTS,
    parser="dblp/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    archived=True,
    base="https://dblp.org",
    min_interval_seconds=5.0,
    daily_budget=5_000,
    trust=3,
    canary="https://dblp.org/pid/h/GeoffreyEHinton",
    offers="all publications in computer science with authors, year, kind, DOI and arXiv id; no metrics, no abstracts",
    terms="https://dblp.org/db/about/copyright.html",
)

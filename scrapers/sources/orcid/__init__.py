"""ORCID (orcid.org): the works that a researcher, or somebody in their name, has put on their record."""

from scrapers.source import Interface, Source
from scrapers.sources.orcid.page import SOURCE, next_request, parse
from scrapers.sources.orcid.profile import HOSTS, profile_key

ORCID = Source(
    name=SOURCE,
    title="ORCID",
    hosts=HOSTS,
    parser="orcid/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base="https://pub.orcid.org",
    min_interval_seconds=1.0,
    # The public interface bears far more; two requests make a profile.
    daily_budget=5_000,
    trust=3,
    canary="https://orcid.org/0000-0002-9079-593X",
    offers="every public work of the record, with DOI, arXiv id, type and date; no authors, no citations",
    terms="https://info.orcid.org/public-client-terms-of-service/",
)

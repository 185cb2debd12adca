"""Getting all answers that make up one profile.

>>> page = await fetch_profile(fetcher, OPENALEX, url, options=SourceOptions(), hosts=hosts, validators=None)

Most profiles are one page; behind an interface they are an author and some pages of a list. One answer that fails is
the end of the check: half a list must not be compared with a whole one.
"""

from collections.abc import Collection
from dataclasses import replace

from scrapers.bundle import bundle
from scrapers.fetch import Fetcher
from scrapers.parse import unread
from scrapers.parse_error import ParseError
from scrapers.source import MAX_ANSWERS, READING_HEADER, Asked, Source, SourceOptions
from tracking.check import Failure, NotModified, Page, Validators


async def fetch_profile(
    fetcher: Fetcher,
    source: Source,
    url: str,
    *,
    options: SourceOptions,
    hosts: Collection[str],
    validators: Validators | None,
) -> Page | NotModified | Failure:
    """Ask for a profile until its source has all it needs; what came is one page.

    ``validators`` are sent with the first request: they are only ever known of profiles that are one page. ``hosts``
    as in `Fetcher.get`.
    """
    asked = Asked(profile_url=url, base=source.base_of(url), options=options)
    while len(asked.answers) < MAX_ANSWERS:
        try:
            request = source.next_request(asked)
        except ParseError as error:
            return unread(asked.answers[-1], error)
        if request is None:
            break
        answer = await fetcher.get(
            request.url,
            validators=None if asked.answers else validators,
            hosts=hosts,
            headers=request.headers,
            interface=source.interface,
        )
        if not isinstance(answer, Page):
            return answer
        asked = replace(asked, answers=(*asked.answers, answer))
    return _noted(bundle(asked.answers), source.reading_note(url, options))


def _noted(page: Page, note: str | None) -> Page:
    """The page with what its owner says of how to read it, and without what a site may have put there."""
    if note is None and READING_HEADER not in page.headers:
        return page
    headers = {name: value for name, value in page.headers.items() if name != READING_HEADER}
    return replace(page, headers=headers if note is None else headers | {READING_HEADER: note})

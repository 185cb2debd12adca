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
from scrapers.reading_note import with_note
from scrapers.source import MAX_ANSWERS, Asked, Interface, Source, SourceOptions
from tracking.check import Failure, NotModified, Outcome, Page, Validators

#: No more is asked for when the answers have this much: two thousand works with all their authors and abstracts, which
#: are read in a second or two, and in 150 MB. What lies beyond is not read, and the reading is incomplete.
MAX_BYTES = 24_000_000
#: No profile's URL is longer, in characters.
_LONGEST_URL = 1000


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
    while len(asked.answers) < MAX_ANSWERS and _size(asked) < MAX_BYTES:
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
        if isinstance(answer, Failure) and answer.outcome is Outcome.GONE and asked.answers:
            # Only the first answer is the profile: a page of its list that is not there says nothing of it.
            return replace(answer, outcome=Outcome.UNREACHABLE)
        if isinstance(answer, Failure):
            return answer
        answer = replace(answer, moved_to=_other_profile(source, url, answer.moved_to))
        if isinstance(answer, NotModified):
            return answer
        asked = replace(asked, answers=(*asked.answers, answer))
    return with_note(bundle(asked.answers), source.reading_note(url, options))


def _other_profile(source: Source, url: str, moved_to: str | None) -> str | None:
    """Where a profile is now, if it is another profile of the source: neither another scheme nor a slash at the end."""
    if moved_to is None or len(moved_to) > _LONGEST_URL or source.interface is not Interface.PAGE:
        return None
    try:
        is_other = source.profile_key(moved_to) != source.profile_key(url)
    except ValueError:
        return None
    return moved_to if is_other else None


def _size(asked: Asked) -> int:
    return sum(len(answer.body) for answer in asked.answers)

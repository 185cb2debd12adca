"""Which URLs are authors of OpenAlex, and what to ask for until a profile is whole.

    /authors/A… ──> /works?filter=author.id:A…&cursor=* ──> the next cursor, until all works are there

With a key the list is walked by cursor; without one, which OpenAlex lets turn numbered pages only, by number.
"""

import re
from urllib.parse import unquote, urlencode, urlsplit

from scrapers.source import Asked, Request
from scrapers.sources.openalex.answers import PAGE_SIZE, read_author, read_id, read_list

_AUTHOR_FIELDS = "id,display_name,works_count,cited_by_count,summary_stats,counts_by_year"
_WORK_FIELDS = (
    "id,doi,display_name,publication_date,publication_year,cited_by_count,authorships,primary_location,locations,"
    "primary_topic,abstract_inverted_index"
)
_KEY = re.compile(r"/(?:authors/|people/)?(A[0-9]+)/?", re.IGNORECASE)
_ORCID_KEY = re.compile(
    r"/authors/(?:orcid:|(?:https?:/{1,2})?orcid\.org/)([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?", re.IGNORECASE
)


def profile_key(url: str) -> str:
    """``A5023888391``, or ``orcid:0000-0001-6187-6610`` of an author who is asked for by ORCID iD.

    Raises ValueError for what is no author.
    """
    path = unquote(urlsplit(url).path)
    if (author := _KEY.fullmatch(path)) is not None:
        return author[1].upper()
    if (by_orcid := _ORCID_KEY.fullmatch(path)) is not None:
        return f"orcid:{by_orcid[1].upper()}"
    raise ValueError(f"no author of OpenAlex in {url}; an author's URL is like https://openalex.org/A5023888391")


def next_request(asked: Asked) -> Request | None:
    """The author; then the works, latest first, until those that the list counts are there."""
    headers = {"Authorization": f"Bearer {asked.options.api_key}"} if asked.options.api_key else {}
    if not asked.answers:
        path = f"/authors/{profile_key(asked.profile_url)}"
        return Request(url=_url(asked, path, {"select": _AUTHOR_FIELDS}), headers=headers)
    place = _next_place(asked)
    if place is None:
        return None
    # An author who was merged into another answers with the other's id.
    author = read_id(read_author(asked.answers[0])["id"], letter="A")
    query = {
        "filter": f"author.id:{author}",
        "sort": "publication_date:desc",
        "per-page": str(PAGE_SIZE),
        "select": _WORK_FIELDS,
    }
    return Request(url=_url(asked, "/works", query | place), headers=headers)


def _url(asked: Asked, path: str, query: dict[str, str]) -> str:
    contact = asked.options.contact or ""
    address = contact.removeprefix("mailto:")
    if "@" in address and "/" not in address:
        query = query | {"mailto": address}
    return f"{asked.base}{path}?{urlencode(query, safe=':,*@')}"


def _next_place(asked: Asked) -> dict[str, str] | None:
    """Where in the list the next page is, as parameters; None after the last page."""
    pages = len(asked.answers) - 1
    if pages == 0:
        return {"cursor": "*"} if asked.options.api_key else {}
    last = read_list(asked.answers[-1])
    if not last.works or pages * last.size >= last.total:
        return None
    if last.next_cursor is not None:
        return {"cursor": last.next_cursor}
    return None if last.number is None else {"page": str(last.number + 1)}

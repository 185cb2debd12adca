"""One work of OpenAlex."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scrapers.identifiers import ArxivId, read_doi
from scrapers.json_document import Json
from scrapers.listed_papers import items, read_published
from scrapers.readable import readable
from scrapers.sources.openalex.answers import read_id
from tracking.reading import PaperReading, Published

#: A work in a list names no more authors than this.
_AUTHORS_LISTED = 100
#: More than any work has of anything.
_ITEMS_MAX = 20_000
#: In characters; what is longer is no abstract.
_ABSTRACT_MAX = 100_000
_DOI_PREFIX = re.compile(r"https?://(?:dx\.)?doi\.org/", re.IGNORECASE)


def read_work(work: Json) -> PaperReading | None:
    """One work of a list, or one that was asked for alone; None when it has no title. Raises ParseError."""
    identifier = read_id(work["id"], letter="W")
    title = readable(work["display_name"].text_or_none() or work["title"].text_or_none() or "")
    if not title:
        return None
    authorships = items(work["authorships"], at_most=_ITEMS_MAX)
    authors = [name for authorship in authorships if (name := _author_name(authorship))]
    arxiv = _arxiv_id(work)
    landing = work["primary_location"]["landing_page_url"].text_or_none() or ""
    return PaperReading(
        title=title,
        authors=tuple(authors),
        authors_complete=0 < len(authors) == len(authorships) and not _is_cut(work, authorships),
        institutions=tuple(dict.fromkeys(_institutions(authorships))),
        category=work["primary_topic"]["subfield"]["display_name"].text_or_none(),
        published=_published(work),
        abstract=_abstract(work["abstract_inverted_index"]),
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=_doi(work),
        source_id=identifier,
        url=landing if landing.startswith(("https://", "http://")) else f"https://openalex.org/{identifier}",
        citations=work["cited_by_count"].whole_or_none(),
    )


def _author_name(authorship: Json) -> str | None:
    return authorship["author"]["display_name"].text_or_none() or authorship["raw_author_name"].text_or_none()


def _is_cut(work: Json, authorships: Sequence[Json]) -> bool:
    """Whether a list shows the beginning of the authors only."""
    if work["is_authors_truncated"].flag_or_none():
        return True
    return len(authorships) >= _AUTHORS_LISTED and authorships[-1]["author_position"].text_or_none() != "last"


def _institutions(authorships: Sequence[Json]) -> Iterator[str]:
    for authorship in authorships:
        for institution in items(authorship["institutions"], at_most=_ITEMS_MAX):
            if name := institution["display_name"].text_or_none():
                yield name


def _published(work: Json) -> Published | None:
    """OpenAlex writes the first of January where it knows the year alone."""
    published = read_published(work["publication_date"], work["publication_year"])
    if published is not None and (published.month, published.day) == (1, 1):
        return replace(published, month=None, day=None)
    return published


def _doi(work: Json) -> str | None:
    """As OpenAlex writes it: not escaped, so that it may hold what no URL may."""
    text = work["doi"].text_or_none()
    return None if text is None else read_doi(_DOI_PREFIX.sub("", text, count=1))


def _arxiv_id(work: Json) -> ArxivId | None:
    """By the DOI that arXiv gives, else where the work is first, else where all its places on arXiv agree."""
    if doi := _doi(work):
        arxiv = ArxivId.in_url(f"https://doi.org/{doi}", frozenset())
        if arxiv is not None:
            return arxiv
    primary = _arxiv_at(work["primary_location"])
    if primary is not None:
        return primary
    locations = items(work["locations"], at_most=_ITEMS_MAX)
    places = [found for location in locations if (found := _arxiv_at(location)) is not None]
    return places[0] if len({place.id for place in places}) == 1 else None


def _arxiv_at(location: Json) -> ArxivId | None:
    for name in ("landing_page_url", "pdf_url"):
        url = location[name].text_or_none()
        if url is not None and (found := ArxivId.in_url(url, frozenset())) is not None:
            return found
    return None


def _abstract(index: Json) -> str | None:
    """The words in the order of their places; None where a place is no number, or where there is no end of them."""
    if index.is_null:
        return None
    words: list[tuple[int, str]] = []
    length = 0
    for word, places in index.members():
        for place in places.each_or_none():
            length += len(word) + 1
            if length > _ABSTRACT_MAX or isinstance(place.value, bool) or not isinstance(place.value, int):
                return None
            words.append((place.value, word))
    return readable(" ".join(word for _, word in sorted(words))) or None

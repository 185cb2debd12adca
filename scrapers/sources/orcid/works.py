"""A work on an ORCID record: what several organisations say of it is one group of summaries, and one paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.readable import readable
from tracking.reading import PaperReading, Published

#: A record holds no more summaries.
WORKS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Identifier:
    """``relation`` is ``self`` where it is of the work, and ``part-of`` where it is of the journal or book around."""

    kind: str
    value: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one organisation says of a work."""

    put_code: str
    #: The highest of its group is the one that the owner of the record prefers.
    display_index: int
    title: str
    #: ``journal-article``, ``preprint``, ``data-set``, …
    kind: str | None
    published: Published | None
    url: str | None
    identifiers: tuple[Identifier, ...]


def paper_of(group: Sequence[Summary]) -> PaperReading | None:
    """The paper that a group is, as the preferred summary tells it; None where no summary has a title."""
    ordered = sorted(group, key=lambda summary: -summary.display_index)
    named = next((summary for summary in ordered if summary.title), None)
    if named is None:
        return None
    arxiv = next(_arxiv_ids(ordered), None)
    doi = min(_dois(ordered), key=lambda doi: _arxiv_of_doi(doi) is not None, default=None)
    return PaperReading(
        title=named.title,
        authors_complete=False,
        category=named.kind,
        published=named.published,
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=doi,
        # The oldest code stays when the owner prefers another summary.
        source_id=min((summary.put_code for summary in group), key=int),
        url=named.url or _url_of(doi, arxiv),
    )


def published(year: str | None, month: str | None, day: str | None) -> Published | None:
    """The date in the precision that holds: people type these, and "2015-02-30" is known to be of February 2015."""
    numbers = [int(part) if part and part.isdecimal() and len(part) <= 4 else 0 for part in (year, month, day)]
    for length in (3, 2, 1):
        if 0 not in numbers[:length]:
            try:
                return Published(*numbers[:length])
            except ValueError:
                continue
    return None


def title_of(text: str | None) -> str:
    return readable(text or "")


def kind_of(text: str | None) -> str | None:
    """``journal-article``, also of older answers, which write JOURNAL_ARTICLE."""
    return text.lower().replace("_", "-") if text else None


def web_url(text: str | None) -> str | None:
    return text if text and text.startswith(("https://", "http://")) and " " not in text else None


def _own(summaries: Sequence[Summary]) -> Iterator[Identifier]:
    return (one for summary in summaries for one in summary.identifiers if one.relation == "self")


def _dois(summaries: Sequence[Summary]) -> Iterator[str]:
    for one in _own(summaries):
        doi = (read_doi(one.value) or doi_in_url(one.value)) if one.kind == "doi" else None
        if doi is not None:
            yield doi


def _arxiv_ids(summaries: Sequence[Summary]) -> Iterator[ArxivId]:
    for one in _own(summaries):
        if one.kind == "arxiv" and (found := ArxivId.read(one.value) or ArxivId.in_url(one.value, frozenset())):
            yield found
    for doi in _dois(summaries):
        if (found := _arxiv_of_doi(doi)) is not None:
            yield found


def _arxiv_of_doi(doi: str) -> ArxivId | None:
    return ArxivId.in_url(f"https://doi.org/{doi}", frozenset())


def _url_of(doi: str | None, arxiv: ArxivId | None) -> str | None:
    if doi is not None:
        return f"https://doi.org/{doi}"
    return f"https://arxiv.org/abs/{arxiv.id}" if arxiv else None

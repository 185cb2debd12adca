"""A bibliographic record of DBLP, as its XML and its pages both tell it, and the reading that records make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapers.identifiers import ArxivId, doi_in_url
from scrapers.parse_error import ParseError
from tracking.reading import PaperReading, ProfileReading, Published

SOURCE = "dblp"

#: The kind of a record that the person has edited, not written.
EDITED = "editor"

#: "Wei Wang 0001": DBLP counts people of one name.
_HOMONYM_NUMBER = re.compile(r"\s+[0-9]{4}")
_ARXIV_DOI = "10.48550/arxiv."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """``key`` is DBLP's own: ``journals/corr/abs-2401-01234``. Names are as DBLP shows them, numbers included."""

    key: str
    #: article, inproceedings, incollection, reference, book, informal, data, or `EDITED`.
    kind: str
    title: str
    authors: tuple[str, ...]
    year: str | None
    #: Where its electronic editions are.
    links: tuple[str, ...]
    journal: str | None = None
    volume: str | None = None


def shown_name(name: str) -> str:
    """The name without the number that DBLP tells people of one name apart with."""
    number = _HOMONYM_NUMBER.search(name)
    return name[: number.start()] if number is not None and number.end() == len(name) else name


def reading_of(name: str, records: Sequence[Record], named: int | None) -> ProfileReading:
    """The reading of a person; ``named`` is how many records the document itself says there are.

    Edited volumes are records, and no papers. Raises ParseError.
    """
    by_key = {record.key: record for record in reversed(records)}
    own = tuple(reversed(by_key.values()))
    if named is not None and len(own) > named:
        raise ParseError(f"{named} records are named and {len(own)} shown", stage="papers")
    papers = tuple(_paper(record) for record in own if record.kind != EDITED)
    complete = named is None or len(own) == named
    return ProfileReading(
        source=SOURCE,
        name=shown_name(name),
        metrics={"papers": len(papers) if complete else None},
        papers=papers,
        complete=complete,
        warnings=tuple(_warnings(own, named)),
    )


def _warnings(records: Sequence[Record], named: int | None) -> Iterator[str]:
    if named is not None and len(records) < named:
        yield f"{named} records are named and {len(records)} shown."
    edited = sum(record.kind == EDITED for record in records)
    if edited:
        yield f"{edited} of {len(records)} records are volumes that the person has edited: they are not papers."


def _paper(record: Record) -> PaperReading:
    arxiv = _arxiv(record)
    return PaperReading(
        title=_title(record),
        authors=tuple(map(shown_name, record.authors)),
        authors_complete=bool(record.authors),
        category=record.kind,
        published=_published(record),
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=_doi(record),
        source_id=record.key,
        url=f"https://dblp.org/rec/{record.key}",
    )


def _title(record: Record) -> str:
    """DBLP ends every title with a dot of its own, unless there is another sign."""
    title = record.title if record.title.endswith("...") else record.title.removesuffix(".").rstrip()
    if not title:
        raise ParseError("no title", stage="papers", where=record.key)
    return title


def _published(record: Record) -> Published | None:
    if record.year is None:
        return None
    if re.fullmatch(r"[12][0-9]{3}", record.year) is None:
        raise ParseError("no year", stage="papers", where=record.key, excerpt=record.year)
    return Published(int(record.year))


def _arxiv(record: Record) -> ArxivId | None:
    """By a link, or as the journal that DBLP takes arXiv for: ``CoRR``, volume ``abs/2401.01234``."""
    found = [arxiv for link in record.links if (arxiv := ArxivId.in_url(link, frozenset()))]
    if not found and record.journal == "CoRR" and record.volume:
        in_volume = ArxivId.read(record.volume.removeprefix("abs/"))
        found = [in_volume] if in_volume else []
    return ArxivId(re.sub(r"\.[A-Za-z-]+/", "/", found[0].id), found[0].version) if found else None


def _doi(record: Record) -> str | None:
    """That of a publisher before that of arXiv."""
    dois = [doi for link in record.links if (doi := doi_in_url(link))]
    return next((doi for doi in dois if not doi.startswith(_ARXIV_DOI)), dois[0] if dois else None)

"""Papers as rows of the table ``paper``, and what becomes of a row when a paper is shown again."""

from dataclasses import fields, replace
from typing import Any

from storage.statements import StoredRow
from tracking.reading import PaperReading, Published

_FIELDS = tuple(field.name for field in fields(PaperReading))
#: Columns that are named like the fields of a paper and hold the same.
_PLAIN = tuple(name for name in _FIELDS if name not in ("authors", "institutions", "published", "abstract"))


def row_of_paper(key: str, paper: PaperReading) -> dict[str, Any]:
    """Everything but the abstract."""
    row: dict[str, Any] = {name: getattr(paper, name) for name in _PLAIN}
    row["key"] = key
    row["authors"] = paper.authors
    row["institutions"] = paper.institutions
    row["published"] = str(paper.published) if paper.published else None
    return row


def paper_of_row(row: StoredRow) -> PaperReading:
    """The paper as it was last shown, without its abstract."""
    return PaperReading(
        authors=tuple(row.authors),
        institutions=tuple(row.institutions),
        published=Published.parse(row.published) if row.published else None,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def shown_again(before: PaperReading, now: PaperReading) -> PaperReading:
    """What is known of a paper after it was shown again: what is not shown now stays what it was.

    A list of authors that is cut never replaces one that is whole. The abstract, which no row holds, stays as well.
    """
    kept = {name: getattr(before, name) for name in _FIELDS if getattr(now, name) in (None, ())}
    kept["abstract"] = before.abstract
    if not now.authors or (before.authors_complete and not now.authors_complete):
        kept |= {"authors": before.authors, "authors_complete": before.authors_complete}
    if now.published is None:
        kept["year_inferred"] = before.year_inferred
    return replace(now, **kept)

"""Readings as JSON: the public form that ``parse`` prints, and the full form that the archive keeps."""

from typing import Any

from tracking.reading import PaperReading, ProfileReading, Published

#: Fields that only the archive's form carries; the public form is design section 10 to the letter.
_ARCHIVE_ONLY = ("version", "source_id")


def paper_to_json(paper: PaperReading) -> dict[str, Any]:
    """Every field of a paper, JSON values only."""
    return {
        "title": paper.title,
        "authors": list(paper.authors),
        "authors_complete": paper.authors_complete,
        "institutions": list(paper.institutions),
        "category": paper.category,
        "published": str(paper.published) if paper.published else None,
        "year_inferred": paper.year_inferred,
        "has_code": paper.has_code,
        "score": paper.score,
        "abstract": paper.abstract,
        "arxiv_id": paper.arxiv_id,
        "version": paper.version,
        "doi": paper.doi,
        "source_id": paper.source_id,
        "url": paper.url,
        "citations": paper.citations,
    }


def paper_from_json(values: dict[str, Any]) -> PaperReading:
    """The paper that `paper_to_json` wrote; fields that are absent take their defaults."""
    known = dict(values)
    known["authors"] = tuple(known.get("authors", ()))
    known["institutions"] = tuple(known.get("institutions", ()))
    if known.get("published") is not None:
        known["published"] = Published.parse(known["published"])
    return PaperReading(**known)


def reading_to_json(reading: ProfileReading) -> dict[str, Any]:
    """The full form."""
    return {
        "source": reading.source,
        "name": reading.name,
        "field": reading.field,
        "complete": reading.complete,
        "warnings": list(reading.warnings),
        "metrics": dict(reading.metrics),
        "papers": [paper_to_json(paper) for paper in reading.papers],
    }


def reading_from_json(values: dict[str, Any]) -> ProfileReading:
    """The reading that `reading_to_json` wrote."""
    return ProfileReading(
        source=values["source"],
        name=values["name"],
        field=values["field"],
        complete=values["complete"],
        warnings=tuple(values["warnings"]),
        metrics=dict(values["metrics"]),
        papers=tuple(paper_from_json(paper) for paper in values["papers"]),
    )


def public_reading(reading: ProfileReading, keys: tuple[str, ...]) -> dict[str, Any]:
    """The form that ``parse --json`` prints; ``keys[i]`` is the key of ``reading.papers[i]``."""
    papers = [public_paper(paper, key) for key, paper in zip(keys, reading.papers, strict=True)]
    return reading_to_json(reading) | {"papers": papers}


def public_paper(paper: PaperReading, key: str) -> dict[str, Any]:
    """One paper in the public form."""
    values = {name: value for name, value in paper_to_json(paper).items() if name not in _ARCHIVE_ONLY}
    return {"key": key} | values

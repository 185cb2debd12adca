"""A paper as JSON without what has its default: absent and not shown are the same, and half of the bytes are gone."""

from dataclasses import replace
from typing import Any

from tracking.reading import PaperReading
from tracking.reading_json import paper_from_json, paper_to_json

_DEFAULTS = paper_to_json(PaperReading(title=""))
del _DEFAULTS["title"]


def without_defaults(paper: dict[str, Any]) -> dict[str, Any]:
    """What `paper_to_json` gave, less the fields that hold their default."""
    return {name: value for name, value in paper.items() if value != _DEFAULTS.get(name)}


def last_shown_to_json(paper: PaperReading) -> dict[str, Any]:
    """The paper without its abstract, which only the snapshots hold."""
    return without_defaults(paper_to_json(replace(paper, abstract=None)))


def last_shown_from_json(values: dict[str, Any]) -> PaperReading:
    """What `last_shown_to_json` wrote."""
    return paper_from_json(values)

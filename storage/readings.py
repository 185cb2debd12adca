"""A reading with the keys of its papers, as the bytes that the archive keeps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.paper_rows import without_defaults
from tracking.reading import PaperReading, ProfileReading
from tracking.reading_json import reading_from_json, reading_to_json


def reading_to_bytes(reading: ProfileReading, keys: Sequence[str]) -> bytes:
    """Canonical JSON: the same reading with the same keys always gives the same bytes."""
    values = reading_to_json(reading)
    values["papers"] = [
        {"key": key} | without_defaults(paper) for key, paper in zip(keys, values["papers"], strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class StoredReading:
    reading: ProfileReading
    #: Of the papers of ``reading``, in their order.
    keys: tuple[str, ...]

    def papers(self) -> dict[str, PaperReading]:
        """The papers by key, in the order of the page. Of one that is shown twice the first showing counts."""
        papers: dict[str, PaperReading] = {}
        for key, paper in zip(self.keys, self.reading.papers, strict=True):
            papers.setdefault(key, paper)
        return papers


def reading_from_bytes(body: bytes) -> StoredReading:
    """What `reading_to_bytes` wrote."""
    values: dict[str, Any] = json.loads(body)
    keys = tuple(paper.pop("key") for paper in values["papers"])
    return StoredReading(reading_from_json(values), keys)

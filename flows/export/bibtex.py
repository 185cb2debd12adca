"""The papers that are listed now as a bibliography: one entry each, whoever shows it."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from alerts.citations.bibtex import CitationKeys, bibtex_entry
from alerts.citations.citation import Citation
from flows.export.jsonl import Progress
from storage.exporting import Export
from tracking.exported import ExportedRow, Table


class BibtexFile:
    """Written in two passes: which papers would have the same key must be known before the first is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._keys = CitationKeys()

    def count(self, row: ExportedRow) -> None:
        self._keys.count(_citation(row))

    def write(self, row: ExportedRow) -> None:
        citation = _citation(row)
        self._file.write(bibtex_entry(citation, self._keys.key(citation)).encode())


def write_bibtex(file: BinaryIO, history: Export, progress: Progress | None) -> Counter[str]:
    """The papers of profiles that are followed, with the number of entries."""
    bibtex = BibtexFile(file)
    entries: Counter[str] = Counter({"entries": 0})
    for row in _listed(history, progress, number=0):
        bibtex.count(row)
        entries["entries"] += 1
    for row in _listed(history, progress, number=1):
        bibtex.write(row)
    return entries


def _listed(history: Export, progress: Progress | None, *, number: int) -> Iterator[ExportedRow]:
    """Every listed paper once, as the first profile shows it; ``number`` counts the passes."""
    seen: set[str] = set()
    for done, profile in enumerate(history.profiles([Table.PAPERS]), start=1):
        for row in profile.rows if profile.followed else ():
            paper = row.cells["paper"]
            if row.cells["until"] is None and isinstance(paper, str) and paper not in seen:
                seen.add(paper)
                yield row
        if progress is not None:
            progress(2 * len(history), number * len(history) + done)


def _citation(row: ExportedRow) -> Citation:
    return Citation.of(row.cells, str(row.cells["paper"]))

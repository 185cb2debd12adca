"""The papers that are listed now as a bibliography: one entry each, whoever shows it.

shaw2024glaciers          first author, year, first word of the title
shaw2024glaciers-1f3a9c   where two papers would have the same: each with a piece of the hash of its key
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from alerts.inert import web_address
from flows.export.jsonl import Progress
from flows.export.latex import escaped, escaped_title, is_verbatim, names
from storage.exporting import Export
from tracking.exported import ExportedRow, Table
from tracking.reading import Published

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Words that say nothing of what a paper is about.
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "at", "by", "from", "with"})
#: Letters that no decomposition makes plain.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_HASHED = 6


class BibtexFile:
    """Written in two passes: which papers would have the same key must be known before the first is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._plain_keys: Counter[str] = Counter()

    def count(self, row: ExportedRow) -> None:
        self._plain_keys[_plain_key(row)] += 1

    def write(self, row: ExportedRow) -> None:
        plain = _plain_key(row)
        key = plain if self._plain_keys[plain] == 1 else f"{plain}-{_hash(row)}"
        self._file.write(_entry(row, key).encode())


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


def _plain_key(row: ExportedRow) -> str:
    authors: Any = row.cells["authors"]
    surname = _surname(authors[0]) if authors else ""
    year = str(row.cells["published"] or "")[:4]
    words = [word for word in _words(str(row.cells["title"])) if word not in _SMALL_WORDS]
    return f"{surname or 'anonymous'}{year or 'nd'}{words[0] if words else 'untitled'}"


def _surname(name: str) -> str:
    family = name.partition(",")[0] if "," in name else name.strip().rpartition(" ")[2]
    return "".join(_words(family))


def _words(text: str) -> list[str]:
    """The words in plain small letters; what has no such letters is left out."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+", letters.replace("'", "").replace("’", ""))


def _hash(row: ExportedRow) -> str:
    return hashlib.sha256(str(row.cells["paper"]).encode()).hexdigest()[:_HASHED]


def _entry(row: ExportedRow, key: str) -> str:
    """A page does not say where a paper has appeared, so that each is ``misc``."""
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(row.cells))
    return f"@misc{{{key},\n{fields}\n}}\n\n"


def _fields(cells: Any) -> Iterator[tuple[str, str]]:
    """What is known; the names of months are words of BibTeX, all other values stand in braces."""
    yield "title", f"{{{escaped_title(cells['title'])}}}"
    if authors := names(cells["authors"], complete=cells["authors_complete"]):
        yield "author", f"{{{authors}}}"
    if cells["published"]:
        published = Published.parse(cells["published"])
        yield "year", f"{{{published.year}}}"
        if published.month is not None:
            yield "month", _MONTHS[published.month - 1]
    if cells["arxiv_id"] and is_verbatim(cells["arxiv_id"]):
        yield "eprint", f"{{{cells['arxiv_id']}}}"
        yield "archiveprefix", "{arXiv}"
    if cells["doi"] and is_verbatim(cells["doi"]):
        yield "doi", f"{{{cells['doi']}}}"
    if cells["url"] and web_address(cells["url"]):
        yield "url", f"{{{cells['url']}}}"
    if cells["category"]:
        yield "keywords", f"{{{escaped(cells['category'])}}}"
    if cells["abstract"]:
        yield "abstract", f"{{{escaped(cells['abstract'])}}}"

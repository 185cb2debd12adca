"""Papers as BibTeX.

shaw2024glaciers          first author, year, first word of the title
shaw2024glaciers-1f3a9c   where two papers would have the same: each with a piece of the hash of its key
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from alerts.citations.citation import Citation
from alerts.citations.latex import escaped, escaped_title, is_verbatim, names
from alerts.inert import web_address

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Words that say nothing of what a paper is about.
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "at", "by", "from", "with"})
#: Letters that no decomposition makes plain.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_HASHED = 6


class CitationKeys:
    """The keys of a bibliography: all its papers must have been counted before the first key is known."""

    def __init__(self) -> None:
        self._plain: Counter[str] = Counter()

    def count(self, citation: Citation) -> None:
        self._plain[_plain_key(citation)] += 1

    def key(self, citation: Citation) -> str:
        plain = _plain_key(citation)
        return plain if self._plain[plain] == 1 else f"{plain}-{_hash(citation)}"


def bibliography(citations: Sequence[Citation]) -> str:
    """An entry for each paper."""
    keys = CitationKeys()
    for citation in citations:
        keys.count(citation)
    return "".join(bibtex_entry(citation, keys.key(citation)) for citation in citations)


def bibtex_entry(citation: Citation, key: str) -> str:
    """A page does not say where a paper has appeared, so that each is ``misc``."""
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(citation))
    return f"@misc{{{key},\n{fields}\n}}\n\n"


def _plain_key(citation: Citation) -> str:
    surname = _surname(citation.authors[0]) if citation.authors else ""
    year = f"{citation.published.year:04d}" if citation.published else ""
    words = [word for word in _words(citation.title) if word not in _SMALL_WORDS]
    return f"{surname or 'anonymous'}{year or 'nd'}{words[0] if words else 'untitled'}"


def _surname(name: str) -> str:
    family = name.partition(",")[0] if "," in name else name.strip().rpartition(" ")[2]
    return "".join(_words(family))


def _words(text: str) -> list[str]:
    """The words in plain small letters; what has no such letters is left out."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+", letters.replace("'", "").replace("’", ""))


def _hash(citation: Citation) -> str:
    return hashlib.sha256(citation.paper_key.encode()).hexdigest()[:_HASHED]


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    """What is known; the names of months are words of BibTeX, all other values stand in braces."""
    yield "title", f"{{{escaped_title(citation.title)}}}"
    if authors := names(citation.authors, complete=citation.authors_complete):
        yield "author", f"{{{authors}}}"
    if citation.published is not None:
        yield "year", f"{{{citation.published.year}}}"
        if citation.published.month is not None:
            yield "month", _MONTHS[citation.published.month - 1]
    if citation.arxiv_id and is_verbatim(citation.arxiv_id):
        yield "eprint", f"{{{citation.arxiv_id}}}"
        yield "archiveprefix", "{arXiv}"
    if citation.doi and is_verbatim(citation.doi):
        yield "doi", f"{{{citation.doi}}}"
    if citation.url and web_address(citation.url):
        yield "url", f"{{{citation.url}}}"
    if citation.category:
        yield "keywords", f"{{{escaped(citation.category)}}}"
    if citation.abstract:
        yield "abstract", f"{{{escaped(citation.abstract)}}}"

"""The names of a paper: its arXiv id without version, its DOI, the source's id, and its fingerprint."""

import hashlib
import re
from collections.abc import Iterable

from tracking.reading import PaperReading
from tracking.titles import family_name, is_generic_title, normal_title, plain

_FINGERPRINT = "fp:"
#: Prefixes of identifiers that mean one paper wherever they stand.
WORLD_WIDE = ("arxiv:", "doi:")
#: arXiv gives each of its papers a DOI as well, which says no more than the arXiv id.
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+?)(?:v\d+)?")


def aliases(source: str, paper: PaperReading) -> tuple[str, ...]:
    """The aliases of a paper as one source shows it, the strongest first; never empty."""
    found = []
    if arxiv_id := arxiv_id_of(paper):
        found.append(f"arxiv:{arxiv_id}")
    if doi := doi_of(paper):
        found.append(f"doi:{doi}")
    if paper.source_id:
        found.append(f"{source}:{paper.source_id}")
    found.append(fingerprint(paper))
    return tuple(found)


def arxiv_id_of(paper: PaperReading) -> str | None:
    """The arXiv id in lower case, also where only the DOI that arXiv gave it is shown."""
    if paper.arxiv_id:
        return paper.arxiv_id.casefold()
    of_doi = _ARXIV_DOI.fullmatch((paper.doi or "").casefold())
    return of_doi[1] if of_doi else None


def doi_of(paper: PaperReading) -> str | None:
    """The DOI in lower case, unless it is arXiv's."""
    doi = (paper.doi or "").casefold()
    return None if not doi or _ARXIV_DOI.fullmatch(doi) else doi


def identifiers_conflict(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """True when two sets of aliases have identifiers of the same world-wide kind, and none of that kind in common."""
    ours, theirs = set(ours), set(theirs)
    for prefix in WORLD_WIDE:
        mine = {alias for alias in ours if alias.startswith(prefix)}
        others = {alias for alias in theirs if alias.startswith(prefix)}
        if mine and others:
            return mine.isdisjoint(others)
    return False


def alias_strength(alias: str) -> tuple[int, str]:
    """To sort by: arXiv, DOI, the source's own identifier, fingerprint; then by the text."""
    if alias.startswith(_FINGERPRINT):
        return len(WORLD_WIDE) + 1, alias
    for rank, prefix in enumerate(WORLD_WIDE):
        if alias.startswith(prefix):
            return rank, alias
    return len(WORLD_WIDE), alias


def fingerprint(paper: PaperReading) -> str:
    """``fp:`` and 16 hexadecimal digits of title, first author's family name and year.

    A generic title needs more to be told from its namesakes: all authors and the whole date.
    """
    if is_generic_title(paper.title):
        parts = [normal_title(paper.title), *map(plain, paper.authors), str(paper.published)]
    else:
        first = family_name(paper.authors[0]) if paper.authors else ""
        parts = [normal_title(paper.title), first, str(paper.published.year) if paper.published else ""]
    return _FINGERPRINT + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()

"""Whether two papers are versions of one work, such as a preprint and what was published of it.

>>> version_evidence(
...     PaperReading(title="Rivers below a glacier", authors=("Ada Example",)),
...     PaperReading(title="Rivers Below a Glacier.", authors=("Example, A.", "Ben Sample")),
... )
>>> version_evidence(
...     PaperReading(title="Rivers below a glacier", authors=("Ada Example", "Ben Sample")),
...     PaperReading(title="Rivers Below a Glacier.", authors=("Example, A.", "Sample, B.")),
... )
'both are called “Rivers below a glacier”, the first author of both is Ada Example, 2 authors are shared'

It is asked where neither identifiers nor the fingerprint join two papers of one person. A link that is missing costs a
second message; one that is wrong costs a message that never comes: in doubt there is none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tracking.aliases import arxiv_id_of, doi_of
from tracking.reading import PaperReading
from tracking.titles import (
    UNDECODED,
    family_name,
    given_initial,
    is_about_another_work,
    is_generic_title,
    is_same_title,
    plain,
)

YEARS_APART_MAX = 2
#: Shorter titles are borne by several works, not only by chance.
_LETTERS_MIN = 12
#: Works that appear again under their old title.
_PERIODICAL = {
    "annual", "yearly", "biennial", "quarterly", "monthly", "weekly", "daily", "proceedings", "report", "overview",
    "workshop", "bulletin", "newsletter", "roundup", "outlook", "update", "forecast", "editors",
}  # fmt: skip
#: What servers of preprints put before the DOIs that they give: bioRxiv and medRxiv, SSRN, Research Square, ChemRxiv,
#: OSF, Preprints.org, TechRxiv, Zenodo, Authorea.
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101|64898|2139|21203|26434|31234|31235|31219|20944|36227|5281|22541)/", re.IGNORECASE
)
#: How German, Nordic and Dutch letters are spelt where there are none.
_SPELT_OUT = re.compile(r"(?<=[aou])e")


def version_evidence(one: PaperReading, other: PaperReading) -> str | None:
    """In words, why two papers are versions of one work; None where the evidence does not suffice.

    It takes the same title, first authors that agree, years at most two apart, and no two arXiv ids.
    """
    if not _says_which_work(one.title) or not is_same_title(one.title, other.title):
        return None
    if is_about_another_work(other.title) or not _first_authors_agree(one, other) or not _years_agree(one, other):
        return None
    first, second = arxiv_id_of(one), arxiv_id_of(other)
    if first and second and first != second:
        return None
    shared = _shared_authors(one, other)
    if shared is None or (shared < 2 and _needs_more_than_one_author(one, other)):
        return None
    return ", ".join(_words(one, other, shared))


def are_ambiguous(namesakes: Sequence[PaperReading]) -> bool:
    """True when a profile shows so many papers of one title that nothing says which of them another paper belongs to.

    A preprint beside what was published of it is no such case.
    """
    return len(namesakes) > 2 or any(not is_preprint_of(*pair) for pair in pairwise(namesakes))


def is_preprint_of(one: PaperReading, other: PaperReading) -> bool:
    """True when exactly one of the two is known as a preprint."""
    return is_preprint(one) is not is_preprint(other)


def is_preprint(paper: PaperReading) -> bool:
    """True for what is on a server of preprints, and as far as the page says nowhere else."""
    doi = doi_of(paper)
    return bool(_PREPRINT_DOI.match(doi)) if doi else arxiv_id_of(paper) is not None


def _says_which_work(title: str) -> bool:
    letters = len(plain(title).replace(" ", ""))
    return letters >= _LETTERS_MIN and not is_generic_title(title) and not is_about_another_work(title)


def _first_authors_agree(one: PaperReading, other: PaperReading) -> bool:
    if not one.authors or not other.authors:
        return False
    first, second = one.authors[0], other.authors[0]
    initials = {given_initial(first), given_initial(second)} - {""}
    return bool(family_name(first)) and _families([first]) == _families([second]) and len(initials) <= 1


def _families(authors: Iterable[str]) -> Counter[str]:
    """How many authors bear each family name."""
    return Counter(_SPELT_OUT.sub("", family_name(author)) for author in authors)


def _shared_authors(one: PaperReading, other: PaperReading) -> int | None:
    """How many authors are on both lists; None when less than half of the shorter list are on the longer."""
    shared = (_families(one.authors) & _families(other.authors)).total()
    return shared if shared * 2 >= min(len(one.authors), len(other.authors)) else None


def _years_agree(one: PaperReading, other: PaperReading) -> bool:
    if one.published is None or other.published is None:
        return True
    apart = abs(one.published.year - other.published.year)
    return apart == 0 or (apart <= YEARS_APART_MAX and _PERIODICAL.isdisjoint(plain(one.title).split()))


def _needs_more_than_one_author(one: PaperReading, other: PaperReading) -> bool:
    """True where a year is not known, or two publishers have given DOIs."""
    if one.published is None or other.published is None:
        return True
    first, second = doi_of(one), doi_of(other)
    return bool(first and second and first != second and not is_preprint_of(one, other))


def _words(one: PaperReading, other: PaperReading, shared: int) -> Iterator[str]:
    yield f"both are called “{other.title if UNDECODED in one.title else one.title}”"
    yield f"the first author of both is {max(one.authors[0], other.authors[0], key=len)}"
    if shared > 1:
        yield f"{shared} authors are shared"
    if one.published and other.published:
        years = sorted({one.published.year, other.published.year})
        yield "published " + (f"{years[0]}" if len(years) == 1 else f"{years[0]} and {years[-1]}")
    named = [name for name in map(_identifier, (one, other)) if name]
    if len(named) == 2:
        yield f"{named[0]} and {named[1]}"


def _identifier(paper: PaperReading) -> str | None:
    if arxiv_id := arxiv_id_of(paper):
        return f"arXiv {arxiv_id}"
    doi = doi_of(paper)
    return f"DOI {doi}" if doi else None

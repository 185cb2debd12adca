"""Is this page believable, given what was known? The last look before anything is recorded.

An implausible page is not recorded at all. A suspect one is the owner's to decide.
"""

from dataclasses import dataclass

from tracking.aliases import aliases
from tracking.check import Known
from tracking.diff import Content
from tracking.reading import ProfileReading
from tracking.suspicion import Doubt, Suspicion
from tracking.titles import is_same_name, plain, similarity

NEW_PAPERS_MIN = 5
NEW_PAPERS_SHARE = 0.30
GONE_PAPERS_MIN = 2
GONE_PAPERS_SHARE = 0.20
#: Two pages of one person, years apart and under two names, have this share of the shorter list in common.
SAME_PERSON_SHARE = 0.20


@dataclass(frozen=True, slots=True)
class Implausible:
    detail: str


@dataclass(frozen=True, slots=True)
class Suspect:
    detail: str
    #: None: it is what the owner has rejected, so that there is nothing to ask.
    suspicion: Suspicion | None


def guard(
    known: Known, before: Content, after: Content, *, left_out: int = 0, rejected: frozenset[str] = frozenset()
) -> Implausible | Suspect | None:
    """None when ``after`` can be believed; ``before`` is the last accepted snapshot of ``known``.

    ``left_out`` papers of the page are not in ``after``, because they are ``rejected``, as names may be too.
    """
    if plain(after.name) in rejected:
        return Suspect(f"the name is {after.name!r}, which was rejected", None)
    if before.papers and not after.papers:
        if left_out:
            return Suspect(f"the page shows nothing but {_papers(left_out)} that were rejected", None)
        return Implausible(f"the page shows no paper; {_papers(len(before.papers))} stood there before")
    new = [key for key in after.papers if key not in known.papers]
    gone = [key for key in before.papers if key not in after.papers]
    total, differ = len(before.papers), len(new) + len(gone)
    if _is_another_name(before.name, after.name) and differ > GONE_PAPERS_SHARE * total:
        detail = f"the name is {after.name!r}, was {before.name!r}, and {_papers(differ)} differ"
        return Suspect(detail, Suspicion(Doubt.NAME, (plain(after.name),)))
    if len(new) > max(NEW_PAPERS_MIN, NEW_PAPERS_SHARE * len(known.papers)):
        detail = f"{_papers(len(new))} at once that were never seen here, beside {len(known.papers)} known"
        return Suspect(detail, Suspicion(Doubt.NEW_PAPERS, tuple(new)))
    if after.complete and len(gone) > max(GONE_PAPERS_MIN, GONE_PAPERS_SHARE * total):
        return Suspect(f"{len(gone)} of {_papers(total)} are gone at once", Suspicion(Doubt.GONE_PAPERS, tuple(gone)))
    return None


def is_another_person(one: ProfileReading, other: ProfileReading) -> bool:
    """True when two pages that may be years apart differ in the name and have next to no paper in common.

    Over years a list may grow to a multiple and a person may change the name: either alone says nothing.
    """
    fewer = min(len(one.papers), len(other.papers))
    if not fewer or not _is_another_name(one.name, other.name):
        return False
    ours = {alias for paper in one.papers for alias in aliases(one.source, paper)}
    shared = sum(not ours.isdisjoint(aliases(other.source, paper)) for paper in other.papers)
    return shared < SAME_PERSON_SHARE * fewer


def _is_another_name(one: str, other: str) -> bool:
    return not is_same_name(one, other) and similarity(plain(one), plain(other)) < 0.8


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"

"""Which paper is which.

A paper has aliases: its arXiv id without version, its DOI, the source's id, and the fingerprint of title, first
author and year. The key is the strongest alias at the time it is issued; it never changes afterwards, and every
alias is kept. `identify` gives each paper of a page its key, in four steps that each only look at what the step
before left over:

    identifiers → fingerprint → the same work by evidence → a new key

The third step compares only papers that the page lacks with papers that it has and nobody knows, so that Part II
beside Part I stays a paper of its own, while a title with a typo mended, or a damaged page, makes nothing new.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracking.aliases import aliases, arxiv_id_of, doi_of
from tracking.check import KnownPaper
from tracking.reading import PaperReading, Published
from tracking.titles import (
    are_distinct_titles,
    family_name,
    is_generic_title,
    is_same_title,
    normal_title,
    plain,
    similarity,
)

#: Abstracts shorter than this are no evidence.
_ABSTRACT_MIN = 80
_ABSTRACT_COMPARED = 600
_DAYS_APART = 3
#: A page on which so many pairs would have to be compared has changed as a whole: the guard takes it from there.
_PAIRS_MAX = 50_000


def issue_keys(source: str, papers: Sequence[PaperReading]) -> tuple[str, ...]:
    """The keys that papers get where nothing is known yet; ``result[i]`` is the key of ``papers[i]``."""
    return identify(source, papers, {}).keys


@dataclass(frozen=True, slots=True)
class Identified:
    """The papers of a page with their keys. A paper shown twice has one key twice."""

    keys: tuple[str, ...]
    #: All aliases by key, of the papers on the page: those known before and those that the page adds.
    aliases: Mapping[str, frozenset[str]]


def identify(source: str, papers: Sequence[PaperReading], known: Mapping[str, KnownPaper]) -> Identified:
    """Give each paper of a page its key, by what is known of the profile."""
    shown = [aliases(source, paper) for paper in papers]
    keys: list[str | None] = [None] * len(papers)
    left = dict(known)

    def take(position: int, key: str) -> None:
        keys[position] = key
        left.pop(key, None)

    owner = {alias: key for key, paper in known.items() for alias in paper.aliases}
    for position, own in enumerate(shown):
        for alias in own[:-1]:
            if owner.get(alias) in left:
                take(position, owner[alias])
                break
    for position, own in enumerate(shown):
        key = owner.get(own[-1])
        if keys[position] is None and key in left and not _ids_conflict(papers[position], left[key].paper):
            take(position, key)
    for position, key in _pairs_by_evidence(papers, keys, left):
        take(position, key)
    return _with_new_keys(papers, shown, keys, known)


def _pairs_by_evidence(
    papers: Sequence[PaperReading], keys: Sequence[str | None], left: Mapping[str, KnownPaper]
) -> Iterator[tuple[int, str]]:
    """Pairs of an unknown paper of the page and a known one that the page lacks, the best evidence first."""
    unknown = [position for position, key in enumerate(keys) if key is None]
    if len(unknown) * len(left) > _PAIRS_MAX:
        return
    scored = []
    for position in unknown:
        for key, known in left.items():
            evidence = same_work(known.paper, papers[position])
            if evidence > 0:
                # What stood on the last snapshot goes before what left the list long ago.
                scored.append((-evidence, not known.listed, position, key))
    taken_positions: set[int] = set()
    taken_keys: set[str] = set()
    for _, _, position, key in sorted(scored):
        if position not in taken_positions and key not in taken_keys:
            taken_positions.add(position)
            taken_keys.add(key)
            yield position, key


def _with_new_keys(
    papers: Sequence[PaperReading],
    shown: Sequence[tuple[str, ...]],
    keys: list[str | None],
    known: Mapping[str, KnownPaper],
) -> Identified:
    """Issue keys to what is left, and gather the aliases. An alias belongs to one paper only."""
    owner = {alias: key for key, paper in known.items() for alias in paper.aliases}
    on_page = {key: position for position, key in enumerate(keys) if key is not None}
    gathered: dict[str, set[str]] = {key: set(known[key].aliases) for key in on_page}
    of_day: defaultdict[Published | None, list[str]] = defaultdict(list)
    for known_key, position in on_page.items():
        of_day[papers[position].published].append(known_key)
    for position, own in enumerate(shown):
        key = keys[position]
        if key is None:
            key = _shown_twice(papers, position, own, owner, on_page, of_day[papers[position].published])
        if key is None:
            # A fingerprint that belongs to a paper with another arXiv id can not be the key of this one, nor can a key
            # that a paper has from another profile, where nothing on this one says so.
            key = next((alias for alias in own if alias not in owner and alias not in known), f"{own[-1]}:{position}")
        keys[position] = key
        if key not in on_page:
            on_page[key] = position
            of_day[papers[position].published].append(key)
        mine = gathered.setdefault(key, set())
        mine.update(alias for alias in own if owner.setdefault(alias, key) == key)
        if not mine:
            # All its names are others': the key alone stands for it.
            mine.add(key)
    final = tuple(key for key in keys if key is not None)
    return Identified(final, {key: frozenset(found) for key, found in gathered.items()})


def _shown_twice(
    papers: Sequence[PaperReading],
    position: int,
    own: tuple[str, ...],
    owner: Mapping[str, str],
    on_page: Mapping[str, int],
    same_day: Sequence[str],
) -> str | None:
    """The key of the paper that this one repeats on the same page, if it does."""
    paper = papers[position]
    for alias in own:
        key = owner.get(alias)
        if key is not None and key in on_page and not _ids_conflict(paper, papers[on_page[key]]):
            return key
    return next((key for key in same_day if _is_copy(papers[on_page[key]], paper)), None)


def _is_copy(one: PaperReading, other: PaperReading) -> bool:
    if _ids_conflict(one, other) or are_distinct_titles(one.title, other.title):
        return False
    title = similarity(normal_title(one.title), normal_title(other.title))
    alike = title == 1.0 or (title >= 0.95 and _abstract_similarity(one.abstract, other.abstract) >= 0.9)
    return alike and not is_generic_title(one.title) and _authors_agree(one, other)


def _ids_conflict(one: PaperReading, other: PaperReading) -> bool:
    """True when both have an identifier of the same world-wide kind and it is not the same."""
    first, second = arxiv_id_of(one), arxiv_id_of(other)
    if first and second:
        return first != second
    first, second = doi_of(one), doi_of(other)
    return bool(first and second and first != second)


def same_work(one: PaperReading, other: PaperReading) -> float:
    """How sure it is, 0..1, that two readings show one work; 0 where the evidence does not suffice.

    Evidence is the title, the abstract, the authors and the date. No single damaged field decides: a title may be
    new if authors, date and abstract stay, and an abstract may be gone if title, authors and date are nearly the same.
    A numeral or part word that differs separates, unless abstract, authors and date all say otherwise.
    """
    if _ids_conflict(one, other):
        return 0.0
    day_equal = one.published is not None and one.published == other.published
    dates_agree = _dates_agree(one.published, other.published)
    authors_agree = _authors_agree(one, other)
    if not dates_agree and not authors_agree:
        return 0.0
    abstract = _abstract_similarity(one.abstract, other.abstract)
    title = _title_similarity(one.title, other.title)
    if are_distinct_titles(one.title, other.title):
        return abstract if abstract >= 0.9 and day_equal and authors_agree else 0.0
    if is_generic_title(one.title) or is_generic_title(other.title):
        return abstract if abstract >= 0.9 else 0.0
    certain = (
        title == 1.0
        # An abstract alone may be one that the source writes under every paper.
        or (abstract >= 0.9 and (day_equal or title >= 0.5))
        or (title >= 0.85 and authors_agree and dates_agree)
        or (title >= 0.85 and day_equal)
        or (title >= 0.7 and authors_agree and day_equal)
        or (abstract >= 0.7 and authors_agree and day_equal)
    )
    return max(title, abstract) if certain else 0.0


def may_be_one_work(one: PaperReading, other: PaperReading) -> bool:
    """False when `same_work` could not join the two either, had one of them an abstract that is not at hand."""
    if _ids_conflict(one, other):
        return False
    if one.published is not None and one.published == other.published:
        return True
    if not _dates_agree(one.published, other.published) and not _authors_agree(one, other):
        return False
    if is_generic_title(one.title) or is_generic_title(other.title):
        return True
    return _title_similarity(one.title, other.title) >= 0.5


def _title_similarity(one: str, other: str) -> float:
    if is_same_title(one, other):
        return 1.0
    first, second = normal_title(one), normal_title(other)
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 20 and longer.startswith(shorter):
        # Cut short, or a subtitle added: not quite the same title, but more than a typo's worth of evidence.
        return max(0.9, similarity(first, second))
    return similarity(first, second)


def _abstract_similarity(one: str | None, other: str | None) -> float:
    if one is None or other is None:
        return 0.0
    # What stands between the words is no part of them: only then is it cut.
    first, second = plain(one[: 2 * _ABSTRACT_COMPARED]), plain(other[: 2 * _ABSTRACT_COMPARED])
    length = min(len(first), len(second), _ABSTRACT_COMPARED)
    if length < _ABSTRACT_MIN:
        return 0.0
    return similarity(first[:length], second[:length])


def _dates_agree(one: Published | None, other: Published | None) -> bool:
    if one is None or other is None:
        return True
    gap = max(one.earliest, other.earliest) - min(one.latest, other.latest)
    return gap.days <= _DAYS_APART


def _authors_agree(one: PaperReading, other: PaperReading) -> bool:
    """True when the first authors have one family name, give or take a typo, or most names are on both lists."""
    if not one.authors or not other.authors:
        return not one.authors and not other.authors
    first, second = family_name(one.authors[0]), family_name(other.authors[0])
    if first == second or similarity(first, second) >= 0.75:
        return True
    ours, theirs = {family_name(a) for a in one.authors}, {family_name(a) for a in other.authors}
    return len(ours & theirs) * 2 >= min(len(ours), len(theirs))

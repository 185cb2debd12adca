from dataclasses import replace

import pytest

from tests.tracking.builders import knowing, paper, twenty
from tracking.aliases import alias_strength, aliases, fingerprint, identifiers_conflict
from tracking.identity import identify, issue_keys, may_be_one_work, same_work
from tracking.reading import PaperReading, Published

ABSTRACT = (
    "We follow the flow of meltwater below a glacier for three winters and find that what the maps call a river is "
    "a family of lakes, each of which drains within hours when the ice above it moves."
)


def one_paper(**facts: object) -> PaperReading:
    return paper("Rivers below a glacier", **facts)


def test_aliases_are_ordered_by_strength() -> None:
    shown = one_paper(arxiv_id="2503.00001", doi="10.1/ABC", source_id="77")
    found = aliases("scholarfeed", shown)
    assert found[:3] == ("arxiv:2503.00001", "doi:10.1/abc", "scholarfeed:77")
    assert found[3] == fingerprint(shown)


@pytest.mark.parametrize("doi", ["10.48550/arXiv.2503.00001", "10.48550/arxiv.2503.00001v2"])
def test_the_doi_that_arxiv_gives_is_the_arxiv_id(doi: str) -> None:
    shown = one_paper(doi=doi)
    assert aliases("dblp", shown) == ("arxiv:2503.00001", fingerprint(shown))
    assert may_be_one_work(shown, one_paper(doi="10.1/abc"))


@pytest.mark.parametrize(
    ("ours", "theirs", "conflict"),
    [
        ({"arxiv:1", "doi:1"}, {"arxiv:1", "doi:2"}, False),
        ({"arxiv:1", "doi:1"}, {"arxiv:2", "doi:1"}, True),
        ({"doi:1"}, {"doi:2", "fp:1"}, True),
        ({"arxiv:1"}, {"doi:2"}, False),
    ],
    ids=["one arXiv id", "two arXiv ids", "two DOIs", "of two kinds"],
)
def test_identifiers_that_keep_papers_apart(ours: set[str], theirs: set[str], conflict: bool) -> None:
    assert identifiers_conflict(ours, theirs) is identifiers_conflict(theirs, ours) is conflict


def test_the_strongest_alias_comes_first() -> None:
    found = ["fp:1", "scholarfeed:7", "doi:1", "arxiv:2", "arxiv:1"]
    assert sorted(found, key=alias_strength) == ["arxiv:1", "arxiv:2", "doi:1", "scholarfeed:7", "fp:1"]


@pytest.mark.parametrize("damaged_first", [True, False])
def test_a_title_that_was_damaged_is_the_same_paper(damaged_first: bool) -> None:
    whole, damaged = paper("Über die Flüsse von Erdős"), paper("\ufffdber die Fl\ufffdsse von Erd\ufffds")
    before, after = (damaged, whole) if damaged_first else (whole, damaged)
    known = knowing("s", [before])
    assert set(identify("s", [after], known).keys) == set(known)


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"title": "Rivers  below a GLACIER"}, True),
        ({"authors": ("A. Example", "Nobody Else")}, True),
        ({"authors": ("Zoe Other",)}, False),
        ({"published": None}, False),
        ({"title": "Rivers below a glacier II"}, False),
    ],
    ids=str,
)
def test_fingerprint_is_title_first_author_and_year(facts: dict[str, object], same: bool) -> None:
    assert (fingerprint(replace(one_paper(), **facts)) == fingerprint(one_paper())) is same  # type: ignore[arg-type]


def test_fingerprint_without_authors_or_words() -> None:
    assert fingerprint(paper("???", authors=())) != fingerprint(paper("!!!", authors=()))


def test_a_generic_title_needs_the_whole_date_to_be_told_from_its_namesakes() -> None:
    assert (
        issue_keys("s", [paper("Editorial", "2025-01-01"), paper("Editorial", "2025-02-01")])[0]
        != issue_keys("s", [paper("Editorial", "2025-02-01")])[0]
    )
    assert len(set(issue_keys("s", [paper("Editorial", "2025-01-01"), paper("Editorial", "2025-02-01")]))) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (one_paper(), one_paper(arxiv_id="2503.00001")),
        (one_paper(arxiv_id="2503.00001"), one_paper()),
        (one_paper(arxiv_id="2503.00001"), paper("Something else altogether", arxiv_id="2503.00001")),
        (one_paper(), one_paper(published="2026-01-02")),
        (one_paper(), replace(one_paper(), title="Rivers below a glaicer")),
        (one_paper(), replace(one_paper(), title="Rivers below a glacier: winters of measurement")),
        (one_paper(abstract=ABSTRACT), paper("Hidden lakes that drain at night", abstract=ABSTRACT)),
        (one_paper(abstract=ABSTRACT), replace(one_paper(abstract=ABSTRACT), title="Riv\ufffd\ufffds b\ufffdlow a 9lacier")),
        (one_paper(abstract=ABSTRACT), one_paper(abstract=ABSTRACT[:90], authors=("Ada Exmaple",))),
        (paper("Gemma 2 in the wild", abstract=ABSTRACT), paper("Gemma 7 in the wild", abstract=ABSTRACT)),
        (paper("Editorial", abstract=ABSTRACT), paper("Editorial", published=None, abstract=ABSTRACT)),
        (one_paper(authors=("Ada Example", "Bo Sample")), replace(one_paper(authors=("Bo Sample", "Ada Example")), title="Rivers below the glacier")),
    ],
    ids=[
        "link added", "link gone", "same id", "year moved", "typo", "subtitle", "retitled, same abstract",
        "title damaged", "authors and abstract damaged", "numeral mended, all else the same", "generic, same abstract",
        "authors reordered",
    ],
)  # fmt: skip
def test_the_same_work_keeps_its_key(before: PaperReading, after: PaperReading) -> None:
    others = twenty()
    known = knowing("s", [*others, before])
    identified = identify("s", [after, *others], known)
    assert identified.keys[0] == issue_keys("s", [before])[0]
    assert identified.aliases[identified.keys[0]] >= set(aliases("s", before))
    assert set(identified.keys) == set(known)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (one_paper(arxiv_id="2503.00001"), replace(one_paper(arxiv_id="2503.00002"), title="Rivers below glaciers")),
        (one_paper(doi="10.1/a"), replace(one_paper(doi="10.1/b"), title="Rivers below glaciers")),
        (paper("Sheaves, Part I"), paper("Sheaves, Part II")),
        (one_paper(), paper("Counting bees in spring")),
        (one_paper(), replace(one_paper(authors=("Zoe Other",)), title="Rivers below a glazier", published=None)),
        (paper("Editorial", "2025-01-01"), paper("Editorial", "2025-02-01")),
        (one_paper(), one_paper(published="2019-01-01", authors=("Zoe Other",))),
    ],
    ids=[
        "other arXiv id",
        "other DOI",
        "next part",
        "other title",
        "other authors",
        "generic",
        "nothing but the title",
    ],
)
def test_another_work_gets_a_key_of_its_own(before: PaperReading, after: PaperReading) -> None:
    known = knowing("s", [before])
    assert identify("s", [after], known).keys[0] not in known


def test_part_two_beside_part_one_is_another_work_even_with_one_abstract() -> None:
    first, second = paper("Sheaves, Part I", abstract=ABSTRACT), paper("Sheaves, Part II", abstract=ABSTRACT)
    known = knowing("s", [first])
    keys = identify("s", [second, first], known).keys
    assert keys[1] in known
    assert keys[0] not in known


def test_two_preprints_with_one_title_are_two() -> None:
    pair = [one_paper(arxiv_id="2503.00001"), one_paper(arxiv_id="2503.00002")]
    known = knowing("s", pair)
    assert len(known) == 2
    assert identify("s", list(reversed(pair)), known).keys == tuple(reversed(list(known)))


def test_two_works_that_only_a_position_tells_apart_still_get_two_keys() -> None:
    taken = paper("Editorial", arxiv_id="1")
    known = knowing("s", [taken])
    namesake = replace(taken, arxiv_id="2")
    keys = identify("s", [taken, namesake], known).keys
    assert keys == ("arxiv:1", "arxiv:2")
    bare_known = knowing("s", [one_paper(arxiv_id="2503.00001"), one_paper(arxiv_id="2503.00002")])
    shown = [one_paper(arxiv_id="2503.00001"), one_paper(arxiv_id="2503.00002"), one_paper(arxiv_id="2503.00003")]
    assert len(set(identify("s", shown, bare_known).keys)) == 3


@pytest.mark.parametrize(
    ("copy", "is_one"),
    [
        ({}, True),
        ({"title": "Rivers below a glaciers", "abstract": ABSTRACT}, True),
        ({"title": "Rivers below a glazier", "abstract": "Quite another matter, at some length. " * 4}, False),
        ({"arxiv_id": "2503.00001"}, True),
    ],
    ids=["exact", "a letter more", "a letter and the abstract", "with a link"],
)
def test_a_paper_shown_twice_is_one(copy: dict[str, object], is_one: bool) -> None:
    shown = one_paper(abstract=ABSTRACT)
    known = knowing("s", [shown])
    again = replace(shown, **copy)  # type: ignore[arg-type]
    assert (set(identify("s", [shown, again], known).keys) == set(known)) is is_one


def test_an_abstract_that_stands_under_every_paper_is_no_evidence() -> None:
    """A capped list: one paper falls off on the day on which another appears."""
    before = [paper(shown.title, str(shown.published), abstract=ABSTRACT) for shown in twenty()]
    new = paper("Counting bees in spring", "2026-11-21", abstract=ABSTRACT)
    known = knowing("s", before)
    assert identify("s", [new, *before[1:]], known).keys[0] not in known


def test_the_copy_of_one_of_many_is_found_behind_others_of_the_same_day() -> None:
    day = "2025-03-04"
    rivers = one_paper(abstract=ABSTRACT)
    shown = [paper("Counting bees in spring", day), rivers, replace(rivers, title="Rivers below a glaciers")]
    keys = issue_keys("s", shown)
    assert keys[1] == keys[2] != keys[0]


def test_what_left_long_ago_yields_to_what_stood_there_yesterday() -> None:
    base = replace(one_paper(), title="Rivers below a glacier today")
    old, recent = (
        replace(base, title="Rivers below a glacier todai"),
        replace(base, title="Rivers below a glacier todax"),
    )
    known = dict(knowing("s", [old]))
    gone = next(iter(known))
    known[gone] = replace(known[gone], listed=False)
    known |= knowing("s", [recent])
    assert identify("s", [base], known).keys[0] != gone


def test_a_page_that_changed_as_a_whole_is_not_compared_pair_by_pair() -> None:
    before = [paper(f"Old story number {n}", authors=("Ada Example",)) for n in range(500)]
    after = [paper(f"Quite another tale number {n}", authors=("Ada Example",)) for n in range(1000, 1500)]
    known = knowing("s", before)
    assert not set(identify("s", after, known).keys) & set(known)


def test_evidence_needs_an_author_or_a_date() -> None:
    assert same_work(one_paper(authors=()), one_paper(authors=())) == 1.0
    assert same_work(one_paper(abstract="Too short."), paper("Bees", abstract="Too short.")) == 0.0
    assert same_work(one_paper(), replace(one_paper(authors=("Zoe Other",)), published=None)) == 1.0


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"title": "Something else entirely"}, True),
        ({"title": "Something else entirely", "published": None}, False),
        ({"title": "Rivers below glaciers", "published": None}, True),
        ({"title": "Something else entirely", "published": Published(2019), "authors": ("Zoe Other",)}, False),
        ({"title": "Editorial", "published": None}, True),
        ({"arxiv_id": "2503.00002"}, False),
    ],
    ids=str,
)
def test_two_showings_that_an_abstract_might_join(facts: dict[str, object], may: bool) -> None:
    here = one_paper(arxiv_id="2503.00001")
    assert may_be_one_work(here, replace(one_paper(), **facts)) is may  # type: ignore[arg-type]


def test_a_paper_whose_names_are_all_others_has_its_key_alone() -> None:
    """Identifiers crossed between papers: what is left over is a paper of its own, under a name nobody has."""
    rings, fields = paper("On Rings", doi="10.1/b"), paper("On Fields", arxiv_id="2401.00001", doi="10.1/c")
    shown = [
        replace(rings, arxiv_id="2401.00009"),
        replace(fields, arxiv_id="2401.00008"),
        replace(rings, arxiv_id="2401.00001"),
    ]
    identified = identify("scholarfeed", shown, knowing("scholarfeed", [rings, fields]))
    assert identified.keys[:2] == ("doi:10.1/b", "arxiv:2401.00001")
    left_over = identified.keys[2]
    assert left_over not in identified.keys[:2]
    assert identified.aliases[left_over] == {left_over}

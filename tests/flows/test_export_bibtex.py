"""A bibliography that BibTeX reads, whatever a title holds."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from alerts.inert import inert
from flows.export.bibtex import BibtexFile
from flows.export.exporting import export
from flows.export.wanted import Format, Wanted
from storage.store import Store
from tests.flows.hostile_titles import TITLES, tell
from tests.storage.builders import accepted, apply, day, followed, paper, watch
from tracking.exported import ExportedRow, Table
from tracking.reading import PaperReading, Published
from tracking.reading_json import paper_to_json

#: What the decoder does not know of LaTeX; and of what it knows, the typography of dashes and quotes.
_SYMBOLS = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciicircum": "^",
    "textasciitilde": "~",
}
_TYPOGRAPHY = re.compile(r"--|``|''|[?!]`")


def _decoder() -> LatexNodes2Text:
    context = get_default_latex_context_db()
    known = [MacroTextSpec(name, text) for name, text in _SYMBOLS.items()]
    context.add_context_category("symbols", macros=known, prepend=True)
    return LatexNodes2Text(latex_context=context, strict_latex_spaces=True)


DECODER = _decoder()


def parsed(text: str) -> dict[str, dict[str, str]]:
    """The entries by their keys; their fields as LaTeX shows them."""
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=DECODER)])
    assert library.failed_blocks == []
    assert [block for block in library.blocks if block not in library.entries] == []
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def entry(**facts: Any) -> tuple[str, dict[str, str]]:
    """The key and the fields of a bibliography of one paper."""
    ((key, fields),) = parsed(written([PaperReading(**({"title": "On Engines"} | facts))])).items()
    return key, fields


def written(papers: list[PaperReading]) -> str:
    out = io.BytesIO()
    rows = [
        ExportedRow(Table.PAPERS, {"paper": f"arxiv:{number}"} | paper_to_json(paper))
        for number, paper in enumerate(papers)
    ]
    file = BibtexFile(out)
    for row in rows:
        file.count(row)
    for row in rows:
        file.write(row)
    return out.getvalue().decode()


_titles = st.text(min_size=1).filter(lambda text: inert(text) != "" and not _TYPOGRAPHY.search(inert(text)))


@given(_titles)
def test_any_title_is_read_as_it_was(title: str) -> None:
    _, fields = entry(title=title, abstract=title, category=title)
    assert fields == {"title": inert(title), "keywords": inert(title), "abstract": inert(title)}


@given(st.lists(_titles.filter(lambda text: "{" not in text), min_size=1, max_size=4), st.booleans())
def test_any_author_is_one_author(authors: list[str], complete: bool) -> None:
    text = written([PaperReading(title="On Engines", authors=tuple(authors), authors_complete=complete)])
    (block,) = bibtexparser.parse_string(text).entries
    names = _split(block.fields_dict["author"].value)
    assert [DECODER.latex_to_text(name).strip() for name in names] == [
        *(inert(author) for author in authors),
        *([] if complete else ["others"]),
    ]


def _split(names: str) -> list[str]:
    """As BibTeX does it: at each word ``and`` that is in no braces."""
    parts, depth = [[]], 0  # type: list[list[str]], int
    for word in names.split(" "):
        if word.casefold() == "and" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
        depth += word.count("{") - word.count("}")
    return [" ".join(part) for part in parts]


def test_an_entry_says_what_is_known() -> None:
    (text,) = written(
        [
            PaperReading(
                title="GPT-4 and the BERT of 2019: A {Survey}",
                authors=("Jörg Müller", "Barnes and Noble", "Smith, Jane", "a, b, c"),
                authors_complete=False,
                published=Published(2024, 3, 7),
                category="cs.LG",
                arxiv_id="2403.00001",
                doi="10.1000/a_b(c)<1::d>2.0",
                url="https://example.org/a_b?x=%20#y",
                score=98.1,
            )
        ]
    ).split("\n\n")[:-1]
    assert text == (
        "@misc{muller2024gpt,\n"
        "  title = {{GPT-4} and the {BERT} of 2019: A \\textbraceleft{}Survey\\textbraceright{}},\n"
        "  author = {Jörg Müller and {Barnes and Noble} and Smith, Jane and {a, b, c} and others},\n"
        "  year = {2024},\n"
        "  month = mar,\n"
        "  eprint = {2403.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  doi = {10.1000/a_b(c)<1::d>2.0},\n"
        "  url = {https://example.org/a_b?x=%20#y},\n"
        "  keywords = {cs.LG}\n"
        "}"
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"doi": "10.1/}, evil = {x"},
        {"arxiv_id": "2403.00001}"},
        {"doi": "10.1/a b"},
        {"doi": r"10.1/\input"},
        {"url": "javascript:alert(1)"},
        {"url": "https://example.org/}"},
        {"authors": ("\u200b",)},
    ],
    ids=["a brace", "a brace in an id", "a space", "a command", "no web address", "a brace in a URL", "no author"],
)
def test_what_can_not_stand_in_a_field_is_left_out(facts: dict[str, Any]) -> None:
    assert entry(**facts)[1] == {"title": "On Engines"}


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({}, "anonymousndengines"),
        ({"authors": ("Mary Shaw",), "published": Published(2024)}, "shaw2024engines"),
        ({"authors": ("Shaw, Mary",)}, "shawndengines"),
        ({"authors": ("Søren Ørsted-Øst",)}, "orstedostndengines"),
        ({"authors": ("Pat O'Brien",)}, "obrienndengines"),
        ({"authors": ("王小明",)}, "anonymousndengines"),
        ({"title": "王小明的论文"}, "anonymousnduntitled"),
        ({"title": "“Straße” of the"}, "anonymousndstrasse"),
        ({"title": "3D Gaussian Splatting"}, "anonymousnd3d"),
        ({"title": "The of"}, "anonymousnduntitled"),
    ],
    ids=[
        "nothing known",
        "plain",
        "family first",
        "no ASCII",
        "apostrophe",
        "no letters",
        "no word",
        "ß",
        "3D",
        "small",
    ],
)
def test_keys_say_who_when_and_what(facts: dict[str, Any], key: str) -> None:
    assert entry(**facts)[0] == key


def test_papers_of_one_key_are_told_apart_by_themselves_alone() -> None:
    one, two, other = (PaperReading(title=title, authors=("M. Shaw",)) for title in ("Notes I", "Notes II", "Engines"))
    keys = list(parsed(written([one, two, other])))
    assert [re.sub(r"-[0-9a-f]{6}$", "-…", key) for key in keys] == ["shawndnotes-…", "shawndnotes-…", "shawndengines"]
    assert list(parsed(written([one, two]))) == keys[:2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "scholarwatch.db")) as opened:
        yield opened


def bibliography(store: Store, **wanted: Any) -> dict[str, dict[str, str]]:
    out = io.BytesIO()
    exported = export(store, Wanted(format=Format.BIBTEX, out=None, **wanted), day(9), standard_output=out)
    entries = parsed(out.getvalue().decode())
    assert dict(exported.rows) == {"entries": len(entries)}
    return entries


def test_every_listed_paper_of_those_who_are_followed_is_in_it_once(store: Store) -> None:
    tell(store)
    titles = [fields["title"] for fields in bibliography(store).values()]
    assert sorted(titles) == sorted(inert(title) for title in TITLES)
    assert [fields["title"] for fields in bibliography(store, people=("Bo",)).values()] == [TITLES[0]]
    assert len(bibliography(store, tags=("+c",))) == len(TITLES)


def test_a_paper_that_has_left_is_in_it_no_more(store: Store) -> None:
    store.follow([followed("Ada", "1")], day(-1))
    engines, notes = paper("arxiv:1"), paper("arxiv:2")
    apply(store, accepted(watch(store), day(0), [engines, notes]))
    apply(store, accepted(watch(store), day(1), [engines], new=[], unlisted={"arxiv:2": notes.paper}))
    assert [fields["title"] for fields in bibliography(store).values()] == ["On arxiv:1"]

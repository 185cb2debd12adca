"""The small readers that the Scholar Feed parser is made of: days, bylines, identifiers, labelled numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.dates import Day, read_day
from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.labelled_values import Label, read_labelled, whole_number
from scrapers.page_text import read_page_text, visible
from scrapers.parse_error import ParseError
from scrapers.sources.scholarfeed.bylines import Byline, read_byline
from scrapers.sources.scholarfeed.grammar import is_small_print
from scrapers.sources.scholarfeed.targets import LinkReader, address_of
from tracking.check import Page
from tracking.reading import Published


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jun 3, 2022", Day(2022, 6, 3)),
        ("June 3, 2022", Day(2022, 6, 3)),
        ("Sept 30", Day(None, 9, 30)),
        ("Dec. 1 1999", Day(1999, 12, 1)),
        ("Feb 29", Day(None, 2, 29)),
    ],
)
def test_days(text: str, day: Day) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["Feb 30", "Feb 29, 2023", "Foo 3", "3 Jun", "", "Jun", "Jun 31, 2022", "jun 3"])
def test_no_days(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        read_day(text)


@pytest.mark.parametrize(
    ("day", "observed_on", "published"),
    [
        (Day(None, 5, 12), date(2026, 11, 22), Published(2026, 5, 12)),
        (Day(None, 12, 30), date(2026, 1, 2), Published(2025, 12, 30)),
        (Day(None, 1, 3), date(2026, 1, 2), Published(2026, 1, 3)),
        (Day(None, 1, 4), date(2026, 1, 2), Published(2025, 1, 4)),
        (Day(None, 1, 1), date(2025, 12, 31), Published(2026, 1, 1)),
        (Day(None, 2, 29), date(2026, 3, 1), Published(2024, 2, 29)),
        (Day(None, 2, 29), date(1903, 3, 1), Published(1896, 2, 29)),
    ],
    ids=[
        "this year",
        "last year",
        "one day of grace",
        "two days are too many",
        "over the year",
        "leap year",
        "the longest gap",
    ],
)
def test_a_day_without_a_year_is_the_latest(day: Day, observed_on: date, published: Published) -> None:
    assert day.published(observed_on) == (published, True)


def test_a_day_with_a_year_is_that_day() -> None:
    assert Day(2031, 5, 12).published(date(2026, 1, 1)) == (Published(2031, 5, 12), False)


@given(day=st.dates(date(1900, 1, 1), date(2100, 1, 1)), observed_on=st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_no_later_such_day_is_over(day: date, observed_on: date) -> None:
    published, inferred = Day(None, day.month, day.day).published(observed_on)
    assert inferred
    assert (published.month, published.day) == (day.month, day.day)
    assert -8 * 366 < (published.earliest - observed_on).days <= 1


def _byline(*authors: str, cut: bool = False, institutions: tuple[str, ...] = (), doubt: int = 0) -> Byline:
    return Byline(authors, not cut, institutions, doubt)


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("Ada Quill, Bo Ek", _byline("Ada Quill", "Bo Ek", doubt=1)),
        ("Ada Quill", _byline("Ada Quill", doubt=2)),
        ("Ada Quill et al.", _byline("Ada Quill", cut=True)),
        ("Ada Quill, et al", _byline("Ada Quill", cut=True)),
        ("Mark Rowland et al.", _byline("Mark Rowland", cut=True)),
        ("Lea Brothers", _byline("Lea Brothers", doubt=2)),
        ("Ada Quill + 12 more", _byline("Ada Quill", cut=True)),
        ("Ada Quill, Bo Ek and 3 others", _byline("Ada Quill", "Bo Ek", cut=True)),
        ("Ada Quill, Bo Ek, …", _byline("Ada Quill", "Bo Ek", cut=True)),
        ("Ada Quill, Bo Ek, and Cy Ode", _byline("Ada Quill", "Bo Ek", "Cy Ode", doubt=1)),
        ("Ada Quill · mila, deepmind", _byline("Ada Quill", institutions=("mila", "deepmind"))),
        ("Ada Quill et al. · ETH Zürich · mila", _byline("Ada Quill", cut=True, institutions=("ETH Zürich", "mila"))),
        ("J. K. D., M.-J. de la O", _byline("J. K. D.", "M.-J. de la O", doubt=1)),
        ("The LIGO Scientific Collaboration", _byline("The LIGO Scientific Collaboration", doubt=2)),
        ("bell hooks", _byline("bell hooks", doubt=8)),
        ("李明", _byline("李明", doubt=2)),
    ],
)  # fmt: skip
def test_bylines(text: str, byline: Byline) -> None:
    assert read_byline(text) == byline


@pytest.mark.parametrize(
    "text",
    ["", "et al.", "· mila", "12, 13", "This is an abstract, and nobody wrote it.", "What is this?", "We follow what was said by Smith et al.",
     "We study learning.", "An abstract without a full stop"],
)  # fmt: skip
def test_no_bylines(text: str) -> None:
    assert read_byline(text) is None


_NAMES = (
    "Ada Quill",
    "J. K. O'Neil",
    "Jean-Luc 't Hooft",
    "李明",
    "Lea Brothers",
    "Paul Al",
    "Noah Q. Day Jr.",
    "ATLAS",
)
_OTHERS = (
    " et al.", ", et al", " ET. AL.", " et al", " and et al.", " + 12", ", +3 more", " + 9 authors", ", 3 others", " and 12 more",
    " & 2 others", ", others", " and others", "…", " …", ", ...", ", , …", " + ٣",
)  # fmt: skip


@given(names=st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5), others=st.sampled_from(_OTHERS))
def test_a_byline_is_cut_wherever_its_last_comma_stands(names: list[str], others: str) -> None:
    """Only what stands behind the last comma is searched for others."""
    whole, cut = read_byline(", ".join(names)), read_byline(", ".join(names) + others)
    assert whole is not None
    assert cut is not None
    assert (whole.authors, whole.complete) == (tuple(names), True)
    assert (cut.authors, cut.complete, cut.doubt) == (tuple(names), False, 0)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Ada Quill, bell hooks", 8),
        ("bell hooks et al.", 4),
        ("Ⓐ Ⓑ, Ada Quill", None),
        ("Ⅷ", None),
        ("de la", 2),
        ("Ⓐnna Quill", 8),
        ("Jr.", 8),
        ("Quill.", None),
        ("One Two Three Four Five Six Seven Eight", 8),
        ("one two three", None),
        (f"Ada {'Q' * 140}", None),
    ],
)
def test_the_least_likely_name_decides(text: str, doubt: int | None) -> None:
    byline = read_byline(text)
    assert (byline.doubt if byline is not None else None) == doubt


_SMALL_PRINT = (
    "Load more", "show abstract", "PDF", "Saved", "Sign in", "Terms of Service", "cookie policy", "About us", "Next",
    "© " + "x" * 119, "copyright " + "x" * 120, "x" * 79 + " all rights reserved " + "x" * 39, "All rights reserved",
)  # fmt: skip


@given(words=st.sampled_from(_SMALL_PRINT), signs=st.text(" .…→↑»·|", max_size=300))
def test_small_print_is_known_however_many_signs_follow(words: str, signs: str) -> None:
    assert is_small_print(visible(words + signs))


_PATHS = st.lists(
    st.sampled_from(
        [
            "/",
            "//",
            "paper",
            "2401.01234v2",
            "a-b",
            "~x",
            "_y",
            "v1.2",
            ".",
            "..",
            ".x",
            "x.",
            "-",
            "é",
            "%2F",
            "?",
            "#",
            ";",
            ":",
            " ",
            "\t",
        ]
    ),
    max_size=7,
).map("".join)
_BASES = (
    "https://www.scholarfeed.org/author/1",
    "HTTP://Ex.ORG:80/a/b?c#d",
    "http:///x",
    "file:///a/b",
    "about:blank",
    "x",
    "//h/x",
)


@given(href=_PATHS, base=st.sampled_from(_BASES))
def test_plain_paths_lead_where_all_links_lead(href: str, base: str) -> None:
    assert LinkReader(base, ()).address(href) == address_of(href, base)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/paper/2401.01234v2", "https://example.org/paper/2401.01234v2"),
        ("/a/../b#top", "https://example.org/b"),
        ("c", "https://example.org/author/c"),
        ("//other.org/x", "https://other.org/x"),
        ("#top", None),
        ("mailto:ada@example.org", None),
        ("http://[x", None),
    ],
)
def test_where_links_lead(href: str, url: str | None) -> None:
    address = LinkReader("https://example.org/author/1", ()).address(href)
    assert (address.url if address is not None else None) == url


@pytest.mark.parametrize(
    ("url", "arxiv"),
    [
        ("https://arxiv.org/abs/2401.01234", ArxivId("2401.01234")),
        ("https://www.arxiv.org/pdf/2401.01234v3.pdf", ArxivId("2401.01234", 3)),
        ("http://example.org/paper/2401.01234v2?x=1", ArxivId("2401.01234", 2)),
        ("http://example.org/paper/astro-ph%2F0601001", ArxivId("astro-ph/0601001")),
        ("https://arxiv.org/abs/math.AG/0601001v1", ArxivId("math.AG/0601001", 1)),
        ("https://doi.org/10.48550/arXiv.2401.01234", ArxivId("2401.01234")),
        ("https://elsewhere.org/paper/2401.01234", None),
        ("http://example.org/paper/some-slug", None),
        ("http://[broken", None),
    ],
)
def test_arxiv_ids_in_urls(url: str, arxiv: ArxivId | None) -> None:
    assert ArxivId.in_url(url, frozenset({"example.org"})) == arxiv


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [("arXiv:2401.01234v2", ArxivId("2401.01234", 2)), ("hep-th/0403123", ArxivId("hep-th/0403123")), ("x", None)],
)
def test_arxiv_ids_alone(text: str, arxiv: ArxivId | None) -> None:
    assert ArxivId.read(text) == arxiv


def test_dois() -> None:
    assert doi_in_url("https://doi.org/10.5555/ABC%20d") is None
    assert doi_in_url("https://dx.doi.org/10.5555/ABC.1") == "10.5555/abc.1"
    assert doi_in_url("https://example.org/10.5555/ABC.1") is None
    assert read_doi("doi:10.5555/X") == "10.5555/x"


_LABELS = (
    Label("h", "h-index"),
    Label("papers", "papers"),
    Label("cited", "citations"),
    Label("novelty", "novelty", percent=True),
)


def _labelled(html: str) -> dict[str, str | None]:
    page = Page(url="", status=200, headers={"content-type": "text/html"}, body=html.encode())
    return {pair.label.name: pair.value for pair in read_labelled(read_page_text(page).blocks, _LABELS)}


@pytest.mark.parametrize(
    ("html", "values"),
    [
        pytest.param("<p>h-index117</p><p>50papers</p>", {"h": "117", "papers": "50"}, id="glued"),
        pytest.param("<p>117 h-index</p><p>papers: 50</p>", {"h": "117", "papers": "50"}, id="either order"),
        pytest.param("<p>h-index117<b>50</b>papers</p>", {"h": "117", "papers": "50"}, id="parted by an element only"),
        pytest.param("<p>h-index 117 · 50 papers – 9 citations</p>", {"h": "117", "papers": "50", "cited": "9"}, id="on one line"),
        pytest.param("<p>h-index<p>117<p>50<p>papers", {"h": "117", "papers": "50"}, id="each on a line"),
        pytest.param("<div><p>h-index</div><div><p>50<p>papers</div>", {"h": None, "papers": "50"}, id="one without a value"),
        pytest.param("<p>h-index<p>–<p>–<p>papers", {"h": None, "papers": None}, id="dashes"),
        pytest.param("<dl><dd>7<dt>papers</dl>", {"papers": "7"}, id="two that are alone"),
        pytest.param("<p>h-index – 117</p>", {"h": "117"}, id="a dash that parts"),
        pytest.param("<dl><dt>h-index<dd>7<dt>papers<dd></dl>", {"h": "7", "papers": None}, id="an empty definition"),
        pytest.param("<p>h-index<p>novelty<p>papers<p>7<p>5%<p>3", {"h": "7", "novelty": "5%", "papers": "3"}, id="columns"),
        pytest.param("<p>h-index <button>what is this</button> 7</p>", {"h": "7"}, id="a button between"),
        pytest.param("<p>my 7 papers in prose</p><p>h-index 3</p>", {"h": "3"}, id="prose"),
        pytest.param("<p>h-index 3</p><h2>7 papers <small>by rank</small></h2>", {"h": "3", "papers": "7"}, id="something small"),
    ],
)  # fmt: skip
def test_labelled_values(html: str, values: dict[str, str | None]) -> None:
    assert _labelled(html) == values


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>h-index11750papers</p>", "two numbers may be glued together"),
        ("<p>7<p>h-index<p>8", "it cannot be told which number belongs to which label"),
        ("<p>h-index 8 papers</p>", "it cannot be told"),
        ("<p>h-index<p>novelty<p>7<p>8", "the value does not fit the label"),
        ("<p>h-index<p>of all time<p>8", "a number stands apart from its label"),
        ("<p>h-index<p>5%", "a number stands apart from its label"),
    ],
)
def test_values_that_cannot_be_told_apart(html: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        _labelled(html)


def test_whole_numbers() -> None:
    assert [whole_number(text) for text in ("0", "117", "17,576", "1,000,000")] == [0, 117, 17_576, 1_000_000]
    for text in ("17.6K", "1,00", "3.5", "17 576", ""):
        with pytest.raises(ParseError, match="not a whole number"):
            whole_number(text)

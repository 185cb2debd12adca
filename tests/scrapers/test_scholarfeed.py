"""Scholar Feed pages: keys, completeness, warnings, links, islands, and pages that mean harm."""

from dataclasses import replace
from datetime import date
from html import escape
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scrapers.parse_error import ParseError
from scrapers.sources.scholarfeed import page as scholarfeed
from tests.laws import tried
from tests.scrapers.made_up import OBSERVED_ON, ShownProfile, profiles, shown_paper, shown_profile
from tests.scrapers.markups import articles, flat_headings, linked_cards, text_copy
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading


def _page(body: str, content_type: str = "text/html", url: str = "https://www.scholarfeed.org/author/1") -> Page:
    return Page(url=url, status=200, headers={"content-type": content_type}, body=body.encode())


def _profile(count: int, *, papers: int | None, h_index: int = 0) -> ShownProfile:
    return shown_profile(
        [shown_paper(f"Paper number {number}", paragraphs=("Something.",)) for number in range(count)],
        name="Ada Quill",
        metrics={"h_index": h_index, "papers": papers},
    )


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.scholarfeed.org/author/12345", "12345"),
        ("https://www.scholarfeed.org/author/12345/", "12345"),
        ("https://www.scholarfeed.org/author/12345?tab=papers", "12345"),
        ("https://www.scholarfeed.org/Researchers/ada-quill", "ada-quill"),
        ("http://127.0.0.1:8099/u/7", "7"),
        ("https://www.scholarfeed.org/author/12345/ada", "author/12345/ada"),
        ("https://www.scholarfeed.org/people/12345", "people/12345"),
        ("https://www.scholarfeed.org/view?utm_source=x&id=7&a=b", "view?a=b&id=7"),
        ("https://www.scholarfeed.org/author", "author"),
    ],
)
def test_profile_key(url: str, key: str) -> None:
    assert scholarfeed.profile_key(url) == key


@pytest.mark.parametrize(
    "url", ["https://www.scholarfeed.org", "https://www.scholarfeed.org/", "https://www.scholarfeed.org/?id=7"]
)
def test_no_profile_without_a_path(url: str) -> None:
    with pytest.raises(ValueError, match="no profile in this URL"):
        scholarfeed.profile_key(url)


@pytest.mark.parametrize(
    ("count", "papers", "complete"),
    [
        (49, 49, True),
        (49, 48, True),
        (49, None, True),
        (49, 60, False),
        (50, 50, False),
        (50, None, False),
        (51, 51, True),
        (500, 500, True),
    ],
)
def test_completeness(count: int, papers: int | None, complete: bool) -> None:
    reading = scholarfeed.parse(_page(articles(_profile(count, papers=papers))), OBSERVED_ON)
    assert len(reading.papers) == count
    assert reading.complete is complete


def test_warnings_are_sentences_in_order() -> None:
    late = shown_paper(
        "From tomorrow on", published=replace(shown_paper("x").reading.published, year=2027), paragraphs=("A.",)
    )  # type: ignore[type-var]
    profile = shown_profile(
        [late, shown_paper("Twice"), shown_paper("Twice")], name="Ada Quill", metrics={"h_index": 9, "papers": 2}
    )
    assert scholarfeed.parse(_page(articles(profile)), OBSERVED_ON).warnings == (
        "The h-index, 9, is larger than the number of papers shown, 3.",
        "The profile counts 2 papers and shows 3.",
        "2 papers have the same title: Twice",
        "Published after the day of the page, on 2027-06-03: From tomorrow on",
    )


@given(profile=profiles(), share=st.floats(0, 0.999))
@tried(40)
def test_a_page_cut_anywhere_is_no_page(profile: ShownProfile, share: float) -> None:
    """From the first element on: what is cut before is a page of nothing."""
    whole = flat_headings(profile)
    end = whole.index("</body>")
    start = whole.index("<body>") + len("<body>")
    with pytest.raises(ParseError):
        scholarfeed.parse(_page(whole[: start + int(share * (end - start))]), OBSERVED_ON)


@given(profile=profiles(), share=st.floats(0, 1))
@tried(60)
def test_a_text_cut_anywhere_is_no_page_or_lacks_the_end_of_the_last_paper(profile: ShownProfile, share: float) -> None:
    whole = text_copy(profile)
    # An abstract that holds the head of a paper may stand in for the paper that was cut off: see the test below.
    assume(not any(paragraph.startswith("LG ") for shown in profile.papers for paragraph in shown.paragraphs))
    try:
        reading = scholarfeed.parse(_page(whole[: int(share * len(whole))], "text/plain"), OBSERVED_ON)
    except ParseError:
        return
    expected = profile.reading.papers
    assert reading.papers[:-1] == expected[:-1]
    assert reading.papers[-1].title == expected[-1].title
    assert len(reading.papers) == len(expected)


@pytest.mark.parametrize("wrong", [-1, 1])
def test_the_pages_own_count_must_hold(wrong: int) -> None:
    profile = _profile(3, papers=None)
    html = articles(profile).replace("3 Papers", f"{3 + wrong} Papers")
    with pytest.raises(ParseError) as caught:
        scholarfeed.parse(_page(html), OBSERVED_ON)
    assert caught.value.stage in ("papers", "byline")


def test_two_ways_to_read_a_list_are_none() -> None:
    """A whole paper inside an abstract cannot be told from one on the list, where nothing but text is there."""
    text = "Ada Quill\nLG\nh-index1\n2 Papers\n" + "LGJun 3, 2022\nA Title\nAda Quill\n\nText.\n\n" * 3
    with pytest.raises(ParseError, match="more than one choice makes a list"):
        scholarfeed.parse(_page(text, "text/plain"), OBSERVED_ON)


def test_a_whole_paper_inside_an_abstract_is_told_by_its_card() -> None:
    quoted = ("We quote:", "LG Jun 3, 2022", "A Quoted Paper", "Bo Ek, Cy Ode et al.", "Its abstract.")
    profile = shown_profile(
        [shown_paper("One", paragraphs=quoted), shown_paper("Two")], name="Ada Quill", metrics={"h_index": 1}
    )
    html = articles(profile)
    whole = "</p><p>".join(map(escape, quoted))
    html = html.replace(escape("\n\n".join(quoted)), whole)
    assert whole in html
    assert scholarfeed.parse(_page(html), OBSERVED_ON).papers == profile.reading.papers


def test_too_many_lines_like_heads_are_no_list() -> None:
    html = articles(shown_profile([shown_paper("One", paragraphs=("x",))], name="Ada Quill", metrics={"h_index": 1}))
    with pytest.raises(ParseError, match="the page names 1 papers and shows 201"):
        scholarfeed.parse(_page(html.replace("<p>x</p>", "<p>LG Jun 3, 2022</p>" * 200)), OBSERVED_ON)


def test_what_stands_between_and_after_cards_is_not_theirs() -> None:
    html = articles(_profile(3, papers=3))
    html = html.replace("</article>", "</article><div>Advertisement: buy now</div>").replace(
        "</body>", "<p>That is all.</p></body>"
    )
    assert [paper.abstract for paper in scholarfeed.parse(_page(html), OBSERVED_ON).papers] == ["Something."] * 3


def test_furniture_is_not_part_of_a_profile() -> None:
    profile = _profile(2, papers=2)
    assert scholarfeed.parse(_page(linked_cards(profile)), OBSERVED_ON).papers == profile.reading.papers


def _with_card(card: str) -> PaperReading:
    html = f"<h1>Ada Quill</h1><p>LG</p><p>h-index 1</p><h2>2 Papers</h2><ul>{card}<li><p>LG May 1, 2020</p><h3>Other</h3><p>Bo Ek</p></li></ul>"
    return scholarfeed.parse(_page(html), OBSERVED_ON).papers[0]


_HEAD = "<p><a href='/category/LG'>LG</a> <time>May 2, 2020</time><a href='https://github.com/a/b'>Code</a></p>"
_BYLINE = "<p><a href='/author/5'>Ada Quill</a>, <a href='/author/6'>Bo Ek</a></p>"


@pytest.mark.parametrize(
    ("card", "url", "arxiv_id", "version", "doi"),
    [
        pytest.param(
            f"<li>{_HEAD}<h3><a href='/paper/2005.00001v3#top'>A</a></h3>{_BYLINE}</li>",
            "https://www.scholarfeed.org/paper/2005.00001v3", "2005.00001", 3, None, id="on the title",
        ),
        pytest.param(
            f"<li><a href='/paper/2005.00001' class='overlay'></a>{_HEAD}<h3>A</h3>{_BYLINE}</li>",
            "https://www.scholarfeed.org/paper/2005.00001", "2005.00001", None, None, id="over the card, before",
        ),
        pytest.param(
            f"<li>{_HEAD}<h3>A</h3>{_BYLINE}<p>Text.</p><a href='/paper/2005.00001'></a></li>",
            "https://www.scholarfeed.org/paper/2005.00001", "2005.00001", None, None, id="over the card, after",
        ),
        pytest.param(
            f"<li><a href='/paper/2005.00001'>{_HEAD}<h3>A</h3><p>Ada Quill, Bo Ek</p></a></li>",
            "https://www.scholarfeed.org/paper/2005.00001", "2005.00001", None, None, id="around the card",
        ),
        pytest.param(
            f"<li>{_HEAD}<h3><a href='/p/slug'>A</a></h3>{_BYLINE}<p>Text.</p><a href='https://arxiv.org/abs/2005.00001v1'>arXiv</a>"
            "<a href='https://doi.org/10.5555/A.1'>PDF</a></li>",
            "https://www.scholarfeed.org/p/slug", "2005.00001", 1, "10.5555/a.1", id="small print below",
        ),
        pytest.param(
            f"<li>{_HEAD}<h3>A</h3>{_BYLINE}<p>As in <a href='https://arxiv.org/abs/1901.00001'>that</a>.</p></li>",
            None, None, None, None, id="an abstract's link is not its paper's",
        ),
        pytest.param(
            f"<li>{_HEAD}<h3><a href='javascript:open()'>A</a></h3><a href='#a'></a><a href='http://[x'></a>{_BYLINE}</li>",
            None, None, None, None, id="no links at all",
        ),
        pytest.param(
            f"<li>{_HEAD}<h3><a href='https://doi.org/10.5555/A.1'>A</a></h3>{_BYLINE}</li>",
            "https://doi.org/10.5555/A.1", None, None, "10.5555/a.1", id="a DOI",
        ),
    ],
)  # fmt: skip
def test_links(card: str, url: str | None, arxiv_id: str | None, version: int | None, doi: str | None) -> None:
    paper = _with_card(card)
    assert (paper.title, paper.authors, paper.has_code) == ("A", ("Ada Quill", "Bo Ek"), True)
    assert (paper.url, paper.arxiv_id, paper.version, paper.doi) == (url, arxiv_id, version, doi)


def test_links_of_a_list_without_cards() -> None:
    html = (
        "<h1>Ada Quill</h1><p>LG</p><p>h-index 1</p><a href='/paper/1901.00001'>x</a><h2>2 Papers</h2>"
        "<p>LG May 1, 2020</p><h3><a href='/paper/2005.00001'>A</a></h3><p>Bo Ek</p>"
        "<p>LG May 1, 2020</p><h3><a href='/paper/2005.00002'>B</a></h3><p>Bo Ek</p>"
    )
    papers = scholarfeed.parse(_page(html), OBSERVED_ON).papers
    assert [paper.arxiv_id for paper in papers] == ["2005.00001", "2005.00002"]


@pytest.mark.parametrize(
    ("url", "base", "paper_url"),
    [
        ("http://127.0.0.1:8099/author/1", "", "http://127.0.0.1:8099/paper/2005.00001"),
        ("", "", "https://www.scholarfeed.org/paper/2005.00001"),
        ("http://127.0.0.1:8099/author/1", "<base href='http://127.0.0.1:1/'>", "http://127.0.0.1:1/paper/2005.00001"),
        ("http://127.0.0.1:8099/author/1", "<base href='http://[x'>", "http://127.0.0.1:8099/paper/2005.00001"),
    ],
    ids=["on another host", "a saved page", "a base of its own", "a base that is no URL"],
)
def test_links_are_absolute(url: str, base: str, paper_url: str) -> None:
    html = f"<head>{base}</head><h1>Ada Quill</h1><p>LG</p><h2>1 Papers</h2><p>LG May 1, 2020</p><h3><a href='/paper/2005.00001'>A</a></h3><p>Bo Ek</p>"
    (paper,) = scholarfeed.parse(_page(html, url=url), OBSERVED_ON).papers
    assert (paper.url, paper.arxiv_id) == (paper_url, "2005.00001")


@pytest.mark.parametrize("label", ["Affiliations :", "Authors", "Institution:"])
def test_a_label_is_not_what_it_names(label: str) -> None:
    paper = _with_card(f"<li>{_HEAD}<h3>A</h3><p>{label}</p>{_BYLINE}<p>Text.</p></li>")
    assert (paper.title, paper.authors, paper.abstract) == ("A", ("Ada Quill", "Bo Ek"), "Text.")


def test_what_is_least_doubtful_counts_even_if_it_is_looked_at_last() -> None:
    """The word "Code" stands outside of the badges: it is the title, and the line below it no title but the byline."""
    card = "<li><p><b>LG</b><b>May 2, 2020</b></p><div>Code</div><p>Ada Quill, Bo Ek et al.</p><p>Text of some length.</p></li>"
    paper = _with_card(card)
    assert (paper.title, paper.authors, paper.has_code) == ("Code", ("Ada Quill", "Bo Ek"), False)


def _with_island(*scripts: str) -> PaperReading:
    html = "<h1>Ada Quill</h1><p>LG</p><h2>1 Papers</h2><p>LG May 1</p><h3>A Title</h3><p>Bo Ek</p>"
    html += "".join(f"<script type='application/json'>{script}</script>" for script in scripts)
    return scholarfeed.parse(_page(html), OBSERVED_ON).papers[0]


@pytest.mark.parametrize(
    ("scripts", "published", "arxiv_id"),
    [
        (('{"title": "A  Title", "arxivId": "2405.00001", "published": "2024-05-01T00:00:00Z"}',), "2024-05-01", "2405.00001"),
        (('[{"name": "A Title", "url": "https://arxiv.org/abs/2405.00001"}]',), "2026-05-01", "2405.00001"),
        (('{"title": "A Title", "datePublished": "2024-05-02"}',), "2026-05-01", None),
        (('{"title": "A Title", "datePublished": "2024-05"}',), "2026-05-01", None),
        (('{"title": "A Title", "datePublished": "2031-05-01"}',), "2026-05-01", None),
        (('{"title": "Another", "arxiv_id": "2405.00001"}',), "2026-05-01", None),
        (('{"title": "A Title", "arxiv_id": "2405.00001"}', '{"title": "A Title", "arxiv_id": "2405.00002"}'), "2026-05-01", None),
        (('{"title": "A Title", "arxiv_id": ', "[" * 100_000, "self.__next_f.push([1, 2])", "nonsense"), "2026-05-01", None),
    ],
    ids=["adds", "an URL", "another day", "no day", "the future", "another title", "two that disagree", "no JSON"],
)  # fmt: skip
def test_islands_add_and_never_contradict(scripts: tuple[str, ...], published: str, arxiv_id: str | None) -> None:
    paper = _with_island(*scripts)
    assert (str(paper.published), paper.arxiv_id) == (published, arxiv_id)
    assert paper.year_inferred is (published == "2026-05-01")


@pytest.mark.parametrize(
    ("scripts", "doi"),
    [
        (('{"title": "A Title", "doi": "10.5555/X"}',), "10.5555/x"),
        (('{"title": "A Title", "doi": "none", "url": ["/x", "https://doi.org/10.5555/X"]}',), "10.5555/x"),
        (('{"title": "A Title", "DOI": "10.5555/X"}', '{"title": "A Title", "doi": "10.5555/x"}'), "10.5555/x"),
        (('{"title": "A Title", "DOI": "10.5555/X"}', '{"title": "A Title", "doi": "10.5555/y"}'), None),
        (('{"title": ["", 7], "headline": "A Title", "doi": "10.5555/X"}',), "10.5555/x"),
        (('{"title": "A", "name": "A Title", "doi": "10.5555/X"}',), None),
    ],
    ids=["stated", "in an URL", "two that agree", "two that disagree", "the first that is a text", "another title"],
)
def test_islands_add_a_doi(scripts: tuple[str, ...], doi: str | None) -> None:
    assert _with_island(*scripts).doi == doi


@pytest.mark.parametrize(
    "header",
    [
        "<h1>Ada Quill</h1><p>LG</p>",
        "<h1>Ada Quill<span>LG</span></h1>",
        "<h1>Ada <i>Quill</i></h1><div>Researcher</div><div>LG</div>",
        "<h1>Scholar Feed</h1><div>Ada Quill</div><div>LG</div>",
        "<h2>We value your privacy</h2><div><span>Ada Quill</span><span>LG</span><button>Follow</button></div>",
        "<div>Papers</div><div>Authors</div><div>Ada Quill</div><div>Follow</div><div>LG</div><button>LG</button>",
        "<div><img alt='Portrait'>Ada Quill</div>LG",
    ],
)
def test_name_and_field(header: str) -> None:
    html = f"{header}<p>h-index 1</p><h2>1 Papers</h2><p>LG May 1, 2020</p><h3>A</h3><p>Bo Ek</p>"
    reading = scholarfeed.parse(_page(html), OBSERVED_ON)
    assert (reading.name, reading.field) == ("Ada Quill", "LG")


def test_a_name_without_a_field() -> None:
    html = "<p>Ada Quill</p><p>h-index 1</p><h2>0 Papers</h2>"
    reading = scholarfeed.parse(_page(html), OBSERVED_ON)
    assert reading == ProfileReading(
        source="scholarfeed",
        name="Ada Quill",
        metrics={"h_index": 1},
        complete=True,
        warnings=("The h-index, 1, is larger than the number of papers shown, 0.",),
    )


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("", "name"),
        ("LG\nh-index 1\n0 Papers", "name"),
        (f"{'A' * 201}\nLG\nh-index 1\n0 Papers", "name"),
        ("Ada Quill\nLG\nh-index 1", "papers"),
        ("Ada Quill\nLG\nh-index 17.6K\n0 Papers", "metrics"),
        ("Ada Quill\nLG\nNovelty 1.2.3%\n0 Papers", "metrics"),
        ("Ada Quill\nLG\n60 papers\nLG May 1, 2020\nA\nBo Ek", "papers"),
        ("Ada Quill\nLG\nh-index 1\n0 Papers\nLG May 1, 2020\nA\nBo Ek", "papers"),
        ("Ada Quill\nLG\nh-index 1\n1 Papers\nLG Feb 30, 2020\nA\nBo Ek", "papers"),
        ("Ada Quill\nLG\nh-index 1\n1 Papers\nLG May 1, 2020\nA", "byline"),
    ],
)
def test_what_cannot_be_read_names_its_stage(text: str, stage: str) -> None:
    with pytest.raises(ParseError) as caught:
        scholarfeed.parse(_page(text, "text/plain"), date(2026, 1, 1))
    assert caught.value.stage == stage


def test_a_badge_that_nobody_knows_is_no_title() -> None:
    html = "<h1>Ada Quill</h1><p>LG</p><h2>1 Papers</h2><p><b>LG</b><b>May 1, 2020</b><b>New</b></p><h3>A Long Title</h3><p>Bo Ek, Cy Ode</p>"
    (paper,) = scholarfeed.parse(_page(html), OBSERVED_ON).papers
    assert (paper.title, paper.authors) == ("A Long Title", ("Bo Ek", "Cy Ode"))


def test_names_in_running_text_may_be_parted_by_elements_only() -> None:
    paper = _with_card(
        "<li><p>LG May 2, 2020</p><p>—</p><h3>A</h3><p><a>Ada Quill</a> <a>Bo Ek</a><a>Cy Ode</a> et al.</p></li>"
    )
    assert (paper.title, paper.authors, paper.authors_complete) == ("A", ("Ada Quill", "Bo Ek", "Cy Ode"), False)


def test_a_link_to_papers_is_no_metric() -> None:
    html = "<p>Papers</p><h1>Ada Quill</h1><p>LG</p><h2>0 Papers</h2>"
    assert scholarfeed.parse(_page(html), OBSERVED_ON).metrics == {}


def test_one_paper_needs_no_heading() -> None:
    html = "<h1>Ada Quill</h1><p>1 papers</p><p>h-index 1</p><div><p>LG May 2, 2020</p><h3>A</h3><p>Bo Ek</p></div>"
    assert len(scholarfeed.parse(_page(html), OBSERVED_ON).papers) == 1


def test_a_title_to_be_pressed_is_a_title() -> None:
    html = "<h1>Ada Quill</h1><p>LG</p><h2>1 Papers</h2><p>LG May 1, 2020</p><button>A Title</button><p>Bo Ek</p><p>Text.</p>"
    (paper,) = scholarfeed.parse(_page(html), OBSERVED_ON).papers
    assert (paper.title, paper.authors, paper.abstract) == ("A Title", ("Bo Ek",), "Text.")


def test_running_text_may_hold_first_line_and_title() -> None:
    html = "<h1>Ada Quill</h1><p>LG</p><h2>1 Papers</h2><div>LG<i>May 1, 2020</i><a href='/paper/2005.00001'>A Title</a><p>Bo Ek</p></div>"
    (paper,) = scholarfeed.parse(_page(html), OBSERVED_ON).papers
    assert (paper.title, paper.authors, paper.arxiv_id) == ("A Title", ("Bo Ek",), "2005.00001")


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<b>" * 30_000,
        "<p>LG May 1, 2020</p>" * 20_000,
        "<p>h-index</p><p>7</p>" * 8_000,
        "<p>7 papers</p>" * 15_000,
        "&amp;" * 1_000_000,
        "<p " + "a=1 " * 200_000 + ">",
        "<!--" + "x" * 5_000_000 + "-->",
        "<a href=x></a>" * 20_000,
        "A, " * 1_500_000,
        "<p>" + "Ada Quill, " * 450_000 + "</p>",
        "<span>LG</span>" * 20_000,
        "1," * 2_500_000,
    ],
    ids=[
        "deep",
        "tags",
        "heads",
        "labels",
        "headings",
        "entities",
        "attributes",
        "comment",
        "links",
        "commas",
        "names",
        "spans",
        "digits",
    ],
)
def test_hostile_pages_end_soon(body: str) -> None:
    begun = perf_counter()
    with pytest.raises(ParseError):
        scholarfeed.parse(
            _page(f"<h1>Ada Quill</h1><p>LG</p><p>h-index 1</p><h2>2 Papers</h2><p>LG May 1, 2020</p><h3>A</h3>{body}"),
            OBSERVED_ON,
        )
    assert perf_counter() - begun < 5

"""The tree that our builder makes is BeautifulSoup's own, to the last attribute of the last node."""

import gc
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.made_up import page, profile
from scrapers.soup import make_soup, take_apart
from tests.scrapers.real_pages import PAGES, needs_real_pages

MARKUPS = {
    "classes and empty attributes": "<p class='a b' hidden data-x=''>Ada <b>Lovelace</b></p>",
    "an attribute twice": "<a href=one href=two>x</a>",
    "tags that are not closed": "<ul><li>one<li>two</ul><table><tr><td>x<td>y</table>",
    "tags that close others": "<p>one<div>two</p></div>three",
    "what only XML needs": "<svg:g xmlns:svg='http://www.w3.org/2000/svg' xlink:href='#a'><o:p>x</o:p></svg:g>",
    "an svg": "<svg viewBox='0 0 1 1' xmlns='http://www.w3.org/2000/svg'><path d='M0'/></svg>after",
    "scripts, styles and templates": "<script>a<b</script><style>p{}</style><template><p>x</p></template>",
    "ruby": "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
    "what is kept as it is": "<pre>\n one\n  two\n</pre><textarea> x </textarea>",
    "what is kept in what is kept": "<pre> <b> <pre> </pre> </b> <textarea> </textarea> </pre> <p> ",
    "templates in templates": "<template> x<template>y</template>z<ruby><rt>a</rt>b</ruby></template>c",
    "blanks between tags": "<p> one </p>\n\n<p>\n two\n</p>   <p></p>",
    "comments and a doctype": "<!DOCTYPE html><!-- a --><p>x<!-- b --></p><?php echo 1 ?>",
    "comments of nothing and of blanks": "<!----><p><!-- \n --><pre><!----><!--  --></pre>",
    "doctypes": "a<!doctype html SYSTEM 'about:legacy-compat'><p><!DOCTYPE><b><!DOCTYPE html PUBLIC '-//W3C//DTD' 'u'>",
    "CDATA": "<p><![CDATA[x]]></p>",
    "a charset": "<meta charset=iso-8859-1><meta http-equiv=Content-Type content='text/html; charset=utf-8'><p>é",
    "entities": "<p title='&lt;&eacute;&#8203;'>&nbsp;&amp;&copy &unknown;</p>",
    "blanks that HTML does not know": "<p>\xa0</p><p>\x0b</p><p>\x0c</p><p>\u2028 </p>",
    "characters that are none": "<p a\x00b='\x00'>\x00&#0;&#xD800;&#x80;\ufffe</p>",
    "elements deep in each other": "<div>" * 700 + "x" + "</div>" * 300 + "y",
    "html and body twice": "<html a=1><body b=1><p>x</body>y</html>z<html a=2 c=3><body d=4>",
    "what stands around html": " <!-- a -->\n<html></html>\n<!-- b -->c",
    "tags cut in the middle": "<p>x<a href='y",
    "nothing": "",
    "no tag": "Ada",
    "a large page": page(profile(1, papers=3), date(2026, 1, 1)).body.decode(),
}


@pytest.mark.parametrize("markup", MARKUPS.values(), ids=MARKUPS)
def test_the_tree_is_that_of_beautiful_soup(markup: str) -> None:
    assert_same_tree(markup)


_SAVED = sorted(Path(__file__).parents[1].rglob("*.html"))


@pytest.mark.parametrize("path", _SAVED, ids=[path.name for path in _SAVED])
def test_it_is_for_the_pages_among_the_tests(path: Path) -> None:
    assert_same_tree(path.read_text(encoding="utf-8", errors="replace"))


@needs_real_pages
@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
def test_it_is_for_real_pages() -> None:
    paths = [path for path in PAGES.rglob("*") if path.suffix in {".html", ".txt", ".xml"}]
    assert len(paths) > 10
    for path in paths:
        assert_same_tree(path.read_text(encoding="utf-8", errors="replace"))


_NAMES = ["p", "div", "span", "b", "a", "table", "tr", "td", "tbody", "ul", "li", "dl", "dt", "pre", "textarea",
          "script", "style", "template", "ruby", "rt", "rp", "html", "body", "head", "title", "meta", "base", "br",
          "img", "input", "select", "option", "form", "button", "svg", "svg:g", "math", "noscript", "iframe",
          "plaintext", "center", "h1", "nobr", "x-y"]  # fmt: skip
_ATTRIBUTES = ["class='a b'", "hidden", "href=one", "href=two", "charset=utf-8", "http-equiv=Content-Type", "content='a; charset=x'",
               "xmlns='u'", "xmlns:q='u'", "q:r=1", "x=''", "a\x00=1", "\"", "/", "t=a&amp;b"]  # fmt: skip
_TEXTS = ["x", " ", "\n", "\t\n ", "\x0b", "\xa0", "&amp;", "&copy", "&#0;", "\x00", "<", "&", "漢", "\r\n", "</", "<p", "<a b='",
          "<!-- c -->", "<!---->", "<!-- ", "<!doctype html>", "<![CDATA[x]]>", "<?php a ?>", "<!x>"]  # fmt: skip

_start_tags = st.builds(
    lambda name, attributes: f"<{' '.join([name, *attributes])}>",
    st.sampled_from(_NAMES),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=3),
)
_end_tags = st.sampled_from(_NAMES).map("</{}>".format)


@given(st.lists(st.one_of(_start_tags, _end_tags, st.sampled_from(_TEXTS)), max_size=20).map("".join))
def test_it_is_for_any_markup(markup: str) -> None:
    assert_same_tree(markup)


def test_a_soup_can_be_searched_and_changed() -> None:
    soup = make_soup("<ul><li class=a>one<li>two</ul><template>x</template>")
    first, second = soup.select("ul > li")
    assert (second.find_previous("li"), soup.template.get_text() if soup.template else None) == (first, "x")
    first.insert_after(soup.new_tag("b", string="between"))
    second.decompose()
    assert str(soup.ul) == '<ul><li class="a">one</li><b>between</b></ul>'


def test_a_soup_that_is_taken_apart_goes_without_the_collector() -> None:
    soup = make_soup(MARKUPS["a large page"])
    nodes = [weakref.ref(node) for node in soup.descendants]
    gc.disable()
    try:
        take_apart(soup)
        del soup
        assert [node() for node in nodes if node() is not None] == []
    finally:
        gc.enable()


def test_nothing_can_be_taken_apart() -> None:
    soup = make_soup("")
    take_apart(soup)
    assert soup.contents == []


def assert_same_tree(markup: str) -> None:
    ours, theirs = make_soup(markup), BeautifulSoup(markup, "lxml", multi_valued_attributes=None)
    assert tree_of(ours) == tree_of(theirs)
    assert str(ours) == str(theirs)


#: What a soup remembers of how it was made, which no other node has.
_OF_THE_MAKING = {
    "builder", "current_data", "currentTag", "markup", "_most_recent_element", "open_tag_counter", "preserve_whitespace_tag_stack",
    "string_container_stack", "tagStack",
}  # fmt: skip


def tree_of(soup: BeautifulSoup) -> list[object]:
    """Every node with all its attributes; where these are other nodes, the numbers of those on the page."""
    nodes = list(walk(soup))
    numbers = {id(node): number for number, node in enumerate(nodes)}

    def seen(value: object) -> object:
        match value:
            case PageElement():
                return numbers[id(value)]
            case list():
                return [seen(item) for item in value]
            case dict():
                return type(value), [(type(name), name, type(item), item) for name, item in value.items()]
        return value

    return [
        (
            type(node),
            None if isinstance(node, Tag) else str(node),
            {name: seen(value) for name, value in vars(node).items() if node is not soup or name not in _OF_THE_MAKING},
        )
        for node in nodes
    ]


def walk(soup: BeautifulSoup) -> Iterator[PageElement]:
    """All nodes in the order of the page, by what the elements hold, without the links between them."""
    waiting: list[PageElement] = [soup]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Tag):
            waiting += reversed(node.contents)

"""The tree that our builder makes is BeautifulSoup's own."""

from collections.abc import Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.made_up import page, profile
from scrapers.soup import make_soup

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
    "blanks between tags": "<p> one </p>\n\n<p>\n two\n</p>   <p></p>",
    "comments and a doctype": "<!DOCTYPE html><!-- a --><p>x<!-- b --></p><?php echo 1 ?>",
    "CDATA": "<p><![CDATA[x]]></p>",
    "a charset": "<meta charset=iso-8859-1><meta http-equiv=Content-Type content='text/html; charset=utf-8'><p>é",
    "entities": "<p title='&lt;&eacute;&#8203;'>&nbsp;&amp;&copy &unknown;</p>",
    "nothing": "",
    "no tag": "Ada",
    "a large page": page(profile(1, papers=3), date(2026, 1, 1)).body.decode(),
}


@pytest.mark.parametrize("markup", MARKUPS.values(), ids=MARKUPS)
def test_the_tree_is_that_of_beautiful_soup(markup: str) -> None:
    assert tree_of(make_soup(markup)) == tree_of(BeautifulSoup(markup, "lxml", multi_valued_attributes=None))


_PIECES = ["<p>", "</p>", "<div class='a'>", "</div>", "<span hidden>", "<br>", "</b>", "<b>", " ", "\n", "x", "<td>"]


@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join))
def test_it_is_for_any_tags(markup: str) -> None:
    assert tree_of(make_soup(markup)) == tree_of(BeautifulSoup(markup, "lxml", multi_valued_attributes=None))


def tree_of(soup: BeautifulSoup) -> list[object]:
    """Every element and text with all that a parser may ask of it, and how both ways of walking lead to it."""
    assert list(walk(soup)) == list(soup.descendants)
    return [
        (node.name, dict(node.attrs), node.prefix, len(node.contents))
        if isinstance(node, Tag)
        else (type(node), str(node))
        for node in soup.descendants
    ]


def walk(tag: Tag) -> Iterator[PageElement]:
    for child in tag.contents:
        yield child
        if isinstance(child, Tag):
            yield from walk(child)

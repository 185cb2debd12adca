"""What a reader sees of a page, as blocks."""

import pytest

from scrapers.blocks import Link, join_blocks
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError
from tracking.check import Page


def _page(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(url="", status=200, headers={"content-type": content_type}, body=content)


def _blocks(html: str) -> list[str]:
    return [block.text for block in read_page_text(_page(html)).blocks]


def _lines(html: str) -> str:
    """Blocks by line: parted by a bar on one line, by a slash between lines."""
    text = ""
    for block in read_page_text(_page(html)).blocks:
        text += ("/" if block.opens_line else "|") * bool(text) + block.text
    return text


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        pytest.param("<div>a<div>b</div>c</div>", "a/b/c", id="block elements break lines"),
        pytest.param("<p>a<br>b<hr>c</p>", "a/b/c", id="so do br and hr"),
        pytest.param("<table><tr><td>a<td>b<tr><th>c</table>", "a/b/c", id="and table cells"),
        pytest.param("<p><span>a</span><span>b</span></p>", "a|b", id="inline elements side by side"),
        pytest.param("<p><span>a</span> · <span>b</span></p>", "a|·|b", id="with a sign between them"),
        pytest.param("<p>the <i>whole</i> text</p>", "the whole text", id="running text"),
        pytest.param("<p><a>the <i>whole</i> text</a></p>", "the whole text", id="running text in a link"),
        pytest.param("<p>by <span><a>A</a><a>B</a></span></p>", "by AB", id="all that is inside running text is"),
        pytest.param("<h3>H<sub>2</sub>O</h3>", "H2O", id="parts of a word"),
        pytest.param("<h3>x<sup>2</sup>+<i>y</i><sup>2</sup></h3>", "x2+y2", id="a formula"),
        pytest.param("<a><div>a</div><div>b</div></a>", "a/b", id="blocks in a link"),
        pytest.param("<p>a <!-- b --> c</p>", "a c", id="comments are not seen"),
        pytest.param("<p>a&nbsp;b\n\t c&#8201;d</p>", "a b c d", id="any whitespace is a space"),
        pytest.param("<p>a&shy;b&#8203;c&#xfeff;d</p>", "abcd", id="no width, no character"),
        pytest.param("<p>&#1605;&#8204;&#1606; a&#8205;b</p>", "م\u200cن ab", id="joiners where the script needs them"),
        pytest.param("<pre>a\nb\r\nc</pre>", "a/b/c", id="preformatted text"),
        pytest.param("<p style='white-space: pre-line'>a\nb</p>", "a/b", id="text styled to keep its lines"),
        pytest.param("<span style='display:block'>a</span><span>b</span>", "a/b", id="a span styled as a block"),
        pytest.param("<div style='display:inline'>a</div><div style='display: inline-flex'>b</div>", "a|b", id="divs styled as inline"),
        pytest.param("<p>a<button>b</button>c</p>", "a/b/c", id="a button stands alone"),
        pytest.param("<details><summary>a</summary>b</details>", "a/b", id="folded text"),
    ],
)  # fmt: skip
def test_lines_and_blocks(html: str, lines: str) -> None:
    assert _lines(html) == lines


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<template>x</template>",
        "<noscript>x</noscript>",
        "<svg><title>x</title></svg>",
        "<select><option>x</option></select>",
        "<textarea>x</textarea>",
        "<iframe>x</iframe>",
        "<nav>x</nav>",
        "<footer>x</footer>",
        "<dialog>x</dialog>",
        "<div role='dialog'>x</div>",
        "<div role='navigation'>x</div>",
        "<p hidden>x</p>",
        "<p style='color: red; display : none'>x</p>",
        "<p style='visibility:hidden'>x</p>",
        "<p class='a sr-only b'>x</p>",
        "<p class='visually-hidden'>x</p>",
        "<i class='material-icons' aria-hidden='true'>x</i>",
        "<img alt='x'>",
        "<input value='x'>",
    ],
)
def test_what_nobody_sees(unseen: str) -> None:
    assert _blocks(f"<p>a</p>{unseen}<p aria-label='x' title='x'>b</p>") == ["a", "b"]


@pytest.mark.parametrize(
    "seen",
    [
        "<article><footer>x</footer></article>",
        "<dialog open>x</dialog>",
        "<p aria-hidden='true'>x</p>",
        "<p class='hidden md:block'>x</p>",
        "<p class='hidden-gem'>x</p>",
    ],
)
def test_what_is_seen_after_all(seen: str) -> None:
    assert _blocks(f"<p>a</p>{seen}<p>b</p>") == ["a", "x", "b"]


def test_cuts_are_the_borders_of_elements_in_running_text() -> None:
    (block,) = read_page_text(_page("<p>LG<span>Jun 3</span><b>Code</b> ok</p>")).blocks
    assert (block.text, block.pieces) == ("LGJun 3Code ok", ["LG", "Jun 3", "Code", " ok"])


def test_blocks_join_as_they_are_seen() -> None:
    blocks = read_page_text(_page("<p><i>a</i><b>b</b> <u>c</u></p><p>d</p>")).blocks
    assert join_blocks(blocks) == "ab c d"


def test_controls_are_marked() -> None:
    blocks = read_page_text(_page("<button>a</button><div role='tab'>b</div><p>c</p>")).blocks
    assert [block.control for block in blocks] == [True, True, False]


def test_links_know_their_blocks() -> None:
    html = "<a href='/none'></a><p>a</p><a href='/b'><p>b</p><p>c</p></a><p>d <a href='e'>e</a> f</p><a>no link</a>"
    links = read_page_text(_page(html)).links
    assert [(link.href, link.first, link.end) for link in links] == [("/none", 0, 0), ("/b", 1, 3), ("e", 3, 4)]
    assert all(isinstance(link, Link) for link in links)


def test_scripts_and_base_are_kept() -> None:
    html = "<html><head><base href='/x/'><script>1</script></head><body><script>2</script></body></html>"
    text = read_page_text(_page(html))
    assert (text.islands, text.base, text.blocks) == (("1", "2"), "/x/", ())


def test_places_know_what_holds_them() -> None:
    one, two, three = read_page_text(_page("<ul><li><b>a</b></li><li>b</li></ul><h2>c</h2>")).blocks
    assert one.place.common(two.place).tag == "ul"
    assert one.place.common(three.place).tag == "body"
    assert one.place.common(one.place) is one.place
    assert one.place.signature == ("", "html", "body", "ul", "li", "b")
    assert one.place.is_within("li")
    assert not three.place.is_within("li")
    assert three.place.is_in_heading


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é – x".encode(), "text/plain; charset=UTF-8"),
        ("é – x".encode("cp1252"), "text/plain; charset=iso-8859-1"),
        ("é – x".encode(), "text/plain"),
        ("é – x".encode("cp1252"), "text/plain"),
        (b"\xef\xbb\xbf" + "é – x".encode(), "text/plain; charset=latin-1"),
        ("\ufeffé – x".encode("utf-16-le"), "text/plain"),
        ("<meta charset='windows-1252'><p>é – x</p>".encode("cp1252"), "text/html"),
        ("<meta charset='utf-8'><p>é – x</p>".encode(), ""),
        ("<?xml version='1.0' encoding='utf-8'?><html><p>é – x</p></html>".encode(), "application/xhtml+xml"),
        ("<!doctype html><p>é – x</p>".encode(), "text/plain"),
        ("é – x".encode(), ""),
    ],
    ids=["header", "a label of old", "nothing said", "nothing said, not UTF-8", "byte order mark", "UTF-16", "in the document",
         "no content type", "XHTML", "HTML called text", "text called nothing"],
)  # fmt: skip
def test_charsets(body: bytes, content_type: str) -> None:
    assert [block.text for block in read_page_text(_page(body, content_type)).blocks] == ["é – x"]


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF\0", "text/html; charset=utf-8", "page, character 4: the body is not text"),
        (b"<html><body><p>a", "text/html", "page: the page is cut: its end is missing: '<html><body><p>a'"),
        (b"<html><body><div><p>a<div>", "text/html", "page: the page is cut: its end is missing"),
        (b"<html><body><p>a</p>", "text/html", "page: the page is cut: its end is missing"),
        (b"<b>" * 40_001, "text/html", "page: 40001 tags are too many for a profile page"),
        (b"a\n" * 20_001, "text/plain", "page: 20001 lines are too many for a profile page"),
        (b"<pre>" + b"a\n" * 20_001 + b"</pre>", "text/html", "page: more than 20000 lines are too many"),
        (b"<p " + b'a=">" ' * 8_000 + b">", "text/html", "page: the tags have too many attributes: '<p a"),
        ((b"<p " + b"a/b c" * 90 + b">") * 9_000, "text/html", "page: the tags have too many attributes: '<p a/b ca"),
        (b"<div>" * 600 + b"a", "text/html", "page, <div>: elements are nested deeper than 512"),
    ],
    ids=[
        "binary",
        "cut in text",
        "cut in elements",
        "cut between elements",
        "huge",
        "long",
        "long lines of its own",
        "an endless tag",
        "many long tags",
        "deep",
    ],
)
def test_what_is_no_page(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_page_text(_page(body, content_type))
    assert str(caught.value).startswith(reason)


def test_long_tags_are_not_endless() -> None:
    words = "a picture of many words " * 4_000
    assert _blocks(f'<p title="{words}">a</p>' * 3 + f"<img src=data:{'x' * 90_000}><p>b") == ["a", "a", "a", "b"]


def test_end_tags_that_may_be_left_out_may_all_be() -> None:
    assert _blocks("<html><body><div><p>a<ul><li>b</ul></div>") == ["a", "b"]


def test_a_line_of_half_a_million_characters_is_no_line() -> None:
    page = Page(
        url="https://www.example.org/",
        status=200,
        headers={"content-type": "text/html"},
        body=b"<p>" + b"," * 500_001 + b"</p>",
    )
    with pytest.raises(ParseError, match="500001 characters in one line are too many"):
        read_page_text(page)

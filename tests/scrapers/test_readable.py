"""Text with markup inside, as a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.readable import readable
from tests.effort import seconds_of


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Plain text", "Plain text"),
        ("  many\n blanks\t ", "many blanks"),
        ("<i>E. coli</i> and H<sub>2</sub>O", "E. coli and H2O"),
        ("AT&amp;T &lt;i&gt;in italics&lt;/i&gt;", "AT&T in italics"),
        ("Caf&eacute; &#8211; R&D", "Café – R&D"),
        ("a < b and c > d", "a < b and c > d"),
        ("List<T> of <unknown>", "List<T> of <unknown>"),
        ("<jats:title>One</jats:title><jats:p>Two</jats:p>", "One Two"),
        ("line<br/>break", "line break"),
        ("<span class='x' data-y=\"1\">span</span>", "span"),
        (
            "<math><semantics><msub><mi>H</mi><mn>2</mn></msub>"
            '<annotation encoding="application/x-tex">H_2</annotation></semantics></math>O',
            "H2O",
        ),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
        ("$AdS_5 \\times S^5$", "$AdS_5 \\times S^5$"),
        ("soft\u00adhyphen and\u200b zero width", "softhyphen and zero width"),
        ("<i></i>", ""),
        ("", ""),
    ],
)
def test_a_text_as_it_is_seen(text: str, seen: str) -> None:
    assert readable(text) == seen


@given(st.text(st.characters(exclude_characters="<>&\u00ad\u200b\u2060\ufeff")))
def test_text_without_markup_keeps_its_words(text: str) -> None:
    assert readable(text).split() == text.split()


@pytest.mark.parametrize("piece", ["<i ", "<i", "<annotation>", "&lt;", "<math><annotation>", "</", "<p <p", "<b>"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    def read() -> None:
        for length in (5_000_000, 20_000 * len(piece)):
            readable(piece * (length // len(piece)))

    assert seconds_of(read, enough=1) < 1

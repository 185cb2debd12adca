"""What a site wrote can be read, and can do nothing."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.inert import escaped_json, inert, shortened, web_address, without_mentions
from tests.effort import seconds_of

#: Any text, and texts made mostly of what is dangerous.
texts = st.text() | st.text(alphabet="\x1b[]m0;\x07\\\x9b\x9c\x9d\u202e\u2066\u200b\u2028\n\r\t\x00\x7fa<@!")


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("Plain – naïve 因果 title", "Plain – naïve 因果 title", id="plain"),
        pytest.param("a\x1b[31;1mred\x1b[0mb", "aredb", id="colours"),
        pytest.param("a\x9b2Jb", "ab", id="one-byte-csi"),
        pytest.param("a\x1b]0;owned\x07b", "ab", id="osc-bell"),
        pytest.param("\x1b]8;;http://evil.example\x1b\\text\x1b]8;;\x1b\\", "text", id="osc-link"),
        pytest.param("a\x1b]0;rest is kept", "a]0;rest is kept", id="osc-without-end"),
        pytest.param("two\r\nlines\tand\u2028more\x85", "two lines and more", id="lines"),
        pytest.param("abc\u202edef\u2066g\u200f", "abcdefg", id="bidi"),
        pytest.param("zero\u200bwidth\ufeff\U000e0041", "zerowidth", id="invisible"),
        pytest.param("half \ud83d pair", "half pair", id="surrogate"),
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="markup-is-text-here"),
    ],
)
def test_inert(hostile: str, shown: str) -> None:
    assert inert(hostile) == shown


@given(texts)
def test_nothing_hostile_is_left(text: str) -> None:
    shown = inert(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert "\n" not in shown
    assert shown == shown.strip()


@given(texts)
def test_twice_is_once(text: str) -> None:
    assert inert(inert(text)) == inert(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"])))
def test_letters_digits_and_points_stay(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize("piece", ["\x1b]", "\x9d", "\x90", "\x1b[", "\x9b0", "\x1b]\x1b"])
def test_time_grows_with_length_only(piece: str) -> None:
    assert seconds_of(lambda: inert(piece * 50_000), enough=1) < 1


@given(texts)
def test_escaped_json_is_the_same_value_in_safe_letters(text: str) -> None:
    line = escaped_json(json.dumps({"title": text}, ensure_ascii=False))
    assert json.loads(line) == {"title": text}
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_escaped_json_beyond_the_first_plane() -> None:
    assert escaped_json('"é\U000e0041"') == '"é\\udb40\\udc41"'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> look", "‹!channel> look"),
        ("<@U123> and <https://evil.example|arXiv>", "‹@U123> and ‹https://evil.example|arXiv>"),
        ("<b>bold</b>", "‹b>bold‹/b>"),
        ("@everyone, @Here!", "@ everyone, @ Here!"),
        ("P < 0.05 and p<0.1, me@example.org", "P < 0.05 and p<0.1, me@example.org"),
    ],
)
def test_without_mentions(text: str, shown: str) -> None:
    assert without_mentions(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://feed.example/paper/2605.01234v2?x=1#a", "https://feed.example/paper/2605.01234v2?x=1#a"),
        ("HTTP://127.0.0.1:8099/author/1", "HTTP://127.0.0.1:8099/author/1"),
        ("javascript:alert(1)", ""),
        ("https://feed.example/a b", ""),
        ("https://feed.example/\n", ""),
        ("https://feed.example/\u202e", ""),
        ('https://feed.example/"><script>', ""),
        ("", ""),
    ],
)
def test_web_address(text: str, shown: str) -> None:
    assert web_address(text) == shown


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_shortened_is_a_beginning(text: str, length: int) -> None:
    short = shortened(text, length)
    assert len(short) <= length
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))

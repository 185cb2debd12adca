"""What is printed, in whatever encoding and to whatever terminal."""

import io
import json
import sys
from datetime import UTC, datetime

import pytest

from cli.output import as_words, counted, minute, print_json, replace_what_cannot_be_encoded, say
from cli.table import print_table
from flows.as_json.times import iso

#: Letters, an arrow, a character beyond the basic plane, a bidirectional override, an escape, half a surrogate pair.
HOSTILE = "Zoë → 𝒳 \u202e \x1b[31m \ud800"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_json_is_the_same_value_in_any_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    print_json({"title": HOSTILE})
    sys.stdout.flush()
    line = written.getvalue().decode(encoding)
    assert json.loads(line) == {"title": HOSTILE}
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "Zoë → 𝒳\n"), ("ascii", "Zo? ? ?\n")])
def test_text_is_printed_in_any_encoding(encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    replace_what_cannot_be_encoded()
    say("Zoë → 𝒳")
    sys.stdout.flush()
    assert written.getvalue().decode(encoding) == shown


def test_text_of_a_site_is_harmless_and_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say("  one\x1b[31m red\u202e\n\n  two")
    assert capsys.readouterr() == ("  one red\n\n  two\n", "")


def test_text_stands_beside_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("a sentence", as_json=True)
    assert capsys.readouterr() == ("", "a sentence\n")


def test_table_is_aligned_for_wide_and_combining_characters(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("person", "page"), [("Zoe\u0308", "a"), ("王小明", None), ("Somebody Long", "")])
    assert capsys.readouterr().out.splitlines() == [
        "person         page",
        "Zoe\u0308            a",
        "王小明         –",
        "Somebody Long  –",
    ]


@pytest.mark.parametrize(
    ("count", "words", "text"),
    [
        (0, ("profile",), "0 profiles"),
        (1, ("profile",), "1 profile"),
        (1204, ("profile",), "1,204 profiles"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
    ],
)
def test_counted(count: int, words: tuple[str, ...], text: str) -> None:
    assert counted(count, *words) == text


def test_as_words_has_the_most_first() -> None:
    assert as_words({"blocked": 1, "not_modified": 1204}) == "1,204 not modified, 1 blocked"
    assert as_words({}) == "none"


def test_times() -> None:
    when = datetime(2026, 11, 22, 8, 0, 30, tzinfo=UTC)
    assert (minute(when), minute(None)) == ("2026-11-22 08:00 UTC", "never")
    assert (iso(when), iso(None)) == ("2026-11-22T08:00:30+00:00", None)

"""Languages and zones as browsers say them, and what is made of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from web.reader import Reader, locale_of, zone_named

WHEN = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de_CH"), ("en;q=0.5, fr", "fr"), ("zh-Hans-CN", "zh_Hans_CN"), ("", "en"), ("*", "en"),
        ("xx-YY, it", "it"), ("de;q=viel", "en"), ("../../etc/passwd", "en"), ("d" * 10_000, "en"), (";q=1,,", "en"),
    ],
)  # fmt: skip
def test_the_first_language_that_there_is(said: str, locale: str) -> None:
    assert str(locale_of(said)) == locale


@pytest.mark.parametrize("name", ["", "Nowhere/Else", "../../etc/passwd", "/etc/localtime", "Europe", "a" * 999, "\0"])
def test_what_is_no_zone(name: str) -> None:
    assert zone_named(name) is None


def test_numbers_and_times_in_a_language() -> None:
    german = Reader(zone=ZoneInfo("Europe/Zurich"), locale=Locale("de"))
    assert german.number(17576.5) == "17.576,5"
    assert german.value("novelty", 0.555) == "55,5 %"
    assert german.value("citations", None) == "–"
    assert german.change("citations", 17576, 17683) == "17.576 → 17.683 (+107)"
    assert german.step("novelty", -0.01) == "−1 points"
    assert german.moment(WHEN) == "23.11.2026, 00:30"
    assert german.local_day(WHEN) == "2026-11-23"
    assert Reader().moment(WHEN) == "Nov 22, 2026, 11:30 PM"

"""Times as people type them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer

from cli.options import clock, end_of_moment, moment


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T08:30", datetime(2026, 11, 22, 8, 30, tzinfo=UTC)),
        ("2026-11-22 08:30:15", datetime(2026, 11, 22, 8, 30, 15, tzinfo=UTC)),
        ("2026-11-22T08:30Z", datetime(2026, 11, 22, 8, 30, tzinfo=UTC)),
        ("2026-11-22T08:30+01:00", datetime(2026, 11, 22, 8, 30, tzinfo=timezone(timedelta(hours=1)))),
    ],
    ids=["day", "UTC without an offset", "a space", "Z", "offset"],
)
def test_moment(text: str, read: datetime) -> None:
    assert moment(text) == read
    assert moment(text).utcoffset() == read.utcoffset()


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "22.11.2026", "2026", "0001-01-01", "9999-12-31", "1989-12-31"]
)
def test_moment_refuses(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=repr(text)):
        moment(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-22", datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-11-22T00:00", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
    ids=["a day: its end", "a time: itself"],
)
def test_end_of_moment(text: str, read: datetime) -> None:
    assert end_of_moment(text) == read


def test_clock_is_read_only_where_nobody_says_the_time() -> None:
    said = datetime(2026, 11, 22, tzinfo=UTC)
    assert clock(said) is said
    assert abs(clock(None) - datetime.now(UTC)) < timedelta(minutes=1)

"""What the names of files and folders say of the time of a page."""

from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.origins.dated_names import SeveralTimes, time_in_name, time_in_path

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("name", "time"),
    [
        # A day alone is the middle of it.
        ("2026-03-01.html", "2026-03-01T12:00:00+00:00"),
        ("20260301.html", "2026-03-01T12:00:00+00:00"),
        ("rishabh_2026.03.01.txt", "2026-03-01T12:00:00+00:00"),
        ("2026_03_01-rishabh.mhtml", "2026-03-01T12:00:00+00:00"),
        ("rishabh2026-03-01b.html.gz", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01 (2).html", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01_12.html", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01_12345.html", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01_9999.html", "2026-03-01T12:00:00+00:00"),
        ("1234-2026-03-01-5.html", "2026-03-01T12:00:00+00:00"),
        # A time of the day.
        ("2026-03-01_08-30.html", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01-0830.html", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01 08.30.15.html", "2026-03-01T08:30:15+00:00"),
        ("Page 2026-03-01 at 08.30.15.html", "2026-03-01T08:30:15+00:00"),
        ("2026-03-01T08:30.html", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01_08h30.html", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01_00-00.html", "2026-03-01T00:00:00+00:00"),
        ("page-20260301083000.html", "2026-03-01T08:30:00+00:00"),
        ("page-202603010830.html", "2026-03-01T08:30:00+00:00"),
        ("rishabh_20260301T083000Z.html", "2026-03-01T08:30:00+00:00"),
        ("20260301-083000.html", "2026-03-01T08:30:00+00:00"),
        # With an offset.
        ("2026-03-01T083000+0100.html", "2026-03-01T08:30:00+01:00"),
        ("2026-03-01T08:30:00-05:30.html", "2026-03-01T08:30:00-05:30"),
        ("2026-03-01_08-30-00-0001.html", "2026-03-01T08:30:00+00:00"),
        # The same time twice is one time.
        ("2026-03-01_2026-03-01.html", "2026-03-01T12:00:00+00:00"),
        ("2024-02-29.html", "2024-02-29T12:00:00+00:00"),
    ],
)
def test_names_with_a_time(name: str, time: str) -> None:
    moment = time_in_name(name, UTC)
    assert moment is not None
    assert moment.isoformat() == time


@pytest.mark.parametrize(
    "name",
    [
        "rishabh.html",
        "2026-03.html",
        "202603.html",
        "2026.html",
        "2026-13-01.html",
        "2026-02-30.html",
        "2025-02-29.html",
        "2026-03.01.html",
        "01-03-2026.html",
        "26-03-01.html",
        "12345678.html",
        "120260301.html",
        "2026030108.html",
        "1899-03-01.html",
        "",
    ],
)
def test_names_without_a_time(name: str) -> None:
    assert time_in_name(name, UTC) is None


@pytest.mark.parametrize("name", ["2026-03-01_2026-03-31.html", "20260301 20260301T0830.html"])
def test_of_two_times_none_is_believed(name: str) -> None:
    with pytest.raises(SeveralTimes, match="holds several dates"):
        time_in_name(name, UTC)


@pytest.mark.parametrize(
    ("path", "time"),
    [
        ("2026-03-01/profile.html", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01_0830/deep/profile.html", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01/2026-03-02.html", "2026-03-02T12:00:00+00:00"),
        ("2026-03-01/2026-03-02/profile.html", "2026-03-02T12:00:00+00:00"),
        ("2026/03/01/profile.html", "2026-03-01T12:00:00+00:00"),
        ("2026/03/01.html", "2026-03-01T12:00:00+00:00"),
        ("rishabh/2026-03/01.html", "2026-03-01T12:00:00+00:00"),
    ],
)
def test_folders_are_dated_too(path: str, time: str) -> None:
    moment = time_in_path(PurePosixPath(path), UTC)
    assert moment is not None
    assert moment.isoformat() == time


@pytest.mark.parametrize("path", ["2026-03/profile.html", "2026/profile.html", "profile.html"])
def test_paths_without_a_time(path: str) -> None:
    assert time_in_path(PurePosixPath(path), UTC) is None


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("2026-03-01.html", "2026-03-01T12:00:00+01:00"),
        ("2026-07-01_08-30.html", "2026-07-01T08:30:00+02:00"),
        ("2026-07-01T083000Z.html", "2026-07-01T08:30:00+00:00"),
    ],
)
def test_a_name_is_of_the_zone_where_it_was_given(name: str, time: str) -> None:
    moment = time_in_name(name, ZURICH)
    assert moment is not None
    assert moment.isoformat() == time


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(
        [
            "%Y-%m-%d_%H-%M-%S",
            "%Y%m%d%H%M%S",
            "%Y-%m-%dT%H:%M:%S",
            "%Y.%m.%d %H.%M.%S",
            "%Y%m%dT%H%M%SZ",
            "%Y_%m_%d_%H%M%S",
        ]
    ),
    st.from_regex(r"([A-Za-z]{0,8}[-_ ])?", fullmatch=True),
)
def test_what_a_clock_wrote_is_read_back(moment: datetime, pattern: str, prefix: str) -> None:
    written = moment.replace(microsecond=0)
    assert time_in_name(f"{prefix}{written.strftime(pattern)}.html", UTC) == written.replace(tzinfo=UTC)


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)), st.sampled_from(["", "-", "_", "."]))
def test_a_day_is_read_back(day: date, between: str) -> None:
    noon = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=12)
    assert time_in_name(f"{day.year}{between}{day.month:02}{between}{day.day:02}.html", UTC) == noon


@given(st.text(alphabet="0123456789-_.T:Z +ab", max_size=40))
def test_no_name_is_beyond_reading(name: str) -> None:
    try:
        moment = time_in_name(name, UTC)
    except SeveralTimes:
        return
    assert moment is None or moment.tzinfo is not None

"""The law of cursors: whatever is added while a list is walked, every row that was there is had, and none twice."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from web.api.paging import behind, page, read, written

_PLACES = st.tuples(
    st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.text("abé", max_size=2)
)


def _place(row: tuple[datetime, str]) -> tuple[str, str]:
    return row[0].isoformat(), row[1]


@given(
    there=st.sets(_PLACES, max_size=12),
    added=st.lists(st.sets(_PLACES, max_size=3), max_size=12),
    limit=st.integers(1, 4),
)
def test_every_row_is_had_once(
    there: set[tuple[datetime, str]], added: list[set[tuple[datetime, str]]], limit: int
) -> None:
    rows, had, cursor = set(there), [], None
    for number in range(len(there) + sum(map(len, added)) + 1):
        after = read(cursor, "rows", str, str)
        piece = page("rows", behind(rows, _place, after, limit), limit, _place, lambda row: {"row": row})
        assert len(piece["items"]) <= limit
        had += [one["row"] for one in piece["items"]]
        cursor = piece["next"]
        if cursor is None:
            break
        rows |= added[number] if number < len(added) else set()
    assert cursor is None
    assert len(had) == len(set(had))
    assert there <= set(had) <= rows
    assert had == sorted(had, key=_place)


@given(st.text(), st.integers(-(2**31) + 1, 2**31 - 1), st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)))
def test_a_cursor_is_read_as_it_was_written(name: str, number: int, at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    place: tuple[Any, ...] = (name, number, aware.isoformat())
    if "\0" not in name:
        assert read(written("list", *place), "list", str, int, datetime) == (name, number, aware)

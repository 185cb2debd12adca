"""Values keep their meaning on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from storage.columns import MetricValue, UtcTime

_TIMES = Table("times", MetaData(), Column("at", UtcTime))
_NUMBERS = Table("numbers", MetaData(), Column("value", MetricValue))


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    is_url = empty_database.startswith("postgresql")
    engine = create_engine(empty_database if is_url else f"sqlite:///{empty_database}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        None,
    ],
    ids=["microseconds", "before 1970", "another zone", "none"],
)
def test_a_time_comes_back_in_utc(engine: Engine, moment: datetime | None) -> None:
    with engine.begin() as connection:
        _TIMES.create(connection)
        connection.execute(insert(_TIMES).values(at=moment))
        read = connection.execute(select(_TIMES.c.at)).scalar_one()
    assert read == moment
    assert read is None or read.tzinfo is UTC


def test_a_naive_time_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        _TIMES.create(connection)
        with pytest.raises(StatementError, match="without a time zone"):
            connection.execute(insert(_TIMES).values(at=datetime(2026, 3, 1)))


@pytest.mark.parametrize("value", [117, 0.55, 0, -3, 17_576_000_000, None])
def test_a_count_comes_back_as_a_count(engine: Engine, value: float | None) -> None:
    with engine.begin() as connection:
        _NUMBERS.create(connection)
        connection.execute(insert(_NUMBERS).values(value=value))
        read = connection.execute(select(_NUMBERS.c.value)).scalar_one()
    assert (read, type(read)) == (value, type(value))

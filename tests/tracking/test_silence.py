"""When a silence holds."""

from datetime import UTC, datetime, timedelta

import pytest

from tracking.silence import Silence

BEGIN = datetime(2026, 11, 1, 8, tzinfo=UTC)
END = BEGIN + timedelta(days=14)


@pytest.mark.parametrize(
    ("at", "until", "holds"),
    [
        (BEGIN - timedelta(seconds=1), END, False),
        (BEGIN, END, True),
        (END - timedelta(seconds=1), END, True),
        (END, END, False),
        (END + timedelta(days=4000), None, True),
    ],
)
def test_from_its_beginning_until_before_its_end(at: datetime, until: datetime | None, holds: bool) -> None:
    silence = Silence(silence_id="1", begins_at=BEGIN, ends_at=until, reason="holidays")
    assert silence.holds_at(at) is holds
